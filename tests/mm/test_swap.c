// SPDX-License-Identifier: GPL-2.0-or-later
#include "mm/page.h"
#include "tests/mm/vma_util.h"

TestSuite(swap, .init = boot_machine, .fini = stop_machine, .timeout = 30);

/* A page in a pagevec carries a reference until the CPU drains. */
Test(swap, pagevec)
{
	struct page *page = alloc_page(GFP_KERNEL);

	lru_add_drain();
	lru_cache_add(page);
	cr_expect_eq(page_count(page), 2);
	cr_expect_not(PageLRU(page));
	lru_add_drain();
	cr_expect_eq(page_count(page), 1);
	cr_expect(PageLRU(page));
	cr_expect_eq(lru_zone.nr_inactive, 1);
	put_page(page);
	cr_expect_eq(lru_zone.nr_inactive, 0);
}

Test(swap, a_full_pagevec_drains_itself)
{
	struct page *pages[PAGEVEC_SIZE];

	lru_add_drain();
	for (int i = 0; i < PAGEVEC_SIZE; i++) {
		pages[i] = alloc_page(GFP_KERNEL);
		lru_cache_add_active(pages[i]);
	}
	cr_expect_eq(lru_zone.nr_active, PAGEVEC_SIZE);
	release_pages(pages, PAGEVEC_SIZE);
	cr_expect_eq(lru_zone.nr_active, 0);
}

/* Referenced at the first use, active at the second. */
Test(swap, mark_page_accessed)
{
	struct page *page = alloc_page(GFP_KERNEL);

	lru_cache_add(page);
	lru_add_drain();
	mark_page_accessed(page);
	cr_expect(PageReferenced(page));
	cr_expect_not(PageActive(page));
	mark_page_accessed(page);
	cr_expect(PageActive(page));
	cr_expect_not(PageReferenced(page));
	cr_expect_eq(lru_zone.nr_active, 1);
	put_page(page);
}

/* OBJ-8 and more pages than one batch. */
Test(swap, release_pages)
{
	struct page *pages[40];
	unsigned long before = nr_free_pages();

	for (int i = 0; i < 40; i++)
		pages[i] = i % 4 ? alloc_page(GFP_KERNEL) : ZERO_PAGE(0);
	get_page(pages[1]);
	release_pages(pages, 40);
	cr_expect_eq(nr_free_pages(), before - 1);
	put_page(pages[1]);
	cr_expect_eq(nr_free_pages(), before);
}
