// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * exec_de_thread.c - become the only thread of the group (EXEC-3)
 *
 *	de_thread()				another thread
 *	siglock: GROUP_EXIT, SIGKILL to all	dies: exit_mm(), exit_notify()
 *	count too high: notify_count, sleep	__exit_signal(): count drops
 *	wake, look again			  to notify_count: wake
 *
 * The wait can be killed.  2.6.11 sleeps uninterruptibly here; if somebody
 * outside the group dumps the mm we share, then the other threads are parked
 * in exit_mm() until the dump is over, and the dump waits for us.
 */
#include <errno.h>

#include "mm/exec.h"
#include "mm/exit.h"
#include "mm/freezer.h"
#include "mm/lock_classes.h"
#include "mm/pid.h"
#include "mm/ptrace.h"
#include "mm/signal.h"
#include "mm/slab.h"

#define TASK_KILLABLE (TASK_UNINTERRUPTIBLE | TASK_WAKEKILL)

/* Start the death of all others.  Return: 0, or -EAGAIN if we die ourselves. */
static int kill_other_threads(struct task_struct *tsk)
{
	int err = 0;

	read_lock(&tasklist_lock);
	spin_lock_irq(&tsk->sighand->siglock);
	if (tsk->signal->flags & SIGNAL_GROUP_EXIT)
		err = -EAGAIN;
	else
		zap_other_threads(tsk);
	spin_unlock_irq(&tsk->sighand->siglock);
	read_unlock(&tasklist_lock);
	return err;
}

/*
 * The others are dying already: give up the exec and die like them.  The
 * SIGKILL may have woken one of them instead of us.
 */
static int die_with_group(struct task_struct *tsk)
	__must_hold(&tsk->sighand->siglock)
{
	tsk->signal->group_exit_code = SIGKILL;
	recalc_sigpending_tsk(tsk);
	return -EAGAIN;
}

/* Until only we, and perhaps a zombie leader, use the signal_struct. */
static int wait_for_other_threads(struct task_struct *tsk)
{
	struct signal_struct *sig = tsk->signal;
	int err = 0, count = thread_group_leader(tsk) ? 1 : 2;

	spin_lock_irq(&tsk->sighand->siglock);
	while (atomic_read(&sig->count) > count) {
		if (sigkill_pending(tsk)) {
			err = die_with_group(tsk);
			break;
		}
		sig->group_exit_task = tsk;
		sig->notify_count = count;
		set_current_state(TASK_KILLABLE);
		spin_unlock_irq(&tsk->sighand->siglock);
		schedule_on(LWAIT_OTHER, sig);
		spin_lock_irq(&tsk->sighand->siglock);
	}
	sig->group_exit_task = NULL;
	sig->notify_count = 0;
	spin_unlock_irq(&tsk->sighand->siglock);
	return err;
}

/* Until the leader, which is counted to the end, is a zombie. */
static int wait_for_leader(struct task_struct *tsk)
{
	int exit_state, err = 0;

	for (;;) {
		read_lock(&tasklist_lock);
		exit_state = task_exit_state(tsk->group_leader);
		read_unlock(&tasklist_lock);
		if (exit_state == EXIT_ZOMBIE)
			return 0;
		spin_lock_irq(&tsk->sighand->siglock);
		if (sigkill_pending(tsk))
			err = die_with_group(tsk);
		spin_unlock_irq(&tsk->sighand->siglock);
		if (err)
			return err;
		/* The leader may wait for a task that is frozen. */
		try_to_freeze();
		yield();
	}
}

/* Both leave their parents' lists, and any tracer of theirs. */
static void cut_family_ties(struct task_struct *tsk)
	__must_hold(&tasklist_lock)
{
	struct task_struct *tracer = tsk->parent;

	if (READ_ONCE(tsk->ptrace)) {
		__ptrace_unlink(tsk);
		/* Repaired: 2.6.11 lets him wait for a tracee he has not. */
		wake_up_parent(tracer);
	}
	cds_list_del(&tsk->sibling);
}

