// SPDX-License-Identifier: GPL-2.0-or-later
/* Publishes plain data: with an argument by a relaxed store, a data race. */
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>

static int data;
static atomic_int ready;
static _Bool relaxed;

static void *writer(void *arg)
{
	data = 42;
	if (relaxed)
		atomic_store_explicit(&ready, 1, memory_order_relaxed);
	else
		atomic_store_explicit(&ready, 1, memory_order_release);
	return arg;
}

static void *reader(void *arg)
{
	if (atomic_load_explicit(&ready, memory_order_acquire))
		assert(data == 42);
	return arg;
}

int main(int argc, char **argv)
{
	pthread_t a, b;

	(void)argv;
	relaxed = argc > 1;
	pthread_create(&a, NULL, writer, NULL);
	pthread_create(&b, NULL, reader, NULL);
	pthread_join(a, NULL);
	pthread_join(b, NULL);
	return 0;
}
