// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * stale_write: threads write through cached translations while another one
 * forks.  Until the flush of FORK-53 that is allowed; afterwards nothing may
 * reach the child (FORK-61).
 */
#include "stress/actions.h"
#include "stress/oracle_data.h"

static int forks_running; /* (a) */

static void writer(struct stress_user *u)
{
	for (unsigned int i = 0; i < u->steps && !world_stopping(); i++) {
		act_touch(u, 32);
		if (READ_ONCE(forks_running))
			stress_count(COVER_B9_WRITE_IN_FORK);
	}
	prog_exit(u, 0, false);
}

static void look_away(struct stress_user *u)
{
	act_touch(u, 8);
}

static void child(struct stress_user *u)
{
	for (int i = 0; i < 4; i++)
		data_watch_orphans(u, look_away);
	prog_exit(u, 0, true);
}

static void family(struct stress_user *u)
{
	act_touch(u, 4);
	act_start_crew(u, 3, writer, 40);
	for (int i = 0; i < 6 && !world_stopping(); i++) {
		__atomic_fetch_add(&forks_running, 1, __ATOMIC_RELAXED);
		prog_fork(u, child);
		__atomic_fetch_sub(&forks_running, 1, __ATOMIC_RELAXED);
		act_touch(u, 4);
		prog_reap(u, false);
	}
	act_group_exit(u);
}

const struct stress_ops stale_write_ops = {
	.name = "stale_write",
	.why = "threads write through the TLB while their process forks",
	.items = "B-9",
	.bound = { .tasks = 3, .steps = 2, .cpus = 2 },
	.family = family,
};
