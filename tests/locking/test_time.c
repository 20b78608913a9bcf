// SPDX-License-Identifier: GPL-2.0-or-later
#include "locking/time.h"
#include "tests/locking/util.h"

TestSuite(time, .timeout = 20, .fini = assert_no_leaks);

Test(time, ticks)
{
	unsigned long start = jiffies;

	jiffies_tick();
	jiffies_tick();
	cr_assert_eq(jiffies_read(), start + 2);
}

Test(time, comparison_survives_wrapping)
{
	unsigned long old = ~0UL - 1, new = 3;

	cr_assert(time_after(new, old));
	cr_assert(time_before(old, new));
	cr_assert_not(time_after(old, old));
	cr_assert(time_after_eq(old, old));
}
