/* SPDX-License-Identifier: GPL-2.0-or-later */
/* exit.h - the end of a task, and its parent's interest in it */
#ifndef MM_EXIT_H
#define MM_EXIT_H

#include <sys/wait.h>

#include "mm/fork.h"
#include "mm/mm_types.h"

/**
 * do_exit() - end the calling task (EXIT-1)
 * @code: wait status: exit code << 8, or a signal number
 *
 * Context: task other than pid 1 and idle tasks; no lock; sleeps.
 */
void do_exit(long code) __noreturn;

/**
 * do_group_exit() - end the whole thread group (EXIT-4)
 * @code: wait status; the code of an exit already in progress wins
 *
 * Context: as do_exit().
 */
void do_group_exit(long code) __noreturn;

/** sys_exit() - end the calling thread with exit code @code, 0 to 255. */
void sys_exit(int code) __noreturn;

/** sys_exit_group() - end the calling thread's group. */
void sys_exit_group(int code) __noreturn;

/**
 * exit_mm() - give up the address space (EXIT-15 to EXIT-18)
 * @tsk: current
 *
 * Takes part in a core dump of the mm: spends its unit of core_waiters and
 * stays until the dump is over (DUMP-10).
 *
 * Context: no lock; sleeps; may run the last mmput().
 */
void exit_mm(struct task_struct *tsk);

/**
 * daemonize() - cut a kernel thread's ties to user space (EXIT-19)
 * @name: new task->comm
 *
 * Context: living task; no lock; sleeps.
 */
void daemonize(const char *name);

/* Records written by process accounting when a group dies (EXIT-1 step 3). */
struct acct_totals {
	atomic_long_t records;
	atomic_long_t vsize; /* sum of the address spaces, in pages */
};
extern struct acct_totals acct_totals;

/* ---- exit_notify.c ------------------------------------------------------- */

/**
 * exit_notify() - become a zombie or vanish, tell the family (EXIT-2)
 * @tsk: current, after exit_mm()
 * @code: wait status
 *
 * Context: no lock; takes W(tasklist_lock, irq).
 */
void exit_notify(struct task_struct *tsk, long code);

/**
 * release_task() - the last rites (EXIT-5)
 * @p: whoever set exit_state to EXIT_DEAD calls this, once
 *
 * Drops the "released" usage reference (REF-15), and goes on to the group's
 * leader if nobody wants to wait for it.
 *
 * Context: no lock; takes proc_lock, W(tasklist_lock, irq).
 */
void release_task(struct task_struct *p);

/*
 * task->exit_state under R(tasklist_lock): a waiter may take a zombie at the
 * same time (reap_zombie() in wait4.c exchanges the value under R).
 */
static inline int task_exit_state(const struct task_struct *p)
{
	return READ_ONCE(p->exit_state);
}

/* ---- wait4.c ------------------------------------------------------------- */

/**
 * sys_wait4() - wait for a child to die or stop, and reap it
 * @pid: a child, or -1 for any (every kind of child: __WALL)
 * @stat: set to its wait status; may be NULL
 * @options: WNOHANG, WUNTRACED, WCONTINUED
 *
 * A tracer waits for its tracees like for children.
 *
 * Context: no lock; sleeps, interruptibly.
 * Return: pid, 0 (WNOHANG), -ECHILD, -EINTR.
 */
pid_t sys_wait4(pid_t pid, int *stat, int options);

struct wait_opts; /* what a sleeper in wait4() wants: object of its lwait */

/**
 * wait4_has_news() - could a sleeper in wait4() return
 * @waiter: asleep there
 * @wo: object of its lwait
 *
 * Nothing is taken.  Whoever has news for a sleeper wakes it, so of one that
 * sleeps on the answer is no.
 *
 * Context: R(tasklist_lock); takes siglock of children.  @waiter stays asleep.
 * Return: pid of a child it waits for, or 0.
 */
pid_t wait4_has_news(struct task_struct *waiter, const struct wait_opts *wo)
	__must_hold_shared(&tasklist_lock);

#endif /* MM_EXIT_H */
