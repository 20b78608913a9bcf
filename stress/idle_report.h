/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whom a standstill leaves asleep. */
#ifndef STRESS_IDLE_REPORT_H
#define STRESS_IDLE_REPORT_H

#include <stddef.h>

/**
 * idle_tasks_text() - list user tasks whose sleep may last for ever
 * @buf: where to; for each: pid, name, where it sleeps, how long, and for
 *	futex sleepers who is to wake them
 * @size: bytes of @buf, at least 1; what does not fit is only counted
 * @min_age: jiffies it has slept at least
 *
 * The wait-for graph leaves these out: futex and AIO sleepers, waits for
 * children, stopped tasks.  Kernel threads sleep so by profession.
 *
 * Context: watchdog; tries R(tasklist_lock), never waits for it.
 * Return: number of such tasks, or -EBUSY: the lock is taken.
 */
int idle_tasks_text(char *buf, size_t size, unsigned long min_age);

#endif
