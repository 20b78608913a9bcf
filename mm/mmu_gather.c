// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * mmu_gather.c - clear PTEs, flush, and only then free (EXIT-38, ORD-21)
 *
 * The reference has a fast mode for one CPU that frees a page before the
 * flush, as nobody can use the translation meanwhile.  Here pages are queued
 * with one CPU too: the rule then has no exception for the oracle to know.
 */
#include "mm/cpu.h"
#include "mm/mmu_gather.h"
#include "mm/swap_state.h"
#include "mm/tlb.h"

static DEFINE_PER_CPU(struct mmu_gather, mmu_gathers);

struct mmu_gather *tlb_gather_mmu(struct mm_struct *mm, bool fullmm)
{
	struct mmu_gather *tlb = &__get_cpu_var(mmu_gathers);

	lockdep_assert_held(&mm->page_table_lock);
	mm_bug_on(tlb->mm, "gather of CPU %d opened twice: mm %p and %p",
		  smp_processor_id(), (void *)tlb->mm, (void *)mm);
	tlb->mm = mm;
	tlb->nr = 0;
	tlb->freed = 0;
	tlb->fullmm = fullmm;
	return tlb;
}

void tlb_flush_mmu(struct mmu_gather *tlb)
{
	unsigned int nr = tlb->nr;

	mm_bug_on(tlb != &__get_cpu_var(mmu_gathers),
		  "gather of another CPU used on CPU %d", smp_processor_id());
	if (!tlb->need_flush)
		return;
	tlb->need_flush = 0;
	flush_tlb_mm(tlb->mm);
	tlb->nr = 0;
	free_pages_and_swap_cache(tlb->pages, nr);
}

void tlb_finish_mmu(struct mmu_gather *tlb, uaddr_t start, uaddr_t end)
{
	struct mm_struct *mm = tlb->mm;

	lockdep_assert_held(&mm->page_table_lock);
	WRITE_ONCE(mm->rss, mm->rss - min(mm->rss, tlb->freed));
	tlb_flush_mmu(tlb);
	flush_tlb_pgtables(mm, start, end);
	tlb->mm = NULL;
}

void tlb_remove_page(struct mmu_gather *tlb, struct page *page)
{
	mm_bug_on(page_count(page) < 1, "page %lx gathered with count %d",
		  page_to_pfn(page), page_count(page)); /* INV-35 */
	tlb->need_flush = 1;
	tlb->pages[tlb->nr++] = page;
	if (tlb->nr == FREE_PTE_NR)
		tlb_flush_mmu(tlb);
}

void tlb_remove_table(struct mmu_gather *tlb, struct page *page)
{
	mm_bug_on(!PageTable(page), "page %lx is no page table",
		  page_to_pfn(page));
	tlb_remove_page(tlb, page);
}
