// SPDX-License-Identifier: GPL-2.0-or-later
#include "mm/mmu.h"
#include "mm/mmu_context.h"
#include "mm/mmu_gather.h"
#include "tests/mm/machine_util.h"

TestSuite(mmu_gather, .timeout = 20);

/*
 * EXIT-35, EXIT-38: a page is queued with its reference, and freed only when
 * the CPUs that had its translation have flushed.
 */
MACHINE_TEST(mmu_gather, free_after_flush)
{
	struct mm_struct *mm = current->mm;
	struct page *page = get_zeroed_page(GFP_KERNEL);
	struct mmu_gather *tlb;
	unsigned long flags;

	local_irq_save(flags);
	tlb_insert(&this_cpu()->tlb, AT(0), pte_val(mk_pte(page, PAGE_SHARED)));
	local_irq_restore(flags);

	spin_lock(&mm->page_table_lock);
	tlb = tlb_gather_mmu(mm, false);
	tlb_remove_tlb_entry(tlb);
	tlb_remove_page(tlb, page);
	cr_expect_eq(page_count(page), 1);
	cr_expect(cached(0, AT(0)));
	tlb_finish_mmu(tlb, AT(0), AT(1));
	spin_unlock(&mm->page_table_lock);

	cr_expect_eq(page_count(page), 0);
	cr_expect_not(cached(0, AT(0)));
	expect_no_finding();
}

/* At FREE_PTE_NR pages the gather flushes by itself. */
MACHINE_TEST(mmu_gather, full)
{
	static struct page *pages[FREE_PTE_NR];
	struct mm_struct *mm = current->mm;
	struct mmu_gather *tlb;

	for (int i = 0; i < FREE_PTE_NR; i++)
		pages[i] = alloc_page(GFP_KERNEL);
	spin_lock(&mm->page_table_lock);
	tlb = tlb_gather_mmu(mm, false);
	for (int i = 0; i < FREE_PTE_NR; i++) {
		cr_expect_eq(page_count(pages[0]), 1);
		tlb_remove_page(tlb, pages[i]);
	}
	cr_expect_eq(page_count(pages[0]), 0);
	cr_expect_eq(tlb->nr, 0);
	tlb_finish_mmu(tlb, 0, TASK_SIZE);
	spin_unlock(&mm->page_table_lock);
}

/* freed comes off rss, clamped at 0. */
MACHINE_TEST(mmu_gather, rss)
{
	struct mm_struct *mm = current->mm;
	struct mmu_gather *tlb;

	spin_lock(&mm->page_table_lock);
	mm->rss = 3;
	tlb = tlb_gather_mmu(mm, true);
	cr_expect(tlb_is_full_mm(tlb));
	tlb->freed = 2;
	tlb_finish_mmu(tlb, 0, TASK_SIZE);
	cr_expect_eq(mm->rss, 1);
	tlb = tlb_gather_mmu(mm, true);
	tlb->freed = 5;
	tlb_finish_mmu(tlb, 0, TASK_SIZE);
	cr_expect_eq(mm->rss, 0);
	spin_unlock(&mm->page_table_lock);
}

/* Without a cleared PTE nothing is flushed. */
MACHINE_TEST(mmu_gather, nothing_to_do)
{
	struct mm_struct *mm = current->mm;

	draw("W");
	touch(0, 1);
	spin_lock(&mm->page_table_lock);
	tlb_finish_mmu(tlb_gather_mmu(mm, false), AT(0), AT(1));
	spin_unlock(&mm->page_table_lock);
	cr_expect(cached(0, AT(0)));
}

MACHINE_TEST(mmu_gather, table_page)
{
	struct mm_struct *mm = current->mm;
	struct page *table = pgtable_page_alloc();
	unsigned long before = nr_page_table_pages();
	struct mmu_gather *tlb;

	spin_lock(&mm->page_table_lock);
	tlb = tlb_gather_mmu(mm, false);
	tlb_remove_table(tlb, table);
	cr_expect_eq(nr_page_table_pages(), before);
	tlb_finish_mmu(tlb, 0, TASK_SIZE);
	spin_unlock(&mm->page_table_lock);
	cr_expect_eq(nr_page_table_pages(), before - 1);
}
