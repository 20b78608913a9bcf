// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * signal.c - sending signals
 *
 *	sender					target
 *	R(tasklist_lock)
 *	siglock: set the pending bit		siglock: STOPPED, TRACED or a
 *	  TIF_SIGPENDING			  killable state is set
 *	  wake_up_state()			schedule()
 *
 * State and pending bits change under one lock, so either the sender finds
 * the state and wakes, or the target finds the bit before it sleeps.  An
 * interruptible sleeper sets its state without siglock: schedule() looks at
 * TIF_SIGPENDING after the state is set (PRIM-26).
 */
#include <errno.h>

#include "mm/pid.h"
#include "mm/signal.h"

void recalc_sigpending_tsk(struct task_struct *t)
{
	ksigset_t pending = t->pending.signal | t->signal->shared_pending.signal;

	lockdep_assert_held(&t->sighand->siglock);
	if (t->signal->group_stop_count > 0 || (pending & ~t->blocked))
		set_tsk_thread_flag(t, TIF_SIGPENDING);
	else
		clear_tsk_thread_flag(t, TIF_SIGPENDING);
}

void recalc_sigpending(void)
{
	recalc_sigpending_tsk(current);
}

bool sigkill_pending(struct task_struct *t)
{
	lockdep_assert_held(&t->sighand->siglock);
	return (t->pending.signal | t->signal->shared_pending.signal) &
	       SIGMASK(SIGKILL);
}

void signal_wake_up(struct task_struct *t, bool resume)
{
	unsigned int states = TASK_INTERRUPTIBLE;

	lockdep_assert_held(&t->sighand->siglock);
	set_tsk_thread_flag(t, TIF_SIGPENDING);
	if (resume)
		states |= TASK_STOPPED | TASK_TRACED | TASK_WAKEKILL;
	wake_up_state(t, states);
}

static bool sig_ignored(struct task_struct *t, int sig)
{
	void (*handler)(int) = t->sighand->action[sig - 1].handler;

	/*
	 * DEF-23: init does not take default actions.  They are dropped here,
	 * so that what init dequeues was forced upon it (a core dump's
	 * SIGKILL) and can be obeyed like by anybody else.
	 */
	if (t->tgid == 1 && handler == K_SIG_DFL)
		return true;
	if (READ_ONCE(t->ptrace) & PT_PTRACED)
		return false;
	if (t->blocked & SIGMASK(sig))
		return false;
	return handler == K_SIG_IGN ||
	       (handler == K_SIG_DFL && (SIGMASK(sig) & SIG_IGNORE_MASK));
}

/* To one thread, siglock held (DUMP-11: nothing if it is pending already). */
static void specific_send_sig_info(int sig, struct task_struct *t, bool forced)
{
	if (!forced && sig_ignored(t, sig))
		return;
	if (t->pending.signal & SIGMASK(sig))
		return;
	t->pending.signal |= SIGMASK(sig);
	if (!(t->blocked & SIGMASK(sig)))
		signal_wake_up(t, sig == SIGKILL);
}

int send_sig(int sig, struct task_struct *p)
{
	unsigned long flags;

	spin_lock_irqsave(&p->sighand->siglock, flags);
	specific_send_sig_info(sig, p, false);
	spin_unlock_irqrestore(&p->sighand->siglock, flags);
	return 0;
}

/* The default action comes back where the signal could have been evaded. */
static void force_locked(int sig, struct task_struct *t, bool unblock_resets)
{
	struct k_sigaction *ka = &t->sighand->action[sig - 1];

	if (ka->handler == K_SIG_IGN ||
	    (unblock_resets && (t->blocked & SIGMASK(sig))))
		ka->handler = K_SIG_DFL;
	t->blocked &= ~SIGMASK(sig);
	recalc_sigpending_tsk(t);
	specific_send_sig_info(sig, t, true);
}

void force_sig(int sig, struct task_struct *p)
{
	unsigned long flags;

	spin_lock_irqsave(&p->sighand->siglock, flags);
	force_locked(sig, p, true);
	spin_unlock_irqrestore(&p->sighand->siglock, flags);
}

void force_sig_specific(int sig, struct task_struct *t)
{
	unsigned long flags;

	spin_lock_irqsave(&t->sighand->siglock, flags);
	force_locked(sig, t, false);
	spin_unlock_irqrestore(&t->sighand->siglock, flags);
}

/* ---- to a group ----------------------------------------------------------- */

/* Can @t take the signal soon?  What it reads of other tasks are snapshots. */
static bool wants_signal(int sig, struct task_struct *t)
{
	int state = task_state(t);

	if (t->blocked & SIGMASK(sig))
		return false;
	if (READ_ONCE(t->flags) & PF_EXITING)
		return false;
	/* One that stops at birth has a signal pending and sleeps: FORK-6. */
	if (sig == SIGKILL)
		return true;
	if (state & (TASK_STOPPED | TASK_TRACED))
		return false;
	return task_curr(t) || !signal_pending(t);
}

