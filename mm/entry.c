// SPDX-License-Identifier: GPL-2.0-or-later
/* entry.c - the way into the kernel, and out of it to user mode */
#include "mm/cpu.h"
#include "mm/entry.h"
#include "mm/exit.h"
#include "mm/freezer.h"
#include "mm/sched.h"
#include "mm/signal.h"
#include "mm/uaccess.h"

void syscall_enter(void)
{
	mm_bug_on(!this_cpu(), "system call without a CPU");
}

static bool work_pending(void)
{
	return signal_pending(current) || need_resched() ||
	       READ_ONCE(system_freezing);
}

void exit_to_user(void)
{
	sched_tick_slice();
	if (likely(!work_pending()))
		return;
	/* A user program goes on only when nothing is left to do. */
	do {
		if (need_resched())
			schedule();
		if (signal_pending(current))
			do_signal();
		try_to_freeze();
	} while (signal_pending(current) || need_resched());
}

void ret_from_fork(void)
{
	schedule_tail();
	if (current->set_child_tid)
		put_user32((uint32_t)current->pid, current->set_child_tid);
	if (current->flags & PF_KTHREAD)
		current->entry(current->entry_arg);
	else
		run_user_program();
	do_exit(0);
}
