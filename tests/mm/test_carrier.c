// SPDX-License-Identifier: GPL-2.0-or-later
#include "mm/carrier.h"
#include "mm/exit.h"
#include "tests/mm/machine_util.h"

TestSuite(carrier, .timeout = 60);

static pthread_t host_thread[3];

static void note_thread(void *arg)
{
	host_thread[(long)arg] = pthread_self();
}

static struct carrier_stats now(void)
{
	struct carrier_stats stats;

	carrier_get_stats(&stats);
	return stats;
}

/* Until the threads of dead tasks are back in the pool. */
static void settle(void)
{
	while (now().in_use)
		seam_yield();
}

MACHINE_TEST(carrier, threads_are_reused)
{
	for (long i = 0; i < 3; i++) {
		cr_assert_gt(kernel_thread(note_thread, (void *)i,
					   SIGCHLD | CLONE_VM), 0);
		cr_expect_gt(sys_wait4(-1, NULL, 0), 0);
		settle();
	}
	cr_expect(pthread_equal(host_thread[0], host_thread[1]));
	cr_expect(pthread_equal(host_thread[0], host_thread[2]));
	cr_expect_eq(now().created, 1);
}

MACHINE_TEST(carrier, released_unused)
{
	struct carrier *c = carrier_reserve();

	cr_assert_not_null(c);
	cr_expect_eq(now().in_use, 1);
	carrier_release(c);
	cr_expect_eq(now().in_use, 0);
	cr_expect_eq(carrier_reserve(), c);
	carrier_release(c);
	carrier_release(NULL);
}

MACHINE_TEST(carrier, prefill)
{
	cr_expect_eq(carrier_prefill(5), 5);
	cr_expect_eq(now().created, 5);
	cr_expect_eq(now().in_use, 0);
	cr_expect_eq(carrier_prefill(3), 5);
}

MACHINE_TEST(carrier, fails_when_told_to)
{
	fault_inject_arm(1);
	cr_expect_null(carrier_reserve());
	fault_inject_disarm();
	cr_expect_eq(now().in_use, 0);
}