/* The thread that takes a group signal: @p, or the next one in turn. */
static struct task_struct *choose_target(int sig, struct task_struct *p)
{
	struct signal_struct *signal = p->signal;
	struct task_struct *t, *first;

	if (wants_signal(sig, p))
		return p;
	if (thread_group_empty(p))
		return NULL;
	first = signal->curr_target ? signal->curr_target : p;
	t = first;
	do {
		if (wants_signal(sig, t)) {
			signal->curr_target = t;
			return t;
		}
		t = next_thread(t);
	} while (t != first);
	return NULL;
}

static bool sig_is_fatal(int sig, struct task_struct *t)
{
	struct k_sigaction *ka = &t->sighand->action[sig - 1];

	if (t->signal->flags & SIGNAL_GROUP_EXIT)
		return false;
	if (SIGMASK(sig) & (SIG_STOP_MASK | SIG_IGNORE_MASK))
		return false;
	if (ka->handler != K_SIG_DFL)
		return false;
	return sig == SIGKILL || !(READ_ONCE(t->ptrace) & PT_PTRACED);
}

static void kill_whole_group(int sig, struct task_struct *p)
{
	struct task_struct *t = p;

	p->signal->flags = SIGNAL_GROUP_EXIT;
	p->signal->group_exit_code = sig;
	p->signal->group_stop_count = 0;
	do {
		t->pending.signal |= SIGMASK(SIGKILL);
		signal_wake_up(t, true);
		t = next_thread(t);
	} while (t != p);
}

/* DUMP-2: all stop, except the one that is going to write the core. */
static void stop_group_for_dump(struct task_struct *dumper)
{
	struct signal_struct *signal = dumper->signal;
	struct task_struct *t = dumper;

	signal->shared_pending.signal &= ~SIG_STOP_MASK;
	signal->group_stop_count = 0;
	signal->group_exit_task = dumper;
	do {
		t->pending.signal &= ~SIG_STOP_MASK;
		t->stop_counted = !(READ_ONCE(t->flags) & PF_EXITING);
		signal->group_stop_count += t->stop_counted;
		signal_wake_up(t, false);
		t = next_thread(t);
	} while (t != dumper);
	wake_up_process(dumper);
}

void undo_stop_for_dump(struct task_struct *tsk)
{
	struct signal_struct *signal = tsk->signal;

	if (signal->group_exit_task != tsk ||
	    (signal->flags & SIGNAL_GROUP_EXIT))
		return;
	signal->group_exit_task = NULL;
	signal->group_stop_count = 0;
	signal->flags &= ~(unsigned int)SIGNAL_STOP_STOPPED;
	for (struct task_struct *t = next_thread(tsk); t != tsk;
	     t = next_thread(t)) {
		recalc_sigpending_tsk(t);
		wake_up_state(t, TASK_STOPPED);
	}
}

/* A signal has been added to the shared set: who acts on it? */
static void __group_complete_signal(int sig, struct task_struct *p)
{
	struct task_struct *t = choose_target(sig, p);

	if (!t)
		return;
	if (!sig_is_fatal(sig, t)) {
		signal_wake_up(t, sig == SIGKILL);
		return;
	}
	if (!sig_dumps_core(sig))
		kill_whole_group(sig, t);
	else
		stop_group_for_dump(t);
}

/* A stop signal cancels a pending continuation. */
static void cancel_sigcont(struct task_struct *p)
{
	struct task_struct *t = p;

	p->signal->shared_pending.signal &= ~SIGMASK(SIGCONT);
	do {
		t->pending.signal &= ~SIGMASK(SIGCONT);
		t = next_thread(t);
	} while (t != p);
}

/*
 * SIGCONT undoes stops that are pending, and those that have been taken.
 * (Repaired: to 2.6.11 these are the group's, so that a stop signal another
 * thread takes later revives one that was undone.)
 */
static void cancel_stops(struct task_struct *p)
{
	struct task_struct *t = p;

	p->signal->shared_pending.signal &= ~SIG_STOP_MASK;
	do {
		t->pending.signal &= ~SIG_STOP_MASK;
		t->stop_dequeued = false;
		t = next_thread(t);
	} while (t != p);
}

/* And wakes whoever is stopped, whatever becomes of the signal. */
static void continue_group(struct task_struct *p)
{
	void (*handler)(int) = p->sighand->action[SIGCONT - 1].handler;
	bool handled = handler != K_SIG_DFL && handler != K_SIG_IGN;
	struct task_struct *t = p;

	do {
		unsigned int states = TASK_STOPPED;

		if (handled && !(t->blocked & SIGMASK(SIGCONT))) {
			set_tsk_thread_flag(t, TIF_SIGPENDING);
			states |= TASK_INTERRUPTIBLE;
		}
		wake_up_state(t, states);
		t = next_thread(t);
	} while (t != p);
}

