// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * freezer.c - stop the world
 *
 * Setting the flag is all: tasks that run come by and stop, sleepers are woken
 * by nobody once all have stopped.  sched_wait_quiet() tells when.
 */
#include <signal.h>

#include "mm/cpu.h"
#include "mm/freezer.h"
#include "mm/sched.h"
#include "mm/wait.h"

int system_freezing;
static struct wait_queue_head thaw_queue;

int freezer_init(void)
{
	init_waitqueue_head(&thaw_queue);
	system_freezing = 0;
	return 0;
}

/* A task that is to die goes on, for others may wait for its end. */
static bool kill_pending(void)
{
	const ksigset_t kill = (ksigset_t)1 << (SIGKILL - 1);
	bool pending;

	if (!signal_pending(current))
		return false;
	spin_lock_irq(&current->sighand->siglock);
	pending = current->pending.signal & kill;
	spin_unlock_irq(&current->sighand->siglock);
	return pending;
}

void refrigerator(void)
{
	if (kill_pending())
		return;
	WRITE_ONCE(current->flags, current->flags | PF_FROZEN);
	wait_event(&thaw_queue, !READ_ONCE(system_freezing));
	WRITE_ONCE(current->flags, current->flags & ~(unsigned long)PF_FROZEN);
}

void freeze_tasks(void)
{
	mm_bug_on(xchg(&system_freezing, 1), "frozen already");
	sched_wait_quiet();
}

void thaw_tasks(void)
{
	mm_bug_on(!xchg(&system_freezing, 0), "not frozen");
	wake_up_all(&thaw_queue);
}
