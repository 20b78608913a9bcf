// SPDX-License-Identifier: GPL-2.0-or-later
#include <criterion/criterion.h>
#include <pthread.h>

#include "stress/overlap.h"

TestSuite(overlap, .timeout = 20);

struct span {
	uint64_t place, begun;
	unsigned int what, met;
};

static void *end_span(void *arg)
{
	struct span *s = arg;

	s->met = overlap_end(s->place, s->what, s->begun);
	return NULL;
}

/* Another thread ends what it began at @begun. */
static unsigned int elsewhere(uint64_t place, unsigned int what,
			      uint64_t begun)
{
	struct span s = { place, begun, what, 0 };
	pthread_t thread;

	cr_assert_eq(pthread_create(&thread, NULL, end_span, &s), 0);
	pthread_join(thread, NULL);
	return s.met;
}

Test(overlap, one_after_the_other)
{
	uint64_t first = overlap_begin();

	cr_expect_eq(overlap_end(1, 7, first), 0);
	cr_expect_eq(elsewhere(1, 7, overlap_begin()), 0);
}

Test(overlap, at_the_same_time)
{
	uint64_t first = overlap_begin(), second = overlap_begin();
	uint64_t third = overlap_begin();

	cr_expect_eq(overlap_end(1, 7, first), 0);
	cr_expect_eq(elsewhere(1, 7, second), OVERLAP_SAME);
	cr_expect_eq(elsewhere(1, 8, third), OVERLAP_OTHER);
}

Test(overlap, a_thread_does_not_meet_itself)
{
	uint64_t first = overlap_begin(), second = overlap_begin();

	cr_expect_eq(overlap_end(1, 7, first), 0);
	cr_expect_eq(overlap_end(1, 8, second), 0);
}

/* More places than the table has rows: a row changes hands, empty. */
Test(overlap, elsewhere_at_the_same_time)
{
	for (uint64_t place = 2; place < 3000; place++) {
		uint64_t begun = overlap_begin();

		cr_assert_eq(overlap_end(place, 7, begun), 0);
	}
	cr_expect_eq(elsewhere(1, 7, 1), 0);
}
