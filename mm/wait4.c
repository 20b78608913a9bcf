// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * wait4.c - a parent, or a tracer, collects what has become of its children
 *
 *	waiter					child
 *	queue on wait_chldexit, set state	W(tasklist_lock):
 *	R(tasklist_lock): look at all		  exit_state, SIGCHLD, wake
 *	nothing: schedule()
 *
 * Waiters look under R and several may find one zombie: the one whose
 * exchange turns EXIT_ZOMBIE into EXIT_DEAD reaps it.
 */
#include <errno.h>

#include "mm/exit.h"
#include "mm/ptrace.h"
#include "mm/signal.h"
#include "mm/wait.h"

/* What one look at the children is for, and what it found. */
struct wait_opts {
	pid_t pid; /* wanted, or -1 */
	int options;
	pid_t found; /* who, 0 for nobody yet */
	int status;
	bool may_come; /* a child exists that can still change state */
	struct task_struct *reap; /* to be released, set to EXIT_DEAD */
};

static bool eligible_child(const struct wait_opts *wo, struct task_struct *p)
{
	if (wo->pid != -1 && wo->pid != p->pid)
		return false;
	/* Threads report to their group, unless they are traced. */
	return p->exit_signal != -1 || READ_ONCE(p->ptrace);
}

/* A leader is not dead before its threads are. */
static bool delay_group_leader(struct task_struct *p)
{
	return thread_group_leader(p) && !thread_group_empty(p);
}

/* Is @p, a child on our list, there as a tracee? */
static bool my_ptrace_child(const struct task_struct *p)
{
	return READ_ONCE(p->ptrace) & PT_PTRACED;
}

/* A zombie: try to be the one who takes it. */
static void wait_task_zombie(struct wait_opts *wo, struct task_struct *p)
	__must_hold_shared(&tasklist_lock)
{
	if (cmpxchg(&p->exit_state, EXIT_ZOMBIE, EXIT_DEAD) != EXIT_ZOMBIE)
		return;
	spin_lock_irq(&p->sighand->siglock);
	wo->status = p->signal->flags & SIGNAL_GROUP_EXIT ?
		     p->signal->group_exit_code : p->exit_code;
	spin_unlock_irq(&p->sighand->siglock);
	wo->found = p->pid;
	wo->reap = p;
}

/* Nobody has been told of it, and all of the group have stopped. */
static bool stop_is_news(struct task_struct *p)
	__must_hold(&p->sighand->siglock)
{
	return p->exit_code && !task_exit_state(p) &&
	       (task_state(p) & (TASK_STOPPED | TASK_TRACED)) &&
	       (my_ptrace_child(p) || p->signal->group_stop_count <= 0);
}

/* Report a stop, once. */
static void wait_task_stopped(struct wait_opts *wo, struct task_struct *p)
	__must_hold_shared(&tasklist_lock)
{
	spin_lock_irq(&p->sighand->siglock);
	if (stop_is_news(p)) {
		wo->status = p->exit_code << 8 | 0x7f;
		wo->found = p->pid;
		p->exit_code = 0;
	}
	spin_unlock_irq(&p->sighand->siglock);
}

static void wait_task_continued(struct wait_opts *wo, struct task_struct *p)
	__must_hold_shared(&tasklist_lock)
{
	spin_lock_irq(&p->sighand->siglock);
	if (p->signal->flags & SIGNAL_STOP_CONTINUED) {
		p->signal->flags &= ~SIGNAL_STOP_CONTINUED;
		wo->status = 0xffff;
		wo->found = p->pid;
	}
	spin_unlock_irq(&p->sighand->siglock);
}

static bool wants_stops(const struct wait_opts *wo, const struct task_struct *p)
{
	return my_ptrace_child(p) || (wo->options & WUNTRACED);
}

