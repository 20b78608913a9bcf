// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/mm/machine_util.h"

TestSuite(kmalloc, .timeout = 20);

MACHINE_TEST(kmalloc, every_size)
{
	long before = kmalloc_live();

	for (size_t size = 1; size <= KMALLOC_MAX_SIZE; size += size / 3 + 1) {
		char *p = kzalloc(size, GFP_KERNEL);

		cr_assert_not_null(p, "%zu", size);
		cr_expect_eq((uintptr_t)p % 16, 0);
		cr_expect_eq(p[0], 0);
		cr_expect_eq(p[size - 1], 0);
		memset(p, 0x77, size);
		cr_expect_eq(kmalloc_live(), before + 1);
		kfree(p);
		cr_expect_eq(kmalloc_live(), before);
	}
}

MACHINE_TEST(kmalloc, too_large)
{
	cr_expect_null(kmalloc(KMALLOC_MAX_SIZE + 1, GFP_KERNEL));
}

MACHINE_TEST(kmalloc, free_of_nothing)
{
	kfree(NULL);
}

MACHINE_TEST(kmalloc, fails_when_told_to)
{
	fault_inject_arm(1);
	cr_expect_null(kmalloc(10, GFP_KERNEL));
	fault_inject_arm(1);
	cr_expect_null(kmalloc(100000, GFP_KERNEL));
	fault_inject_disarm();
}
