/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * memory.h - page tables filled by faults; includes copying, zapping,
 * truncation and get_user_pages()
 */
#ifndef MM_MEMORY_H
#define MM_MEMORY_H

#include "mm/gup.h"
#include "mm/memory_copy.h"
#include "mm/memory_truncate.h"
#include "mm/memory_zap.h"
#include "mm/mm_types.h"

/* FLT-7: results of handle_mm_fault(). */
enum {
	VM_FAULT_OOM = -1,
	VM_FAULT_SIGBUS = 0,
	VM_FAULT_MINOR = 1,
	VM_FAULT_MAJOR = 2,
};

/**
 * pud_alloc() - the upper-directory entry of an address (CPR-3)
 * @mm: address space
 * @pgd: its directory entry
 * @addr: address
 *
 * Context: mm->page_table_lock held, dropped and retaken if a table must be
 *	allocated.  May sleep.
 * Return: entry, or NULL without memory.
 */
pud_t *pud_alloc(struct mm_struct *mm, pgd_t *pgd, uaddr_t addr)
	__must_hold(&mm->page_table_lock);

/**
 * pmd_alloc() - the middle-directory entry of an address
 * @mm: address space
 * @pud: its upper-directory entry
 * @addr: address
 *
 * Context: as pud_alloc().
 * Return: entry, or NULL without memory.
 */
pmd_t *pmd_alloc(struct mm_struct *mm, pud_t *pud, uaddr_t addr)
	__must_hold(&mm->page_table_lock);

/**
 * pte_alloc_map() - the page-table entry of an address; counts nr_ptes
 * @mm: address space
 * @pmd: its middle-directory entry
 * @addr: address
 *
 * Context: as pud_alloc().
 * Return: entry, or NULL without memory.
 */
pte_t *pte_alloc_map(struct mm_struct *mm, pmd_t *pmd, uaddr_t addr)
	__must_hold(&mm->page_table_lock);

/**
 * pte_alloc_addr() - pud_alloc(), pmd_alloc() and pte_alloc_map() in one
 * @mm: address space
 * @addr: address
 *
 * Context: as pud_alloc().
 * Return: entry, or NULL without memory.
 */
pte_t *pte_alloc_addr(struct mm_struct *mm, uaddr_t addr)
	__must_hold(&mm->page_table_lock);

/**
 * handle_mm_fault() - make an address accessible (FLT-15)
 * @mm: address space
 * @vma: VMA around @addr that allows the access
 * @addr: address
 * @write: the access is a write
 *
 * Context: mmap_sem held, no spinlock; may sleep.  Takes ptl.
 * Return: VM_FAULT_*; MINOR does not promise that a retry succeeds at once.
 */
int handle_mm_fault(struct mm_struct *mm, struct vm_area_struct *vma,
		    uaddr_t addr, bool write);

/* What faults have met, since the program began. */
struct fault_stats {
	unsigned long truncated; /* FLT-28: retried after a truncation */
	unsigned long cow_lost; /* FLT-48: PTE gone or replaced while copying */
	unsigned long cow_held; /* FLT-47: copied only because somebody held it */
	unsigned long swapins; /* FLT-38 */
	unsigned long swapins_stale; /* PTE or page changed before the lock */
};

/** fault_get_stats() - copy the counters.  Context: any; a snapshot. */
void fault_get_stats(struct fault_stats *stats);

#endif /* MM_MEMORY_H */
