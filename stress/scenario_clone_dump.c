// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * clone_dump: threads clone, with and without CLONE_THREAD, while one of them
 * dumps core.  A child is either found by the scan or refused (DUMP-17).
 */
#include "stress/actions.h"

static void clone_until_dead(struct stress_user *u)
{
	for (unsigned int i = 0; i < u->steps && !world_stopping(); i++) {
		unsigned long flags = rng_chance(&u->rng, 1, 3) ? 0 :
				      THREAD_FLAGS;

		prog_clone(u, prog_brief, flags, 0);
		prog_reap(u, false);
	}
	prog_exit(u, 0, false);
}

static void family(struct stress_user *u)
{
	act_start_crew(u, 2 + rng_below(&u->rng, 3), clone_until_dead, 24);
	act_touch(u, rng_below(&u->rng, 64));
	act_dump(u);
	act_group_exit(u);
}

const struct stress_ops clone_dump_ops = {
	.name = "clone_dump",
	.why = "clones of every kind while their process dumps core",
	.items = "B-1",
	.family = family,
};
