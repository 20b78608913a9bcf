/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ptrace.h - one task controls another, as far as core dumps care */
#ifndef MM_PTRACE_H
#define MM_PTRACE_H

#include <sys/ptrace.h>

#include "mm/fork.h"
#include "mm/mm_types.h"
#include "mm/sched.h"

/* Second byte of the stop code of an event stop. */
enum {
	PTRACE_EV_FORK = 1, PTRACE_EV_VFORK = 2, PTRACE_EV_CLONE = 3,
	PTRACE_EV_EXEC = 4, PTRACE_EV_VFORK_DONE = 5, PTRACE_EV_EXIT = 6,
};

/**
 * ptrace_attach() - become the tracer of a task (PROC-7)
 * @task: referenced; not current's group, not a kernel thread
 *
 * Sends SIGSTOP, so that a first stop can be waited for.
 *
 * Context: no lock; takes task_lock with W(tasklist_lock), which it tries.
 * Return: 0 or -EPERM.
 */
int ptrace_attach(struct task_struct *task);

/**
 * ptrace_detach() - let a tracee go on untraced
 * @child: tracee of current, stopped
 * @data: signal it gets, or 0
 *
 * Context: no lock; takes W(tasklist_lock, irq).
 * Return: 0, -ESRCH, -EIO.
 */
int ptrace_detach(struct task_struct *child, int data);

/**
 * sys_ptrace() - PTRACE_ATTACH, DETACH, CONT, KILL, SETOPTIONS, TRACEME
 * @request: one of the host's PTRACE_* numbers
 * @pid: tracee, ignored for TRACEME
 * @data: signal, or PTRACE_O_* for SETOPTIONS
 *
 * Context: no lock.
 * Return: 0, -ESRCH, -EPERM, -EIO.
 */
int sys_ptrace(int request, pid_t pid, unsigned long data);

/**
 * __ptrace_link() - put a task under a tracer
 * @child: not traced yet
 * @new_parent: the tracer
 *
 * Context: W(tasklist_lock, irq).
 */
void __ptrace_link(struct task_struct *child, struct task_struct *new_parent)
	__must_hold(&tasklist_lock);

/**
 * ptrace_adopt() - a task traced by another one got a new real parent
 * @child: with ->real_parent changed already
 *
 * Context: W(tasklist_lock, irq).
 */
void ptrace_adopt(struct task_struct *child)
	__must_hold(&tasklist_lock);

/**
 * __ptrace_unlink() - back to the real parent (DUMP-9 c)
 * @child: traced; woken, or STOPPED if its group is
 *
 * Context: W(tasklist_lock, irq); takes siglock of @child.
 */
void __ptrace_unlink(struct task_struct *child)
	__must_hold(&tasklist_lock);

/**
 * ptrace_untrace() - undo TASK_TRACED after the tracer has gone
 * @child: not traced any more, maybe still in the state
 *
 * Context: W(tasklist_lock, irq); takes siglock of @child.
 */
void ptrace_untrace(struct task_struct *child)
	__must_hold(&tasklist_lock);

/**
 * ptrace_stop() - stop and let the tracer look
 * @code: what wait4() shows in bits 8 and up
 *
 * Does not stop if the tracer has gone, or is in the same dying group, or if
 * a SIGKILL is pending: then nobody would end the stop (DUMP-34).  exit_code
 * is what the tracer has left there, or else @code.
 *
 * Context: siglock of current, dropped and retaken; sleeps.
 */
void ptrace_stop(int code)
	__must_hold(&current->sighand->siglock);

/**
 * ptrace_notify() - ptrace_stop() for events
 * @code: SIGTRAP | PTRACE_EV_* << 8
 *
 * Context: no lock; sleeps.
 */
void ptrace_notify(int code);

/**
 * access_process_vm() - read or write another address space (PROC-5)
 * @tsk: referenced
 * @addr: user address
 * @buf: kernel buffer
 * @len: bytes
 * @write: from @buf into @tsk, breaking COW and ignoring page protection
 *
 * Context: no lock; takes R(mmap_sem); sleeps; may run the last mmput().
 * Return: bytes transferred, fewer than @len at the first bad page.
 */
int access_process_vm(struct task_struct *tsk, uaddr_t addr, void *buf,
		      int len, bool write);

#endif /* MM_PTRACE_H */
