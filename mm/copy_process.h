/* SPDX-License-Identifier: GPL-2.0-or-later */
/* copy_process.h - the inside of do_fork(): build a child, or undo all of it */
#ifndef MM_COPY_PROCESS_H
#define MM_COPY_PROCESS_H

#include "mm/fork.h"
#include "mm/mm_types.h"

enum fork_kind {
	FORK_USER, /* fork, vfork, clone */
	FORK_KTHREAD, /* kernel_thread() */
	FORK_BOOT, /* pid 1: no carrier yet, cannot be killed */
	FORK_IDLE, /* not linked, no pid, no carrier */
};

/* What copy_process() is asked for. */
struct fork_request {
	struct kernel_clone_args args;
	enum fork_kind kind;
	struct task_struct *parent; /* whose copy the child is */
	int pid;
};

/**
 * copy_process() - build a child and link it (FORK-10 to FORK-17)
 * @req: what to copy and share
 *
 * The child is visible on return but runs nowhere (FORK-5).
 *
 * Context: may sleep and fault; takes W(tasklist_lock).
 * Return: the child or ERR_PTR(-Exxx) with everything undone but the word at
 *	parent_tid; the pid remains the caller's.
 */
struct task_struct *copy_process(const struct fork_request *req);

/**
 * uncopy_process() - undo copy_process() for a task without mm and carrier
 * @p: linked nowhere
 *
 * Context: may sleep; takes W(tasklist_lock).
 */
void uncopy_process(struct task_struct *p);

/**
 * init_task_locks() - locks and list heads of a new task
 * @p: task
 *
 * Context: the only user.
 */
void init_task_locks(struct task_struct *p);

/**
 * free_task_rcu() - free the structure; for call_rcu()
 * @head: task->rcu
 *
 * Context: any.
 */
void free_task_rcu(struct rcu_head *head);

/** copy_process_init() - make the task cache.  Return: 0 or -ENOMEM. */
int copy_process_init(void);

/** copy_process_exit() - undo copy_process_init() after a grace period. */
void copy_process_exit(void);

#endif /* MM_COPY_PROCESS_H */
