// SPDX-License-Identifier: GPL-2.0-or-later
#include "locking/seqcount.h"
#include "tests/locking/util.h"

TestSuite(seqcount, .timeout = 20, .fini = assert_no_leaks);

static seqcount_t seq = SEQCNT_ZERO;
static unsigned long lo, hi;
static int stop;

static void *writer(void *arg)
{
	(void)arg;
	for (unsigned long i = 1; !READ_ONCE(stop); i++) {
		write_seqcount_begin(&seq);
		WRITE_ONCE(lo, i);
		WRITE_ONCE(hi, ~i);
		write_seqcount_end(&seq);
	}
	return NULL;
}

/* PRIM-27: the two halves always belong together. */
Test(seqcount, never_torn)
{
	pthread_t t;
	unsigned long a, b;
	unsigned int s;

	hi = ~0UL;
	t = run(writer, NULL);
	for (int i = 0; i < 20000; i++) {
		do {
			s = read_seqcount_begin(&seq);
			a = READ_ONCE(lo);
			b = READ_ONCE(hi);
		} while (read_seqcount_retry(&seq, s));
		cr_assert_eq(a, ~b);
	}
	WRITE_ONCE(stop, 1);
	join(t);
}

Test(seqcount, reader_retries_after_a_writer)
{
	unsigned int s = read_seqcount_begin(&seq);

	cr_assert_not(read_seqcount_retry(&seq, s));
	write_seqcount_begin(&seq);
	cr_assert(read_seqcount_retry(&seq, s));
	write_seqcount_end(&seq);
	cr_assert(read_seqcount_retry(&seq, s));
}
