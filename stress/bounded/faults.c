// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Bounded scenarios: threads of one process that fault, map and unmap, and
 * what is left when they are through.
 */
#include <errno.h>
#include <signal.h>
#include <sys/mman.h>

#include "locking/report.h"
#include "mm/cpu.h"
#include "mm/entry.h"
#include "mm/exit.h"
#include "mm/fork.h"
#include "mm/mmap.h"
#include "mm/mprotect.h"
#include "mm/munmap.h"
#include "mm/uaccess.h"
#include "stress/bounded/bounded.h"

#define AREA (BOUNDED_DATA + 0x4000000) /* in a table of its own */
#define AREA_PAGES 4
#define PROT_RW (PROT_READ | PROT_WRITE)
#define ANON (MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED)

static struct completion done = COMPLETION_INITIALIZER(done);

static void map_area(unsigned long flags)
{
	uaddr_t at = SYSCALL(sys_mmap(AREA, AREA_PAGES * PAGE_SIZE, PROT_RW,
				      flags, NULL, 0));

	mm_bug_on(at != AREA, "mmap: %#lx", at);
}

static void expect_at(uaddr_t addr, uint64_t want)
{
	uint64_t value = 0;
	int err = user_read64(addr, &value);

	if (err || value != want)
		report_finding(FINDING_DATA, "%#lx has %llu, error %d, expected"
			       " %llu", addr, (unsigned long long)value, err,
			       (unsigned long long)want);
}

/* The last thing that a thread beside the first one does. */
static void through(void)
{
	complete(&done);
	bounded_exit();
}

/* Without the thread there is nothing to try, and nobody to wait for. */
static void start_beside(bounded_fn_t fn, void *arg)
{
	if (bounded_thread(fn, arg) < 0)
		bounded_exit();
}

/* ---- faults in one table -------------------------------------------- */

static void stores_number(void *arg)
{
	uaddr_t addr = AREA + (unsigned long)arg * PAGE_SIZE;

	user_write64(addr, 1 + (unsigned long)arg);
	expect_at(addr, 1 + (unsigned long)arg);
	through();
}

static void fault_neighbours_main(void *arg)
{
	(void)arg;
	map_area(ANON);
	start_beside(stores_number, (void *)1);
	user_write64(AREA, 1);
	expect_at(AREA, 1);
	wait_for_completion(&done);
	expect_at(AREA, 1);
	expect_at(AREA + PAGE_SIZE, 2);
	bounded_validate();
	bounded_exit();
}

static void fault_neighbours(void)
{
	bounded_spawn(fault_neighbours_main, NULL);
}

const struct bounded_ops bounded_fault_neighbours = {
	.name = "fault-neighbours",
	.why = "two first faults under one page table that is not there yet",
	.items = "B-8 FLT-15 FLT-16",
	.cpus = 2,
	.body = fault_neighbours,
};

/* ---- faults in one page -------------------------------------------------------- */

static void loads_twice(void *arg)
{
	uint64_t before = 0, after = 0;

	(void)arg;
	user_read64(AREA, &before);
	user_read64(AREA, &after);
	if (before > 2 || after > 2 || after < before)
		report_finding(FINDING_DATA, "a page that is written 1, then 2,"
			       " has %llu, then %llu",
			       (unsigned long long)before,
			       (unsigned long long)after);
	through();
}

static void fault_same_main(void *arg)
{
	(void)arg;
	map_area(ANON);
	start_beside(loads_twice, NULL);
	user_write64(AREA, 1);
	expect_at(AREA, 1);
	user_write64(AREA, 2);
	expect_at(AREA, 2);
	wait_for_completion(&done);
	expect_at(AREA, 2);
	bounded_validate();
	bounded_exit();
}

static void fault_same(void)
{
	bounded_spawn(fault_same_main, NULL);
}

const struct bounded_ops bounded_fault_same = {
	.name = "fault-same",
	.why = "a load and a store fault in one page at once",
	.items = "B-8 FLT-16 FLT-20",
	.cpus = 2,
	.body = fault_same,
};

/* ---- one stack, two faults below it ---------------------------------------------- */

static void grows_by(void *arg)
{
	uaddr_t addr = AREA - (unsigned long)arg * PAGE_SIZE;

	current->user_sp = addr;
	user_write64(addr, 3);
	expect_at(addr, 3);
	through();
}

static void one_stack_main(void *arg)
{
	(void)arg;
	map_area(ANON | MAP_GROWSDOWN);
	user_write64(AREA, 1);
	start_beside(grows_by, (void *)1);
	start_beside(grows_by, (void *)3);
	wait_for_completion(&done);
	wait_for_completion(&done);
	expect_at(AREA - PAGE_SIZE, 3);
	expect_at(AREA - 3 * PAGE_SIZE, 3);
	bounded_validate();
	bounded_exit();
}

static void one_stack(void)
{
	bounded_spawn(one_stack_main, NULL);
}

const struct bounded_ops bounded_one_stack = {
	.name = "one-stack",
	.why = "two faults below one stack, at different distances",
	.items = "B-17 FLT-10",
	.cpus = 2,
	.body = one_stack,
};

/* ---- the heap -------------------------------------------------------------------------- */

static void maps_beside(void *arg)
{
	(void)arg;
	map_area(ANON);
	user_write64(AREA, 4);
	SYSCALL(sys_munmap(AREA, 2 * PAGE_SIZE));
	through();
}

static void brk_beside_main(void *arg)
{
	uaddr_t heap = SYSCALL(sys_brk(0));

	(void)arg;
	start_beside(maps_beside, NULL);
	if (SYSCALL(sys_brk(heap + 2 * PAGE_SIZE)) == heap + 2 * PAGE_SIZE) {
		user_write64(PAGE_ALIGN(heap), 5);
		expect_at(PAGE_ALIGN(heap), 5);
	}
	SYSCALL(sys_brk(heap));
	wait_for_completion(&done);
	bounded_validate();
	bounded_exit();
}

static void brk_beside(void)
{
	bounded_spawn(brk_beside_main, NULL);
}

const struct bounded_ops bounded_brk_beside = {
	.name = "brk-beside",
	.why = "the heap grows and shrinks while a thread maps and unmaps",
	.items = "MAP-30 INV-6",
	.cpus = 2,
	.body = brk_beside,
};

/* ---- fork while the layout changes ---------------------------------------------------- */

static void checks_layout(void *arg)
{
	(void)arg;
	bounded_validate();
	bounded_exit();
}

static void map_fork_main(void *arg)
{
	(void)arg;
	start_beside(maps_beside, NULL);
	bounded_clone(SIGCHLD, checks_layout, NULL);
	wait_for_completion(&done);
	bounded_validate();
	bounded_exit();
}

static void map_fork(void)
{
	bounded_spawn(map_fork_main, NULL);
}

const struct bounded_ops bounded_map_fork = {
	.name = "map-fork",
	.why = "a process forks while a thread maps and unmaps",
	.items = "FORK-33 INV-6 DEF-4",
	.cpus = 2,
	.body = map_fork,
};
