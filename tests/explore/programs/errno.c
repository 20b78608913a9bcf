// SPDX-License-Identifier: GPL-2.0-or-later
/* Each thread has an errno of its own, and it begins as 0. */
#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>

static atomic_int turns;

static void *worker(void *arg)
{
	int me = (int)(intptr_t)arg;

	assert(!errno);
	errno = me;
	for (int i = 0; i < 3; i++) {
		atomic_fetch_add(&turns, 1);
		assert(errno == me);
		if (me == 2) { /* by a function of libc */
			assert(!fopen("/nowhere/at/all", "r"));
			assert(errno == ENOENT);
			errno = me;
		}
	}
	return arg;
}

int main(void)
{
	pthread_t a, b;

	errno = 7;
	pthread_create(&a, NULL, worker, (void *)1);
	pthread_create(&b, NULL, worker, (void *)2);
	pthread_join(a, NULL);
	pthread_join(b, NULL);
	assert(errno == 7);
	return 0;
}
