// SPDX-License-Identifier: GPL-2.0-or-later
#include "stress/machinery.h"

#include <fnmatch.h>
#include <stddef.h>

static const char *const patterns[] = {
	/* locks, and the lock validator */
	"*spin_lock*", "*spin_unlock*", "*spin_trylock*", "read_*lock*",
	"write_*lock*", "read_seq*", "write_seq*", "down*", "up", "up_*",
	"wait_fifo*", "ptl_*", "rcu_read_*", "lockdep_*", "lock_acquire*",
	"lock_release*", "lock_check*", "learn_order", "registry_*",
	/* sleeps and wake-ups */
	"lthread_*", "seam_*", "carrier_*", "push_wait", "prepare_to_wait",
	"finish_wait", "try_to_wake_up", "__wake_up*",
	/* how a CPU changes hands */
	"hook_*", "irq_*", "local_irq_*", "cpu_leave", "cpu_take",
	"cpu_become_idle", "rq_*", "switch_away",
	"finish_task_switch", "context_switch", "schedule", "schedule_at",
	"schedule_tail", "sched_fork", "load_cr3", "yield", "jiffies_*",
	/* memory of the emulated kernel's own */
	"kmem_cache_*", "slab_*", "get_page_above",
	/* how a program runs, and ends */
	"run_program", "run_user_program", "syscall_*", "exit_to_user",
	"bounded_yield", "recalc_sigpending*", "report_finding*", "deliver",
};

bool is_machinery(const char *function)
{
	for (size_t i = 0; i < sizeof(patterns) / sizeof(patterns[0]); i++)
		if (!fnmatch(patterns[i], function, 0))
			return true;
	return false;
}
