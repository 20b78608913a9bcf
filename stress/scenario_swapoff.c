// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * swapoff: devices come and go while families whose pages are in swap fork,
 * fault, exit and dump core (SWOFF-6, SWOFF-8, DUMP-6).
 */
#include "stress/actions.h"
#include "stress/actions_swap.h"

static void child(struct stress_user *u)
{
	for (unsigned int i = 0; i < 3 && !world_stopping(); i++) {
		act_touch(u, 4);
		act_swap(u);
		prog_random_memory(u);
	}
	prog_exit(u, 0, true);
}

static void dump(struct stress_user *u)
{
	act_touch(u, 4);
	act_dump(u);
	prog_exit(u, 0, false);
}

static void dumper(struct stress_user *u)
{
	act_start_crew(u, 2, prog_idle, 1000);
	act_start_crew(u, 1, dump, 1);
	u->steps = 1000;
	prog_idle(u);
}

static void family(struct stress_user *u)
{
	for (unsigned int i = 0; i < 4; i++)
		prog_map(u, i, LOT_ANON);
	for (unsigned int i = 0; i < 6 && !world_stopping(); i++) {
		act_touch(u, 8);
		act_swap(u);
		prog_fork(u, i % 4 == 3 ? dumper : child);
		act_swap(u);
		act_touch(u, 4);
		prog_random_memory(u);
		prog_reap(u, false);
	}
	while (u->nr_children && prog_reap(u, true))
		;
	act_group_exit(u);
}

const struct stress_ops swapoff_ops = {
	.name = "swapoff",
	.why = "swap devices go while their users fork, exit and dump",
	.items = "B-4 B-6 B-12",
	.setup = swap_world_make,
	.family = family,
	.daemon = swap_take_pages,
	.teardown = swap_world_unmake,
};
