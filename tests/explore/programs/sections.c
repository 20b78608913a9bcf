// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * sections THREADS SECTIONS: each thread locks and unlocks one mutex so
 * often.  The number of happens-before classes is (T S)! / (S!)^T.
 */
#include <pthread.h>
#include <stdlib.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int nr_sections;

static void *worker(void *arg)
{
	for (int i = 0; i < nr_sections; i++) {
		pthread_mutex_lock(&lock);
		pthread_mutex_unlock(&lock);
	}
	return arg;
}

int main(int argc, char **argv)
{
	int n = argc > 1 ? atoi(argv[1]) : 2;
	pthread_t thread[16];

	nr_sections = argc > 2 ? atoi(argv[2]) : 2;
	for (int i = 0; i < n; i++)
		pthread_create(&thread[i], NULL, worker, NULL);
	for (int i = 0; i < n; i++)
		pthread_join(thread[i], NULL);
	return 0;
}
