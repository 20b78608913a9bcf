// SPDX-License-Identifier: GPL-2.0-or-later
#include <criterion/criterion.h>

#include "stress/machinery.h"

TestSuite(machinery, .timeout = 10);

Test(machinery, locks_sleeps_and_switches)
{
	static const char *const names[] = {
		"spin_lock_at", "_spin_unlock", "raw_spin_lock_slow",
		"read_lock_at", "write_unlock_irq", "down_read_at", "up",
		"up_write", "lock_acquired", "carrier_wait", "rq_activate",
		"schedule", "kmem_cache_alloc",
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		cr_expect(is_machinery(names[i]), "%s", names[i]);
}

/* What is named like them, and says what a thread is at. */
Test(machinery, not_what_the_kernel_does_with_them)
{
	static const char *const names[] = {
		"lock_slot_page", "lock_for_attach", "lock_page",
		"read_swap_cache_async", "write_core", "switch_mm",
		"schedule_timeout", "sys_wait4", "up2", "sched_init",
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		cr_expect_not(is_machinery(names[i]), "%s", names[i]);
}
