/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Signals of the program under test, and executions that stand still: a loop
 * without any visible operation is no step, so no limit of steps ends it.
 */
#ifndef EXPLORE_CRASH_H
#define EXPLORE_CRASH_H

#include <stdbool.h>

/* Seconds of processor time without a step: one to two of these. */
#define CRASH_TICK 1

/** crash_init() - catch signals of the program.  Return: 0, or -errno. */
int crash_init(void);

/**
 * crash_watch() - from now on an execution that stands still ends
 *
 * As a failure of the harness: how long it takes depends on the machine.
 * A timer is not inherited, so each process calls this.
 *
 * Context: host.
 */
void crash_watch(void);

/** crash_unwatch() - the campaign of this process is over. */
void crash_unwatch(void);

/**
 * crash_protect() - call @fn(@arg), which looks at what a program left behind
 *
 * Context: host.
 * Return: false if it crashed, or did not come back for long.
 */
bool crash_protect(void (*fn)(void *), void *arg);

#endif
