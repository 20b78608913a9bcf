// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * pool USE: an allocator of the program's own, over memory that malloc() gave
 * it once, says what its objects are worth; USE is how one of them is used.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "locking/kasan.h"
#include "locking/kmsan.h"

#define OBJECTS 4
#define POISON 0x6b

struct object {
	char name[3]; /* five bytes of padding behind it */
	long value;
	char space[1024];
};

static struct {
	pthread_mutex_t lock;
	struct object *objects;
	struct object *free[OBJECTS]; /* under lock */
	int nr_free; /* under lock */
} pool = { .lock = PTHREAD_MUTEX_INITIALIZER };

static struct object *shared;
static volatile long seen;

static void pool_free(struct object *o)
{
	memset(o, POISON, sizeof(*o));
	kasan_poison(o, sizeof(*o));
	pthread_mutex_lock(&pool.lock);
	pool.free[pool.nr_free++] = o;
	pthread_mutex_unlock(&pool.lock);
}

static struct object *pool_alloc(void)
{
	struct object *o;

	pthread_mutex_lock(&pool.lock);
	o = pool.free[--pool.nr_free];
	pthread_mutex_unlock(&pool.lock);
	kasan_unpoison(o, sizeof(*o));
	/* The allocator's own look at what it wrote. */
	if (o->value != 0x6b6b6b6b6b6b6b6bL || o->space[1023] != POISON)
		abort();
	kmsan_poison(o, sizeof(*o));
	return o;
}

static void pool_init(void)
{
	pool.objects = malloc(OBJECTS * sizeof(*pool.objects));
	for (int i = 0; i < OBJECTS; i++)
		pool_free(&pool.objects[i]);
}

static void *use_shared(void *arg)
{
	shared->value++;
	return arg;
}

static void use_in_thread(void)
{
	pthread_t t;

	pthread_create(&t, NULL, use_shared, NULL);
	pthread_join(t, NULL);
}

/* Correct: what is read was written, padding and unwritten parts are copied. */
static void use_well(void)
{
	struct object *o = pool_alloc(), *copy = pool_alloc();

	memcpy(o->name, "abc", 3);
	o->value = 1;
	*copy = *o;
	seen = copy->value + copy->name[2];
	shared = copy;
	use_in_thread();
	pool_free(copy);
	pool_free(o);
	shared = pool_alloc();
	memset(shared, 0, sizeof(*shared));
	use_in_thread();
	seen = shared->space[1000];
	pool_free(shared);
}

static void free_while_used(void)
{
	pthread_t t;

	shared = pool_alloc();
	shared->value = 0;
	pthread_create(&t, NULL, use_shared, NULL);
	pool_free(shared);
	pthread_join(t, NULL);
}

static void use_badly(const char *use)
{
	shared = pool_alloc();
	if (!strcmp(use, "uninitialised"))
		seen = shared->value;
	memset(shared, 0, sizeof(*shared));
	pool_free(shared);
	if (!strcmp(use, "read"))
		seen = shared->space[512];
	if (!strcmp(use, "write"))
		use_in_thread();
	if (!strcmp(use, "clear"))
		memset(shared, 0, sizeof(*shared));
	if (!strcmp(use, "reused")) {
		struct object *stale = shared;

		shared = pool_alloc();
		seen = stale->value;
	}
}

int main(int argc, char **argv)
{
	const char *use = argc > 1 ? argv[1] : "well";

	pool_init();
	if (!strcmp(use, "well"))
		use_well();
	else if (!strcmp(use, "concurrent"))
		free_while_used();
	else
		use_badly(use);
	free(pool.objects);
	return 0;
}