/*
 * What a signal does at the moment it is sent, before anybody takes it.
 * Drops and retakes siglock to tell the parent, also of a tracee (repaired:
 * 2.6.11 tells one of them, and the other one sleeps on).
 */
static void handle_stop_signal(int sig, struct task_struct *p)
	__must_hold_shared(&tasklist_lock) __must_hold(&p->sighand->siglock)
{
	struct signal_struct *signal = p->signal;
	bool notify = false;

	/*
	 * Also while exec takes the group apart, as one of it lives on
	 * (repaired: 2.6.11 has a stop and its SIGCONT pending then).
	 */
	if (sig_stops(sig))
		cancel_sigcont(p);
	else if (sig == SIGCONT)
		cancel_stops(p);
	/* DEF-13: the group's flags, not the task's; a dying group stays so. */
	if (signal->flags & SIGNAL_GROUP_EXIT)
		return;
	if (sig == SIGCONT) {
		notify = signal->group_stop_count > 0 ||
			 (signal->flags & SIGNAL_STOP_STOPPED);
		signal->group_stop_count = 0;
		if (notify) {
			signal->flags = SIGNAL_STOP_CONTINUED;
			signal->group_exit_code = 0;
		}
		continue_group(p);
	} else if (sig == SIGKILL) {
		signal->flags = 0; /* not stopped any more */
	}
	if (!notify)
		return;
	spin_unlock(&p->sighand->siglock);
	if (READ_ONCE(p->ptrace) & PT_PTRACED)
		do_notify_parent_cldstop(p, true);
	do_notify_parent_cldstop(p, false);
	spin_lock(&p->sighand->siglock);
}

void __group_send_sig_info(int sig, struct task_struct *p)
{
	handle_stop_signal(sig, p);
	if (sig_ignored(p, sig))
		return;
	if (p->signal->shared_pending.signal & SIGMASK(sig))
		return;
	p->signal->shared_pending.signal |= SIGMASK(sig);
	__group_complete_signal(sig, p);
}

int group_send_sig_info(int sig, struct task_struct *p)
{
	unsigned long flags;

	if (sig < 0 || sig > NSIG_EMULATED)
		return -EINVAL;
	if (!sig)
		return 0;
	spin_lock_irqsave(&p->sighand->siglock, flags);
	__group_send_sig_info(sig, p);
	spin_unlock_irqrestore(&p->sighand->siglock, flags);
	return 0;
}

void zap_other_threads(struct task_struct *p)
{
	p->signal->flags = SIGNAL_GROUP_EXIT;
	p->signal->group_stop_count = 0;
	for (struct task_struct *t = next_thread(p); t != p;
	     t = next_thread(t)) {
		if (READ_ONCE(t->exit_state))
			continue;
		t->pending.signal |= SIGMASK(SIGKILL);
		t->pending.signal &= ~SIG_STOP_MASK;
		signal_wake_up(t, true);
	}
}

/* ---- system calls --------------------------------------------------------- */

int kill_proc(pid_t pid, int sig)
{
	struct task_struct *p;
	int err = -ESRCH;

	read_lock(&tasklist_lock);
	p = find_task_by_pid(pid);
	if (p)
		err = group_send_sig_info(sig, p);
	read_unlock(&tasklist_lock);
	return err;
}

/* FORK-13: one hold of tasklist_lock from the first target to the last. */
static int kill_all(int sig) __must_hold_shared(&tasklist_lock)
{
	struct task_struct *p;
	int err = -ESRCH;

	for_each_process(p) {
		if (p->pid <= 1 || p->tgid == current->tgid)
			continue;
		err = group_send_sig_info(sig, p);
	}
	return err;
}

int sys_kill(pid_t pid, int sig)
{
	struct task_struct *p;
	int err = -ESRCH;

	read_lock(&tasklist_lock);
	if (pid == -1) {
		err = kill_all(sig);
	} else {
		p = find_task_by_pid(pid);
		if (p && thread_group_leader(p))
			err = group_send_sig_info(sig, p);
	}
	read_unlock(&tasklist_lock);
	return err;
}

int sys_tgkill(pid_t tgid, pid_t pid, int sig)
{
	struct task_struct *p;
	int err = -ESRCH;

	if (sig < 0 || sig > NSIG_EMULATED)
		return -EINVAL;
	read_lock(&tasklist_lock);
	p = find_task_by_pid(pid);
	if (p && (tgid == -1 || p->tgid == tgid)) {
		err = 0;
		if (sig) {
			spin_lock_irq(&p->sighand->siglock);
			handle_stop_signal(sig, p);
			specific_send_sig_info(sig, p, false);
			spin_unlock_irq(&p->sighand->siglock);
		}
	}
	read_unlock(&tasklist_lock);
	return err;
}
