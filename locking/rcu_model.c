// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * RCU for the exploration runtime, in place of rcu.c: its readers, grace
 * periods and callbacks are the runtime's own model of liburcu, one decision
 * each and as hostile as RCU allows; see explore/sync_rcu.c.  Hash tables are
 * made of instrumented atomics, so that every step of them is a decision.
 */
#include <errno.h>
#include <stdlib.h>

/* liburcu's names for things of ours. */
#define rcu_head urcu_head
#include <urcu/urcu-memb.h>
#undef rcu_head
#undef rcu_dereference
#undef rcu_assign_pointer

#include "locking/rcu.h"
#include "locking/spinlock.h"
#include "locking/thread.h"

_Static_assert(offsetof(struct rcu_head, opaque) == 0,
	       "rcu_head begins with liburcu's");

static char grace_period; /* for its address */

void rcu_thread_register(void)
{
	urcu_memb_register_thread();
}

void rcu_thread_unregister(void)
{
	BUG_ON(urcu_memb_read_ongoing());
	urcu_memb_unregister_thread();
}

void rcu_read_lock(void)
{
	lthread_self();
	urcu_memb_read_lock();
}

void rcu_read_unlock(void)
{
	urcu_memb_read_unlock();
}

void synchronize_rcu(void)
{
	might_sleep();
	lwait_begin(LWAIT_OTHER, &grace_period, NULL, LOCK_SITE());
	urcu_memb_synchronize_rcu();
	lwait_end();
}

static void run_callback(struct urcu_head *h)
{
	struct rcu_head *head = (struct rcu_head *)h;

	if (!lthread_current)
		lthread_register("rcu");
	head->func(head);
}

void call_rcu(struct rcu_head *head, void (*func)(struct rcu_head *head))
{
	head->func = func;
	urcu_memb_call_rcu((struct urcu_head *)head, run_callback);
}

void rcu_barrier(void)
{
	might_sleep();
	lwait_begin(LWAIT_OTHER, &grace_period, NULL, LOCK_SITE());
	urcu_memb_barrier();
	lwait_end();
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
