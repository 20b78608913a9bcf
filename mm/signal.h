/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * signal.h - sending, delivering and forgetting signals
 *
 * A pending signal is a bit: in task->pending for one thread, or in
 * signal->shared_pending for the group; both under siglock.  Senders find
 * their target, and so its sighand, under R(tasklist_lock).
 */
#ifndef MM_SIGNAL_H
#define MM_SIGNAL_H

#include <signal.h>

#include "mm/fork.h"
#include "mm/mm_types.h"
#include "mm/sched.h"

extern struct kmem_cache *sighand_cachep;
extern struct kmem_cache *signal_cachep;

#define SIGMASK(sig) ((ksigset_t)1 << ((sig) - 1))

#define SIG_STOP_MASK \
	(SIGMASK(SIGSTOP) | SIGMASK(SIGTSTP) | SIGMASK(SIGTTIN) | \
	 SIGMASK(SIGTTOU))
#define SIG_CORE_MASK \
	(SIGMASK(SIGQUIT) | SIGMASK(SIGILL) | SIGMASK(SIGTRAP) | \
	 SIGMASK(SIGABRT) | SIGMASK(SIGFPE) | SIGMASK(SIGSEGV) | \
	 SIGMASK(SIGBUS) | SIGMASK(SIGSYS) | SIGMASK(SIGXCPU) | \
	 SIGMASK(SIGXFSZ))
#define SIG_IGNORE_MASK \
	(SIGMASK(SIGCONT) | SIGMASK(SIGCHLD) | SIGMASK(SIGWINCH) | \
	 SIGMASK(SIGURG))
/* Neither blocked, nor ignored, nor handled. */
#define SIG_KERNEL_ONLY_MASK (SIGMASK(SIGKILL) | SIGMASK(SIGSTOP))

static inline bool sig_stops(int sig)
{
	return SIGMASK(sig) & SIG_STOP_MASK;
}

static inline bool sig_dumps_core(int sig)
{
	return SIGMASK(sig) & SIG_CORE_MASK;
}

/** signal_init() - create the caches. Return: 0 or -ENOMEM. */
int signal_init(void);

/** signal_exit() - destroy the caches; reports leaks. */
void signal_exit(void);

/* ---- signal_struct.c ----------------------------------------------------- */

/**
 * __exit_signal() - a task leaves its signal_struct (EXIT-5, FORK-15)
 * @tsk: dead, or never published
 *
 * Wakes a de_thread() that waits for the count; the last one frees.  Does
 * not touch signal->live (DEF-1 is repaired in copy_process()).
 *
 * Context: W(tasklist_lock, irq); takes siglock.
 */
void __exit_signal(struct task_struct *tsk)
	__must_hold(&tasklist_lock);

/** exit_signal() - __exit_signal() taking W(tasklist_lock) itself. */
void exit_signal(struct task_struct *tsk);

/**
 * __exit_sighand() - a task leaves its sighand_struct (REF-16)
 * @tsk: dead, or never published; after __exit_signal()
 *
 * Context: W(tasklist_lock, irq).
 */
void __exit_sighand(struct task_struct *tsk)
	__must_hold(&tasklist_lock);

/** exit_sighand() - __exit_sighand() taking W(tasklist_lock) itself. */
void exit_sighand(struct task_struct *tsk);

/**
 * flush_signal_handlers() - every handler back to the default
 * @tsk: current, sharing its sighand with nobody
 *
 * Context: takes siglock.
 */
void flush_signal_handlers(struct task_struct *tsk);

/* ---- signal.c ------------------------------------------------------------ */

/**
 * recalc_sigpending_tsk() - set or clear TIF_SIGPENDING by what is pending
 * @t: task
 *
 * Context: siglock of @t.
 */
void recalc_sigpending_tsk(struct task_struct *t);

/** recalc_sigpending() - recalc_sigpending_tsk() for current. */
void recalc_sigpending(void);

/**
 * sigkill_pending() - will @t die of a SIGKILL that it has not taken yet
 * @t: task
 *
 * Looks at the private and the shared set (the test that DEF-29 asks for).
 *
 * Context: siglock of @t.
 */
bool sigkill_pending(struct task_struct *t);

