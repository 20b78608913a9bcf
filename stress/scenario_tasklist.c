// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * tasklist: a stream of tasklist_lock readers that never ends, and writers,
 * fork and exit, that must get through (PRIM-20).
 */
#include "mm/entry.h"
#include "mm/signal.h"
#include "stress/actions.h"

static void reader(struct stress_user *u)
{
	for (unsigned int i = 0; i < u->steps && !world_stopping(); i++)
		for (int n = 0; n < 16; n++)
			SYSCALL(sys_kill(act_random_pid(u), 0));
	prog_exit(u, 0, false);
}

static void family(struct stress_user *u)
{
	act_start_crew(u, 3, reader, 30);
	for (int i = 0; i < 10 && !world_stopping(); i++) {
		if (prog_fork(u, prog_brief) > 0)
			stress_count(COVER_B19_READERS);
		prog_reap(u, false);
	}
	while (u->nr_children && prog_reap(u, true))
		;
	act_group_exit(u);
}

const struct stress_ops tasklist_ops = {
	.name = "tasklist",
	.why = "fork and exit amid endless readers of tasklist_lock",
	.items = "B-19",
	.bound = { .tasks = 3, .steps = 1, .cpus = 3 },
	.family = family,
};