static void set_parent(struct task_struct *tsk, struct task_struct *parent)
	__must_hold(&tasklist_lock)
{
	tsk->real_parent = parent;
	tsk->parent = parent;
	cds_list_add_tail(&tsk->sibling, &parent->children);
}

/*
 * A thread other than the leader takes the leader's place: pids, parent,
 * tracer, place in the list of leaders.  The old leader goes to init, and is
 * ours to release: it is DEAD before anybody there can wait for it.
 */
static void take_over_leadership(struct task_struct *tsk)
{
	struct task_struct *leader = tsk->group_leader;
	struct task_struct *tracer, *parent;
	unsigned long ptrace;

	write_lock_irq(&tasklist_lock);
	mm_bug_on(leader->exit_state != EXIT_ZOMBIE,
		  "leader %d in exit_state %d", leader->pid,
		  leader->exit_state);
	ptrace = READ_ONCE(leader->ptrace);
	tracer = leader->parent;
	if (tracer == tsk)
		ptrace = 0; /* it traced its own leader */
	cut_family_ties(leader);
	cut_family_ties(tsk);
	parent = leader->real_parent;

	switch_exec_pids(leader, tsk);
	set_parent(tsk, parent);
	set_parent(leader, find_task_by_pid(1));
	tsk->group_leader = tsk;
	leader->group_leader = leader;
	tsk->exit_signal = SIGCHLD;
	if (ptrace) {
		WRITE_ONCE(tsk->ptrace, ptrace);
		__ptrace_link(tsk, tracer);
	}
	cds_list_add_tail(&tsk->tasks, &init_task.tasks);
	leader->exit_state = EXIT_DEAD;
	write_unlock_irq(&tasklist_lock);

	release_task(leader);
}

/* The sighand may still be shared by other groups (CLONE_SIGHAND). */
static int unshare_sighand(struct task_struct *tsk)
{
	struct sighand_struct *old = tsk->sighand, *new;

	if (atomic_read(&old->count) == 1)
		return 0;
	new = kmem_cache_alloc(sighand_cachep, GFP_KERNEL);
	if (!new)
		return -ENOMEM;
	spin_lock_init(&new->siglock, &siglock_class);
	atomic_set(&new->count, 1);

	write_lock_irq(&tasklist_lock);
	spin_lock(&old->siglock);
	spin_lock_nested(&new->siglock, 1);
	for (int i = 0; i < NSIG_EMULATED; i++)
		new->action[i] = old->action[i];
	tsk->sighand = new;
	recalc_sigpending_tsk(tsk);
	spin_unlock(&new->siglock);
	spin_unlock(&old->siglock);
	/* The others cannot all have gone: W, but they may be the last. */
	if (ref_put_and_test(&old->count, "sighand count", old)) {
		spin_lock_destroy(&old->siglock);
		kmem_cache_free(sighand_cachep, old);
	}
	write_unlock_irq(&tasklist_lock);
	return 0;
}

static bool alone_in_group(struct task_struct *tsk)
{
	bool alone;

	read_lock(&tasklist_lock);
	alone = thread_group_empty(tsk);
	read_unlock(&tasklist_lock);
	return alone;
}

int de_thread(struct task_struct *tsk)
{
	int err;

	if (!alone_in_group(tsk)) {
		err = kill_other_threads(tsk);
		if (!err)
			err = wait_for_other_threads(tsk);
		if (!err && !thread_group_leader(tsk))
			err = wait_for_leader(tsk);
		if (err)
			return err;
		if (!thread_group_leader(tsk))
			take_over_leadership(tsk);
		/*
		 * Nobody is left whom the flag could tell to die.  Whom signals
		 * since then have woken is dead (repaired: 2.6.11 does not look
		 * for them, and the new program has them pending, asleep).
		 */
		spin_lock_irq(&tsk->sighand->siglock);
		tsk->signal->flags = 0;
		recalc_sigpending_tsk(tsk);
		spin_unlock_irq(&tsk->sighand->siglock);
	}
	return unshare_sighand(tsk);
}
