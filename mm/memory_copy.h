/* SPDX-License-Identifier: GPL-2.0-or-later */
/* memory_copy.h - copying page tables for fork (CPR-1 to CPR-12) */
#ifndef MM_MEMORY_COPY_H
#define MM_MEMORY_COPY_H

#include "mm/mm_types.h"

/**
 * copy_page_range() - share the pages of a parent's VMA with the child
 * @dst: child
 * @src: parent
 * @vma: the child's VMA, linked in @dst; its range in @dst is empty
 *
 * Context: W(src->mmap_sem); dst->page_table_lock is dropped around
 *	allocations and between page-table pages.  May sleep.
 * Return: 0, or -ENOMEM with what was copied left in place (CPR-11).
 */
int copy_page_range(struct mm_struct *dst, struct mm_struct *src,
		    struct vm_area_struct *vma)
	__must_hold(&src->mmap_sem) __must_hold(&dst->page_table_lock);

#endif /* MM_MEMORY_COPY_H */
