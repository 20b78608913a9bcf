// SPDX-License-Identifier: GPL-2.0-or-later
/* fault_inject.c - make the n-th allocation of a task fail */
#include "mm/fault_inject.h"

/* Allocations up to and including the one that fails; 0: not armed. */
__thread unsigned long fault_inject_countdown;
static __thread unsigned long hits;

void fault_inject_arm(unsigned long n)
{
	hits = 0;
	fault_inject_countdown = n;
}

void fault_inject_disarm(void)
{
	fault_inject_countdown = 0;
}

unsigned long fault_inject_hits(void)
{
	return hits;
}

bool __should_fail_alloc(void)
{
	if (--fault_inject_countdown)
		return false;
	hits++;
	return true;
}
