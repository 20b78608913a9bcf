/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pid.h - process numbers and the table that finds a task by its number
 *
 * The table is an array of pointers, changed under W(tasklist_lock) and read
 * under it or under RCU.  (A hash node could not be hashed again at once
 * when exec moves a pid from one task to another.)
 */
#ifndef MM_PID_H
#define MM_PID_H

#include "mm/fork.h"
#include "mm/mm_types.h"

#define PID_MAX 65536 /* numbers are below this */
#define RESERVED_PIDS 300 /* not reused after the first round */

/** pid_init() - empty pid map and table.  Context: boot.  Return: 0. */
int pid_init(void);

/** pid_exit() - check that every number is free (INV-59).  Context: end. */
void pid_exit(void);

/**
 * alloc_pidmap() - a free process number
 *
 * Context: takes no lock; may fail by fault injection.
 * Return: number > 0, or -EAGAIN.
 */
int alloc_pidmap(void);

/**
 * free_pidmap() - give a number back
 * @nr: from alloc_pidmap(), in no task
 *
 * Context: any.
 */
void free_pidmap(int nr);

/**
 * nr_pids() - numbers in use
 *
 * Context: any; a snapshot.
 * Return: count.
 */
int nr_pids(void);

/**
 * attach_pid() - make a task known under a number
 * @p: task; p->tgid and p->group_leader are set for PIDTYPE_TGID
 * @type: PIDTYPE_PID: the pid table; PIDTYPE_TGID: ring of the group
 * @nr: the number
 *
 * Context: W(tasklist_lock).
 */
void attach_pid(struct task_struct *p, enum pid_type type, int nr)
	__must_hold(&tasklist_lock);

/**
 * detach_pid() - undo attach_pid(); PIDTYPE_PID frees the number
 * @p: task
 * @type: as in attach_pid()
 *
 * Context: W(tasklist_lock).
 */
void detach_pid(struct task_struct *p, enum pid_type type)
	__must_hold(&tasklist_lock);

/**
 * switch_exec_pids() - an exec'ing thread takes its leader's numbers (EXEC-3)
 * @leader: old leader, a zombie; gets @thread's pid as pid and tgid
 * @thread: gets @leader's pid, and is then the group's only member
 *
 * Context: W(tasklist_lock).  Leader list and group_leader are the caller's.
 */
void switch_exec_pids(struct task_struct *leader, struct task_struct *thread)
	__must_hold(&tasklist_lock);

/**
 * find_task_by_pid() - a task, threads included, by number
 * @nr: any number
 *
 * Context: tasklist_lock held, or rcu_read_lock(): then the task may be dead
 *	already and must not be used beyond its usage count.
 * Return: task without a reference, or NULL.
 */
struct task_struct *find_task_by_pid(pid_t nr);

/**
 * find_get_task() - the same for readers from outside, without a lock
 * @nr: any number
 *
 * Context: any registered thread.
 * Return: task with a reference for put_task_struct(), or NULL.
 */
struct task_struct *find_get_task(pid_t nr);

#endif /* MM_PID_H */
