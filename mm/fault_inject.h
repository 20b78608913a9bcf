/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fault_inject.h - make the n-th allocation of a task fail
 *
 * Whatever can fail for lack of memory asks should_fail_alloc() first.  Armed
 * with n = 1, 2, ... until an operation succeeds, every error path is taken.
 * The counter belongs to the calling host thread, hence to one task.
 */
#ifndef MM_FAULT_INJECT_H
#define MM_FAULT_INJECT_H

#include <stdbool.h>

/**
 * fault_inject_arm() - fail one allocation of the calling task
 * @n: 1 for the next one, 2 for the one after it, ...; 0 disarms
 *
 * Context: any task.  Forgets earlier hits.
 */
void fault_inject_arm(unsigned long n);

/** fault_inject_disarm() - no more failures.  Context: as above. */
void fault_inject_disarm(void);

/**
 * fault_inject_hits() - failures made since fault_inject_arm()
 *
 * Context: any task.
 * Return: 0 or 1; 0 means that n was beyond the last allocation.
 */
unsigned long fault_inject_hits(void);

extern __thread unsigned long fault_inject_countdown;

bool __should_fail_alloc(void);

/* Whether the allocation about to be made must fail.  Context: any. */
static inline bool should_fail_alloc(void)
{
	return __builtin_expect(fault_inject_countdown != 0, 0) &&
	       __should_fail_alloc();
}

#endif /* MM_FAULT_INJECT_H */
