/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Progress: spinners, livelock, deadlock, lost wake-ups.
 *
 * A thread that yields, sleeps or spins without effect is taken out of
 * eng.runnable until another thread changes something.  When nobody else is
 * left, all such threads come back for one more round; too many rounds in
 * which nothing changes are a livelock.
 */
#ifndef EXPLORE_STUCK_H
#define EXPLORE_STUCK_H

#include <stdint.h>

#include "explore/engine.h"

/* Visible operations without any effect that count as spinning. */
#define STUCK_SPIN 500
#define STUCK_ROUNDS 10000

/* Who waited for what when nobody could go on. */
struct stuck_wait {
	uint8_t tid;
	int8_t holder; /* thread that must act, or -1 */
	uint8_t kind; /* enum op_kind */
	bool in_cycle;
	struct object *obj;
	uintptr_t pc;
};

struct stuck_report {
	unsigned int n;
	struct stuck_wait waits[EX_MAX_THREADS];
};

extern struct stuck_report stuck;

/**
 * stuck_nobody_runnable() - let spinners and sleepers go on, or give up
 *
 * Ends the execution when there are none: deadlock or lost wake-up.
 *
 * Return: the threads that can run now.
 */
uint64_t stuck_nobody_runnable(void);

/** stuck_spinning() - @t seems to spin without saying so: let it yield. */
void stuck_spinning(struct thread *t);

/** stuck_yield() - @t wants others to go on first. */
void stuck_yield(struct thread *t);

#endif
