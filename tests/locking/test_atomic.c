// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/locking/util.h"

TestSuite(atomic, .timeout = 20, .fini = assert_no_leaks);

Test(atomic, values)
{
	atomic_t v = ATOMIC_INIT(5);

	atomic_inc(&v);
	atomic_add(4, &v);
	atomic_dec(&v);
	atomic_sub(2, &v);
	cr_assert_eq(atomic_read(&v), 7);
	cr_assert_eq(atomic_inc_return(&v), 8);
	cr_assert_eq(atomic_dec_return(&v), 7);
	cr_assert_eq(atomic_add_return(3, &v), 10);
	cr_assert_eq(atomic_sub_return(9, &v), 1);
	cr_assert(atomic_dec_and_test(&v));
	cr_assert_not(atomic_dec_and_test(&v));
	cr_assert(atomic_inc_and_test(&v));
	cr_assert(atomic_add_negative(-1, &v));
	cr_assert_not(atomic_add_negative(1, &v));
	cr_assert_not(atomic_inc_not_zero(&v));
	atomic_set(&v, 3);
	cr_assert(atomic_inc_not_zero(&v));
	cr_assert_eq(atomic_xchg(&v, 9), 4);
	cr_assert_eq(atomic_cmpxchg(&v, 8, 1), 9);
	cr_assert_eq(atomic_cmpxchg(&v, 9, 1), 9);
	cr_assert(atomic_sub_and_test(1, &v));
}

Test(atomic, long_is_64_bits)
{
	atomic_long_t v = ATOMIC_LONG_INIT(0x7fffffffL);

	atomic_long_inc(&v);
	cr_assert_eq(atomic_long_read(&v), 0x80000000L);
	cr_assert_not(atomic_long_add_negative(1, &v));
}

static atomic_t shared;
static atomic_t zeroes;

static void *count_down(void *arg)
{
	(void)arg;
	for (int i = 0; i < 1000; i++) {
		if (atomic_dec_and_test(&shared))
			atomic_inc(&zeroes);
	}
	return NULL;
}

Test(atomic, one_sees_zero)
{
	pthread_t t[4];

	atomic_set(&shared, 4000);
	for (int i = 0; i < 4; i++)
		t[i] = run(count_down, NULL);
	for (int i = 0; i < 4; i++)
		join(t[i]);
	cr_assert_eq(atomic_read(&shared), 0);
	cr_assert_eq(atomic_read(&zeroes), 1);
}

Test(atomic, data_race_reads_every_size)
{
	unsigned char c = 200;
	short s = -3;
	int i = -70000;
	long l = -(1L << 40);
	char *p = (char *)&l;

	cr_assert_eq(data_race(c), 200);
	cr_assert_eq(data_race(s), -3);
	cr_assert_eq(data_race(i), -70000);
	cr_assert_eq(data_race(l), -(1L << 40));
	cr_assert_eq(data_race(p), (char *)&l);
}

Test(atomic, error_pointers)
{
	cr_assert(IS_ERR(ERR_PTR(-12)));
	cr_assert_eq(PTR_ERR(ERR_PTR(-12)), -12);
	cr_assert_not(IS_ERR(&shared));
	cr_assert_not(IS_ERR(NULL));
	cr_assert(IS_ERR_OR_NULL(NULL));
}
