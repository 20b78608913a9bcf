// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * RCU over liburcu (flavour memb), with what TSan cannot see in a library
 * that is not instrumented told to it:
 *
 *   what            released at                acquired at
 *   grace period    rcu_read_unlock()          synchronize_rcu(), callbacks
 *   one callback    call_rcu(), its head       the same callback
 *   rcu_barrier()   after each callback        rcu_barrier()
 *   hash node       rcu_hash_add()             match, lookup, for_each
 *
 * Readers only release, so no reader is ordered after another one by this.
 * rcu_barrier() queues a callback of its own behind the others: there is one
 * callback thread, and it runs them in order.
 */
#include <errno.h>

/* liburcu's names for things of ours. */
#define rcu_head urcu_head
#include <urcu/urcu-memb.h>
#include <urcu/rculfhash.h>
#undef rcu_head
#undef rcu_dereference
#undef rcu_assign_pointer

#include "locking/completion.h"
#include "locking/rcu.h"
#include "locking/thread.h"
#include "locking/tsan_annotate.h"

_Static_assert(offsetof(struct rcu_head, opaque) == 0 &&
	       sizeof(((struct rcu_head *)NULL)->opaque) ==
	       sizeof(struct urcu_head), "rcu_head holds liburcu's");
_Static_assert(sizeof(struct rcu_hash_node) == sizeof(struct cds_lfht_node),
	       "rcu_hash_node holds liburcu's");

struct rcu_hash {
	struct cds_lfht *table;
};

/* For their addresses: the two orders named in the table above. */
static char grace_period;
static char callbacks_done;

/* liburcu's callback thread, which has registered itself. */
static __thread bool registered_by_liburcu;

void rcu_thread_register(void)
{
	if (!registered_by_liburcu)
		urcu_memb_register_thread();
}

void rcu_thread_unregister(void)
{
	if (!registered_by_liburcu)
		urcu_memb_unregister_thread();
}

void rcu_read_lock(void)
{
	lthread_self();
	urcu_memb_read_lock();
}

void rcu_read_unlock(void)
{
	tsan_release(&grace_period);
	urcu_memb_read_unlock();
}

void synchronize_rcu(void)
{
	might_sleep();
	lwait_begin(LWAIT_OTHER, &grace_period, NULL, LOCK_SITE());
	urcu_memb_synchronize_rcu();
	lwait_end();
	tsan_acquire(&grace_period);
}

static void run_callback(struct urcu_head *liburcu)
{
	struct rcu_head *head = (struct rcu_head *)liburcu;

	registered_by_liburcu = true;
	tsan_acquire(head);
	tsan_acquire(&grace_period);
	head->func(head);
	tsan_release(&callbacks_done);
}

void call_rcu(struct rcu_head *head, void (*func)(struct rcu_head *head))
{
	lthread_self();
	head->func = func;
	tsan_release(head);
	urcu_memb_call_rcu((struct urcu_head *)head, run_callback);
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

	init_completion(&b.done);
	call_rcu(&b.head, barrier_reached);
	wait_for_completion(&b.done);
	tsan_acquire(&callbacks_done);
}

struct rcu_hash *rcu_hash_new(unsigned long buckets)
{
	struct rcu_hash *ht = malloc(sizeof(*ht));

	if (!ht)
		return NULL;
	ht->table = cds_lfht_new_flavor(buckets, buckets, buckets, 0,
					&urcu_memb_flavor, NULL);
	if (!ht->table) {
		free(ht);
		return NULL;
	}
	return ht;
}

int rcu_hash_destroy(struct rcu_hash *ht)
{
	if (cds_lfht_destroy(ht->table, NULL))
		return -EBUSY;
	free(ht);
	return 0;
}

void rcu_hash_add(struct rcu_hash *ht, unsigned long hash,
		  struct rcu_hash_node *node)
{
	struct cds_lfht_node *n = (struct cds_lfht_node *)node;

	cds_lfht_node_init(n);
	tsan_release(node);
	rcu_read_lock();
	cds_lfht_add(ht->table, hash, n);
	rcu_read_unlock();
}

int rcu_hash_del(struct rcu_hash *ht, struct rcu_hash_node *node)
{
	int err;

	rcu_read_lock();
	err = cds_lfht_del(ht->table, (struct cds_lfht_node *)node);
	rcu_read_unlock();
	return err ? -ENOENT : 0;
}

/* What rcu_hash_lookup() passes through liburcu as its key. */
struct lookup {
	rcu_hash_match_t match;
	const void *key;
};

static int match_node(struct cds_lfht_node *node, const void *key)
{
	const struct lookup *l = key;

	tsan_acquire(node);
	return l->match((struct rcu_hash_node *)node, l->key);
}

struct rcu_hash_node *rcu_hash_lookup(struct rcu_hash *ht, unsigned long hash,
				      rcu_hash_match_t match, const void *key)
{
	struct lookup l = { .match = match, .key = key };
	struct cds_lfht_iter iter;

	cds_lfht_lookup(ht->table, hash, match_node, &l, &iter);
	return (struct rcu_hash_node *)cds_lfht_iter_get_node(&iter);
}

void rcu_hash_for_each(struct rcu_hash *ht,
		       bool (*fn)(struct rcu_hash_node *node, void *arg),
		       void *arg)
{
	struct cds_lfht_iter iter;
	struct cds_lfht_node *node;

	rcu_read_lock();
	cds_lfht_first(ht->table, &iter);
	while ((node = cds_lfht_iter_get_node(&iter))) {
		tsan_acquire(node);
		if (!fn((struct rcu_hash_node *)node, arg))
			break;
		cds_lfht_next(ht->table, &iter);
	}
	rcu_read_unlock();
}
