/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Jiffies: a coarse clock for "since when" and for stall detection. */
#ifndef LOCKING_TIME_H
#define LOCKING_TIME_H

#include "locking/compiler.h"

#define HZ 100 /* jiffies per second: 10 ms each */

extern unsigned long jiffies_counter;

/* Unordered: says roughly when, never before what. */
static inline unsigned long jiffies_read(void)
{
	return READ_ONCE(jiffies_counter);
}

#define jiffies jiffies_read()
#define jiffies_to_ms(n) ((n) * (1000 / HZ))

#define time_after(a, b) ((long)((b) - (a)) < 0)
#define time_before(a, b) time_after(b, a)
#define time_after_eq(a, b) ((long)((a) - (b)) >= 0)

/**
 * jiffies_tick() - advance jiffies by one
 *
 * Context: called every 10 ms by one thread, the program's watchdog.
 */
void jiffies_tick(void);

#endif
