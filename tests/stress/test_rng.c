// SPDX-License-Identifier: GPL-2.0-or-later
#include <criterion/criterion.h>

#include "stress/rng.h"

TestSuite(rng, .timeout = 10);

Test(rng, same_seed_same_stream)
{
	struct stress_rng a, b;

	rng_seed(&a, 42, 7);
	rng_seed(&b, 42, 7);
	for (int i = 0; i < 1000; i++)
		cr_assert_eq(rng_next(&a), rng_next(&b));
}

Test(rng, seeds_and_streams_differ)
{
	struct stress_rng a, b, c;
	int same = 0;

	rng_seed(&a, 42, 7);
	rng_seed(&b, 42, 8);
	rng_seed(&c, 43, 7);
	for (int i = 0; i < 1000; i++) {
		uint64_t x = rng_next(&a);

		same += x == rng_next(&b);
		same += x == rng_next(&c);
	}
	cr_assert_eq(same, 0);
}

Test(rng, below_stays_below_and_reaches_all)
{
	struct stress_rng rng;
	unsigned int seen = 0;

	rng_seed(&rng, 1, 0);
	for (int i = 0; i < 1000; i++) {
		uint32_t n = rng_below(&rng, 7);

		cr_assert_lt(n, 7);
		seen |= 1u << n;
	}
	cr_assert_eq(seen, 0x7f);
}

Test(rng, chance_is_about_right)
{
	struct stress_rng rng;
	int hits = 0;

	rng_seed(&rng, 5, 0);
	for (int i = 0; i < 10000; i++)
		hits += rng_chance(&rng, 1, 4);
	cr_assert(hits > 2200 && hits < 2800, "%d of 10000", hits);
}
