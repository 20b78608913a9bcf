// SPDX-License-Identifier: GPL-2.0-or-later
/* user_program.c - where a task's user program begins, at birth and at exec */
#include <setjmp.h>

#include "mm/entry.h"
#include "mm/sched.h"

/* The frame of run_user_program() on this host thread. */
static __thread jmp_buf program_base;
static __thread bool have_base;

void run_user_program(void)
{
	/* Nothing of this frame is kept in locals across the jump. */
	(void)_setjmp(program_base);
	have_base = true;
	exit_to_user();
	current->entry(current->entry_arg);
	have_base = false;
}

void restart_user_program(void)
{
	mm_bug_on(!have_base, "pid %d has no user program to restart",
		  current->pid);
	_longjmp(program_base, 1);
}
