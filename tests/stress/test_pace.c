// SPDX-License-Identifier: GPL-2.0-or-later
#include <criterion/criterion.h>

#include "stress/pace.h"

TestSuite(pace, .timeout = 10);

/* Enough is done between any two looks: nobody needs to wait for longer. */
Test(pace, fast)
{
	struct pace p = { 0 };

	cr_expect_eq(pace_look(&p, 0, 100), 0);
	for (uint64_t now = 1000; now < 1000000; now += 1000)
		cr_expect_eq(pace_look(&p, now, 100), 0);
}

/* A tenth of it: ten intervals, one of them this one. */
Test(pace, crawling)
{
	struct pace p = { 0 };
	unsigned int back = 0;

	for (uint64_t now = 0; now <= 5000; now += 10)
		back = pace_look(&p, now, 100);
	cr_expect_eq(back, 9);
	/* It gets faster: the limit falls at once. */
	cr_expect_eq(pace_look(&p, 6000, 100), 0);
}

/* Nothing at all: as far back as is remembered, and no further. */
Test(pace, standing)
{
	struct pace p = { 0 };

	for (unsigned int n = 0; n < 3 * PACE_LOOKS; n++)
		cr_expect_eq(pace_look(&p, 42, 100),
			     n < PACE_LOOKS ? n : PACE_LOOKS);
}
