// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * last_put: readers from outside hold the mm of a process that exits, so that
 * the last mmput() is theirs, while CPUs still have the mm loaded lazily
 * (REF-5, PROC-10, TLB-26).
 */
#include "mm/cpu.h"
#include "mm/entry.h"
#include "mm/sys.h"
#include "stress/actions.h"

/* Many pages, so that a reader is at it for some time. */
static void leaves_soon(struct stress_user *u)
{
	for (unsigned int i = 0; i < 4; i++)
		prog_map(u, i, LOT_ANON);
	act_touch(u, 4);
	if (rng_chance(&u->rng, 1, 4))
		prog_exec(u, &world.small_image, prog_brief);
	prog_exit(u, 0, true);
}

static void reader(struct stress_user *u)
{
	pid_t pid = (pid_t)u->scratch;

	for (int i = 0; i < 60 && !world_stopping(); i++) {
		if (rng_chance(&u->rng, 1, 2))
			act_read_maps(u, pid);
		else
			act_access_remote(u, pid, i & 1);
	}
	prog_exit(u, 0, true);
}

static void family(struct stress_user *u)
{
	for (int i = 0; i < 4 && !world_stopping(); i++) {
		pid_t pid = prog_fork(u, leaves_soon);

		if (pid <= 0)
			continue;
		u->scratch = (uintptr_t)pid;
		prog_fork(u, reader);
		for (int j = 0; j < 20; j++)
			act_read_maps(u, pid);
		while (u->nr_children && prog_reap(u, true))
			;
	}
	act_group_exit(u);
}

const struct stress_ops last_put_ops = {
	.name = "last_put",
	.why = "the last reference of an mm is a reader's from outside",
	.items = "B-6",
	.family = family,
};
