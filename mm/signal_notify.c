// SPDX-License-Identifier: GPL-2.0-or-later
/* signal_notify.c - SIGCHLD, and the signals of a thread that goes away */
#include "mm/signal.h"
#include "mm/wait.h"

void wake_up_parent(struct task_struct *parent)
{
	wake_up_interruptible(&parent->signal->wait_chldexit);
}

void do_notify_parent(struct task_struct *tsk, int sig)
{
	struct task_struct *parent = tsk->parent;
	unsigned long flags;

	spin_lock_irqsave(&parent->sighand->siglock, flags);
	if (sig == SIGCHLD && parent->sighand->action[SIGCHLD - 1].handler ==
	    K_SIG_IGN) {
		tsk->exit_signal = -1;
		sig = 0;
	}
	if (sig > 0 && sig <= NSIG_EMULATED)
		__group_send_sig_info(sig, parent);
	wake_up_parent(parent);
	spin_unlock_irqrestore(&parent->sighand->siglock, flags);
}

void do_notify_parent_cldstop(struct task_struct *tsk, bool to_self)
{
	struct task_struct *parent = to_self ? tsk->parent :
				     tsk->group_leader->real_parent;
	unsigned long flags;

	spin_lock_irqsave(&parent->sighand->siglock, flags);
	if (parent->sighand->action[SIGCHLD - 1].handler != K_SIG_IGN)
		__group_send_sig_info(SIGCHLD, parent);
	wake_up_parent(parent);
	spin_unlock_irqrestore(&parent->sighand->siglock, flags);
}

void retarget_signals(struct task_struct *tsk)
{
	for (struct task_struct *t = next_thread(tsk); t != tsk;
	     t = next_thread(t)) {
		if (signal_pending(t) || (READ_ONCE(t->flags) & PF_EXITING))
			continue;
		recalc_sigpending_tsk(t);
		if (signal_pending(t))
			signal_wake_up(t, false);
	}
}

bool leave_group_stop(struct task_struct *tsk)
{
	struct signal_struct *signal = tsk->signal;

	if (!tsk->stop_counted)
		return false;
	tsk->stop_counted = false;
	if (signal->group_stop_count <= 0 || --signal->group_stop_count > 0)
		return false;
	signal->flags = SIGNAL_STOP_STOPPED;
	return true;
}

void exit_signals(struct task_struct *tsk)
{
	bool stopped = false;

	read_lock(&tasklist_lock);
	spin_lock_irq(&tsk->sighand->siglock);
	/* Under siglock: from here on wants_signal() says no. */
	WRITE_ONCE(tsk->flags, tsk->flags | PF_EXITING);
	if (signal_pending(tsk) && !thread_group_empty(tsk) &&
	    !(tsk->signal->flags & SIGNAL_GROUP_EXIT)) {
		undo_stop_for_dump(tsk);
		retarget_signals(tsk);
		stopped = leave_group_stop(tsk);
	}
	spin_unlock_irq(&tsk->sighand->siglock);
	if (stopped)
		do_notify_parent_cldstop(tsk, false);
	read_unlock(&tasklist_lock);
}
