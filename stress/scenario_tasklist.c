// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * tasklist: a stream of tasklist_lock readers that never ends, and writers,
 * fork and exit, that must get through (PRIM-20).
 */
#include "locking/thread.h"
#include "mm/entry.h"
#include "mm/fork.h"
#include "mm/signal.h"
#include "stress/actions.h"

#define LOOK_AT 512 /* threads, the latest to be made */

/* The caller reads: does a writer wait?  Most waits are short, not all. */
static bool writer_waits(void)
{
	struct lthread *t = lthread_first();

	for (int i = 0; t && i < LOOK_AT; i++, t = t->next_all) {
		unsigned int seq;
		struct lwait w;

		if (READ_ONCE(t->in_use) && lwait_snapshot(t, &w, &seq) &&
		    w.kind == LWAIT_RWLOCK_WRITE &&
		    w.object == &tasklist_lock.map)
			return true;
	}
	return false;
}

static int read_tasklist(void)
{
	struct task_struct *leader;
	int n = 0;

	read_lock(&tasklist_lock);
	for_each_process(leader)
		n++;
	if (writer_waits())
		stress_count(COVER_B19_READERS);
	read_unlock(&tasklist_lock);
	return n;
}

static void reader(struct stress_user *u)
{
	for (unsigned int i = 0; i < u->steps && !world_stopping(); i++) {
		for (int n = 0; n < 15; n++)
			SYSCALL(sys_kill(act_random_pid(u), 0));
		SYSCALL(read_tasklist());
	}
	prog_exit(u, 0, false);
}

static void family(struct stress_user *u)
{
	act_start_crew(u, 3, reader, 30);
	for (int i = 0; i < 10 && !world_stopping(); i++) {
		prog_fork(u, prog_brief);
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
	.family = family,
};
