// SPDX-License-Identifier: GPL-2.0-or-later
/* signal_deliver.c - taking signals, on the way back to user mode */
#include <errno.h>

#include "mm/coredump.h"
#include "mm/exit.h"
#include "mm/ptrace.h"
#include "mm/signal.h"

static int take_lowest(struct sigpending *pending, ksigset_t mask)
{
	ksigset_t set = pending->signal & ~mask;
	int sig;

	if (!set)
		return 0;
	sig = __builtin_ctzll(set) + 1;
	pending->signal &= ~SIGMASK(sig);
	return sig;
}

int dequeue_signal(struct task_struct *tsk, ksigset_t mask)
{
	int sig = take_lowest(&tsk->pending, mask);

	if (!sig)
		sig = take_lowest(&tsk->signal->shared_pending, mask);
	if (sig && sig_stops(sig))
		tsk->stop_dequeued = true;
	recalc_sigpending_tsk(tsk);
	return sig;
}

/* ---- group stop ----------------------------------------------------------- */

/*
 * A tracee tells its tracer, the last one of a group its parent; both if it
 * is both (repaired: 2.6.11 lets the tracer take the parent's place).
 */
static void tell_of_stop(bool last)
{
	bool traced = READ_ONCE(current->ptrace) & PT_PTRACED;

	if (!traced && !last)
		return;
	read_lock(&tasklist_lock);
	if (traced)
		do_notify_parent_cldstop(current, true);
	if (last)
		do_notify_parent_cldstop(current, false);
	read_unlock(&tasklist_lock);
}

/*
 * Sleep in TASK_STOPPED until SIGCONT or SIGKILL.  State and exit_code change
 * under siglock, so a SIGCONT either comes before (and cancelled the stop) or
 * finds a sleeper; so does a tracer that attaches after the look at ->ptrace.
 */
static void stop_here(bool last)
	__must_hold(&current->sighand->siglock)
{
	current->exit_code = current->signal->group_exit_code;
	set_current_state(TASK_STOPPED);
	spin_unlock_irq(&current->sighand->siglock);
	tell_of_stop(last);
	schedule_on(LWAIT_IDLE, current->signal);
	spin_lock_irq(&current->sighand->siglock);
	current->exit_code = 0;
	recalc_sigpending();
}

/* Somebody has begun a group stop.  Return: whether current took part. */
static bool handle_group_stop(void)
	__must_hold(&current->sighand->siglock)
{
	struct signal_struct *signal = current->signal;

	/*
	 * DUMP-2: the others stop so that this one can dump; it may have other
	 * signals to handle first (repaired: 2.6.11 forgets whom it has chosen).
	 */
	if (signal->group_exit_task == current)
		return false;
	/* A kill that is pending would find no sleeper to wake any more. */
	if ((signal->flags & SIGNAL_GROUP_EXIT) || sigkill_pending(current))
		return false;
	stop_here(leave_group_stop(current));
	return true;
}

static bool has_to_stop(struct task_struct *t)
{
	return !READ_ONCE(t->exit_state) &&
	       !(READ_ONCE(t->flags) & PF_EXITING) &&
	       !(task_state(t) & (TASK_STOPPED | TASK_TRACED));
}

/* A new stop, of which current is the first.  Return: whether it is alone. */
static bool begin_group_stop(int signr)
	__must_hold(&current->sighand->siglock)
{
	struct signal_struct *signal = current->signal;

	signal->group_exit_code = signr;
	current->stop_counted = false;
	for (struct task_struct *t = next_thread(current); t != current;
	     t = next_thread(t)) {
		t->stop_counted = has_to_stop(t);
		if (!t->stop_counted)
			continue;
		signal->group_stop_count++;
		signal_wake_up(t, false);
	}
	if (signal->group_stop_count)
		return false;
	signal->flags = SIGNAL_STOP_STOPPED;
	return true;
}

/* The default action of a stop signal that has been dequeued. */
static void do_signal_stop(int signr)
	__must_hold(&current->sighand->siglock)
{
	struct signal_struct *signal = current->signal;
	bool last;

	/* The ring of threads needs tasklist_lock, which is outside siglock. */
	spin_unlock_irq(&current->sighand->siglock);
	read_lock(&tasklist_lock);
	spin_lock_irq(&current->sighand->siglock);
	/* A SIGCONT or SIGKILL may have come since the dequeuing. */
	if (!current->stop_dequeued || (signal->flags & SIGNAL_GROUP_EXIT) ||
	    sigkill_pending(current)) {
		read_unlock(&tasklist_lock);
		return;
	}
	if (signal->group_stop_count > 0)
		last = leave_group_stop(current);
	else
		last = begin_group_stop(signr);
	read_unlock(&tasklist_lock);
	stop_here(last);
}

/* ---- blocking ------------------------------------------------------------- */

/* Return: signals of the group that current may have kept from the others. */
static ksigset_t block_signals(ksigset_t mask)
	__must_hold(&current->sighand->siglock)
{
	ksigset_t left = current->signal->shared_pending.signal & mask &
			 ~current->blocked;

	current->blocked = mask;
	recalc_sigpending();
	return left;
}

/* Repaired: to 2.6.11 the others have not been told, and sleep on. */
static void leave_to_others(ksigset_t left)
{
	if (!left)
		return;
	read_lock(&tasklist_lock);
	spin_lock_irq(&current->sighand->siglock);
	retarget_signals(current);
	spin_unlock_irq(&current->sighand->siglock);
	read_unlock(&tasklist_lock);
}

/* ---- delivery ------------------------------------------------------------- */

