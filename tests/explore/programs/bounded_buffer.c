// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The classical bounded buffer: one slot, two producers, two consumers.
 * With an argument it has the classical bug: one condition for both sides
 * and signal in place of broadcast, so a producer may wake a producer.
 */
#include <assert.h>
#include <pthread.h>
#include <stdbool.h>

#define PRODUCERS 2
#define CONSUMERS 2
#define ITEMS 2

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static bool full;
static int slot;
static int sum;
static bool careless;

static void notify(void)
{
	if (careless)
		pthread_cond_signal(&changed);
	else
		pthread_cond_broadcast(&changed);
}

static void *produce(void *arg)
{
	for (int i = 0; i < ITEMS; i++) {
		pthread_mutex_lock(&lock);
		while (full)
			pthread_cond_wait(&changed, &lock);
		slot = i + 1;
		full = true;
		notify();
		pthread_mutex_unlock(&lock);
	}
	return arg;
}

static void *consume(void *arg)
{
	for (int i = 0; i < ITEMS; i++) {
		pthread_mutex_lock(&lock);
		while (!full)
			pthread_cond_wait(&changed, &lock);
		sum += slot;
		full = false;
		notify();
		pthread_mutex_unlock(&lock);
	}
	return arg;
}

int main(int argc, char **argv)
{
	pthread_t t[PRODUCERS + CONSUMERS];

	(void)argv;
	careless = argc > 1;
	full = false; /* main() may be called again */
	sum = 0;
	for (int i = 0; i < PRODUCERS + CONSUMERS; i++)
		pthread_create(&t[i], NULL, i < PRODUCERS ? produce : consume,
			       NULL);
	for (int i = 0; i < PRODUCERS + CONSUMERS; i++)
		pthread_join(t[i], NULL);
	assert(sum == PRODUCERS * (1 + 2));
	return 0;
}
