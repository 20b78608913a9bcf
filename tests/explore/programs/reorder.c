// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * reorder SETTERS: each sets a, then b; one checker must see both or none.
 * Wrong when the checker comes between the two stores of the first setter.
 */
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

static atomic_int a, b;

static void *set(void *arg)
{
	a = 1;
	b = -1;
	return arg;
}

static void *check(void *arg)
{
	int x = a;
	int y = b;

	assert((x == 0 && y == 0) || (x == 1 && y == -1));
	return arg;
}

int main(int argc, char **argv)
{
	int n = argc > 1 ? atoi(argv[1]) : 3;
	pthread_t t[64];

	for (int i = 0; i < n; i++)
		pthread_create(&t[i], NULL, set, NULL);
	pthread_create(&t[n], NULL, check, NULL);
	for (int i = 0; i <= n; i++)
		pthread_join(t[i], NULL);
	return 0;
}