/* Show a signal to the tracer; what is to be delivered instead. */
static int ptrace_signal(int signr)
	__must_hold(&current->sighand->siglock)
{
	ptrace_stop(signr);
	signr = current->exit_code;
	current->exit_code = 0;
	if (signr <= 0 || signr > NSIG_EMULATED)
		return 0;
	if (current->blocked & SIGMASK(signr)) {
		current->pending.signal |= SIGMASK(signr);
		recalc_sigpending();
		return 0;
	}
	return signr;
}

static bool is_to_dump(void)
	__must_hold(&current->sighand->siglock)
{
	return current->signal->group_exit_task == current &&
	       !(current->signal->flags & SIGNAL_GROUP_EXIT);
}

/* The signal has been blocked meanwhile, or is ignored, or taken. */
static void let_others_dump(void)
	__must_hold(&current->sighand->siglock)
{
	spin_unlock_irq(&current->sighand->siglock);
	read_lock(&tasklist_lock);
	spin_lock_irq(&current->sighand->siglock);
	undo_stop_for_dump(current);
	read_unlock(&tasklist_lock);
}

/* The next signal with an action of its own, or that ends the task. */
static int next_action(struct k_sigaction *ka)
	__must_hold(&current->sighand->siglock)
{
	for (;;) {
		int signr;

		if (current->signal->group_stop_count > 0 &&
		    handle_group_stop())
			continue;
		signr = dequeue_signal(current, current->blocked);
		if (!signr && is_to_dump()) {
			let_others_dump();
			continue;
		}
		if (!signr)
			return 0;
		if ((READ_ONCE(current->ptrace) & PT_PTRACED) &&
		    signr != SIGKILL) {
			signr = ptrace_signal(signr);
			if (!signr)
				continue;
		}
		*ka = current->sighand->action[signr - 1];
		if (ka->handler == K_SIG_IGN)
			continue;
		if (ka->handler != K_SIG_DFL)
			return signr;
		if (SIGMASK(signr) & SIG_IGNORE_MASK)
			continue;
		if (!sig_stops(signr))
			return signr;
		do_signal_stop(signr);
	}
}

int get_signal_to_deliver(struct k_sigaction *ka)
{
	int signr;

	spin_lock_irq(&current->sighand->siglock);
	signr = next_action(ka);
	spin_unlock_irq(&current->sighand->siglock);
	if (!signr || ka->handler != K_SIG_DFL)
		return signr;

	/* DUMP-1: fatal. */
	WRITE_ONCE(current->flags, current->flags | PF_SIGNALED);
	if (sig_dumps_core(signr))
		do_coredump(signr, signr);
	do_group_exit(signr);
}

/* Run a handler with its signal blocked, as on a signal frame. */
static void call_handler(int sig, const struct k_sigaction *ka)
{
	ksigset_t old, left;

	spin_lock_irq(&current->sighand->siglock);
	old = current->blocked;
	left = block_signals(old | (SIGMASK(sig) & ~SIG_KERNEL_ONLY_MASK));
	spin_unlock_irq(&current->sighand->siglock);
	leave_to_others(left);

	ka->handler(sig);

	spin_lock_irq(&current->sighand->siglock);
	left = block_signals(old);
	spin_unlock_irq(&current->sighand->siglock);
	leave_to_others(left);
}

void do_signal(void)
{
	struct k_sigaction ka;
	int sig;

	while ((sig = get_signal_to_deliver(&ka)) > 0)
		call_handler(sig, &ka);
}

/* ---- system calls --------------------------------------------------------- */

/* Signals that have come to be ignored must not stay pending. */
static void discard_ignored(int sig)
{
	struct task_struct *t = current;

	current->signal->shared_pending.signal &= ~SIGMASK(sig);
	do {
		t->pending.signal &= ~SIGMASK(sig);
		recalc_sigpending_tsk(t);
		t = next_thread(t);
	} while (t != current);
}

int sys_sigaction(int sig, const struct k_sigaction *act,
		  struct k_sigaction *old)
{
	struct k_sigaction *slot;

	if (sig < 1 || sig > NSIG_EMULATED ||
	    (act && (SIGMASK(sig) & SIG_KERNEL_ONLY_MASK)))
		return -EINVAL;
	read_lock(&tasklist_lock);
	spin_lock_irq(&current->sighand->siglock);
	slot = &current->sighand->action[sig - 1];
	if (old)
		*old = *slot;
	if (act) {
		*slot = *act;
		if (act->handler == K_SIG_IGN ||
		    (act->handler == K_SIG_DFL &&
		     (SIGMASK(sig) & SIG_IGNORE_MASK)))
			discard_ignored(sig);
	}
	spin_unlock_irq(&current->sighand->siglock);
	read_unlock(&tasklist_lock);
	return 0;
}

int sys_sigprocmask(int how, const ksigset_t *set, ksigset_t *old)
{
	ksigset_t mask, left;
	int err = 0;

	spin_lock_irq(&current->sighand->siglock);
	mask = current->blocked;
	if (old)
		*old = mask;
	if (set && how == SIG_BLOCK)
		mask |= *set;
	else if (set && how == SIG_UNBLOCK)
		mask &= ~*set;
	else if (set && how == SIG_SETMASK)
		mask = *set;
	else if (set)
		err = -EINVAL;
	left = block_signals(mask & ~SIG_KERNEL_ONLY_MASK);
	spin_unlock_irq(&current->sighand->siglock);
	leave_to_others(left);
	return err;
}

int sys_pause(void)
{
	for (;;) {
		set_current_state(TASK_INTERRUPTIBLE);
		if (signal_pending(current))
			break;
		schedule_on(LWAIT_IDLE, current);
	}
	__set_current_state(TASK_RUNNING);
	return -EINTR;
}
