// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * thread_exit: threads clone threads, with good and bad TLS descriptors,
 * while one of them ends the group.  A late failure takes every label of
 * copy_process() backwards (FORK-11).
 */
#include "stress/actions.h"

static void clone_threads(struct stress_user *u)
{
	for (unsigned int i = 0; i < u->steps && !world_stopping(); i++) {
		if (rng_chance(&u->rng, 1, 4))
			act_clone_settls(u, prog_brief);
		prog_clone(u, prog_brief, THREAD_FLAGS, 0);
		act_touch(u, 1);
	}
	prog_exit(u, 0, false);
}

static void family(struct stress_user *u)
{
	act_start_crew(u, 2 + rng_below(&u->rng, 3), clone_threads, 24);
	act_touch(u, rng_below(&u->rng, 32));
	/* The leader alone, or everybody at once. */
	if (rng_chance(&u->rng, 1, 4))
		prog_exit(u, 0, false);
	act_group_exit(u);
}

const struct stress_ops thread_exit_ops = {
	.name = "thread_exit",
	.why = "thread creation against group exit, and late failures",
	.items = "B-2",
	.family = family,
};
