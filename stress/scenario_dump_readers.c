// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * dump_readers: while threads are parked in a dump, other processes read and
 * write the address space and make its stacks grow (DUMP-6).
 */
#include "mm/cpu.h"
#include "mm/entry.h"
#include "mm/fork_mm.h"
#include "mm/pid.h"
#include "mm/ptrace.h"
#include "stress/actions.h"

/* Write a page below the lowest one of a stack: find_extend_vma() grows it. */
static int grow_remote(pid_t pid, uaddr_t addr)
{
	struct task_struct *p = find_get_task(pid);
	uint64_t zero = 0;
	int done;

	if (!p)
		return 0;
	done = access_process_vm(p, addr, &zero, sizeof(zero), true);
	put_task_struct(p);
	return done;
}

static void dumper(struct stress_user *u)
{
	prog_map(u, 8, LOT_STACK);
	act_start_crew(u, 4, prog_idle, 1000);
	act_touch(u, 16);
	act_dump(u);
	act_group_exit(u);
}

static void family(struct stress_user *u)
{
	pid_t pid = prog_fork(u, dumper);
	uaddr_t stack = prog_lot_addr(u, 8) + (LOT_PAGES - 2) * PAGE_SIZE;

	for (unsigned int i = 0; i < 60 && pid > 0 && !world_stopping(); i++) {
		act_read_maps(u, pid);
		act_access_remote(u, pid, i & 1);
		if (SYSCALL(grow_remote(pid, stack - (i % 12) * PAGE_SIZE)))
			stress_count(COVER_B12_REMOTE_IN_DUMP);
		if (prog_reap(u, false))
			break;
	}
	while (u->nr_children && prog_reap(u, true))
		;
	act_group_exit(u);
}

const struct stress_ops dump_readers_ops = {
	.name = "dump_readers",
	.why = "remote reads, writes and stack growth during a dump",
	.items = "B-12",
	.bound = { .tasks = 3, .steps = 2, .cpus = 2 },
	.family = family,
};
