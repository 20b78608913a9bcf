// SPDX-License-Identifier: GPL-2.0-or-later
/* user_program.c - where a task's user program begins, at birth and at exec */
#include <setjmp.h>

#include "mm/entry.h"
#include "mm/exit.h"
#include "mm/sched.h"

/* The frame of run_user_program() on this host thread. */
static __thread jmp_buf program_base;

void run_user_program(void)
{
	/* Nothing of this frame is kept in locals across the jump. */
	(void)_setjmp(program_base);
	exit_to_user();
	current->entry(current->entry_arg);
}

void restart_user_program(void)
{
	unsigned long flags = current->flags;

	if (!(flags & PF_KTHREAD))
		longjmp(program_base, 1);
	/* A kernel thread becomes a user task, as the first process does. */
	WRITE_ONCE(current->flags, flags & ~(unsigned long)PF_KTHREAD);
	run_user_program();
	do_exit(0);
}
