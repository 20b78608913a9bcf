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
 * ret_from_fork() - a new task's life, after its carrier was granted a CPU
 *
 * Finishes the switch, stores set_child_tid (FORK-17), runs the user program
 * or, for a kernel thread, ->entry(->entry_arg), and exits with code 0.
 *
 * Context: the task's carrier.
 */
void ret_from_fork(void) __noreturn;

/**
 * run_user_program() - exit_to_user(), then ->entry(->entry_arg), to its end
 *
 * ret_from_fork() calls it.  An exec inside starts it over with an empty host
 * stack (restart_user_program()), as often as it happens.
 *
 * Context: current on its own carrier; no lock held.
 */
void run_user_program(void);

/**
 * restart_user_program() - drop the host stack and run the new ->entry
 *
 * Context: inside run_user_program(), or a kernel thread; no lock held.
 */
void restart_user_program(void) __noreturn;

#endif /* MM_ENTRY_H */
