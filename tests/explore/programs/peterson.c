// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Peterson's mutual exclusion.  With an argument the stores are releases,
 * which is not enough: right under SC, wrong under TSO and C11.
 */
#include <assert.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>

static atomic_int flag[2];
static atomic_int turn;
static atomic_int inside;
static memory_order store_order = memory_order_seq_cst;

static void store(atomic_int *p, int value)
{
	if (store_order == memory_order_seq_cst)
		atomic_store_explicit(p, value, memory_order_seq_cst);
	else
		atomic_store_explicit(p, value, memory_order_release);
}

static void *worker(void *arg)
{
	int me = arg != NULL;

	store(&flag[me], 1);
	store(&turn, !me);
	while (flag[!me] && turn == !me)
		sched_yield();
	assert(atomic_fetch_add(&inside, 1) == 0);
	atomic_fetch_sub(&inside, 1);
	store(&flag[me], 0);
	return arg;
}

int main(int argc, char **argv)
{
	pthread_t a, b;

	(void)argv;
	if (argc > 1)
		store_order = memory_order_release;
	pthread_create(&a, NULL, worker, NULL);
	pthread_create(&b, NULL, worker, &flag);
	pthread_join(a, NULL);
	pthread_join(b, NULL);
	return 0;
}
