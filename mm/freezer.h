/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * freezer.h - stop the world for a census
 *
 * Tasks stop at their next return to user mode, kernel threads where they
 * call try_to_freeze().  Those with SIGKILL pending go on until they are
 * gone.  Sleepers are left asleep: as nobody moves, nobody wakes them.
 */
#ifndef MM_FREEZER_H
#define MM_FREEZER_H

#include "mm/mm_types.h"

extern int system_freezing; /* (a) */

/** freezer_init() - nothing is frozen.  Context: boot.  Return: 0. */
int freezer_init(void);

/**
 * freeze_tasks() - stop every task but the caller
 *
 * On return nothing moves but the caller and RCU callbacks (rcu_barrier()).
 *
 * Context: a task on a CPU, no lock held; one caller at a time; may sleep.
 */
void freeze_tasks(void);

/**
 * thaw_tasks() - let all go on
 *
 * Context: after freeze_tasks().
 */
void thaw_tasks(void);

/**
 * refrigerator() - stop here while the world is frozen
 *
 * Context: current at a place where it holds nothing.
 */
void refrigerator(void);

/* Stop here if freeze_tasks() wants it: for loops of kernel threads. */
static inline void try_to_freeze(void)
{
	if (unlikely(smp_load_acquire(&system_freezing)))
		refrigerator();
}

#endif /* MM_FREEZER_H */
