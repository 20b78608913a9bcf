/* SPDX-License-Identifier: GPL-2.0-or-later */
/* process.h - the part of a task that only the machine knows */
#ifndef MM_PROCESS_H
#define MM_PROCESS_H

#include "mm/mm_types.h"

#define IO_BITMAP_PORTS 65536
#define IO_BITMAP_BYTES (IO_BITMAP_PORTS / 8)

/**
 * copy_thread() - registers, TLS, I/O bitmap and host thread of a child
 * @args: what do_fork() was asked for
 * @p: the child
 *
 * Reserves a carrier.  CLONE_SETTLS reads a descriptor from user memory,
 * after copy_mm(): the easiest way into late unwinding.
 *
 * Context: may sleep and fault.
 * Return: 0, or -EAGAIN, -ENOMEM, -EFAULT, -EINVAL with nothing left behind.
 */
int copy_thread(const struct kernel_clone_args *args, struct task_struct *p);

/**
 * unwind_thread() - undo copy_thread() for a child that will never run
 * @p: the child
 *
 * Context: may sleep.
 */
void unwind_thread(struct task_struct *p);

/**
 * exit_thread() - free what copy_thread() allocated, but the carrier
 *
 * Context: current, in do_exit().
 */
void exit_thread(void);

/**
 * flush_thread() - forget TLS and I/O bitmap at exec
 *
 * Context: current.
 */
void flush_thread(void);

/**
 * sys_ioperm() - allow or forbid I/O ports: gives the task an I/O bitmap
 * @from: first port
 * @num: number of ports
 * @turn_on: allow
 *
 * Context: system call.
 * Return: 0, -EINVAL or -ENOMEM.
 */
long sys_ioperm(unsigned long from, unsigned long num, bool turn_on);

#endif /* MM_PROCESS_H */
