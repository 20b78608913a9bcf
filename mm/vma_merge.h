/* SPDX-License-Identifier: GPL-2.0-or-later */
/* vma_merge.h - move the boundaries of VMAs: adjust, merge, split, copy */
#ifndef MM_VMA_MERGE_H
#define MM_VMA_MERGE_H

#include "mm/mm_types.h"

/* New boundaries for vma_adjust(). */
struct vma_range {
	uaddr_t start, end;
	pgoff_t pgoff;
};

/**
 * vma_adjust() - move the boundaries of a linked VMA (MAP-6)
 * @vma: linked
 * @range: its new place; may reach into or over the next one or two VMAs,
 *	which then shrink or go, or away from them
 * @insert: VMA to link into the part given up, or NULL
 *
 * Context: W(mmap_sem); takes i_mmap_lock, anon_vma->lock; may sleep.
 */
void vma_adjust(struct vm_area_struct *vma, const struct vma_range *range,
		struct vm_area_struct *insert);

/* A mapping that is about to be, for vma_merge(). */
struct vma_merge_struct {
	struct mm_struct *mm;
	struct vm_area_struct *prev; /* VMA before it, or NULL */
	uaddr_t addr, end;
	unsigned long vm_flags;
	struct anon_vma *anon_vma;
	struct file *file;
	pgoff_t pgoff;
	struct mempolicy *policy;
};

/**
 * vma_merge() - extend a neighbour instead of adding a VMA (MAP-7)
 * @vmg: what would be added, or an existing range with new attributes
 *
 * Context: W(mmap_sem); may sleep.
 * Return: the VMA that now covers the range, or NULL.
 */
struct vm_area_struct *vma_merge(const struct vma_merge_struct *vmg);

/**
 * find_mergeable_anon_vma() - a neighbour's anon_vma fit for reuse
 * @vma: without anon_vma
 *
 * Context: R or W(mmap_sem).
 * Return: an anon_vma or NULL.
 */
struct anon_vma *find_mergeable_anon_vma(struct vm_area_struct *vma);

/**
 * split_vma() - cut a VMA in two (MAP-8)
 * @mm: mm
 * @vma: to be cut
 * @addr: page aligned, inside @vma
 * @new_below: the new VMA is the lower part
 *
 * Context: W(mmap_sem); may sleep.
 * Return: 0, or -ENOMEM with nothing changed.
 */
int split_vma(struct mm_struct *mm, struct vm_area_struct *vma, uaddr_t addr,
	      bool new_below) __must_hold(&mm->mmap_sem) __must_check;

/**
 * copy_vma() - the target of a move (MAP-34)
 * @vmap: VMA that moves; updated if merging swallowed it
 * @addr: new start
 * @len: bytes
 * @pgoff: page offset of the new start
 *
 * Context: W(mmap_sem); may sleep.
 * Return: the VMA at @addr, or NULL for lack of memory.
 */
struct vm_area_struct *copy_vma(struct vm_area_struct **vmap, uaddr_t addr,
				unsigned long len, pgoff_t pgoff);

#endif /* MM_VMA_MERGE_H */
