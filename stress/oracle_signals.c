// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * oracle_signals.c - signals nobody looks at, and stops without a reason
 *
 * The world is frozen, siglock free.  Somebody who does not block a pending
 * signal has been told to look; a group stop waits for those that it counts;
 * who is stopped has a group that stops; the thread that a group has chosen
 * to dump core is one of it (DUMP-2).
 */
#include "locking/report.h"
#include "mm/exit.h"
#include "mm/fork.h"
#include "mm/sched.h"
#include "mm/signal.h"
#include "stress/oracle.h"

/* Does @t let one of @set in, at once or after a stop? */
static bool lets_in(const struct task_struct *t, ksigset_t set)
{
	return (set & ~t->blocked) && !(READ_ONCE(t->flags) & PF_EXITING);
}

/* It looks at its signals when the stop is over. */
static bool stands_still(const struct task_struct *t)
{
	return task_state(t) & (TASK_STOPPED | TASK_TRACED);
}

static void check_private(struct task_struct *t)
{
	if (lets_in(t, t->pending.signal) && !stands_still(t) &&
	    !signal_pending(t))
		report_finding(FINDING_LOST_WAKEUP, "pid %d has not been told"
			       " of its signals %#llx", t->pid,
			       (unsigned long long)t->pending.signal);
}

/* Who has been told may have been stopped by a tracer since: that is his. */
static void check_shared(struct task_struct *leader)
{
	ksigset_t set = leader->signal->shared_pending.signal;
	struct task_struct *t = leader, *may = NULL;

	do {
		if (lets_in(t, set)) {
			if (signal_pending(t))
				return;
			if (!stands_still(t))
				may = t;
		}
		t = next_thread(t);
	} while (t != leader);
	if (may)
		report_finding(FINDING_LOST_WAKEUP, "nobody of group %d has"
			       " been told of its signals %#llx, not blocked"
			       " by pid %d", leader->tgid,
			       (unsigned long long)set, may->pid);
}

static void check_stop_count(struct task_struct *leader)
{
	const struct signal_struct *signal = leader->signal;
	struct task_struct *t = leader;
	int counted = 0;

	do {
		counted += t->stop_counted && !task_exit_state(t);
		t = next_thread(t);
	} while (t != leader);
	if (signal->group_stop_count > 0 && counted != signal->group_stop_count)
		report_finding(FINDING_STRUCTURE, "the stop of group %d waits"
			       " for %d threads, %d of them are there",
			       leader->tgid, signal->group_stop_count, counted);
}

static void check_stopped(struct task_struct *t)
{
	const struct signal_struct *signal = t->signal;

	if (!(task_state(t) & TASK_STOPPED) || task_exit_state(t) ||
	    signal->group_stop_count > 0 ||
	    (signal->flags & SIGNAL_STOP_STOPPED))
		return;
	/* One that is born stopped has this signal to thank for it. */
	if (t->pending.signal & SIGMASK(SIGSTOP))
		return;
	report_finding(FINDING_LOST_WAKEUP, "pid %d is stopped in group %d,"
		       " which is not: flags %#x", t->pid, t->tgid,
		       signal->flags);
}

static void check_dumper(struct task_struct *leader)
{
	const struct signal_struct *signal = leader->signal;
	const struct task_struct *chosen = signal->group_exit_task;
	struct task_struct *t = leader;

	if (!chosen)
		return;
	do {
		if (t == chosen && !(READ_ONCE(t->flags) & PF_EXITING))
			return;
		t = next_thread(t);
	} while (t != leader);
	report_finding(FINDING_STRUCTURE, "DUMP-2: the thread that is to dump"
		       " the core of group %d has gone", leader->tgid);
}

/* Of a group that is on its way out nobody stops, nor dumps. */
static bool somebody_stays(struct task_struct *leader)
{
	struct task_struct *t = leader;

	if (leader->signal->flags & SIGNAL_GROUP_EXIT)
		return false;
	do {
		if (!(READ_ONCE(t->flags) & PF_EXITING))
			return true;
		t = next_thread(t);
	} while (t != leader);
	return false;
}

static void check_group(struct task_struct *leader)
{
	struct task_struct *t = leader;

	if (!leader->sighand || (READ_ONCE(leader->flags) & PF_KTHREAD))
		return;
	spin_lock_irq(&leader->sighand->siglock);
	do {
		check_private(t);
		check_stopped(t);
		t = next_thread(t);
	} while (t != leader);
	check_shared(leader);
	if (somebody_stays(leader)) {
		check_stop_count(leader);
		check_dumper(leader);
	}
	spin_unlock_irq(&leader->sighand->siglock);
}

void census_signals(void)
{
	struct task_struct *leader, *p;

	read_lock(&tasklist_lock);
	for_each_process_thread(leader, p)
		if (p == leader)
			check_group(leader);
	read_unlock(&tasklist_lock);
}
