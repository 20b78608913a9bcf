// SPDX-License-Identifier: GPL-2.0-or-later
/* Bounded scenarios of memory: TLBs, COW, faults. */
#include <errno.h>
#include <signal.h>
#include <linux/sched.h>

#include "locking/report.h"
#include "mm/entry.h"
#include "mm/exit.h"
#include "mm/fork.h"
#include "mm/mmap.h"
#include "mm/munmap.h"
#include "mm/sched.h"
#include "mm/uaccess.h"
#include "stress/bounded/bounded.h"

/* ---- lazy TLB against the last exit ------------------------------------------- */

static struct completion touched = COMPLETION_INITIALIZER(touched);

static void touches_and_exits(void *arg)
{
	(void)arg;
	bounded_put(0, 1);
	complete(&touched);
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
	wait_for_completion(&touched);
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

#define COW_WRITES 24 /* at most, or until the fork is over */
#define CHILD_VALUE 100

static int fork_over; /* (a) */

/* What the child sees is what was there when it was forked. */
static void reads_snapshot(void *arg)
{
	uint64_t first = 0, now = 0;

	(void)arg;
	user_read64(BOUNDED_DATA, &first);
	for (int i = 0; i < 4; i++)
		user_read64(BOUNDED_DATA, &now);
	if (now != first)
		report_finding(FINDING_DATA, "a child sees its parent write:"
			       " %llu, then %llu", (unsigned long long)first,
			       (unsigned long long)now);
	bounded_put(0, CHILD_VALUE);
	bounded_expect(0, CHILD_VALUE, CHILD_VALUE);
	bounded_exit();
}

static void writes_beside(void *arg)
{
	uint64_t i;

	(void)arg;
	for (i = 2; i < COW_WRITES && !READ_ONCE(fork_over); i++)
		bounded_put(0, i);
	bounded_put(0, i);
	bounded_expect(0, i, i);
	bounded_exit();
}

static void cow_main(void *arg)
{
	(void)arg;
	bounded_put(0, 1);
	bounded_thread(writes_beside, NULL);
	bounded_clone(SIGCHLD, reads_snapshot, NULL);
	WRITE_ONCE(fork_over, 1);
	bounded_exit();
}

static void cow_fork(void)
{
	bounded_spawn(cow_main, NULL);
}

const struct bounded_ops bounded_cow_fork = {
	.name = "cow-fork",
	.why = "a thread writes a page while another one forks",
	.items = "B-9 FORK-53",
	.cpus = 3,
	.body = cow_fork,
};

/* ---- COW on both sides of a fork --------------------------------------------------- */

#define PARENT_VALUE 9

/* Its own values only: the parent's is private, whoever copies the page. */
static void reads_own(void *arg)
{
	(void)arg;
	for (int i = 0; i < 4; i++)
		bounded_expect(0, 1, 2);
	bounded_exit();
}

static void writes_own(void *arg)
{
	(void)arg;
	bounded_expect(0, 1, 1);
	bounded_thread(reads_own, NULL);
	bounded_put(0, 2);
	bounded_expect(0, 2, 2);
	bounded_exit();
}

static void cow_break_main(void *arg)
{
	(void)arg;
	bounded_put(0, 1);
	bounded_clone(SIGCHLD, writes_own, NULL);
	bounded_put(0, PARENT_VALUE);
	bounded_expect(0, PARENT_VALUE, PARENT_VALUE);
	bounded_exit();
}

static void cow_break(void)
{
	bounded_spawn(cow_break_main, NULL);
}

const struct bounded_ops bounded_cow_break = {
	.name = "cow-break",
	.why = "parent and child write a shared page while a thread reads it",
	.items = "B-8 FLT-48 DEF-30",
	.cpus = 3,
	.body = cow_break,
};

/* ---- areas that grow, of every kind ---------------------------------------------- */

#define GROWING (BOUNDED_DATA + 0x3000000)

static void checks_and_exits(void *arg)
{
	(void)arg;
	bounded_validate();
	bounded_exit();
}

/* The shared kind may be refused; where it is not, it has to work. */
static void grow_kinds_main(void *arg)
{
	static const unsigned long kinds[] = { MAP_PRIVATE, MAP_SHARED };
	unsigned long flags = kinds[bounded_pick(2)] | MAP_ANONYMOUS |
			      MAP_GROWSDOWN | MAP_FIXED;

	(void)arg;
	if (SYSCALL(sys_mmap(GROWING, PAGE_SIZE, PROT_READ | PROT_WRITE, flags,
			     NULL, 0)) != GROWING)
		bounded_exit();
	(void)SYSCALL(put_user64(1, GROWING));
	bounded_clone(bounded_pick(2) ? SIGCHLD : CLONE_VM | SIGCHLD,
		      checks_and_exits, NULL);
	current->user_sp = GROWING - PAGE_SIZE;
	(void)SYSCALL(put_user64(2, GROWING - PAGE_SIZE));
	bounded_validate();
	bounded_exit();
}

static void grow_kinds(void)
{
	bounded_spawn(grow_kinds_main, NULL);
}

const struct bounded_ops bounded_grow_kinds = {
	.name = "grow-kinds",
	.why = "private and shared areas that may grow, grow beside a fork",
	.items = "B-17 FLT-10 INV-7",
	.cpus = 2,
	.body = grow_kinds,
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
	.items = "FLT-1 MAP-20",
	.cpus = 2,
	.body = fault_unmap,
};