/**
 * signal_wake_up() - make a task look at its signals
 * @t: task
 * @resume: wake it out of STOPPED, TRACED and killable sleeps too
 *
 * Context: siglock of @t; takes the runqueue lock.
 */
void signal_wake_up(struct task_struct *t, bool resume);

/**
 * send_sig() - send a signal to one thread
 * @sig: 1 to 64
 * @p: a task with a sighand
 *
 * Context: R(tasklist_lock), or @p is current; takes siglock.
 * Return: 0; an ignored or already pending signal is a success.
 */
int send_sig(int sig, struct task_struct *p);

/**
 * force_sig() - a signal that the thread cannot escape
 * @sig: 1 to 64, raised by the thread's own action (a fault)
 * @p: current
 *
 * A blocked or ignored signal gets the default action back.
 *
 * Context: no siglock.
 */
void force_sig(int sig, struct task_struct *p);

/**
 * force_sig_specific() - force_sig() from another task (DUMP-11)
 * @sig: SIGKILL usually
 * @t: a task with a sighand
 *
 * Reaches pid 1 too.  Nothing happens if @sig is in the private set already.
 *
 * Context: R(tasklist_lock); takes siglock.
 */
void force_sig_specific(int sig, struct task_struct *t)
	__must_hold_shared(&tasklist_lock);

/**
 * group_send_sig_info() - send a signal to a thread group
 * @sig: 1 to 64, or 0 to probe
 * @p: any thread of the group
 *
 * Context: R or W(tasklist_lock); takes siglock.
 * Return: 0, or -EINVAL.
 */
int group_send_sig_info(int sig, struct task_struct *p)
	__must_hold_shared(&tasklist_lock);

/**
 * __group_send_sig_info() - group_send_sig_info() with the lock held
 * @sig: 1 to 64
 * @p: any thread of the group
 *
 * Context: R or W(tasklist_lock), siglock of @p.
 */
void __group_send_sig_info(int sig, struct task_struct *p)
	__must_hold_shared(&tasklist_lock)
	__must_hold(&p->sighand->siglock);

/**
 * zap_other_threads() - kill the rest of the group (EXIT-4, EXEC-3)
 * @p: survivor
 *
 * Sets GROUP_EXIT and puts SIGKILL into the private set of every other
 * thread that has no exit_state.
 *
 * Context: R or W(tasklist_lock), siglock of @p.
 */
void zap_other_threads(struct task_struct *p)
	__must_hold_shared(&tasklist_lock)
	__must_hold(&p->sighand->siglock);

/**
 * kill_proc() - kill() from inside the kernel
 * @pid: of a thread group, or of a thread of it
 * @sig: 0 to 64
 *
 * Context: takes R(tasklist_lock).
 * Return: 0, -ESRCH, -EINVAL.
 */
int kill_proc(pid_t pid, int sig);

/**
 * sys_kill() - the system call
 * @pid: of a thread group; -1 for every process but init and the caller's
 * @sig: 0 to 64
 *
 * Context: R(tasklist_lock) throughout, also for -1: a fork in progress is
 *          found by the sweep or finds its SIGKILL (FORK-13).
 * Return: 0, -ESRCH, -EINVAL.
 */
int sys_kill(pid_t pid, int sig);

/**
 * sys_tgkill() - send a signal to one thread
 * @tgid: its group; -1 accepts any (the older tkill)
 * @pid: the thread
 * @sig: 0 to 64
 *
 * Context: takes R(tasklist_lock).
 * Return: 0, -ESRCH, -EINVAL.
 */
int sys_tgkill(pid_t tgid, pid_t pid, int sig);

/* ---- signal_notify.c ----------------------------------------------------- */

/**
 * wake_up_parent() - have a sleeper in wait4() look at its children again
 * @parent: of whom one has changed, or has become somebody else's
 *
 * Sleepers queue before they look.
 *
 * Context: W(tasklist_lock), or siglock of @parent.
 */
void wake_up_parent(struct task_struct *parent);

/**
 * retarget_signals() - tell others of the group's signals @tsk was told of
 * @tsk: will not take them: it dies, or blocks them now
 *
 * Context: R(tasklist_lock), siglock of @tsk.
 */
void retarget_signals(struct task_struct *tsk)
	__must_hold_shared(&tasklist_lock) __must_hold(&tsk->sighand->siglock);

