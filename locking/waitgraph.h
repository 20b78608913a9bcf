/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who waits for whom: deadlocks and stalls. */
#ifndef LOCKING_WAITGRAPH_H
#define LOCKING_WAITGRAPH_H

#include <stddef.h>

/**
 * waitgraph_check() - look for cycles of waiters and for long waits
 * @stall_jiffies: how long a wait may last
 *
 * Among threads that have waited for so long: each cycle is a
 * FINDING_DEADLOCK, the others together are one FINDING_STALL.  A wait is
 * reported once.
 *
 * Context: a watchdog thread, one at a time, while the others run.
 * Return: number of findings.
 */
int waitgraph_check(unsigned long stall_jiffies);

/**
 * waitgraph_text() - print every wait older than @min_age
 * @buf: where to
 * @size: bytes of @buf, at least 1
 * @min_age: jiffies
 *
 * Context: as waitgraph_check().
 * Return: number of waits.
 */
int waitgraph_text(char *buf, size_t size, unsigned long min_age);

#endif
