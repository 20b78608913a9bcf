// SPDX-License-Identifier: GPL-2.0-or-later
/* pthread_key_*: thread-specific values and their destructors. */
#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <stddef.h>

#include "explore/prologue.h"
#include "explore/sync.h"

#define MAX_KEYS 128
#define KEY_BASE 0x10000 /* apart from the host's own keys */

static struct {
	unsigned int n;
	bool deleted[MAX_KEYS];
	void (*destructor[MAX_KEYS])(void *);
	const void *value[EX_MAX_THREADS][MAX_KEYS];
} keys EXPLORE_STATE;

void sync_keys_begin(void)
{
	keys.n = 0;
}

void sync_keys_keep(void)
{
	prologue_keep(&keys, offsetof(typeof(keys), value));
	for (uint32_t i = 0; i < eng.nr_threads; i++)
		prologue_keep(keys.value[i], keys.n * sizeof(keys.value[i][0]));
}

void sync_keys_start(struct thread *t)
{
	for (unsigned int i = 0; i < keys.n; i++)
		keys.value[t->id][i] = NULL;
}

int pthread_key_create(pthread_key_t *key, void (*destructor)(void *))
{
	if (!eng.cur)
		return HOST_CALL(pthread_key_create, key, destructor);
	if (keys.n == MAX_KEYS)
		return EAGAIN;
	for (unsigned int i = 0; i < EX_MAX_THREADS; i++)
		keys.value[i][keys.n] = NULL;
	keys.deleted[keys.n] = false;
	keys.destructor[keys.n] = destructor;
	*key = KEY_BASE + keys.n++;
	return 0;
}

int pthread_key_delete(pthread_key_t key)
{
	if (!eng.cur || key < KEY_BASE)
		return HOST_CALL(pthread_key_delete, key);
	keys.deleted[key - KEY_BASE] = true;
	return 0;
}

void *pthread_getspecific(pthread_key_t key)
{
	if (!eng.cur || key - KEY_BASE >= keys.n)
		return HOST_CALL(pthread_getspecific, key);
	return (void *)keys.value[eng.cur->id][key - KEY_BASE];
}

int pthread_setspecific(pthread_key_t key, const void *value)
{
	if (!eng.cur || key - KEY_BASE >= keys.n)
		return HOST_CALL(pthread_setspecific, key, value);
	keys.value[eng.cur->id][key - KEY_BASE] = value;
	return 0;
}

static bool destroy_values(struct thread *t)
{
	bool again = false;

	for (unsigned int i = 0; i < keys.n; i++) {
		void *value = (void *)keys.value[t->id][i];

		if (!value || keys.deleted[i] || !keys.destructor[i])
			continue;
		keys.value[t->id][i] = NULL;
		keys.destructor[i](value);
		again = true;
	}
	return again;
}

void sync_keys_exit(struct thread *t)
{
	int rounds = PTHREAD_DESTRUCTOR_ITERATIONS;

	while (keys.n && rounds-- && destroy_values(t))
		;
}