/**
 * do_notify_parent() - tell the parent (or tracer) of a death
 * @tsk: zombie to be
 * @sig: signal to send, 0 for none
 *
 * A parent that ignores SIGCHLD does not want zombies: tsk->exit_signal
 * becomes -1 then, and the caller must release @tsk.
 *
 * Context: W(tasklist_lock, irq); takes the parent's siglock.
 */
void do_notify_parent(struct task_struct *tsk, int sig)
	__must_hold(&tasklist_lock);

/**
 * do_notify_parent_cldstop() - tell somebody of a stop or a continuation
 * @tsk: thread
 * @to_self: it is about the thread alone, so its tracer is told; else about
 *	its group, of which the leader's real parent is told, traced or not
 *
 * Context: R(tasklist_lock), no siglock.
 */
void do_notify_parent_cldstop(struct task_struct *tsk, bool to_self)
	__must_hold_shared(&tasklist_lock);

/**
 * undo_stop_for_dump() - @tsk does not make the dump that others stopped for
 * @tsk: exits, or is left without the signal
 *
 * Nothing unless DUMP-2 has chosen @tsk.  Whoever takes the signal next dumps.
 * (Repaired: 2.6.11 leaves the others stopped for ever.)
 *
 * Context: R(tasklist_lock), siglock of @tsk.
 */
void undo_stop_for_dump(struct task_struct *tsk)
	__must_hold_shared(&tasklist_lock) __must_hold(&tsk->sighand->siglock);

/**
 * leave_group_stop() - a group stop need not wait for a thread any more
 * @tsk: it stops, or dies
 *
 * Once for each stop: a tracer may have a thread go on and stop again while
 * the others have not stopped yet.  (Repaired: 2.6.11 counts it twice then,
 * and takes the group for stopped while some of it runs.)
 *
 * Context: its siglock.
 * Return: true if that was the last one: the group has stopped, and the
 * caller must tell its parent.
 */
bool leave_group_stop(struct task_struct *tsk)
	__must_hold(&tsk->sighand->siglock);

/**
 * exit_signals() - from now on the task takes no more signals
 * @tsk: current
 *
 * Sets PF_EXITING; leaves a group stop in progress and hands signals of the
 * group to threads that can still take them.
 *
 * Context: takes R(tasklist_lock), siglock.
 */
void exit_signals(struct task_struct *tsk);

/* ---- signal_deliver.c ---------------------------------------------------- */

/**
 * dequeue_signal() - take the next signal (DUMP-1: private set first)
 * @tsk: current
 * @mask: signals not to take
 *
 * Context: siglock of @tsk.
 * Return: signal number, or 0.
 */
int dequeue_signal(struct task_struct *tsk, ksigset_t mask)
	__must_hold(&tsk->sighand->siglock);

/**
 * get_signal_to_deliver() - do what signals demand, up to the next handler
 * @ka: set to the action of the signal returned
 *
 * Stops, dumps core, or ends the task as the default actions say.
 *
 * Context: current on its way to user mode; no lock; may sleep.
 * Return: signal with a handler function, or 0 when none is left.
 */
int get_signal_to_deliver(struct k_sigaction *ka);

/**
 * do_signal() - handle everything that is pending, calling handlers
 *
 * Context: as get_signal_to_deliver().  A handler runs as user code with its
 *          signal blocked.
 */
void do_signal(void);

/**
 * sys_sigaction() - set the action of a signal
 * @sig: 1 to 64, not SIGKILL or SIGSTOP
 * @act: new action, or NULL
 * @old: filled with the old action, or NULL
 *
 * Context: takes R(tasklist_lock), siglock.
 * Return: 0 or -EINVAL.
 */
int sys_sigaction(int sig, const struct k_sigaction *act,
		  struct k_sigaction *old);

/**
 * sys_sigprocmask() - change the set of blocked signals
 * @how: SIG_BLOCK, SIG_UNBLOCK, SIG_SETMASK
 * @set: signals, or NULL
 * @old: filled with the old set, or NULL
 *
 * Context: takes siglock.
 * Return: 0 or -EINVAL.
 */
int sys_sigprocmask(int how, const ksigset_t *set, ksigset_t *old);

/** sys_pause() - sleep until a signal arrives. Return: -EINTR. */
int sys_pause(void);

#endif /* MM_SIGNAL_H */
