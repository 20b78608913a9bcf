// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * exit_notify.c - the family of a task that dies
 *
 * exit_state goes from 0 to EXIT_ZOMBIE and to EXIT_DEAD, or straight to
 * EXIT_DEAD.  Whoever stores EXIT_DEAD releases the task: the task itself
 * (nobody waits), a waiter (exchange under R(tasklist_lock)), or, under
 * W(tasklist_lock), whoever finds that nobody will ever wait.
 */
#include "mm/exit.h"
#include "mm/pid.h"
#include "mm/ptrace.h"
#include "mm/signal.h"

/* Nobody will wait for @p: the caller releases it, through ptrace_list. */
static void bury(struct task_struct *p, struct cds_list_head *dead)
	__must_hold(&tasklist_lock)
{
	p->exit_state = EXIT_DEAD;
	cds_list_add_tail(&p->ptrace_list, dead);
}

/* A zombie whose parent has changed: tell the new one, who may not care. */
static void renotify(struct task_struct *p, struct cds_list_head *dead)
	__must_hold(&tasklist_lock)
{
	if (p->exit_state != EXIT_ZOMBIE)
		return;
	if (p->exit_signal != -1 && thread_group_empty(p) && !READ_ONCE(p->ptrace))
		do_notify_parent(p, p->exit_signal);
	if (p->exit_signal == -1 && !READ_ONCE(p->ptrace))
		bury(p, dead);
}

/* Another live thread of the group, else init. */
static struct task_struct *find_reaper(struct task_struct *father)
	__must_hold(&tasklist_lock)
{
	struct task_struct *t;

	for (t = next_thread(father); t != father; t = next_thread(t))
		if (!t->exit_state && !(READ_ONCE(t->flags) & PF_EXITING))
			return t;
	return find_task_by_pid(1);
}

/* @p was the father's own child. */
static void reparent_child(struct task_struct *p, struct task_struct *reaper,
			   struct cds_list_head *dead)
	__must_hold(&tasklist_lock)
{
	bool traced_by_other = p->parent != p->real_parent;
	bool same_group = reaper->tgid == p->real_parent->tgid;

	p->real_parent = reaper;
	if (!same_group && p->exit_signal != -1)
		p->exit_signal = SIGCHLD;
	if (p->pdeath_signal)
		group_send_sig_info(p->pdeath_signal, p);
	if (traced_by_other) {
		ptrace_adopt(p);
		return;
	}
	/* If it is traced, then by its dying father: let it go. */
	cds_list_del(&p->sibling);
	p->parent = reaper;
	cds_list_add_tail(&p->sibling, &reaper->children);
	if (READ_ONCE(p->ptrace)) {
		WRITE_ONCE(p->ptrace, 0);
		ptrace_untrace(p);
	}
	if (!same_group || p->exit_signal == -1)
		renotify(p, dead);
}

static void forget_original_parent(struct task_struct *father,
				   struct cds_list_head *dead)
	__must_hold(&tasklist_lock)
{
	struct task_struct *reaper = find_reaper(father);
	struct task_struct *p, *next;

	cds_list_for_each_entry_safe(p, next, &father->children, sibling) {
		if (p->real_parent == father) {
			reparent_child(p, reaper, dead);
			continue;
		}
		/* A tracee: back to its real parent. */
		__ptrace_unlink(p);
		renotify(p, dead);
	}
	/* Children that somebody else traces; they stay under the tracer. */
	cds_list_for_each_entry_safe(p, next, &father->ptrace_children,
				     ptrace_list)
		reparent_child(p, reaper, dead);
}

/* Does the tracer live on to wait for its tracee? */
static bool tracer_is_exiting(struct task_struct *tracer)
	__must_hold(&tasklist_lock)
{
	bool exiting;

	spin_lock(&tracer->sighand->siglock);
	exiting = tracer->signal->flags & SIGNAL_GROUP_EXIT;
	spin_unlock(&tracer->sighand->siglock);
	return exiting;
}

/* A signal chosen by a parent's earlier program must not hit its later one. */
static void check_exit_signal(struct task_struct *tsk)
	__must_hold(&tasklist_lock)
{
	if (tsk->exit_signal != SIGCHLD && tsk->exit_signal != -1 &&
	    (tsk->parent_exec_id != tsk->real_parent->self_exec_id ||
	     tsk->self_exec_id != tsk->parent_exec_id))
		tsk->exit_signal = SIGCHLD;
}

/* Return: the new exit_state. */
static int become_zombie(struct task_struct *tsk)
	__must_hold(&tasklist_lock)
{
	check_exit_signal(tsk);
	if (tsk->exit_signal != -1 && thread_group_empty(tsk))
		do_notify_parent(tsk, tsk->parent == tsk->real_parent ?
				 tsk->exit_signal : SIGCHLD);
	else if (READ_ONCE(tsk->ptrace))
		do_notify_parent(tsk, SIGCHLD);

	if (tsk->exit_signal == -1 &&
	    (!READ_ONCE(tsk->ptrace) || tracer_is_exiting(tsk->parent)))
		return EXIT_DEAD;
	return EXIT_ZOMBIE;
}

void exit_notify(struct task_struct *tsk, long code)
{
	CDS_LIST_HEAD(dead);
	struct task_struct *p, *next;
	int state;

	write_lock_irq(&tasklist_lock);
	forget_original_parent(tsk, &dead);
	mm_bug_on(!cds_list_empty(&tsk->children) ||
		  !cds_list_empty(&tsk->ptrace_children),
		  "pid %d dies with children", tsk->pid);
	tsk->exit_code = (int)code;
	state = become_zombie(tsk);
	tsk->exit_state = state;
	write_unlock_irq(&tasklist_lock);

	cds_list_for_each_entry_safe(p, next, &dead, ptrace_list) {
		cds_list_del(&p->ptrace_list);
		CDS_INIT_LIST_HEAD(&p->ptrace_list);
		release_task(p);
	}
	if (state == EXIT_DEAD)
		release_task(tsk);
}

/* The leader has outlived its last thread as a zombie.  Release it too? */
static bool leader_is_forgotten(struct task_struct *leader)
	__must_hold(&tasklist_lock)
{
	if (!thread_group_empty(leader) || leader->exit_state != EXIT_ZOMBIE)
		return false;
	do_notify_parent(leader, leader->exit_signal);
	if (leader->exit_signal != -1 || READ_ONCE(leader->ptrace))
		return false;
	leader->exit_state = EXIT_DEAD;
	return true;
}

void release_task(struct task_struct *p)
{
	struct task_struct *leader;
	bool zap_leader;

	do {
		atomic_dec(&p->user->processes);
		spin_lock(&p->proc_lock);
		write_lock_irq(&tasklist_lock);
		mm_bug_on(p->exit_state != EXIT_DEAD,
			  "pid %d released in exit_state %d", p->pid,
			  p->exit_state);
		if (READ_ONCE(p->ptrace))
			__ptrace_unlink(p);
		leader = p->group_leader;
		__exit_signal(p);
		__exit_sighand(p);
		__unhash_process(p);
		zap_leader = leader != p && leader_is_forgotten(leader);
		write_unlock_irq(&tasklist_lock);
		spin_unlock(&p->proc_lock);
		put_task_struct(p);
		p = leader;
	} while (zap_leader);
}
