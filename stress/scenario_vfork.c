// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vfork: the child executes, fails to because of a dump, exits, dumps core
 * itself, or is the victim of a sibling's dump (FORK-20, DUMP-25).
 */
#include "stress/actions.h"

static void executed(struct stress_user *u)
{
	act_touch(u, 4);
	prog_exit(u, 0, true);
}

static void child_exec(struct stress_user *u)
{
	act_touch(u, 2);
	prog_exec(u, &world.small_image, executed);
	prog_exit(u, 0, true);
}

static void child_exit(struct stress_user *u)
{
	act_touch(u, 1);
	prog_exit(u, 0, true);
}

static void child_dump(struct stress_user *u)
{
	act_dump(u);
	prog_exit(u, 0, true);
}

static void child_linger(struct stress_user *u)
{
	act_touch(u, 64);
	prog_exit(u, 0, true);
}

static void vforker(struct stress_user *u)
{
	static const prog_entry_t children[] = {
		child_exec, child_exec, child_exit, child_linger, child_dump,
	};

	for (unsigned int i = 0; i < u->steps && !world_stopping(); i++) {
		/* The dumper takes everybody along: rarely. */
		unsigned int nr = rng_chance(&u->rng, 1, 12) ? 5 : 4;

		prog_clone(u, children[rng_below(&u->rng, nr)], CLONE_VFORK,
			   0);
		prog_reap(u, false);
		act_touch(u, 2);
	}
	prog_exit(u, 0, false);
}

static void family(struct stress_user *u)
{
	act_start_crew(u, 2, vforker, 12);
	act_touch(u, 32);
	if (rng_chance(&u->rng, 1, 2))
		act_dump(u);
	u->steps = 8;
	vforker(u);
}

const struct stress_ops vfork_ops = {
	.name = "vfork",
	.why = "everything a vfork child can do, beside dumps",
	.items = "B-10",
	.family = family,
};
