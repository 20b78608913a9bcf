// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/mm/machine_util.h"

TestSuite(boot, .timeout = 60);

static const int sizes[] = { 1, 2, 64, NR_CPUS };

/* Up and down, several times in one process, leaving nothing behind. */
Test(boot, sizes)
{
	set_finding_sink(note_finding);
	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
		struct boot_params params = {
			.nr_cpus = sizes[i], .ram_frames = 32768,
		};

		cr_assert_eq(start_kernel(&params), 0);
		cr_expect_eq(nr_cpu_ids, sizes[i]);
		cr_expect_eq(current->pid, 1);
		cr_expect_null(current->mm);
		cr_expect_eq(smp_processor_id(), 0);
		stop_kernel();
		cr_expect_null(current);
		expect_no_finding();
	}
	cr_expect_eq(leaks_found(), 0);
}

Test(boot, defaults)
{
	struct boot_params params = { 0 };

	set_finding_sink(note_finding);
	cr_assert_eq(start_kernel(&params), 0);
	cr_expect_eq(nr_cpu_ids, 64);
	stop_kernel();
	expect_no_finding();
}

Test(boot, bad_sizes)
{
	struct boot_params cpus_bad = { .nr_cpus = NR_CPUS + 1 };
	struct boot_params ram_bad = { .ram_frames = 10 };

	set_finding_sink(note_finding);
	cr_expect_eq(start_kernel(&cpus_bad), -EINVAL);
	cr_expect_eq(start_kernel(&ram_bad), -EINVAL);
	expect_no_finding();
	cr_expect_eq(leaks_found(), 0);
}

/* Each allocation fails in turn: boot fails cleanly, or comes up whole. */
Test(boot, allocation_failures)
{
	struct boot_params params = {
		.nr_cpus = 2, .ram_frames = 4096, .aio_workers = 1,
	};
	unsigned long n;
	int err;

	set_finding_sink(note_finding);
	for (n = 1;; n++) {
		fault_inject_arm(n);
		err = start_kernel(&params);
		if (!fault_inject_hits())
			break;
		fault_inject_disarm();
		if (!err)
			stop_kernel();
		expect_no_finding();
	}
	fault_inject_disarm();
	cr_expect_eq(err, 0);
	cr_expect_gt(n, 1);
	stop_kernel();
	cr_expect_eq(leaks_found(), 0);
}
