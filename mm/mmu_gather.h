/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * mmu_gather.h - free pages only after the flush (EXIT-35 to EXIT-38)
 *
 * One gather per CPU.  It is valid only while the ptl is held continuously:
 * a task that holds a spinlock keeps its CPU, so nobody else can open it.
 */
#ifndef MM_MMU_GATHER_H
#define MM_MMU_GATHER_H

#include "mm/mm_types.h"

#define FREE_PTE_NR 506

struct mmu_gather {
	struct mm_struct *mm; /* (p) of that mm: NULL when not open */
	unsigned int nr; /* (p) pages queued */
	unsigned int need_flush; /* (p) a PTE has been cleared */
	unsigned int fullmm; /* (p) all of the mm goes */
	unsigned long freed; /* (p) rss to subtract at the end */
	struct page *pages[FREE_PTE_NR]; /* (p) each with a reference */
};

/**
 * tlb_gather_mmu() - open this CPU's gather
 * @mm: its page tables are going to be changed
 * @fullmm: all of them, at exit
 *
 * Context: @mm->page_table_lock.
 * Return: the gather; never NULL.
 */
struct mmu_gather *tlb_gather_mmu(struct mm_struct *mm, bool fullmm)
	__must_hold(&mm->page_table_lock);

/**
 * tlb_flush_mmu() - flush @tlb->mm if needed, then free what is queued
 * @tlb: gather
 *
 * Context: the ptl; interrupts enabled.
 */
void tlb_flush_mmu(struct mmu_gather *tlb);

/**
 * tlb_finish_mmu() - settle rss, flush, free, close
 * @tlb: gather
 * @start: first address unmapped
 * @end: end of the range
 *
 * Context: the ptl; interrupts enabled.
 */
void tlb_finish_mmu(struct mmu_gather *tlb, uaddr_t start, uaddr_t end);

/**
 * tlb_remove_page() - queue a page whose PTE has been cleared
 * @tlb: gather; takes over the PTE's reference
 * @page: page
 *
 * Context: the ptl; interrupts enabled.
 */
void tlb_remove_page(struct mmu_gather *tlb, struct page *page);

/**
 * tlb_remove_table() - queue a page-table page that has been unlinked
 * @tlb: gather
 * @page: from pgtable_page_alloc(); the caller settles nr_ptes
 *
 * Context: the ptl; interrupts enabled.
 */
void tlb_remove_table(struct mmu_gather *tlb, struct page *page);

/* A present PTE has been cleared: the flush at the end is needed. */
static inline void tlb_remove_tlb_entry(struct mmu_gather *tlb)
{
	tlb->need_flush = 1;
}

static inline bool tlb_is_full_mm(const struct mmu_gather *tlb)
{
	return tlb->fullmm;
}

#endif /* MM_MMU_GATHER_H */
