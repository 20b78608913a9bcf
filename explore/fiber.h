/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Coroutines: one per thread of the program under test, all on one host
 * thread.  Each has a stack with a guard page and the thread-local storage
 * of a host thread that was started once and sleeps for ever, its donor; a
 * switch changes the stack pointer and the FS base.
 */
#ifndef EXPLORE_FIBER_H
#define EXPLORE_FIBER_H

#include <stdbool.h>
#include <stdint.h>

#define FIBER_STACK_SIZE (256u << 10)

struct fiber {
	void *sp; /* where to go on; valid while not running */
	uintptr_t fsbase;
	char *stack; /* lowest usable byte */
};

/**
 * fiber_init() - prepare the switch and the host's own context
 * @host: becomes the context of the calling host thread
 *
 * Context: host, once.
 * Return: 0, or -errno.
 */
int fiber_init(struct fiber *host);

/**
 * fiber_prepare() - give @f a stack and a donor, unless it has them
 *
 * Context: host; may start a host thread.
 * Return: 0, or -errno.
 */
int fiber_prepare(struct fiber *f);

/**
 * fiber_start() - let the next switch to @f call @entry on a fresh stack
 * @f: prepared
 * @entry: never returns
 *
 * Context: any.  Re-initialises the program's thread-local variables.
 */
void fiber_start(struct fiber *f, void (*entry)(void));

/* fiber_switch(): in fiber.c, in assembler. */
void fiber_switch_fast(void **save, void *sp, uintptr_t fsbase);
void fiber_switch_slow(void **save, void *sp, uintptr_t fsbase);

extern bool fiber_slow; /* the processor has no wrfsbase for us */

/**
 * fiber_switch() - save the caller in @from and continue @to
 *
 * Context: any.
 */
static inline void fiber_switch(struct fiber *from, struct fiber *to)
{
	if (__builtin_expect(fiber_slow, 0))
		fiber_switch_slow(&from->sp, to->sp, to->fsbase);
	else
		fiber_switch_fast(&from->sp, to->sp, to->fsbase);
}

#endif
