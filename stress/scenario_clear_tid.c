// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * clear_tid: joins by clear_child_tid with and without a second user of the
 * mm, across exec, and beside a /proc reader (EXIT-11, EXIT-12).
 */
#include "mm/cpu.h"
#include "mm/entry.h"
#include "mm/sys.h"
#include "stress/actions.h"

static void joined(struct stress_user *u)
{
	act_touch(u, 1 + rng_below(&u->rng, 8));
	prog_exit(u, 0, false);
}

/* Alone in its mm: the word need not be cleared (EXIT-11). */
static void alone(struct stress_user *u)
{
	stress_count(COVER_B23_CLEAR_ALONE);
	if (rng_chance(&u->rng, 1, 2))
		prog_exec(u, &world.small_image, prog_brief);
	prog_exit(u, 0, false);
}

static void watcher(struct stress_user *u)
{
	pid_t parent = SYSCALL(sys_getppid());

	for (int i = 0; i < 20 && !world_stopping(); i++) {
		act_read_maps(u, parent);
		stress_count(COVER_B23_PROC_REF);
	}
	prog_exit(u, 0, true);
}

static void family(struct stress_user *u)
{
	prog_fork(u, watcher);
	for (int i = 0; i < 8 && !world_stopping(); i++) {
		if (prog_clone(u, joined, THREAD_FLAGS, 0) > 0) {
			prog_join(u, act_last_slot());
			stress_count(COVER_B23_CLEAR_SHARED);
		}
		if (prog_clone(u, alone, CLONE_CHILD_CLEARTID |
			       CLONE_CHILD_SETTID, 0) > 0)
			prog_reap(u, true);
	}
	while (u->nr_children && prog_reap(u, true))
		;
	act_group_exit(u);
}

const struct stress_ops clear_tid_ops = {
	.name = "clear_tid",
	.why = "joins by clear_child_tid, shared, alone and across exec",
	.items = "B-23",
	.family = family,
};
