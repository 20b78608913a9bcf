// SPDX-License-Identifier: GPL-2.0-or-later
/* Page tables of all address spaces against the counts in struct page. */
#include <stdlib.h>

#include "locking/report.h"
#include "mm/fork.h"
#include "mm/page.h"
#include "mm/pgtable.h"
#include "stress/oracle.h"

#ifdef GEOMETRY_I386
#define TABLE_LEVELS 2
#else
#define TABLE_LEVELS 4
#endif

/* What the page tables say about one frame. */
struct frame_use {
	uint32_t mapped; /* present PTEs */
	uint32_t writable; /* of them, writable ones */
};

/*
 * Not instrumented: it reads every page table of the system, whose writers
 * have all stopped before the census began.
 */
static __no_instrument void count_table(const pteval_t *table, int level,
					unsigned int entries,
					struct frame_use *use)
{
	for (unsigned int i = 0; i < entries; i++) {
		pteval_t v = *(const volatile pteval_t *)&table[i];
		unsigned long pfn = (v & PTE_PFN_MASK) >> PAGE_SHIFT;

		if (!(v & (_PAGE_PRESENT | _PAGE_PROTNONE)) ||
		    pfn >= max_pfn)
			continue;
		if (level > 1) {
			count_table((const pteval_t *)(mem_base +
				    (pfn << PAGE_SHIFT)), level - 1,
				    PTRS_PER_PTE, use);
			continue;
		}
		use[pfn].mapped++;
		use[pfn].writable += (v & _PAGE_RW) != 0;
	}
}

static void check_frame(unsigned long pfn, const struct frame_use *use)
{
	const struct page *page = pfn_to_page(pfn);
	int mapcount = page_mapcount(page), count = page_count(page);
	int in_cache = !PageAnon(page) && READ_ONCE(page->mapping) != NULL;

	if (PageReserved(page) || frame_untouched(page))
		return;
	if (mapcount != (int)use->mapped)
		report_finding(FINDING_RMAP, "INV-14: frame %lu has mapcount"
			       " %d, expected %u present PTEs", pfn, mapcount,
			       use->mapped);
	if (use->mapped && count < mapcount + in_cache)
		report_finding(FINDING_REFCOUNT, "INV-15: frame %lu has count"
			       " %d, expected at least %d (mapcount %d, page"
			       " cache %d)", pfn, count, mapcount + in_cache,
			       mapcount, in_cache);
	if (use->writable && PageAnon(page) && use->mapped > 1)
		report_finding(FINDING_STRUCTURE, "INV-19: anonymous frame %lu"
			       " is mapped %u times, %u of them writable",
			       pfn, use->mapped, use->writable);
}

void census_pages(const struct census *c)
{
	struct frame_use *use = calloc(max_pfn, sizeof(*use));

	if (!use)
		return;
	for (unsigned int i = 0; i < c->nr; i++)
		if (atomic_read(&c->mms[i]->mm_users) > 0)
			count_table((const pteval_t *)c->mms[i]->pgd,
				    TABLE_LEVELS, USER_PTRS_PER_PGD, use);
	for (unsigned long pfn = 1; pfn < max_pfn; pfn++)
		if (use[pfn].mapped || page_mapped(pfn_to_page(pfn)))
			check_frame(pfn, &use[pfn]);
	free(use);
}
