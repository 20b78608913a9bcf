/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How one execution ended.  Exactly one verdict each; the first violation
 * ends the execution.
 */
#ifndef EXPLORE_VERDICT_H
#define EXPLORE_VERDICT_H

#include <stdbool.h>

enum verdict {
	VERDICT_CLEAN,
	VERDICT_RACE, /* data race on a plain access */
	VERDICT_MEMORY, /* use after free, double free, out of bounds */
	VERDICT_ASSERTION, /* assert(), an oracle, or exit status not 0 */
	VERDICT_DEADLOCK, /* a cycle of waiters */
	VERDICT_LOST_WAKEUP, /* a waiter nobody is left to wake */
	VERDICT_LIVELOCK, /* spins for ever even under a fair scheduler */
	VERDICT_LEAK, /* unreachable heap blocks at the end */
	VERDICT_CRASH, /* a signal */
	VERDICT_BUDGET, /* step limit reached, nothing wrong seen */
	VERDICT_BLOCKED, /* redundant: cut short by the search itself */
	VERDICT_HARNESS, /* the explorer cannot go on: its own fault or limit */
	NR_VERDICTS
};

/* Exit codes of every program linked with the explorer. */
enum explore_exit {
	EXPLORE_EXIT_CLEAN = 0,
	EXPLORE_EXIT_FINDINGS = 1,
	EXPLORE_EXIT_USAGE = 2,
	EXPLORE_EXIT_HARNESS = 3,
};

/** verdict_name() - the word printed for @v.  Return: a constant string. */
const char *verdict_name(enum verdict v);

/** verdict_from_name() - inverse of verdict_name().  Return: or -1. */
int verdict_from_name(const char *name);

/** verdict_is_finding() - is @v something wrong with the program? */
bool verdict_is_finding(enum verdict v);

#endif
