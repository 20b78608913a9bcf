/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who waits for whom: deadlocks and stalls. */
#ifndef LOCKING_WAITGRAPH_H
#define LOCKING_WAITGRAPH_H

#include <stddef.h>

struct lthread;

#define WAIT_NOTE_LEN 128

/* Who has to end a wait whose own record does not say. */
struct wait_edge {
	const struct lthread *waiter;
	unsigned int seq; /* of its wait, from lwait_snapshot() */
	struct lthread *waker; /* NULL: nobody is known */
	char note[WAIT_NOTE_LEN]; /* in the program's own words */
};

struct wait_edges {
	struct wait_edge *edge;
	unsigned int nr;
};

/**
 * waitgraph_check() - look for cycles of waiters and for long waits
 * @stall_jiffies: how long a wait may last
 * @known: what the program knows of its waits, NULL for nothing
 *
 * Among threads that have waited for so long: each cycle is a
 * FINDING_DEADLOCK, the others together are one FINDING_STALL.  A wait is
 * reported once.  Idle ones are never stalls, but in a cycle if somebody has
 * to end them.
 *
 * Context: a watchdog thread, one at a time, while the others run; the edges
 *	of @known have to hold until their waiters' waits end.
 * Return: number of findings.
 */
int waitgraph_check(unsigned long stall_jiffies,
		    const struct wait_edges *known);

/**
 * waitgraph_cycles() - look for cycles of waiters only
 * @min_age: jiffies they have waited at least
 * @known: as for waitgraph_check()
 *
 * Context: as waitgraph_check().
 * Return: number of findings.
 */
int waitgraph_cycles(unsigned long min_age, const struct wait_edges *known);

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
