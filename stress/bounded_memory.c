// SPDX-License-Identifier: GPL-2.0-or-later
/* Bounded scenarios of memory: TLBs, COW, faults. */
#include <errno.h>
#include <signal.h>

#include "locking/report.h"
#include "mm/entry.h"
#include "mm/exit.h"
#include "mm/fork.h"
#include "mm/munmap.h"
#include "mm/sched.h"
#include "mm/uaccess.h"
#include "stress/bounded.h"

/* ---- lazy TLB against the last exit ------------------------------------------- */

static void touches_and_exits(void *arg)
{
	(void)arg;
	bounded_put(0, 1);
	bounded_exit();
}

/* Between its sleeps the kernel thread runs lazily on somebody's mm. */
static void lazy_worker(void *arg)
{
	(void)arg;
	for (int i = 0; i < 2; i++)
		yield();
}

static void lazy_tlb(void)
{
	bounded_spawn(touches_and_exits, NULL);
	kernel_thread(lazy_worker, NULL, SIGCHLD);
	for (int i = 0; i < 2; i++)
		yield();
}

const struct bounded_ops bounded_lazy_tlb = {
	.name = "lazy-tlb",
	.why = "CPUs lazy on an mm while its last user exits",
	.items = "B-14 TLB-5",
	.cpus = 2,
	.body = lazy_tlb,
};

/* ---- COW against fork ----------------------------------------------------------- */

static void reads_snapshot(void *arg)
{
	uint64_t first, second;

	(void)arg;
	if (user_read64(BOUNDED_DATA, &first) ||
	    user_read64(BOUNDED_DATA, &second) || first != second)
		report_finding(FINDING_DATA, "a child sees its parent write");
	bounded_expect(0, 1, 2);
	bounded_put(0, 3);
	bounded_expect(0, 3, 3);
	bounded_exit();
}

static void writes_beside(void *arg)
{
	(void)arg;
	bounded_put(0, 2);
	bounded_expect(0, 2, 2);
	bounded_exit();
}

static void cow_main(void *arg)
{
	(void)arg;
	bounded_put(0, 1);
	bounded_thread(writes_beside, NULL);
	bounded_clone(SIGCHLD, reads_snapshot, NULL);
	bounded_expect(0, 1, 2);
	bounded_exit();
}

static void cow_fork(void)
{
	bounded_spawn(cow_main, NULL);
}

const struct bounded_ops bounded_cow_fork = {
	.name = "cow-fork",
	.why = "a thread writes a page while another one forks",
	.items = "B-7 FORK-53",
	.cpus = 3,
	.body = cow_fork,
};

/* ---- a fault against munmap -------------------------------------------------------- */

/* The page may be gone: then the system call is refused. */
static void faults(void *arg)
{
	uint64_t value;

	(void)arg;
	if (!SYSCALL(get_user64(&value, BOUNDED_DATA + PAGE_SIZE)) && value &&
	    value != 5)
		report_finding(FINDING_DATA, "a page being unmapped has %llu",
			       (unsigned long long)value);
	(void)SYSCALL(put_user64(6, BOUNDED_DATA + 2 * PAGE_SIZE));
	bounded_exit();
}

static void fault_unmap_main(void *arg)
{
	(void)arg;
	bounded_put(1, 5);
	bounded_thread(faults, NULL);
	SYSCALL(sys_munmap(BOUNDED_DATA + PAGE_SIZE, 2 * PAGE_SIZE));
	bounded_put(3, 5);
	bounded_expect(3, 5, 5);
	bounded_exit();
}

static void fault_unmap(void)
{
	bounded_spawn(fault_unmap_main, NULL);
}

const struct bounded_ops bounded_fault_unmap = {
	.name = "fault-unmap",
	.why = "a thread faults in pages another one unmaps",
	.items = "B-8",
	.cpus = 2,
	.body = fault_unmap,
};
