// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * exec_threads: a thread, leader or not, executes while its siblings exit,
 * execute too or are killed, beside a CLONE_VM sharer of another group
 * (EXEC-3, EXEC-4).
 */
#include "stress/actions.h"

static void executed(struct stress_user *u)
{
	act_touch(u, 4);
	prog_exit(u, 0, true);
}

static void sibling(struct stress_user *u)
{
	act_touch(u, rng_below(&u->rng, 48));
	if (rng_chance(&u->rng, 1, 3))
		prog_exec(u, &world.small_image, executed);
	if (rng_chance(&u->rng, 1, 6))
		act_dump(u);
	prog_exit(u, 0, false);
}

static void sharer(struct stress_user *u)
{
	act_touch(u, 48);
	prog_exit(u, 0, true);
}

static void family(struct stress_user *u)
{
	act_start_crew(u, 2 + rng_below(&u->rng, 4), sibling, 1);
	if (rng_chance(&u->rng, 1, 2)) {
		prog_clone(u, sharer, 0, 0);
		prog_exec(u, &world.small_image, executed);
	}
	sibling(u);
}

const struct stress_ops exec_threads_ops = {
	.name = "exec_threads",
	.why = "exec against exit, exec and dumps of sibling threads",
	.items = "B-11",
	.family = family,
};
