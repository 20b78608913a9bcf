// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * spin [KIND]: a lock of one compare-and-swap, with three ways to wait for
 * it: "yield", "sleep" or "bare"; "stuck" waits for what never comes.
 */
#include <assert.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

static atomic_int locked;
static atomic_int never;
static int inside;
static const char *kind = "yield";

static void wait_a_little(void)
{
	if (!strcmp(kind, "yield"))
		sched_yield();
	else if (!strcmp(kind, "sleep"))
		usleep(100);
}

static void lock(void)
{
	int zero = 0;

	while (!atomic_compare_exchange_weak_explicit(&locked, &zero, 1,
						      memory_order_acquire,
						      memory_order_relaxed)) {
		zero = 0;
		wait_a_little();
	}
}

static void *worker(void *arg)
{
	if (!strcmp(kind, "stuck"))
		while (!never)
			sched_yield();
	lock();
	assert(++inside == 1);
	inside--;
	atomic_store_explicit(&locked, 0, memory_order_release);
	return arg;
}

int main(int argc, char **argv)
{
	pthread_t a, b;

	if (argc > 1)
		kind = argv[1];
	pthread_create(&a, NULL, worker, NULL);
	pthread_create(&b, NULL, worker, NULL);
	pthread_join(a, NULL);
	pthread_join(b, NULL);
	return 0;
}
