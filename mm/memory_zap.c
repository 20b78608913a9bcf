// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * memory_zap.c - clearing PTEs and freeing page tables
 *
 * EXIT-38: clear the entry, flush, then free.  The gather keeps each page's
 * reference until every CPU has acknowledged; the reverse map is told at once
 * (REF-8: _mapcount falls before _count).
 */
#include "mm/memory_zap.h"

#include "mm/filemap.h"
#include "mm/memory.h"
#include "mm/page.h"
#include "mm/pgtable.h"
#include "mm/rmap.h"
#include "mm/sched.h"
#include "mm/swap.h"
#include "mm/swapfile.h"
#include "mm/vma.h"

/* EXIT-36: PTEs looked at before others get a chance to have the ptl. */
#define ZAP_BLOCK_PTES 1024

/* The part of one VMA that has to go. */
struct zap_range {
	uaddr_t addr, end; /* addr moves on */
	struct zap_details *details; /* or NULL */
	long budget; /* PTEs left in this block */
};

/* Does truncation want to keep this page? */
static bool details_skip(const struct zap_details *details,
			 const struct page *page)
{
	if (details->check_mapping &&
	    READ_ONCE(page->mapping) != details->check_mapping)
		return true;
	if (!details->nonlinear_vma)
		return false;
	return READ_ONCE(page->index) < details->first_index ||
	       READ_ONCE(page->index) > details->last_index;
}

/* A nonlinear mapping remembers which page was here. */
static void details_leave_offset(const struct zap_details *details,
				 const struct page *page, uaddr_t addr,
				 pte_t *ptep)
{
	pgoff_t index = READ_ONCE(page->index);

	if (details->nonlinear_vma &&
	    vma_pgoff_of(details->nonlinear_vma, addr) != index)
		set_pte(ptep, pgoff_to_pte(index));
}

/* EXIT-34, present PTE. */
static inline void zap_present_pte(struct mmu_gather *tlb, pte_t *ptep,
				   pte_t pte, uaddr_t addr,
				   struct zap_details *details)
{
	struct page *page = pte_page(pte);

	if (page && PageReserved(page))
		page = NULL;
	if (unlikely(details) && page && details_skip(details, page))
		return;
	pte = ptep_get_and_clear(ptep);
	tlb_remove_tlb_entry(tlb);
	if (unlikely(!page))
		return;
	if (unlikely(details))
		details_leave_offset(details, page, addr, ptep);
	if (pte_dirty(pte))
		set_page_dirty(page);
	if (PageAnon(page))
		tlb->mm->anon_rss--;
	else if (pte_young(pte))
		mark_page_accessed(page);
	tlb->freed++;
	page_remove_rmap(page);
	tlb_remove_page(tlb, page);
}

static void zap_pte_range(struct mmu_gather *tlb, pmd_t *pmd, uaddr_t addr,
			  uaddr_t end, struct zap_details *details)
{
	pte_t *ptep = pte_offset(pmd, addr);

	for (; addr != end; addr += PAGE_SIZE, ptep++) {
		pte_t pte = ptep_get(ptep);

		if (pte_none(pte))
			continue;
		if (likely(pte_present(pte))) {
			zap_present_pte(tlb, ptep, pte, addr, details);
			continue;
		}
		if (unlikely(details))
			continue;
		if (!pte_file(pte))
			free_swap_and_cache(pte_to_swp_entry(pte));
		pte_clear(ptep);
	}
}

/* An empty slot costs as much of the budget as one PTE. */
static void zap_pmd_range(struct mmu_gather *tlb, pud_t *pud,
			  struct zap_range *z, uaddr_t end)
{
	pmd_t *pmd = pmd_offset(pud, z->addr);
	uaddr_t next;

	for (; z->addr != end && z->budget > 0; z->addr = next, pmd++) {
		next = pmd_addr_end(z->addr, end);
		z->budget--;
		if (pmd_none_or_clear_bad(pmd))
			continue;
		zap_pte_range(tlb, pmd, z->addr, next, z->details);
		z->budget -= (long)((next - z->addr) >> PAGE_SHIFT);
	}
}

