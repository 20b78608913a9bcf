// SPDX-License-Identifier: GPL-2.0-or-later
/* Kernel threads that do one thing each time they are asked. */
#include "mm/freezer.h"
#include "stress/daemon.h"
#include "tests/mm/life_util.h"

TestSuite(daemon, .timeout = 30, .init = life_boot, .fini = life_stop);

static struct stress_daemon d;
static int rounds; /* (a) */

static void count(void *arg)
{
	*(int *)arg += 1;
}

static void start(void)
{
	cr_assert_eq(daemon_start(&d, "counter", count, &rounds), 0);
	base_threads = nr_threads; /* for life_stop(): see end() */
}

static void end(void)
{
	daemon_stop(&d);
	sched_wait_quiet();
	base_threads--;
	cr_expect_eq(nr_threads, base_threads);
}

Test(daemon, does_it_when_asked)
{
	start();
	sched_wait_quiet();
	cr_expect_eq(rounds, 0);
	for (int i = 1; i <= 3; i++) {
		daemon_ask(&d);
		sched_wait_quiet();
		cr_expect_eq(rounds, i);
	}
	end();
	cr_expect_eq(rounds, 3);
}

/* What it is asked while the world stands still waits. */
Test(daemon, freezes)
{
	start();
	sched_wait_quiet();
	freeze_tasks();
	daemon_ask(&d);
	sched_wait_quiet();
	cr_expect_eq(rounds, 0);
	thaw_tasks();
	sched_wait_quiet();
	cr_expect_eq(rounds, 1);
	end();
}

/* A scenario without one need not care. */
Test(daemon, none_is_started)
{
	daemon_ask(&d);
	daemon_stop(&d);
	cr_expect_null(d.kthread);
}

/* No thread can be had: nothing is left. */
Test(daemon, start_without_memory)
{
	fault_inject_arm(1);
	cr_expect_eq(daemon_start(&d, "counter", count, &rounds), -ENOMEM);
	fault_inject_disarm();
	cr_expect_null(d.kthread);
}
