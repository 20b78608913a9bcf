// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * dump_readers: while threads are parked in a dump, other processes read and
 * write the address space and make its stacks grow (DUMP-6).
 */
#include <errno.h>

#include "mm/cpu.h"
#include "mm/entry.h"
#include "mm/fork.h"
#include "mm/pid.h"
#include "mm/proc_task_mmu.h"
#include "mm/ptrace.h"
#include "stress/actions.h"
#include "stress/oracle.h"

/* A page below the lowest one of a stack: find_extend_vma() grows it. */
static void grow_remote(struct task_struct *p, struct mm_struct *mm,
			uaddr_t addr, bool parked)
{
	long pages = atomic_long_read(&mm->total_vm);
	uint64_t word = 0;

	access_process_vm(p, addr, &word, sizeof(word), true);
	if (parked && atomic_long_read(&mm->total_vm) > pages)
		stress_count(COVER_B12_GROWTH_IN_DUMP);
}

/* One access to @p, which counts if the task was parked all the time. */
static void access_task(struct task_struct *p, pid_t pid, struct mm_struct *mm,
			unsigned int n, uaddr_t stack)
{
	unsigned int wait, later;
	bool parked = parked_for_dump(p, &wait);
	uint64_t word = 0;
	char maps[256];

	if (n % 3 == 0)
		proc_pid_maps(pid, maps, sizeof(maps));
	else if (n % 3 == 1)
		access_process_vm(p, world.common + COMMON_DATA * PAGE_SIZE +
				  REMOTE_SLOT * 8, &word, sizeof(word), true);
	else
		grow_remote(p, mm, stack, parked);
	if (parked && parked_for_dump(p, &later) && wait == later)
		stress_count(COVER_B12_REMOTE_IN_DUMP);
}

static int access_pid(pid_t pid, unsigned int n, uaddr_t stack)
{
	struct task_struct *p = find_get_task(pid);
	struct mm_struct *mm;

	if (!p)
		return -ESRCH;
	mm = get_task_mm(p);
	if (mm) {
		access_task(p, pid, mm, n, stack);
		mmput(mm);
	}
	put_task_struct(p);
	return 0;
}

static void dump(struct stress_user *u)
{
	act_touch(u, 8);
	act_dump(u);
	prog_exit(u, 0, false);
}

/* One of the threads dumps, so that the leader, which has a pid, is parked. */
static void dumper(struct stress_user *u)
{
	prog_map(u, 8, LOT_STACK);
	act_start_crew(u, 3, prog_idle, 1000);
	act_start_crew(u, 1, dump, 1);
	u->steps = 1000;
	prog_idle(u);
}

static void family(struct stress_user *u)
{
	pid_t pid = prog_fork(u, dumper);
	uaddr_t stack = prog_lot_addr(u, 8) + (LOT_PAGES - 2) * PAGE_SIZE;

	for (unsigned int i = 0; i < 90 && pid > 0 && !world_stopping(); i++)
		if (SYSCALL(access_pid(pid, i, stack - (i / 3 % 12) *
				       PAGE_SIZE)) || prog_reap(u, false))
			break;
	while (u->nr_children && prog_reap(u, true))
		;
	act_group_exit(u);
}

const struct stress_ops dump_readers_ops = {
	.name = "dump_readers",
	.why = "remote reads, writes and stack growth during a dump",
	.items = "B-12",
	.family = family,
};
