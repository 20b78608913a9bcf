// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Megabytes of variables, some written by code that is not instrumented:
 * each execution must find all of them as they were at the start.
 */
#include <assert.h>
#include <pthread.h>
#include <stdio.h>

#define PAGES 2048
#define PAGE 4096

static char table[PAGES][PAGE];
static char text[3][PAGE];
static int nr = 1;

static void *worker(void *arg)
{
	int me = arg != NULL;

	for (int i = me; i < PAGES; i += 64) {
		assert(table[i][i] == 0);
		table[i][i] = (char)(i + 1);
	}
	assert(text[me][10] == 0);
	snprintf(text[me] + 10, 20, "thread %d", nr);
	return arg;
}

int main(void)
{
	pthread_t a, b;

	assert(nr == 1);
	nr = 2;
	pthread_create(&a, NULL, worker, NULL);
	pthread_create(&b, NULL, worker, &nr);
	pthread_join(a, NULL);
	pthread_join(b, NULL);
	assert(text[1][10] == 't' && table[64][64] == 65);
	return 0;
}