static void zap_pud_range(struct mmu_gather *tlb, pgd_t *pgd,
			  struct zap_range *z, uaddr_t end)
{
	pud_t *pud = pud_offset(pgd, z->addr);
	uaddr_t next;

	for (; z->addr != end && z->budget > 0; pud++) {
		next = pud_addr_end(z->addr, end);
		z->budget--;
		if (pud_none_or_clear_bad(pud))
			z->addr = next;
		else
			zap_pmd_range(tlb, pud, z, next);
		if (z->addr != next)
			return;
	}
}

/* Go on at z->addr until the budget is spent or the range is done. */
static void unmap_page_range(struct mmu_gather *tlb, struct mm_struct *mm,
			     struct zap_range *z)
	__must_hold(&mm->page_table_lock)
{
	pgd_t *pgd = pgd_offset(mm, z->addr);
	uaddr_t next;

	for (; z->addr != z->end && z->budget > 0; pgd++) {
		next = pgd_addr_end(z->addr, z->end);
		z->budget--;
		if (pgd_none_or_clear_bad(pgd))
			z->addr = next;
		else
			zap_pud_range(tlb, pgd, z, next);
		if (z->addr != next)
			return;
	}
}

/*
 * EXIT-36: between blocks the gather is closed, so the ptl may be dropped.
 * Return: false if truncation has to stop here, as it holds i_mmap_lock.
 */
static bool zap_break(struct mmu_gather **tlbp, struct mm_struct *mm,
		      struct zap_range *z, uaddr_t start)
	__must_hold(&mm->page_table_lock)
{
	bool fullmm = tlb_is_full_mm(*tlbp), go_on = true;

	tlb_finish_mmu(*tlbp, start, z->addr);
	if (need_resched() || spin_needbreak(&mm->page_table_lock)) {
		if (z->details && z->details->i_mmap_locked) {
			z->details->break_addr = z->addr;
			go_on = false;
		} else {
			spin_unlock(&mm->page_table_lock);
			cond_resched();
			spin_lock(&mm->page_table_lock);
		}
	}
	*tlbp = tlb_gather_mmu(mm, fullmm);
	return go_on;
}

/* Return: false if truncation had to stop early. */
static bool zap_vma(struct mmu_gather **tlbp, struct mm_struct *mm,
		    struct zap_range *z) __must_hold(&mm->page_table_lock)
{
	for (;;) {
		uaddr_t start = z->addr;

		unmap_page_range(*tlbp, mm, z);
		if (z->addr == z->end)
			return true;
		if (!zap_break(tlbp, mm, z, start))
			return false;
		z->budget = ZAP_BLOCK_PTES;
	}
}

int unmap_vmas(struct mmu_gather **tlbp, struct mm_struct *mm,
	       struct unmap_request *req)
{
	struct zap_range z = { .details = req->details,
			       .budget = ZAP_BLOCK_PTES };
	struct vm_area_struct *vma;
	int touched = 0;

	lockdep_assert_held(&mm->page_table_lock);
	req->nr_accounted = 0;
	for (vma = req->vma; vma && vma->vm_start < req->end;
	     vma = vma->vm_next) {
		z.addr = max(vma->vm_start, req->start);
		z.end = min(vma->vm_end, req->end);
		if (z.addr >= z.end)
			continue;
		if (vma->vm_flags & VM_ACCOUNT)
			req->nr_accounted += (z.end - z.addr) >> PAGE_SHIFT;
		touched++;
		if (!zap_vma(tlbp, mm, &z))
			break;
	}
	return touched;
}

/*
 * Only ever one VMA: truncation comes without mmap_sem and must not follow
 * vm_next.
 */
uaddr_t zap_page_range(struct mm_struct *mm, struct vm_area_struct *vma,
		       uaddr_t start, unsigned long size,
		       struct zap_details *details)
{
	struct zap_range z = { .addr = start, .end = start + size,
			       .details = details,
			       .budget = ZAP_BLOCK_PTES };
	struct mmu_gather *tlb;

