/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The functions the explorer stands in front of, for its own use and for
 * calls that come while no program under test is running.
 */
#ifndef EXPLORE_HOST_H
#define EXPLORE_HOST_H

#include <pthread.h>
#include <semaphore.h>
#include <stdbool.h>
#include <stdint.h>

/* Only the explorer uses it: no detour through the table of the linker. */
#define EXPLORE_OWN __attribute__((visibility("hidden")))

struct host {
	bool ready;
	int (*pthread_create)(pthread_t *thread, const pthread_attr_t *attr,
			      void *(*start)(void *), void *arg);
	long (*syscall)(long nr, long a, long b, long c, long d, long e,
			long f);
	void (*futex_wait)(void *word, int val);
	void (*futex_wake)(void *word, int nr);
};

extern struct host host;

/** host_init() - look the functions up.  Context: host, first of all. */
void host_init(void);

/**
 * host_symbol() - the definition of @name that ours hides
 *
 * Context: host.
 * Return: never NULL: a missing one ends the process.
 */
void *host_symbol(const char *name);

/*
 * In a function that replaces libc's @name: call the original when no
 * program under test is running.
 */
#define HOST_CALL(name, ...) ({						\
	static __typeof__(&name) real_ EXPLORE_STATE;			\
	if (!real_)							\
		real_ = (__typeof__(&name))host_symbol(#name);		\
	real_(__VA_ARGS__);						\
})

#endif
