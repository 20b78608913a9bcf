// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/mm/machine_util.h"

TestSuite(uaccess, .timeout = 20);

MACHINE_TEST(uaccess, all_sizes)
{
	uint8_t b = 0;
	uint16_t h = 0;
	uint32_t w = 0;
	uint64_t d = 0;

	draw("W");
	cr_expect_eq(user_write64(AT(0), 0x1122334455667788), 0);
	cr_expect_eq(user_read64(AT(0), &d), 0);
	cr_expect_eq(d, 0x1122334455667788);
	cr_expect_eq(user_read32(AT(0) + 4, &w), 0);
	cr_expect_eq(w, 0x11223344);
	cr_expect_eq(user_read16(AT(0) + 2, &h), 0);
	cr_expect_eq(h, 0x5566);
	cr_expect_eq(user_read8(AT(0) + 7, &b), 0);
	cr_expect_eq(b, 0x11);
	cr_expect_eq(user_write8(AT(0), 1), 0);
	cr_expect_eq(user_write16(AT(0) + 2, 2), 0);
	cr_expect_eq(user_write32(AT(0) + 4, 3), 0);
	cr_expect_eq(user_read64(AT(0), &d), 0);
	cr_expect_eq(d, 0x0000000300027701);
}

MACHINE_TEST(uaccess, compare_and_exchange)
{
	uint64_t old = 5;
	uint32_t old32 = 0;

	draw("W");
	touch(0, 5);
	cr_expect_eq(user_cmpxchg64(AT(0), &old, 6), 1);
	cr_expect_eq(peek(0), 6);
	cr_expect_eq(user_cmpxchg64(AT(0), &old, 7), 0);
	cr_expect_eq(old, 6);
	cr_expect_eq(user_cmpxchg32(AT(0) + 4, &old32, 1), 1);
	cr_expect_eq(peek(0), (1UL << 32) + 6);
}

/* Lengths and alignments around words and pages, with guards on both sides. */
MACHINE_TEST(uaccess, copies)
{
	static char out[2 * PAGE_SIZE], in[2 * PAGE_SIZE];

	draw("WWW");
	for (size_t i = 0; i < sizeof(out); i++)
		out[i] = (char)(i * 7 + 1);
	for (unsigned long at = PAGE_SIZE - 9; at < PAGE_SIZE + 2; at++) {
		for (unsigned long n = 0; n < 40; n++) {
			uaddr_t addr = BASE + at;

			cr_expect_eq(clear_user(addr - 8, n + 16), 0);
			cr_expect_eq(copy_to_user(addr, out, n), 0);
			cr_expect_eq(copy_from_user(in, addr - 8, n + 16), 0);
			cr_assert_eq(memcmp(in + 8, out, n), 0);
			cr_assert_eq(in[7] | in[8 + n], 0, "%lu %lu", at, n);
		}
	}
	cr_expect_eq(copy_to_user(AT(0), out, sizeof(out)), 0);
	cr_expect_eq(copy_from_user(in, AT(0), sizeof(in)), 0);
	cr_expect_eq(memcmp(in, out, sizeof(in)), 0);
}

/* What cannot be copied is counted, and cleared in the kernel's buffer. */
MACHINE_TEST(uaccess, partial_copy)
{
	char buf[64];

	draw("W");
	touch(0, 1);
	memset(buf, 0x55, sizeof(buf));
	cr_expect_eq(copy_from_user(buf, AT(1) - 24, sizeof(buf)), 40);
	cr_expect_eq(buf[23], 0);
	cr_expect_eq(buf[63], 0);
	cr_expect_eq(copy_to_user(AT(1) - 24, buf, sizeof(buf)), 40);
}

MACHINE_TEST(uaccess, bad_addresses)
{
	uint64_t v = 9;

	cr_expect_eq(get_user64(&v, AT(0)), -EFAULT);
	cr_expect_eq(v, 0);
	cr_expect_eq(put_user32(1, AT(0)), -EFAULT);
	cr_expect_eq(put_user64(1, TASK_SIZE - 4), -EFAULT);
	cr_expect_eq(copy_to_user(-8UL, &v, 8), 8);
	cr_expect(access_ok(TASK_SIZE - 8, 8));
	cr_expect_not(access_ok(TASK_SIZE - 7, 8));
	cr_expect_not(access_ok(8, -8UL));
}

/* FLT-9: an atomic copy does not fault the page in. */
MACHINE_TEST(uaccess, inatomic)
{
	uint32_t v = 1;

	draw("W");
	cr_expect_eq(get_user32_inatomic(&v, AT(0)), -EFAULT);
	cr_expect_eq(current->mm->rss, 0);
	touch(0, 3);
	cr_expect_eq(get_user32_inatomic(&v, AT(0)), 0);
	cr_expect_eq(v, 3);
	v = 4;
	cr_expect_eq(copy_to_user_inatomic(AT(0), &v, 4), 0);
	cr_expect_eq(peek(0), 4);
}

MACHINE_TEST(uaccess, copy_of_a_page)
{
	struct page *a = alloc_page(GFP_KERNEL), *b = alloc_page(GFP_KERNEL);

	memset(page_address(a), 0x3c, PAGE_SIZE);
	copy_user_page(b, a);
	cr_expect_eq(memcmp(page_address(a), page_address(b), PAGE_SIZE), 0);
	__free_page(a);
	__free_page(b);
}
