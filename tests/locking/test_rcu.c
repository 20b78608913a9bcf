// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdlib.h>

#include "locking/completion.h"
#include "locking/rcu.h"
#include "tests/locking/util.h"

struct object {
	int key;
	int age;	/* -1 once freed */
	struct rcu_head rcu;
	struct rcu_hash_node node;
};

TestSuite(rcu, .timeout = 30, .init = capture_findings,
	  .fini = assert_no_leaks);

static int reading, leave, period_over;

static void *read_until_told(void *arg)
{
	rcu_read_lock();
	smp_store_release(&reading, 1);
	wait_until(smp_load_acquire(&leave));
	cr_assert_eq(READ_ONCE(period_over), 0, "grace period with a reader");
	rcu_read_unlock();
	return arg;
}

static void *wait_for_readers(void *arg)
{
	synchronize_rcu();
	WRITE_ONCE(period_over, 1);
	return arg;
}

Test(rcu, grace_period_waits_for_readers)
{
	pthread_t reader = run(read_until_told, NULL), waiter;

	wait_until(smp_load_acquire(&reading));
	waiter = run(wait_for_readers, NULL);
	wait_until(nr_waiting(LWAIT_OTHER) == 1);
	cr_assert_eq(READ_ONCE(period_over), 0);
	smp_store_release(&leave, 1);
	join(reader);
	join(waiter);
	cr_assert_eq(period_over, 1);
}

static atomic_t freed;

static void free_object(struct rcu_head *head)
{
	struct object *o = container_of(head, struct object, rcu);

	o->age = -1;
	free(o);
	atomic_inc(&freed);
}

static struct object *make_object(int key)
{
	struct object *o = calloc(1, sizeof(*o));

	cr_assert_not_null(o);
	o->key = key;
	o->age = 1;
	return o;
}

Test(rcu, barrier_waits_for_callbacks)
{
	for (int i = 0; i < 100; i++)
		call_rcu(&make_object(i)->rcu, free_object);
	rcu_barrier();
	cr_assert_eq(atomic_read(&freed), 100);
	rcu_barrier();
}

static struct object *shared;
static int stop;

static void *look(void *arg)
{
	while (!READ_ONCE(stop)) {
		const struct object *o;

		rcu_read_lock();
		o = rcu_dereference(shared);
		cr_assert_geq(o->age, 0);
		rcu_read_unlock();
	}
	return arg;
}

Test(rcu, readers_never_see_a_freed_object)
{
	pthread_t t[4];

	shared = make_object(0);
	for (int i = 0; i < 4; i++)
		t[i] = run(look, NULL);
	for (int i = 0; i < 300; i++) {
		struct object *old = shared;

		rcu_assign_pointer(shared, make_object(i));
		call_rcu(&old->rcu, free_object);
	}
	WRITE_ONCE(stop, 1);
	for (int i = 0; i < 4; i++)
		join(t[i]);
	rcu_barrier();
	cr_assert_eq(atomic_read(&freed), 300);
	free(shared);
}

static bool has_key(const struct rcu_hash_node *node, const void *key)
{
	return container_of(node, struct object, node)->key ==
	       *(const int *)key;
}

static unsigned long hash(int key)
{
	return (unsigned long)key * 0x9e3779b97f4a7c15UL;
}

static struct object *find(struct rcu_hash *ht, int key)
{
	struct rcu_hash_node *n = rcu_hash_lookup(ht, hash(key), has_key, &key);

	return n ? container_of(n, struct object, node) : NULL;
}

static bool count_until(struct rcu_hash_node *node, void *left)
{
	(void)node;
	return --*(int *)left > 0;
}

Test(rcu, hash_table)
{
	struct rcu_hash *ht = rcu_hash_new(8);
	struct object *o[20];
	int left;

	for (int i = 0; i < 20; i++) {
		o[i] = make_object(i);
		rcu_hash_add(ht, hash(i), &o[i]->node);
	}
	rcu_read_lock();
	for (int i = 0; i < 20; i++)
		cr_assert_eq(find(ht, i), o[i]);
	cr_assert_null(find(ht, 20));
	rcu_read_unlock();
	left = 100;
	rcu_hash_for_each(ht, count_until, &left);
	cr_assert_eq(left, 80, "all 20");
	left = 5;
	rcu_hash_for_each(ht, count_until, &left);
	cr_assert_eq(left, 0, "stopped after 5");
	cr_assert_eq(rcu_hash_destroy(ht), -EBUSY);
	for (int i = 0; i < 20; i++) {
		cr_assert_eq(rcu_hash_del(ht, &o[i]->node), 0);
		cr_assert_eq(rcu_hash_del(ht, &o[i]->node), -ENOENT);
		call_rcu(&o[i]->rcu, free_object);
	}
	rcu_barrier();
	cr_assert_eq(rcu_hash_destroy(ht), 0);
}

static void lock_in_callback(struct rcu_head *head)
{
	/* A lock with a class makes the helper thread a registered one. */
	lthread_set_name("callback");
	free_object(head);
}

Test(rcu, callbacks_may_use_locks)
{
	call_rcu(&make_object(0)->rcu, lock_in_callback);
	rcu_barrier();
	cr_assert_eq(atomic_read(&freed), 1);
	synchronize_rcu();
}
