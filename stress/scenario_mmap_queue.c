// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * mmap_queue: long queues at one mmap_sem, faulters and forkers mixed; grants
 * are first come, first served, and nobody holds it twice (PRIM-2 to 5).
 * The lock itself checks the order of its tickets.
 */
#include "stress/actions.h"

static void faulter(struct stress_user *u)
{
	for (unsigned int i = 0; i < u->steps && !world_stopping(); i++) {
		if (i % 8 == 0)
			prog_map(u, 0, LOT_ANON);
		prog_random_memory(u);
		if (i % 8 == 7)
			prog_unmap(u, 0, 0, LOT_PAGES);
	}
	prog_exit(u, 0, false);
}

static void forker(struct stress_user *u)
{
	for (unsigned int i = 0; i < u->steps / 4 && !world_stopping(); i++) {
		prog_fork(u, prog_brief);
		prog_reap(u, false);
	}
	prog_exit(u, 0, false);
}

static void family(struct stress_user *u)
{
	act_start_crew(u, 14, faulter, 32);
	act_start_crew(u, 4, forker, 32);
	u->steps = 32;
	faulter(u);
}

const struct stress_ops mmap_queue_ops = {
	.name = "mmap_queue",
	.why = "long queues of faulters and forkers at one mmap_sem",
	.items = "B-18",
	.family = family,
};
