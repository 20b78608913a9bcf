// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * RCU for the exploration runtime, in place of rcu.c: made of instrumented
 * atomics and the waiting seam, so that every step of it is a decision, and
 * as hostile as RCU allows.  Readers are not ordered after anything but what
 * they read; a grace period ends as soon as the readers present at its start
 * have left; callbacks run on a thread of their own whenever that is chosen.
 *
 *	reader				grace period
 *	  state |= READING (relaxed)	  full barrier
 *	  full barrier			  wait until READING is gone or the
 *	  ...				  generation is another (acquire)
 *	  state: next generation	  full barrier
 *	  (release)
 */
#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <stdlib.h>

#include "locking/completion.h"
#include "locking/rcu.h"
#include "locking/spinlock.h"
#include "locking/thread.h"

#define READING 1
#define WAITED_FOR 2 /* somebody sleeps until this reader has left */
#define GENERATION 4

struct reader {
	int state; /* (a) written by its thread; WAITED_FOR by others */
	int nesting; /* its thread's */
	int generation; /* its thread's */
	struct reader *next; /* constant once published */
};

static struct reader *readers; /* (a) youngest first; never freed */
static __thread struct reader *self;

static struct rcu_head *queue; /* (a) youngest first */
static int queued; /* (a) futex word: number of call_rcu() */
static int daemon_started; /* (a) */

static struct rcu_head **next_of(struct rcu_head *head)
{
	return (struct rcu_head **)&head->opaque[0];
}

void rcu_thread_register(void)
{
	struct reader *r = self;

	if (r)
		return;
	r = calloc(1, sizeof(*r));
	if (!r)
		abort();
	r->next = __atomic_load_n(&readers, __ATOMIC_RELAXED);
	while (!__atomic_compare_exchange_n(&readers, &r->next, r, false,
					    __ATOMIC_RELEASE,
					    __ATOMIC_RELAXED))
		;
	self = r;
}

void rcu_thread_unregister(void)
{
	BUG_ON(self && self->nesting);
}

void rcu_read_lock(void)
{
	lthread_self();
	rcu_thread_register();
	if (self->nesting++)
		return;
	WRITE_ONCE(self->state, self->generation | READING);
	smp_mb(); /* pairs with the first one of a grace period */
}

void rcu_read_unlock(void)
{
	int old;

	if (--self->nesting)
		return;
	self->generation += GENERATION;
	old = __atomic_exchange_n(&self->state, self->generation,
				  __ATOMIC_RELEASE);
	if (old & WAITED_FOR)
		seam_futex_wake(&self->state, INT_MAX);
}

static void wait_for_reader(struct reader *r)
{
	int state = smp_load_acquire(&r->state);
	int present = state & ~WAITED_FOR;

	while ((present & READING) && (state & ~WAITED_FOR) == present) {
		if ((state & WAITED_FOR) ||
		    __atomic_compare_exchange_n(&r->state, &state,
						state | WAITED_FOR, false,
						__ATOMIC_RELAXED,
						__ATOMIC_RELAXED))
			seam_futex_wait(&r->state, present | WAITED_FOR, -1);
		state = smp_load_acquire(&r->state);
	}
}

static void grace_period(void)
{
	smp_mb();
	for (struct reader *r = smp_load_acquire(&readers); r; r = r->next)
		wait_for_reader(r);
	smp_mb();
}

void synchronize_rcu(void)
{
	might_sleep();
	BUG_ON(self && self->nesting);
	lwait_begin(LWAIT_OTHER, &readers, NULL, LOCK_SITE());
	grace_period();
	lwait_end();
}

/* What has been queued, oldest first. */
static struct rcu_head *take_queue(void)
{
	struct rcu_head *head = __atomic_exchange_n(&queue, NULL,
						    __ATOMIC_ACQUIRE);
	struct rcu_head *oldest = NULL;

	while (head) {
		struct rcu_head *next = *next_of(head);

		*next_of(head) = oldest;
		oldest = head;
		head = next;
	}
	return oldest;
}

static void *run_callbacks(void *arg)
{
	struct rcu_head *head, *next;
	int seen;

	(void)arg;
	lthread_register("rcu");
	for (;;) {
		/* What is queued after we looked counts after that, too. */
		seen = smp_load_acquire(&queued);
		head = take_queue();
		if (head)
			grace_period();
		for (; head; head = next) {
			next = *next_of(head);
			head->func(head);
		}
		lwait_begin(LWAIT_IDLE, &queue, NULL, LOCK_SITE());
		lthread_block_on_raw(&queued, seen);
		lwait_end();
	}
	return NULL;
}

