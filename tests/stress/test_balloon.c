// SPDX-License-Identifier: GPL-2.0-or-later
#include "stress/balloon.h"
#include "mm/swap.h"
#include "mm/swapfile.h"
#include "mm/vmscan.h"
#include "tests/mm/machine_util.h"

TestSuite(balloon, .timeout = 30);

/* What user programs have touched is found wherever it is. */
MACHINE_TEST(balloon, measure)
{
	struct user_memory m;

	balloon_init();
	cr_assert_eq(sys_swapon(128, 0), 0);
	map_fixed(0, 64, RW);
	for (unsigned int i = 0; i < 64; i++)
		touch(i, i + 1);
	lru_add_drain();
	balloon_measure(&m);
	cr_expect_eq(m.resident, 64);
	cr_expect_eq(m.swapped, 0);
	current->flags |= PF_MEMALLOC;
	for (int i = 0; i < 8; i++)
		try_to_free_pages(GFP_KERNEL);
	current->flags &= ~(unsigned long)PF_MEMALLOC;
	balloon_measure(&m);
	cr_expect_gt(m.swapped, 0);
	cr_expect_eq(m.resident + m.swapped, 64, "%lu in memory, %lu in swap",
		     m.resident, m.swapped);
}

/* Too much in memory: all that is free goes, but not the whole reserve. */
MACHINE_TEST(balloon, takes_and_gives)
{
	const struct user_memory most = { .resident = 60, .swapped = 40 };
	const struct user_memory few = { .resident = 10, .swapped = 90 };
	unsigned long free = nr_free_pages(), taken;

	balloon_init();
	balloon_adjust(&most, 60); /* as it should be, and memory is free */
	cr_expect_eq(balloon_pages(), 0);
	balloon_adjust(&most, 59);
	taken = balloon_pages();
	cr_expect_gt(taken, 0);
	cr_expect_eq(nr_free_pages(), free - taken);
	cr_expect_not(zone_balanced());
	cr_expect_gt(zone_free_pages(), 0);
	balloon_adjust(&few, 30); /* 20 pages are missing */
	cr_expect_eq(balloon_pages(), taken - 20);
	balloon_give();
	cr_expect_lt(balloon_pages(), taken - 20);
	taken = balloon_pages();
	cr_expect_eq(balloon_relax(500), taken - balloon_pages());
	cr_expect_geq(zone_free_pages(), 500);
	cr_expect_lt(zone_free_pages(), 1000);
	taken = balloon_pages();
	cr_expect_eq(balloon_relax(500), 0);
	cr_expect_eq(balloon_pages(), taken);
	balloon_release();
	cr_expect_eq(balloon_pages(), 0);
	cr_expect_eq(nr_free_pages(), free);
	balloon_give();
	cr_expect_eq(nr_free_pages(), free);
}
