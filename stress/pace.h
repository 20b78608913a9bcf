/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How fast a run gets on, and so for how long somebody may have to wait. */
#ifndef STRESS_PACE_H
#define STRESS_PACE_H

#include <stdint.h>

#define PACE_LOOKS 128 /* remembered; older progress counts as too old */

/* Zero at the start; one thread's own. */
struct pace {
	uint64_t seen[PACE_LOOKS]; /* progress at each look */
	unsigned int looks; /* how many there were */
};

/**
 * pace_look() - note the progress, and how long ago enough had been made
 * @p: looks so far
 * @now: things done since the start of the run
 * @enough: things that must have been done during a wait to call it too long
 *
 * On a machine that crawls, memory short and the host busy, waits are long;
 * but so they are for everybody.
 *
 * Context: any; at regular intervals.
 * Return: intervals back to the latest look with @enough fewer things done;
 *	all there were if there is none.
 */
unsigned int pace_look(struct pace *p, uint64_t now, uint64_t enough);

#endif
