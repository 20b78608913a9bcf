// SPDX-License-Identifier: GPL-2.0-or-later
/* Bounded scenarios of local descriptor tables. */
#include <signal.h>
#include <linux/sched.h>

#include "locking/report.h"
#include "mm/fork.h"
#include "mm/sched.h"
#include "stress/bounded.h"

#define FAR_ENTRY 600 /* in a table of twice the size */

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
