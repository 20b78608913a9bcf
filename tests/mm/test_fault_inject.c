// SPDX-License-Identifier: GPL-2.0-or-later
#include <criterion/criterion.h>

#include "mm/fault_inject.h"

TestSuite(fault_inject, .timeout = 10);

Test(fault_inject, not_armed_never_fails)
{
	for (int i = 0; i < 100; i++)
		cr_assert_not(should_fail_alloc());
	cr_assert_eq(fault_inject_hits(), 0);
}

Test(fault_inject, fails_the_nth_only)
{
	fault_inject_arm(3);
	cr_assert_not(should_fail_alloc());
	cr_assert_not(should_fail_alloc());
	cr_assert_eq(fault_inject_hits(), 0);
	cr_assert(should_fail_alloc());
	cr_assert_eq(fault_inject_hits(), 1);
	cr_assert_not(should_fail_alloc());
	cr_assert_eq(fault_inject_hits(), 1);
}

Test(fault_inject, disarm)
{
	fault_inject_arm(1);
	fault_inject_disarm();
	cr_assert_not(should_fail_alloc());
	fault_inject_arm(1);
	cr_assert(should_fail_alloc());
	fault_inject_arm(0);
	cr_assert_eq(fault_inject_hits(), 0);
}
