/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A thread outside the emulation: makes time pass, tells the driver how the
 * round stands, ends it in time, and looks for those who wait in vain.
 */
#ifndef STRESS_WATCHDOG_H
#define STRESS_WATCHDOG_H

#include "stress/shared.h"

/**
 * watchdog_start() - begin
 * @sh: memory shared with the driver
 *
 * Context: the worker's first thread, before start_kernel().
 * Return: 0 or -Exxx.
 */
int watchdog_start(struct stress_shared *sh);

/**
 * watchdog_arm() - tasks run from now on: count, watch and end the round
 *
 * Context: init.
 */
void watchdog_arm(void);

/**
 * watchdog_disarm() - all tasks are gone
 *
 * Afterwards the watchdog does not look at the machine, which may stop.
 *
 * Context: init; waits for a look in progress.
 */
void watchdog_disarm(void);

/** watchdog_stop() - end the thread.  Context: after stop_kernel(). */
void watchdog_stop(void);

/**
 * watchdog_sleep() - let a few milliseconds pass, without the CPU
 *
 * Context: init.
 */
void watchdog_sleep(void);

/**
 * watchdog_still() - the world stands still now, and is looked at
 * @on: true: the watchdog does not change memory until false
 *
 * Context: init, all tasks frozen.
 */
void watchdog_still(bool on);

/**
 * watchdog_pause() - the world comes to a standstill on purpose
 * @on: true before it begins to, false after
 *
 * Context: init.
 */
void watchdog_pause(bool on);

#endif
