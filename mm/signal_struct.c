// SPDX-License-Identifier: GPL-2.0-or-later
/* signal_struct.c - what the threads of a group share, and how they leave it */
#include <errno.h>

#include "mm/lock_classes.h"
#include "mm/refcount.h"
#include "mm/signal.h"
#include "mm/slab.h"

struct kmem_cache *sighand_cachep;
struct kmem_cache *signal_cachep;

int signal_init(void)
{
	sighand_cachep = kmem_cache_create("sighand",
					   sizeof(struct sighand_struct), 0,
					   0, NULL, NULL);
	if (!sighand_cachep)
		return -ENOMEM;
	signal_cachep = kmem_cache_create("signal",
					  sizeof(struct signal_struct), 0, 0,
					  NULL, NULL);
	if (!signal_cachep)
		goto out_sighand;
	return 0;

out_sighand:
	kmem_cache_destroy(sighand_cachep);
	return -ENOMEM;
}

void signal_exit(void)
{
	kmem_cache_destroy(signal_cachep);
	kmem_cache_destroy(sighand_cachep);
}

/* The task's share of what others may be waiting for or pointing at. */
static void leave_group(struct signal_struct *sig, struct task_struct *tsk)
{
	if (sig->curr_target == tsk) {
		struct task_struct *next = next_thread(tsk);

		sig->curr_target = next == tsk ? NULL : next;
	}
	if (sig->group_exit_task == tsk)
		sig->group_exit_task = NULL;
	/* EXEC-3: the exec'ing thread sleeps until so few are left. */
	if (sig->group_exit_task && sig->notify_count &&
	    atomic_read(&sig->count) == sig->notify_count) {
		wake_up_process(sig->group_exit_task);
		sig->group_exit_task = NULL;
	}
}

void __exit_signal(struct task_struct *tsk)
{
	struct signal_struct *sig = tsk->signal;
	struct sighand_struct *sighand = tsk->sighand;
	unsigned long flags;
	bool last;

	mm_bug_on(!sig || !sighand, "pid %d left its signals twice", tsk->pid);
	spin_lock_irqsave(&sighand->siglock, flags);
	last = ref_put_and_test(&sig->count, "signal count", sig);
	if (!last)
		leave_group(sig, tsk);
	tsk->signal = NULL;
	tsk->pending.signal = 0;
	clear_tsk_thread_flag(tsk, TIF_SIGPENDING);
	spin_unlock_irqrestore(&sighand->siglock, flags);
	if (!last)
		return;
	/* EXIT-1: who has left the group is not alive in it. */
	if (unlikely(atomic_read(&sig->live)))
		report_finding(FINDING_REFCOUNT, "the group of pid %d is gone"
			       " with signal->live %d, expected 0", tsk->pid,
			       atomic_read(&sig->live));
	kmem_cache_free(signal_cachep, sig);
}

void exit_signal(struct task_struct *tsk)
{
	write_lock_irq(&tasklist_lock);
	__exit_signal(tsk);
	write_unlock_irq(&tasklist_lock);
}

void __exit_sighand(struct task_struct *tsk)
{
	struct sighand_struct *sighand = tsk->sighand;

	tsk->sighand = NULL;
	if (!ref_put_and_test(&sighand->count, "sighand count", sighand))
		return;
	spin_lock_destroy(&sighand->siglock);
	kmem_cache_free(sighand_cachep, sighand);
}

void exit_sighand(struct task_struct *tsk)
{
	write_lock_irq(&tasklist_lock);
	__exit_sighand(tsk);
	write_unlock_irq(&tasklist_lock);
}

void flush_signal_handlers(struct task_struct *tsk)
{
	struct sighand_struct *sighand = tsk->sighand;

	spin_lock_irq(&sighand->siglock);
	for (int i = 0; i < NSIG_EMULATED; i++)
		if (sighand->action[i].handler != K_SIG_IGN)
			sighand->action[i].handler = K_SIG_DFL;
	spin_unlock_irq(&sighand->siglock);
}
