/* SPDX-License-Identifier: GPL-2.0-or-later */
/* kthread.h - daemons: kernel threads that are children of nobody's user */
#ifndef MM_KTHREAD_H
#define MM_KTHREAD_H

#include "mm/mm_types.h"

struct kthread;

/**
 * kthread_run() - start a daemon
 * @fn: what it does, until kthread_should_stop()
 * @data: for @fn
 * @name: shown as comm, copied, at most 15 bytes are kept
 *
 * The thread has no mm and blocks every signal, SIGKILL too; its parent is
 * init_task, so that init does not wait for it, and nobody reaps it.
 *
 * Context: a task; may sleep.  Returns when the thread runs.
 * Return: the daemon, for kthread_stop(), or ERR_PTR(-Exxx).
 */
struct kthread *kthread_run(void (*fn)(void *data), void *data,
			    const char *name);

/**
 * kthread_should_stop() - has somebody called kthread_stop()
 *
 * Context: a daemon; after set_current_state(), before schedule().
 * Return: whether @fn should return.
 */
bool kthread_should_stop(void);

/**
 * kthread_stop() - end a daemon and wait until its function has returned
 * @k: from kthread_run(); freed
 *
 * The task may still be on its way out: sched_wait_quiet() tells.
 *
 * Context: may sleep; one caller for each daemon.
 */
void kthread_stop(struct kthread *k);

/**
 * kthread_task() - the daemon's task
 * @k: daemon
 *
 * Context: before kthread_stop() returns.
 * Return: task without a reference.
 */
struct task_struct *kthread_task(const struct kthread *k);

#endif /* MM_KTHREAD_H */
