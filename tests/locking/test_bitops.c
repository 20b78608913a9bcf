// SPDX-License-Identifier: GPL-2.0-or-later
#include "locking/bitops.h"
#include "tests/locking/util.h"

TestSuite(bitops, .timeout = 20, .fini = assert_no_leaks);

#define BITS 130

Test(bitops, single_bits)
{
	DECLARE_BITMAP(map, BITS) = { 0 };

	set_bit(64, map);
	cr_assert(test_bit(64, map));
	cr_assert_not(test_bit(63, map));
	cr_assert(test_and_set_bit(64, map));
	cr_assert_not(test_and_set_bit(65, map));
	cr_assert(test_and_clear_bit(65, map));
	cr_assert_not(test_and_clear_bit(65, map));
	change_bit(64, map);
	cr_assert_not(test_bit(64, map));
	cr_assert_not(test_and_change_bit(129, map));
	cr_assert(test_bit_acquire(129, map));
	clear_bit_unlock(129, map);
	__set_bit(3, map);
	__clear_bit(3, map);
	cr_assert_eq(bitmap_weight(map, BITS), 0);
}

Test(bitops, search)
{
	static const unsigned int bits[] = { 0, 63, 64, 100, 129 };
	DECLARE_BITMAP(map, BITS) = { 0 };
	unsigned int bit, n = 0;

	cr_assert_eq(find_first_bit(map, BITS), BITS);
	for (unsigned int i = 0; i < ARRAY_SIZE(bits); i++)
		set_bit(bits[i], map);
	for_each_set_bit(bit, map, BITS)
		cr_assert_eq(bit, bits[n++]);
	cr_assert_eq(n, ARRAY_SIZE(bits));
	cr_assert_eq(bitmap_weight(map, BITS), ARRAY_SIZE(bits));
	cr_assert_eq(find_first_zero_bit(map, BITS), 1);
	cr_assert_eq(find_next_zero_bit(map, BITS, 63), 65);
	cr_assert_eq(find_next_bit(map, 129, 101), 129);
}

static unsigned long word;

/* Each thread owns one bit: none may be lost. */
static void *flip_own_bit(void *arg)
{
	unsigned int bit = (unsigned int)(unsigned long)arg;

	for (int i = 0; i < 1001; i++)
		change_bit(bit, &word);
	return NULL;
}

Test(bitops, neighbours_do_not_disturb)
{
	pthread_t t[4];

	for (unsigned long i = 0; i < 4; i++)
		t[i] = run(flip_own_bit, (void *)i);
	for (int i = 0; i < 4; i++)
		join(t[i]);
	cr_assert_eq(word, 0xf);
}
