// SPDX-License-Identifier: GPL-2.0-or-later
#include "mm/exit.h"
#include "mm/freezer.h"
#include "mm/wait.h"
#include "tests/mm/machine_util.h"

TestSuite(freezer, .timeout = 60);

#define COUNTERS 6
static unsigned long counter[COUNTERS];
static int stop;

static void count(void *arg)
{
	unsigned long *mine = arg;

	while (!READ_ONCE(stop)) {
		WRITE_ONCE(*mine, *mine + 1);
		try_to_freeze();
		yield();
	}
}

static void boot_counters(int nr_cpus)
{
	const struct boot_params params = {
		.nr_cpus = nr_cpus, .ram_frames = 8192,
	};

	set_finding_sink(note_finding);
	cr_assert_eq(start_kernel(&params), 0);
	for (int i = 0; i < COUNTERS; i++)
		cr_assert_gt(kernel_thread(count, &counter[i], SIGCHLD), 0);
}

static void stop_counters(void)
{
	WRITE_ONCE(stop, 1);
	for (int i = 0; i < COUNTERS; i++)
		cr_expect_gt(sys_wait4(-1, NULL, 0), 0);
	stop_kernel();
	expect_no_finding();
}

/* Frozen tasks may be read without a lock: nothing moves until the thaw. */
static void freeze_again_and_again(int nr_cpus)
{
	unsigned long last = 0;

	boot_counters(nr_cpus);
	for (int round = 0; round < 50; round++) {
		unsigned long sum[2] = { 0, 0 };

		freeze_tasks();
		cr_expect_eq(sched_nr_active(), 1);
		for (int look = 0; look < 2; look++)
			for (int i = 0; i < COUNTERS; i++)
				sum[look] += counter[i];
		cr_expect_eq(sum[0], sum[1]);
		cr_expect_geq(sum[0], last);
		last = sum[0];
		thaw_tasks();
		yield();
	}
	cr_expect_gt(last, 0);
	stop_counters();
}

Test(freezer, one_cpu)
{
	freeze_again_and_again(1);
}

Test(freezer, fewer_cpus_than_tasks)
{
	freeze_again_and_again(3);
}

Test(freezer, more_cpus_than_tasks)
{
	freeze_again_and_again(16);
}

static struct wait_queue_head q;
static int go;

static void sleep_on_q(void *arg)
{
	(void)arg;
	wait_event(&q, READ_ONCE(go));
}

/* A sleeper counts as stopped where it is, and goes on afterwards. */
Test(freezer, sleeper)
{
	const struct boot_params params = { .nr_cpus = 2, .ram_frames = 8192 };

	set_finding_sink(note_finding);
	cr_assert_eq(start_kernel(&params), 0);
	init_waitqueue_head(&q);
	cr_assert_gt(kernel_thread(sleep_on_q, NULL, SIGCHLD), 0);
	freeze_tasks();
	thaw_tasks();
	WRITE_ONCE(go, 1);
	wake_up(&q);
	cr_expect_gt(sys_wait4(-1, NULL, 0), 0);
	stop_kernel();
	expect_no_finding();
}
