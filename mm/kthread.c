// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * kthread.c - start and stop daemons
 *
 *	daemon					kthread_stop()
 *	set_current_state(X)			stop = true
 *	stop?  no: schedule()			wake_up_process()
 *
 * State before test, store before wake-up: no stop is slept through (PRIM-26).
 */
#include "mm/kthread.h"

#include <errno.h>
#include <string.h>

#include "mm/exit.h"
#include "mm/fork.h"
#include "mm/sched.h"
#include "mm/slab.h"

struct kthread {
	void (*fn)(void *data); /* (c) */
	void *data; /* (c) */
	char name[16]; /* (c) */
	struct task_struct *task; /* (c) once started; one usage */
	bool stop; /* (a) */
	struct completion started, done;
};

/* No signal reaches a daemon; it would make its sleeps end at once. */
static void block_all_signals(void)
{
	spin_lock_irq(&current->sighand->siglock);
	current->blocked = ~(ksigset_t)0;
	clear_thread_flag(TIF_SIGPENDING);
	spin_unlock_irq(&current->sighand->siglock);
}

/* Away from whoever started us; exit_notify() releases us at the end. */
static void become_orphan(struct task_struct *tsk)
{
	write_lock_irq(&tasklist_lock);
	tsk->exit_signal = -1;
	cds_list_del(&tsk->sibling);
	tsk->real_parent = &init_task;
	tsk->parent = &init_task;
	cds_list_add_tail(&tsk->sibling, &init_task.children);
	write_unlock_irq(&tasklist_lock);
}

static void kthread_main(void *arg)
{
	struct kthread *k = arg;

	daemonize(k->name);
	block_all_signals();
	become_orphan(current);
	get_task_struct(current);
	k->task = current;
	complete(&k->started);
	k->fn(k->data);
	complete(&k->done); /* k may be gone */
}

struct kthread *kthread_run(void (*fn)(void *data), void *data,
			    const char *name)
{
	struct kthread *k = kzalloc(sizeof(*k), GFP_KERNEL);
	pid_t pid;

	if (!k)
		return ERR_PTR(-ENOMEM);
	k->fn = fn;
	k->data = data;
	strncpy(k->name, name, sizeof(k->name) - 1);
	init_completion(&k->started);
	init_completion(&k->done);
	pid = kernel_thread(kthread_main, k, 0);
	if (pid < 0) {
		kfree(k);
		return ERR_PTR(pid);
	}
	wait_for_completion(&k->started);
	return k;
}

bool kthread_should_stop(void)
{
	const struct kthread *k = current->entry_arg;

	return smp_load_acquire(&k->stop);
}

void kthread_stop(struct kthread *k)
{
	smp_store_release(&k->stop, true);
	wake_up_process(k->task);
	wait_for_completion(&k->done);
	put_task_struct(k->task);
	kfree(k);
}

struct task_struct *kthread_task(const struct kthread *k)
{
	return k->task;
}
