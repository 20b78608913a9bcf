// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * cow_storm: parent and children break COW of the same pages at once, while
 * access_process_vm() holds references on them (FLT-45 to 48).
 */
#include "mm/cpu.h"
#include "mm/entry.h"
#include "mm/sys.h"
#include "stress/actions.h"

static void write_all(struct stress_user *u)
{
	act_touch(u, 6);
	for (unsigned int i = 0; i < 4; i++)
		prog_random_memory(u);
}

static void child(struct stress_user *u)
{
	pid_t parent = SYSCALL(sys_getppid());

	for (unsigned int i = 0; i < u->steps && !world_stopping(); i++) {
		write_all(u);
		if (parent > 1) {
			act_access_remote(u, parent,
					  rng_chance(&u->rng, 1, 2));
			stress_count(COVER_B8_COW_SHARED);
		}
	}
	prog_exit(u, 0, true);
}

static void family(struct stress_user *u)
{
	for (unsigned int i = 0; i < 6; i++)
		prog_map(u, i, LOT_ANON);
	for (unsigned int i = 0; i < 6 && !world_stopping(); i++) {
		u->steps = 4;
		write_all(u);
		prog_fork(u, child);
		write_all(u);
		if (u->nr_children)
			act_access_remote(u, u->children[0], true);
		prog_reap(u, false);
	}
	while (u->nr_children && prog_reap(u, true))
		;
	act_group_exit(u);
}

const struct stress_ops cow_storm_ops = {
	.name = "cow_storm",
	.why = "parent and children break COW while others hold the pages",
	.items = "B-8",
	.bound = { .tasks = 2, .steps = 2, .cpus = 2 },
	.family = family,
};
