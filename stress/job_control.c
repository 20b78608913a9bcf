// SPDX-License-Identifier: GPL-2.0-or-later
#include "stress/job_control.h"

#include <signal.h>

#include "mm/fork.h"
#include "mm/sched.h"
#include "mm/signal.h"

#define MAX_STOPPED 256 /* the others wait for the next look */

struct stopped {
	unsigned int nr;
	pid_t tgid[MAX_STOPPED];
};

static bool contains(const struct stopped *list, pid_t tgid)
{
	for (unsigned int i = 0; i < list->nr; i++)
		if (list->tgid[i] == tgid)
			return true;
	return false;
}

static void find_stopped(struct stopped *list)
{
	struct task_struct *leader, *p;

	list->nr = 0;
	read_lock(&tasklist_lock);
	for_each_process_thread(leader, p)
		if (list->nr < MAX_STOPPED && (task_state(p) & TASK_STOPPED) &&
		    !contains(list, p->tgid))
			list->tgid[list->nr++] = p->tgid;
	read_unlock(&tasklist_lock);
}

void job_control_look(void)
{
	static struct stopped before, now;

	find_stopped(&now);
	for (unsigned int i = 0; i < now.nr; i++)
		if (contains(&before, now.tgid[i]))
			kill_proc(now.tgid[i], SIGCONT);
	before = now;
}
