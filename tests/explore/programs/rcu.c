// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * rcu [BUG]: one reader of an RCU pointer, one updater that frees the old
 * object.  BUG is "early" (no grace period), "late" (the reader keeps the
 * pointer), "inside" (waits within its own section).
 */
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <urcu/urcu-memb.h>

struct node {
	struct rcu_head head;
	int value;
};

static _Atomic(struct node *) shared;
static const char *bug = "none";

static struct node *new_node(int value)
{
	struct node *n = malloc(sizeof(*n));

	n->value = value;
	return n;
}

static void free_node(struct rcu_head *head)
{
	free((char *)head - offsetof(struct node, head));
}

static void *reader(void *arg)
{
	struct node *n;
	int value;

	urcu_memb_register_thread();
	urcu_memb_read_lock();
	n = atomic_load_explicit(&shared, memory_order_acquire);
	value = n->value;
	assert(value == 1 || value == 2 || value == 3);
	urcu_memb_read_unlock();
	if (!strcmp(bug, "late"))
		assert(n->value == value);
	urcu_memb_unregister_thread();
	return arg;
}

static struct node *replace(int value)
{
	return atomic_exchange_explicit(&shared, new_node(value),
					memory_order_acq_rel);
}

static void *updater(void *arg)
{
	struct node *old = replace(2);

	if (!strcmp(bug, "inside"))
		urcu_memb_read_lock();
	if (strcmp(bug, "early"))
		urcu_memb_synchronize_rcu();
	free(old);
	old = replace(3);
	urcu_memb_call_rcu(&old->head, free_node);
	return arg;
}

int main(int argc, char **argv)
{
	pthread_t a, b;

	if (argc > 1)
		bug = argv[1];
	atomic_store(&shared, new_node(1));
	pthread_create(&a, NULL, reader, NULL);
	pthread_create(&b, NULL, updater, NULL);
	pthread_join(a, NULL);
	pthread_join(b, NULL);
	return 0;
}
