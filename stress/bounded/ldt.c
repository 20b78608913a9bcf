// SPDX-License-Identifier: GPL-2.0-or-later
/* Bounded scenarios of local descriptor tables. */
#include <errno.h>
#include <signal.h>
#include <linux/sched.h>

#include "locking/report.h"
#include "mm/cpu.h"
#include "mm/entry.h"
#include "mm/fork.h"
#include "mm/ldt.h"
#include "mm/sched.h"
#include "mm/uaccess.h"
#include "stress/bounded/bounded.h"

#define FAR_ENTRY 600 /* in a table of twice the size */

/* ---- entries and selectors ------------------------------------------------------- */

int bounded_ldt_set(unsigned int nr, uint32_t base)
{
	const struct user_desc_arg desc = {
		.entry_number = nr, .base_addr = base, .limit = 1,
	};
	uaddr_t at = BOUNDED_DATA + 4 * PAGE_SIZE - 16;

	if (SYSCALL(copy_to_user(at, &desc, sizeof(desc))))
		return -EFAULT;
	return (int)SYSCALL(sys_modify_ldt(1, at, sizeof(desc)));
}

static int load_selector(unsigned int nr, uint32_t *base)
{
	struct cpu *cpu = this_cpu();
	uint64_t entry = 0;
	int err;

	cpu_irq_lock(cpu);
	err = ldt_read_entry(cpu, nr, &entry);
	cpu_irq_unlock(cpu);
	*base = (uint32_t)(entry >> 16) & 0xffffff;
	return err;
}

void bounded_ldt_expect(unsigned int nr, uint32_t base)
{
	uint32_t seen;

	if (load_selector(nr, &seen))
		report_finding(FINDING_DATA, "CPU %d has no LDT entry %u,"
			       " expected base %u", this_cpu()->id, nr, base);
	else if (seen != base)
		report_finding(FINDING_DATA, "LDT entry %u of CPU %d has base"
			       " %u, expected %u", nr, this_cpu()->id, seen,
			       base);
}

bool bounded_ldt_agrees(void)
{
	uaddr_t at = BOUNDED_DATA + 3 * PAGE_SIZE;
	long bytes = SYSCALL(sys_modify_ldt(0, at, LDT_ENTRY_SIZE));
	uint32_t base;
	int err = load_selector(0, &base);

	if (bytes < 0 || !bytes == !err)
		report_finding(FINDING_DATA, "modify_ldt() reads %ld bytes of"
			       " the LDT, a selector on CPU %d gives error %d",
			       bytes, this_cpu()->id, err);
	return bytes > 0;
}

/* ---- growth against readers on other CPUs ----------------------------------------- */

static void grows(void *arg)
{
	(void)arg;
	if (!bounded_ldt_set(FAR_ENTRY, 9))
		bounded_ldt_expect(FAR_ENTRY, 9);
	bounded_exit();
}

static void ldt_grow_main(void *arg)
{
	(void)arg;
	if (bounded_ldt_set(1, 5))
		bounded_exit();
	bounded_thread(grows, NULL);
	for (int i = 0; i < 4; i++) {
		bounded_ldt_expect(1, 5);
		bounded_yield();
	}
	bounded_exit();
}

/* A process without a table: its CPU changes tables with each switch. */
static void yields(void *arg)
{
	(void)arg;
	for (int i = 0; i < 4; i++)
		bounded_yield();
	bounded_exit();
}

/* Borrows the mm of whoever ran before. */
static void lazy_worker(void *arg)
{
	(void)arg;
	for (int i = 0; i < 2; i++)
		yield();
}

static void ldt_grow(void)
{
	bounded_spawn(ldt_grow_main, NULL);
	bounded_arrive();
	if (bounded_pick(2))
		bounded_spawn(yields, NULL);
	else
		kernel_thread(lazy_worker, NULL, SIGCHLD);
}

const struct bounded_ops bounded_ldt_grow = {
	.name = "ldt-grow",
	.why = "an LDT grows while other CPUs use or have borrowed it",
	.items = "B-15 FORK-41 ORD-30",
	.cpus = 2,
	.arrivals = 2,
	.body = ldt_grow,
};

/* ---- fork and exec against changes -------------------------------------------------- */

static void new_image(void *arg)
{
	(void)arg;
	if (bounded_ldt_agrees())
		report_finding(FINDING_STRUCTURE, "FORK-46: a new program"
			       " begins with an LDT");
	if (!bounded_ldt_set(2, 8))
		bounded_ldt_expect(2, 8);
	bounded_exit();
}

static void ldt_child(void *arg)
{
	bounded_ldt_agrees();
	if (arg)
		bounded_ldt_expect(1, 5);
	if (!bounded_ldt_set(2, 7))
		bounded_ldt_expect(2, 7);
	if (bounded_pick(2))
		bounded_exec(new_image, NULL);
	bounded_exit();
}

static void writes_first(void *arg)
{
	(void)arg;
	if (!bounded_ldt_set(1, 5))
		bounded_ldt_expect(1, 5);
	bounded_exit();
}

/* With a table from the beginning, or with a thread that is making one. */
static void ldt_fork_main(void *arg)
{
	bool early = bounded_pick(2) && !bounded_ldt_set(1, 5);

	(void)arg;
	if (!early)
		bounded_thread(writes_first, NULL);
	bounded_clone(SIGCHLD, ldt_child, early ? &early : NULL);
	for (int i = 0; early && i < 4; i++) {
		bounded_ldt_expect(1, 5);
		bounded_yield();
	}
	bounded_exit();
}

static void ldt_fork(void)
{
	bounded_spawn(ldt_fork_main, NULL);
}

const struct bounded_ops bounded_ldt_fork = {
	.name = "ldt-fork",
	.why = "fork and exec of a process with an LDT, or about to get one",
	.items = "B-15 FORK-45 FORK-46",
	.cpus = 2,
	.fail_alloc = true,
	.body = ldt_fork,
};
