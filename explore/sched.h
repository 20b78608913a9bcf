/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Schedulers.  One outlives many executions; each file sched_*.c is one.
 */
#ifndef EXPLORE_SCHED_H
#define EXPLORE_SCHED_H

#include <stdbool.h>
#include <stdint.h>

#include "explore/engine.h"

struct sched_ops {
	const char *name;
	const char *help;
	/* After begin() returned false: was all tried?  NULL: never ends. */
	bool (*complete)(void);
	/* Share of the tree that was searched, as known so far.  May be NULL. */
	double (*searched)(void);
	/* Before the first execution; returns 0 or -errno.  May be NULL. */
	int (*init)(struct explore *ex);
	/* Start another execution; false when nothing is left to try. */
	bool (*begin)(struct explore *ex);
	/*
	 * Choose a bit of @runnable, never 0; @cur ran last.  Negative: this
	 * execution is redundant, end it.
	 */
	int (*pick)(struct explore *ex, uint64_t runnable, int cur);
	/* Choose 0 to @n - 1 where it is not about threads. */
	unsigned int (*choose)(struct explore *ex, unsigned int n);
	/* @t performs its published operation now.  May be NULL. */
	void (*step)(struct thread *t);
	/* The execution is over; may be NULL. */
	void (*end)(struct explore *ex, enum verdict found);
	bool history; /* depends on executions before: one worker only */
	bool calibrate; /* wants ex->typical_events */
	bool always_pick; /* ask even when only one thread can run */
};

/** sched_find() - Return: the scheduler called @name, or NULL. */
const struct sched_ops *sched_find(const char *name);

/** sched_list() - Return: NULL-terminated array of all schedulers. */
const struct sched_ops *const *sched_list(void);

/** sched_choose_random() - a choose() for schedulers without a plan. */
unsigned int sched_choose_random(struct explore *ex, unsigned int n);

#endif
