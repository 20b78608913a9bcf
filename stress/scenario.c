// SPDX-License-Identifier: GPL-2.0-or-later
/* The list of scenarios. */
#include "stress/scenario.h"

#include <stddef.h>
#include <string.h>

const struct stress_ops *const stress_scenarios[] = {
	&mix_ops,
	&clone_dump_ops,
	&thread_exit_ops,
	&cow_storm_ops,
	&stale_write_ops,
	&vfork_ops,
	&exec_threads_ops,
	&dump_readers_ops,
	&lazy_tlb_ops,
	&ldt_ops,
	&stack_growth_ops,
	&mmap_queue_ops,
	&tasklist_ops,
	&stack_events_ops,
	&clear_tid_ops,
	&accounting_ops,
	&swapoff_ops,
	&aio_ops,
	&truncate_ops,
	&reclaim_ops,
	&futex_ops,
	&ptrace_ops,
	&last_put_ops,
	&hog_ops,
	&dying_mm_ops,
	&jobs_ops,
	NULL,
};

const struct stress_ops *scenario_nth(unsigned int n)
{
	for (int i = 0; stress_scenarios[i]; i++) {
		const struct stress_ops *ops = stress_scenarios[i];

		if (ops != &mix_ops && !ops->alone && !n--)
			return ops;
	}
	return NULL;
}

const struct stress_ops *scenario_find(const char *name)
{
	for (int i = 0; stress_scenarios[i]; i++)
		if (!strcmp(stress_scenarios[i]->name, name))
			return stress_scenarios[i];
	return NULL;
}
