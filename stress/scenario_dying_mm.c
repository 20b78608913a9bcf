// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * dying_mm: reclaim and swapoff come to address spaces without users.  Such
 * a one keeps its pages while exit_aio() waits for a request (EXIT-21,
 * EXIT-22) and between the blocks of exit_mmap() (EXIT-36); reclaim may put
 * it on mmlist, swapoff has to pass it (B-5, SWOFF-8).
 */
#include "stress/actions.h"
#include "stress/actions_aio.h"
#include "stress/actions_swap.h"

static int setup(void)
{
	int err = swap_world_make();

	return err ? err : aio_world_make();
}

static void teardown(void)
{
	swap_world_unmake();
	aio_world_unmake();
}

/* None of its pages has been in swap, so it is not on mmlist yet. */
static void fresh(struct stress_user *u)
{
	for (unsigned int i = 0; i < 4; i++)
		prog_map(u, i, LOT_ANON);
	act_touch(u, 8);
	prog_random_memory(u);
	act_aio_leave(u);
	prog_exit(u, 0, true);
}

/* What fork() copies may be in swap: only exec makes an mm that is not listed. */
static void replace(struct stress_user *u)
{
	prog_exec(u, &world.small_image, fresh);
	prog_exit(u, 0, true);
}

static void family(struct stress_user *u)
{
	for (unsigned int i = 0; i < 4 && !world_stopping(); i++) {
		for (unsigned int n = 0; n < 3; n++)
			prog_fork(u, replace);
		act_swap(u);
		while (u->nr_children && prog_reap(u, true))
			;
	}
	act_group_exit(u);
}

const struct stress_ops dying_mm_ops = {
	.name = "dying_mm",
	.why = "reclaim and swapoff meet address spaces without users",
	.items = "B-4 B-5",
	.setup = setup,
	.family = family,
	.daemon = swap_take_pages,
	.teardown = teardown,
};
