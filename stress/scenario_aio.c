// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * aio: processes exit, execute, dump core and fork with requests in flight,
 * whose workers borrow the mm meanwhile (EXIT-22, DEF-11, DEF-26).
 */
#include "stress/actions_aio.h"

#include "mm/cpu.h"
#include "mm/entry.h"
#include "mm/sys.h"

/* The process ends in one of the ways that meet exit_aio(). */
static void end_with_requests(struct stress_user *u)
{
	switch (rng_below(&u->rng, 4)) {
	case 0:
		act_dump(u);
		break;
	case 1:
		prog_exec(u, &world.small_image, prog_brief);
		break;
	case 2:
		prog_exit(u, 0, false);
	default:
		break;
	}
	act_group_exit(u);
}

static void submitter(struct stress_user *u)
{
	for (int i = 0; i < 3 && !world_stopping(); i++)
		act_aio(u);
	act_aio_leave(u);
	end_with_requests(u);
}

/* A thread that forks while the others' pages are pinned (DEF-26). */
static void forker(struct stress_user *u)
{
	for (int i = 0; i < 3 && !world_stopping(); i++) {
		prog_fork(u, prog_brief);
		prog_reap(u, false);
	}
	prog_exit(u, 0, false);
}

static void family(struct stress_user *u)
{
	for (int i = 0; i < 4 && !world_stopping(); i++) {
		prog_fork(u, submitter);
		act_aio_ring(u);
		if (rng_chance(&u->rng, 1, 2))
			act_start_crew(u, 1, forker, 1);
		act_aio(u);
		prog_reap(u, false);
	}
	while (u->nr_children && prog_reap(u, true))
		;
	act_aio_leave(u);
	act_group_exit(u);
}

const struct stress_ops aio_ops = {
	.name = "aio",
	.why = "exit, exec, dump and fork with asynchronous I/O in flight",
	.items = "B-21",
	.setup = aio_world_make,
	.family = family,
	.teardown = aio_world_unmake,
};
