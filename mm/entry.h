/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * entry.h - the border between user and kernel mode
 *
 * A user program is a host function.  It calls the kernel through
 *
 *	ret = SYSCALL(sys_munmap(addr, len));
 *
 * The sys_*() functions are the kernel's side: kernel threads may call them
 * directly.  exit_to_user() is where signals are delivered, where a frozen
 * world stops, and where a used-up time slice gives the CPU away.
 */
#ifndef MM_ENTRY_H
#define MM_ENTRY_H

#include "mm/mm_types.h"

/**
 * syscall_enter() - from user mode into the kernel
 *
 * Context: a user program.
 */
void syscall_enter(void);

/**
 * exit_to_user() - work to do before user mode
 *
 * Delivers signals (may not return: do_exit()), freezes, reschedules.
 *
 * Context: current on a CPU, no lock held, interrupts enabled.
 */
void exit_to_user(void);

#define SYSCALL(call) ({						\
	syscall_enter();						\
	__typeof__(call) __sysret = (call);				\
	exit_to_user();							\
	__sysret; })

/**
 * ret_from_fork() - what a new task does first and last
 *
 * schedule_tail(), the store of CLONE_CHILD_SETTID, exit_to_user() for a user
 * task, ->entry(->entry_arg), do_exit(0).
 *
 * Context: the task's carrier, just granted a CPU.
 */
void ret_from_fork(void) __noreturn;

#endif /* MM_ENTRY_H */
