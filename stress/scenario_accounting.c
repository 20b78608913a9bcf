// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * accounting: every allocation and every charge of a fork fails in turn; what
 * was charged returns (FORK-57, INV-30; census and audit compare).
 */
#include <errno.h>

#include "mm/fault_inject.h"
#include "stress/actions.h"

#define MOST_FAILURES 400

static void family(struct stress_user *u)
{
	unsigned int first = 1 + rng_below(&u->rng, 32);

	for (unsigned int i = 0; i < 4; i++)
		prog_map(u, i, LOT_ANON);
	act_start_crew(u, 1, prog_idle, 16);
	for (unsigned int n = first; n < MOST_FAILURES; n += 8) {
		unsigned long hits;
		pid_t pid;

		if (world_stopping())
			break;
		fault_inject_arm(n);
		pid = prog_fork(u, prog_brief);
		hits = fault_inject_hits();
		fault_inject_disarm();
		if (pid == -ENOMEM && hits)
			stress_count(COVER_B24_CHARGE_REFUSED);
		if (pid > 0 && !hits) {
			stress_count(COVER_B24_CHARGES_ALL);
			break; /* beyond the last one */
		}
		act_touch(u, 2);
		prog_reap(u, false);
	}
	act_group_exit(u);
}

const struct stress_ops accounting_ops = {
	.name = "accounting",
	.why = "each allocation and charge of a fork fails in turn",
	.items = "B-24",
	.family = family,
};
