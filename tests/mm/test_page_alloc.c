// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/mm/machine_util.h"

TestSuite(page_alloc, .timeout = 20);

MACHINE_TEST(page_alloc, one_reference_and_clean_fields)
{
	struct page *page = alloc_page(GFP_KERNEL);

	cr_assert_not_null(page);
	cr_expect_eq(page_count(page), 1);
	cr_expect_eq(page_mapcount(page), 0);
	cr_expect_eq(page->flags, 0);
	cr_expect_null(page->mapping);
	cr_expect_eq(virt_to_page(page_address(page)), page);
	cr_expect_eq(pfn_to_page(page_to_pfn(page)), page);
	__free_page(page);
}

MACHINE_TEST(page_alloc, reuse_is_last_in_first_out)
{
	struct page *a = alloc_page(GFP_KERNEL), *b = alloc_page(GFP_KERNEL);

	__free_page(a);
	__free_page(b);
	cr_expect_eq(alloc_page(GFP_KERNEL), b);
	cr_expect_eq(alloc_page(GFP_KERNEL), a);
	__free_page(a);
	__free_page(b);
}

MACHINE_TEST(page_alloc, zeroed)
{
	struct page *page = alloc_page(GFP_KERNEL);
	const char *bytes = page_address(page);

	memset(page_address(page), 0x55, PAGE_SIZE);
	__free_page(page);
	cr_assert_eq(get_zeroed_page(GFP_KERNEL), page);
	for (size_t i = 0; i < PAGE_SIZE; i++)
		cr_assert_eq(bytes[i], 0);
	__free_page(page);
}

MACHINE_TEST(page_alloc, blocks_are_aligned_and_come_back)
{
	unsigned long before = nr_free_pages();

	for (unsigned int order = 0; order < MAX_ORDER; order++) {
		struct page *page = alloc_pages(GFP_KERNEL, order);

		cr_assert_not_null(page, "order %u", order);
		cr_expect_eq(page_to_pfn(page) & ((1UL << order) - 1), 0);
		cr_expect_eq(nr_free_pages(), before - (1UL << order));
		__free_pages(page, order);
		cr_expect_eq(nr_free_pages(), before);
	}
}

/* Everything taken and given back is whole again: buddies have merged. */
MACHINE_TEST(page_alloc, exhaustion_and_merging)
{
	static struct page *pages[8192];
	unsigned long before = nr_free_pages();
	struct page *block;
	int nr = 0;

	while ((pages[nr] = alloc_page(GFP_KERNEL)))
		nr++;
	cr_expect_gt(nr, (int)before - 200);
	cr_expect_null(alloc_pages(GFP_KERNEL, 1));
	cr_expect_not_null(pages[nr] = alloc_page(GFP_ATOMIC), "the reserve");
	while (nr >= 0)
		__free_page(pages[nr--]);
	drain_pages(this_cpu());
	cr_expect_eq(nr_free_pages(), before);
	block = alloc_pages(GFP_KERNEL, MAX_ORDER - 1);
	cr_assert_not_null(block);
	__free_pages(block, MAX_ORDER - 1);
}

MACHINE_TEST(page_alloc, fails_when_told_to)
{
	struct page *page;

	fault_inject_arm(1);
	cr_expect_null(alloc_page(GFP_KERNEL));
	fault_inject_arm(1);
	page = alloc_page(GFP_ATOMIC);
	cr_assert_not_null(page, "atomic allocations do not fail");
	fault_inject_disarm();
	__free_page(page);
}

/* OBJ-8 */
MACHINE_TEST(page_alloc, zero_page_is_never_freed)
{
	put_page(empty_zero_page);
	put_page(empty_zero_page);
	__free_page(empty_zero_page);
	cr_expect_eq(page_count(empty_zero_page), 1);
	cr_expect(PageReserved(empty_zero_page));
}

struct bad_state {
	int bit; /* flag left set, or -1 */
	int mapcount;
};

static const struct bad_state bad_states[] = {
	{ PG_lru, 0 }, { PG_private, 0 }, { PG_locked, 0 }, { PG_active, 0 },
	{ PG_reclaim, 0 }, { PG_slab, 0 }, { PG_swapcache, 0 },
	{ PG_writeback, 0 }, { -1, 1 },
};

/* OBJ-9, INV-32: reported, and the page is not used again. */
MACHINE_TEST(page_alloc, bad_page_state)
{
	for (size_t i = 0; i < ARRAY_SIZE(bad_states); i++) {
		const struct bad_state *bad = &bad_states[i];
		struct page *page = alloc_page(GFP_KERNEL), *next;

		if (bad->bit >= 0)
			set_bit((unsigned int)bad->bit, &page->flags);
		atomic_set(&page->_mapcount, bad->mapcount - 1);
		__free_page(page);
		expect_finding(FINDING_STRUCTURE, "bad page state");
		next = alloc_page(GFP_KERNEL);
		cr_expect_neq(next, page);
		__free_page(next);
		/* Now in order. */
		page->flags = 0;
		atomic_set(&page->_mapcount, -1);
		set_page_count(page, 1);
		__free_page(page);
	}
}

MACHINE_TEST(page_alloc, double_free)
{
	struct page *page = alloc_page(GFP_KERNEL);

	__free_page(page);
	__free_page(page);
	expect_finding(FINDING_STRUCTURE, "count -1");
	set_page_count(page, 0);
}

/* OBJ-7: the anon mapping goes with the page. */
MACHINE_TEST(page_alloc, anon_page)
{
	struct page *page = alloc_page(GFP_KERNEL);

	page->mapping = (void *)(0x1000 | PAGE_MAPPING_ANON);
	cr_expect(PageAnon(page));
	__free_page(page);
	expect_no_finding();
	cr_expect_null(page->mapping);
}
