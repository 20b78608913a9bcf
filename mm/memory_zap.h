/* SPDX-License-Identifier: GPL-2.0-or-later */
/* memory_zap.h - removing mappings and page tables (EXIT-33 to EXIT-41) */
#ifndef MM_MEMORY_ZAP_H
#define MM_MEMORY_ZAP_H

#include "mm/mm_types.h"
#include "mm/mmu_gather.h"

/* End of the range whose page tables belong to the user. */
#define USER_PGTABLES_END ((uaddr_t)USER_PTRS_PER_PGD * PGDIR_SIZE)

/* What truncation wants zapped; everything if there is none. */
struct zap_details {
	struct vm_area_struct *nonlinear_vma; /* filter by page->index */
	struct address_space *check_mapping; /* only its pages, no COWs */
	pgoff_t first_index, last_index; /* pages, inclusive */
	bool i_mmap_locked; /* stop rather than drop ptl for others */
	uaddr_t break_addr; /* out: where it stopped */
};

/* One call of unmap_vmas(). */
struct unmap_request {
	struct vm_area_struct *vma; /* first VMA to look at */
	uaddr_t start, end; /* bytes; parts of VMAs inside */
	struct zap_details *details; /* or NULL */
	unsigned long nr_accounted; /* out: pages of VM_ACCOUNT VMAs */
};

/**
 * unmap_vmas() - clear the PTEs of a run of VMAs (EXIT-33, EXIT-36)
 * @tlbp: the open gather; another one on return, as ptl may be dropped
 * @mm: address space
 * @req: range; details->break_addr tells where a truncation had to stop
 *
 * Context: mm->page_table_lock held, dropped and retaken between blocks.
 * Return: number of VMAs touched.
 */
int unmap_vmas(struct mmu_gather **tlbp, struct mm_struct *mm,
	       struct unmap_request *req)
	__must_hold(&mm->page_table_lock);

/**
 * zap_page_range() - clear the PTEs of part of one VMA
 * @mm: vma->vm_mm
 * @vma: VMA
 * @start: first byte
 * @size: bytes
 * @details: truncation's filter or NULL
 *
 * Context: the VMA is kept by mmap_sem, or by i_mmap_lock
 *	(details->i_mmap_locked); takes ptl.
 * Return: where it stopped: @start + @size if all is done.
 */
uaddr_t zap_page_range(struct mm_struct *mm, struct vm_area_struct *vma,
		       uaddr_t start, unsigned long size,
		       struct zap_details *details);

/**
 * clear_page_range() - free the page tables that lie inside a range
 * @tlb: open gather of @mm
 * @mm: address space
 * @start: first byte
 * @end: behind the last byte; TASK_SIZE or more means all user tables
 *
 * Tables only partly inside stay (EXIT-41).  No PTE may be left in those
 * that go.
 *
 * Context: mm->page_table_lock held.
 */
void clear_page_range(struct mmu_gather *tlb, struct mm_struct *mm,
		      uaddr_t start, uaddr_t end)
	__must_hold(&mm->page_table_lock);

/**
 * free_pgtables() - free the page tables of an unmapped range (MAP-22)
 * @tlb: open gather of @mm
 * @mm: address space, the VMAs of the range are off its list
 * @prev: VMA before the range, or NULL
 * @start: first byte
 * @end: behind the last byte
 *
 * Extends the range to table boundaries, up to the remaining neighbours.
 *
 * Context: mmap_sem for writing, mm->page_table_lock held.
 */
void free_pgtables(struct mmu_gather *tlb, struct mm_struct *mm,
		   struct vm_area_struct *prev, uaddr_t start, uaddr_t end)
	__must_hold(&mm->page_table_lock);

#endif /* MM_MEMORY_ZAP_H */