	mm_bug_on(start < vma->vm_start || z.end > vma->vm_end,
		  "zap of %#lx-%#lx in VMA %#lx-%#lx", start, z.end,
		  vma->vm_start, vma->vm_end);
	lru_add_drain();
	spin_lock(&mm->page_table_lock);
	tlb = tlb_gather_mmu(mm, false);
	zap_vma(&tlb, mm, &z);
	tlb_finish_mmu(tlb, start, z.addr);
	spin_unlock(&mm->page_table_lock);
	return z.addr;
}

/* ---- Page tables ------------------------------------------------------ */

/* Does [@addr, @end) cover all of a table of @size bytes' reach? */
static inline bool covers(uaddr_t addr, uaddr_t end, uaddr_t size)
{
	return !(addr & (size - 1)) && end - addr == size;
}

static void clear_pmd_range(struct mmu_gather *tlb, struct mm_struct *mm,
			    pud_t *pud, uaddr_t addr, uaddr_t end)
	__must_hold(&mm->page_table_lock)
{
	bool whole = covers(addr, end, PUD_SIZE);
	pmd_t *pmd = pmd_offset(pud, addr);
	struct page *table;
	uaddr_t next;

	for (; addr != end; addr = next, pmd++) {
		next = pmd_addr_end(addr, end);
		if (!covers(addr, next, PMD_SIZE) ||
		    pmd_none_or_clear_bad(pmd))
			continue;
		table = pmd_page(pmd_get(pmd));
		pmd_clear(pmd);
		mm->nr_ptes--;
		tlb_remove_table(tlb, table);
	}
	if (whole && !__PGTABLE_PMD_FOLDED) {
		table = pud_page(pud_get(pud));
		pud_clear(pud);
		tlb_remove_table(tlb, table);
	}
}

static void clear_pud_range(struct mmu_gather *tlb, struct mm_struct *mm,
			    pgd_t *pgd, uaddr_t addr, uaddr_t end)
	__must_hold(&mm->page_table_lock)
{
	bool whole = covers(addr, end, PGDIR_SIZE);
	pud_t *pud = pud_offset(pgd, addr);
	struct page *table;
	uaddr_t next;

	for (; addr != end; addr = next, pud++) {
		next = pud_addr_end(addr, end);
		if (!pud_none_or_clear_bad(pud))
			clear_pmd_range(tlb, mm, pud, addr, next);
	}
	if (whole && !__PGTABLE_PUD_FOLDED) {
		table = pgd_page(pgd_get(pgd));
		pgd_clear(pgd);
		tlb_remove_table(tlb, table);
	}
}

void clear_page_range(struct mmu_gather *tlb, struct mm_struct *mm,
		      uaddr_t start, uaddr_t end)
{
	pgd_t *pgd = pgd_offset(mm, start);
	uaddr_t next;

	lockdep_assert_held(&mm->page_table_lock);
	if (end >= TASK_SIZE)
		end = USER_PGTABLES_END;
	for (; start < end; start = next, pgd++) {
		next = pgd_addr_end(start, end);
		if (!pgd_none_or_clear_bad(pgd))
			clear_pud_range(tlb, mm, pgd, start, next);
	}
}

void free_pgtables(struct mmu_gather *tlb, struct mm_struct *mm,
		   struct vm_area_struct *prev, uaddr_t start, uaddr_t end)
{
	struct vm_area_struct *next = prev ? prev->vm_next : mm->mmap;
	uaddr_t first = start & PGDIR_MASK;
	uaddr_t last = (end + PGDIR_SIZE - 1) & PGDIR_MASK;

	if (prev)
		first = max(first, prev->vm_end);
	if (next)
		last = min(last, next->vm_start);
	/* MAP-22: without a boundary in between no table lies inside. */
	if (first >> PMD_SHIFT != last >> PMD_SHIFT)
		clear_page_range(tlb, mm, first, last);
}
