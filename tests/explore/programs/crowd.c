// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * crowd N: six threads read a variable, then it is written.  Thread N has not
 * been joined by then, but is known to have read: data race.  N 6: clean.
 */
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>

#define READERS 6

static int variable;
static int have_read[READERS]; /* (a) relaxed: tells no more than that */

static void *reader(void *arg)
{
	int *flag = arg;
	int seen = variable;

	__atomic_store_n(flag, 1 + seen, __ATOMIC_RELAXED);
	return NULL;
}

int main(int argc, char **argv)
{
	int missing = argc > 1 ? atoi(argv[1]) : READERS;
	pthread_t t[READERS];

	variable = 0;
	for (int i = 0; i < READERS; i++) {
		__atomic_store_n(&have_read[i], 0, __ATOMIC_RELAXED);
		pthread_create(&t[i], NULL, reader, &have_read[i]);
	}
	for (int i = 0; i < READERS; i++) {
		while (!__atomic_load_n(&have_read[i], __ATOMIC_RELAXED))
			sched_yield();
		if (i != missing)
			pthread_join(t[i], NULL);
	}
	variable = 1;
	if (missing < READERS)
		pthread_join(t[missing], NULL);
	return 0;
}
