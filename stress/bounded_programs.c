// SPDX-License-Identifier: GPL-2.0-or-later
/* Programs that many bounded scenarios run, and parts of them. */
#include "mm/entry.h"
#include "mm/exit.h"
#include "mm/sched.h"
#include "mm/signal.h"
#include "mm/vmscan.h"
#include "stress/bounded.h"

void bounded_exits(void *unused)
{
	(void)unused;
	bounded_exit();
}

/*
 * Did one thread alone exit where exec fails, a leader for example, wait4()
 * would not see the others stop: it does not look beyond a zombie, in 2.6.11
 * either.
 */
void bounded_execs(void *unused)
{
	bounded_exec(bounded_exits, unused);
	syscall_enter();
	sys_exit_group(127);
}

void bounded_reclaims(void *unused)
{
	(void)unused;
	WRITE_ONCE(current->flags, current->flags | PF_MEMALLOC);
	try_to_free_pages(GFP_KERNEL);
	WRITE_ONCE(current->flags,
		   current->flags & ~(unsigned long)PF_MEMALLOC);
}

void bounded_pause(void *unused)
{
	(void)unused;
	for (;;)
		SYSCALL(sys_pause());
}
