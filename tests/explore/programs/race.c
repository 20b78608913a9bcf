// SPDX-License-Identifier: GPL-2.0-or-later
/* A counter one of two threads forgets to lock: data race. */
#include <pthread.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int counter;

static void increment(void)
{
	counter++;
}

static void *careful(void *arg)
{
	pthread_mutex_lock(&lock);
	increment();
	pthread_mutex_unlock(&lock);
	return arg;
}

static void *careless(void *arg)
{
	increment();
	return arg;
}

int main(void)
{
	pthread_t a, b;

	pthread_create(&a, NULL, careful, NULL);
	pthread_create(&b, NULL, careless, NULL);
	pthread_join(a, NULL);
	pthread_join(b, NULL);
	return 0;
}