static void start_daemon(void)
{
	pthread_t thread;

	if (READ_ONCE(daemon_started) ||
	    __atomic_exchange_n(&daemon_started, 1, __ATOMIC_RELAXED))
		return;
	if (pthread_create(&thread, NULL, run_callbacks, NULL))
		abort();
	pthread_detach(thread);
}

void call_rcu(struct rcu_head *head, void (*func)(struct rcu_head *head))
{
	head->func = func;
	*next_of(head) = __atomic_load_n(&queue, __ATOMIC_RELAXED);
	while (!__atomic_compare_exchange_n(&queue, next_of(head), head, false,
					    __ATOMIC_RELEASE,
					    __ATOMIC_RELAXED))
		;
	start_daemon();
	__atomic_fetch_add(&queued, 1, __ATOMIC_RELAXED);
	seam_futex_wake(&queued, 1);
}

struct barrier {
	struct rcu_head head;
	struct completion done;
};

static void barrier_reached(struct rcu_head *head)
{
	complete(&container_of(head, struct barrier, head)->done);
}

void rcu_barrier(void)
{
	struct barrier b;

	if (!READ_ONCE(daemon_started))
		return;
	init_completion(&b.done);
	call_rcu(&b.head, barrier_reached);
	wait_for_completion(&b.done);
}

/* ---- hash tables: a list and a writers' lock per bucket ------------------- */

struct node {
	struct node *next; /* (a) */
	unsigned long hash; /* constant once published */
};

_Static_assert(sizeof(struct node) == sizeof(struct rcu_hash_node),
	       "rcu_hash_node holds ours");

struct bucket {
	struct node *first; /* (a) changed under lock */
	raw_spinlock_t lock;
};

struct rcu_hash {
	unsigned long mask;
	struct bucket buckets[];
};

static struct bucket *bucket_of(struct rcu_hash *ht, unsigned long hash)
{
	return &ht->buckets[hash & ht->mask];
}

struct rcu_hash *rcu_hash_new(unsigned long buckets)
{
	struct rcu_hash *ht = calloc(1, sizeof(*ht) +
				     buckets * sizeof(ht->buckets[0]));

	if (ht)
		ht->mask = buckets - 1;
	return ht;
}

int rcu_hash_destroy(struct rcu_hash *ht)
{
	for (unsigned long i = 0; i <= ht->mask; i++)
		if (READ_ONCE(ht->buckets[i].first))
			return -EBUSY;
	free(ht);
	return 0;
}

void rcu_hash_add(struct rcu_hash *ht, unsigned long hash,
		  struct rcu_hash_node *node)
{
	struct bucket *b = bucket_of(ht, hash);
	struct node *n = (struct node *)node;

	n->hash = hash;
	raw_spin_lock(&b->lock);
	WRITE_ONCE(n->next, READ_ONCE(b->first));
	smp_store_release(&b->first, n);
	raw_spin_unlock(&b->lock);
}

int rcu_hash_del(struct rcu_hash *ht, struct rcu_hash_node *node)
{
	struct node *n = (struct node *)node;
	struct bucket *b = bucket_of(ht, n->hash);
	struct node **link, *at;

	raw_spin_lock(&b->lock);
	for (link = &b->first; (at = READ_ONCE(*link)) && at != n;
	     link = &at->next)
		;
	if (at)
		smp_store_release(link, READ_ONCE(n->next));
	raw_spin_unlock(&b->lock);
	return at ? 0 : -ENOENT;
}

struct rcu_hash_node *rcu_hash_lookup(struct rcu_hash *ht, unsigned long hash,
				      rcu_hash_match_t match, const void *key)
{
	struct node *n = smp_load_acquire(&bucket_of(ht, hash)->first);

	for (; n; n = smp_load_acquire(&n->next))
		if (n->hash == hash && match((struct rcu_hash_node *)n, key))
			break;
	return (struct rcu_hash_node *)n;
}

static bool visit_bucket(struct bucket *b,
			 bool (*fn)(struct rcu_hash_node *node, void *arg),
			 void *arg)
{
	struct node *n = smp_load_acquire(&b->first);

	for (; n; n = smp_load_acquire(&n->next))
		if (!fn((struct rcu_hash_node *)n, arg))
			return false;
	return true;
}

void rcu_hash_for_each(struct rcu_hash *ht,
		       bool (*fn)(struct rcu_hash_node *node, void *arg),
		       void *arg)
{
	rcu_read_lock();
	for (unsigned long i = 0; i <= ht->mask; i++)
		if (!visit_bucket(&ht->buckets[i], fn, arg))
			break;
	rcu_read_unlock();
}