static void look_at_child(struct wait_opts *wo, struct task_struct *p)
	__must_hold_shared(&tasklist_lock)
{
	int exit_state = task_exit_state(p);

	if (!eligible_child(wo, p) || exit_state == EXIT_DEAD)
		return;
	/* A zombie that another waiter takes first is no reason to stay. */
	if (exit_state == EXIT_ZOMBIE && !delay_group_leader(p)) {
		wait_task_zombie(wo, p);
		return;
	}
	wo->may_come = true;
	if (exit_state == EXIT_ZOMBIE)
		return;
	if (wants_stops(wo, p))
		wait_task_stopped(wo, p);
	if (!wo->found && (wo->options & WCONTINUED))
		wait_task_continued(wo, p);
}

/* Children of one thread of the group. */
static void look_at_children(struct wait_opts *wo, struct task_struct *parent)
	__must_hold_shared(&tasklist_lock)
{
	struct task_struct *p;

	cds_list_for_each_entry(p, &parent->children, sibling) {
		look_at_child(wo, p);
		if (wo->found)
			return;
	}
	/* Ours, but a tracer sees them first: they come back later. */
	cds_list_for_each_entry(p, &parent->ptrace_children, ptrace_list)
		if (eligible_child(wo, p))
			wo->may_come = true;
}

/*
 * Release a zombie that was ours by tracing: its real parent comes next, and
 * sees a zombie again unless it is a thread, for which nobody waits.
 */
static bool give_to_real_parent(struct task_struct *p)
{
	bool given = false;

	write_lock_irq(&tasklist_lock);
	if (p->real_parent != p->parent) {
		__ptrace_unlink(p);
		if (p->exit_signal != -1) {
			p->exit_state = EXIT_ZOMBIE;
			do_notify_parent(p, p->exit_signal);
			given = p->exit_signal != -1;
			if (!given)
				p->exit_state = EXIT_DEAD;
		}
	}
	write_unlock_irq(&tasklist_lock);
	return given;
}

/* One look.  Return: whether the wait is over, with *ret the result. */
static bool do_wait_once(struct wait_opts *wo, pid_t *ret)
{
	struct task_struct *t = current;

	wo->may_come = false;
	read_lock(&tasklist_lock);
	do {
		look_at_children(wo, t);
		t = next_thread(t);
	} while (!wo->found && t != current);
	read_unlock(&tasklist_lock);

	*ret = wo->found;
	if (wo->found)
		return true;
	if (!wo->may_come)
		*ret = -ECHILD;
	else if (wo->options & WNOHANG)
		*ret = 0;
	else if (signal_pending(current))
		*ret = -EINTR;
	else
		return false;
	return true;
}

static bool child_has_news(const struct wait_opts *wo, struct task_struct *p)
	__must_hold_shared(&tasklist_lock)
{
	int exit_state = task_exit_state(p);
	bool news;

	if (!eligible_child(wo, p) || exit_state == EXIT_DEAD)
		return false;
	if (exit_state == EXIT_ZOMBIE)
		return !delay_group_leader(p);
	spin_lock_irq(&p->sighand->siglock);
	news = (wants_stops(wo, p) && stop_is_news(p)) ||
	       ((wo->options & WCONTINUED) &&
		(p->signal->flags & SIGNAL_STOP_CONTINUED));
	spin_unlock_irq(&p->sighand->siglock);
	return news;
}

pid_t wait4_has_news(struct task_struct *waiter, const struct wait_opts *wo)
{
	struct task_struct *t = waiter, *p;

	do {
		cds_list_for_each_entry(p, &t->children, sibling)
			if (child_has_news(wo, p))
				return p->pid;
		t = next_thread(t);
	} while (t != waiter);
	return 0;
}

pid_t sys_wait4(pid_t pid, int *stat, int options)
{
	struct wait_opts wo = { .pid = pid, .options = options };
	DEFINE_WAIT(wait);
	pid_t ret;

	for (;;) {
		prepare_to_wait(&current->signal->wait_chldexit, &wait,
				TASK_INTERRUPTIBLE);
		if (do_wait_once(&wo, &ret))
			break;
		schedule_on(LWAIT_IDLE, &wo);
	}
	finish_wait(&current->signal->wait_chldexit, &wait);
	if (wo.found && stat)
		*stat = wo.status;
	if (wo.reap && !give_to_real_parent(wo.reap))
		release_task(wo.reap);
	return ret;
}
