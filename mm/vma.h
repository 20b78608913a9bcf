/* SPDX-License-Identifier: GPL-2.0-or-later */
/* vma.h - the list and tree of VMAs: look up, link, split, merge, grow */
#ifndef MM_VMA_H
#define MM_VMA_H

#include "mm/mm_types.h"

extern struct kmem_cache *vm_area_cachep;
extern int sysctl_max_map_count;

static inline int vma_cmp(const struct vm_area_struct *a,
			  const struct vm_area_struct *b)
{
	return a->vm_start < b->vm_start ? -1 : a->vm_start > b->vm_start;
}

RB_PROTOTYPE(vma_tree, vm_area_struct, vm_rb, vma_cmp)

static inline unsigned long vma_pages(const struct vm_area_struct *vma)
{
	return (vma->vm_end - vma->vm_start) >> PAGE_SHIFT;
}

/* The page offset at which @addr is found in the file or anon VMA. */
static inline pgoff_t vma_pgoff_of(const struct vm_area_struct *vma,
				   uaddr_t addr)
{
	return vma->vm_pgoff + ((addr - vma->vm_start) >> PAGE_SHIFT);
}

static inline struct address_space *vma_mapping(const struct vm_area_struct *v)
{
	return v->vm_file ? v->vm_file->f_mapping : NULL;
}

/* OBJ-4 */
static inline bool is_cow_mapping(unsigned long flags)
{
	return (flags & (VM_SHARED | VM_MAYWRITE)) == VM_MAYWRITE;
}

/**
 * find_vma() - the first VMA that ends above an address (MAP-1)
 * @mm: mm
 * @addr: any address
 *
 * Context: R or W(mmap_sem).
 * Return: lowest VMA with vm_end > @addr, or NULL.
 */
struct vm_area_struct *find_vma(struct mm_struct *mm, uaddr_t addr)
	__must_hold_shared(&mm->mmap_sem);

/**
 * find_vma_prev() - find_vma() and the VMA before it
 * @mm: mm
 * @addr: any address
 * @pprev: set to the last VMA that starts at or below @addr and is not the
 *	result, or NULL
 *
 * Context: R or W(mmap_sem).
 * Return: as find_vma().
 */
struct vm_area_struct *find_vma_prev(struct mm_struct *mm, uaddr_t addr,
				     struct vm_area_struct **pprev)
	__must_hold_shared(&mm->mmap_sem);

/**
 * find_vma_intersection() - a VMA that overlaps a range
 * @mm: mm
 * @start: first address
 * @end: exclusive
 *
 * Context: R or W(mmap_sem).
 * Return: the first one, or NULL.
 */
struct vm_area_struct *find_vma_intersection(struct mm_struct *mm,
					     uaddr_t start, uaddr_t end)
	__must_hold_shared(&mm->mmap_sem);

/**
 * find_extend_vma() - the VMA of an address, growing a stack if need be
 * @mm: mm
 * @addr: any address
 *
 * Context: R or W(mmap_sem); may sleep.
 * Return: a VMA that contains @addr, or NULL.
 */
struct vm_area_struct *find_extend_vma(struct mm_struct *mm, uaddr_t addr)
	__must_hold_shared(&mm->mmap_sem);

/**
 * expand_stack() - grow a VM_GROWSDOWN VMA down to an address (FLT-10)
 * @vma: stack
 * @address: below vm_start
 *
 * Context: R or W(mmap_sem), no spinlock; takes anon_vma->lock.
 * Return: 0, or -ENOMEM (limits, charge, neighbour in the way).
 */
int expand_stack(struct vm_area_struct *vma, uaddr_t address);

/**
 * build_mmap_rb() - fill the tree from the list
 * @mm: mm with an empty tree
 *
 * Context: W(mmap_sem), or an mm nobody else can find.
 */
void build_mmap_rb(struct mm_struct *mm);

/**
 * vma_append() - link as last VMA of a child under construction
 * @mm: child
 * @pprev: where vm_next (or mm->mmap) of the last VMA is; moved on
 * @vma: behind all others
 *
 * FORK-52 step 8: list, tree (rightmost) and map_count.
 *
 * Context: the child's page_table_lock.
 */
void vma_append(struct mm_struct *mm, struct vm_area_struct ***pprev,
		struct vm_area_struct *vma) __must_hold(&mm->page_table_lock);

/**
 * vma_link() - put a VMA on all its structures (MAP-5)
 * @mm: mm
 * @vma: filled in, fits between its neighbours
 * @prev: VMA before it, or NULL
 *
 * Context: W(mmap_sem); takes i_mmap_lock, anon_vma->lock.
 */
void vma_link(struct mm_struct *mm, struct vm_area_struct *vma,
	      struct vm_area_struct *prev) __must_hold(&mm->mmap_sem);

/**
 * insert_vm_struct() - vma_link() that finds the place
 * @mm: mm
 * @vma: filled in; an anonymous one gets vm_pgoff from its address
 *
 * Context: W(mmap_sem); may sleep.
 * Return: 0, or -ENOMEM if the range is taken or the charge is refused.
 */
int insert_vm_struct(struct mm_struct *mm, struct vm_area_struct *vma)
	__must_hold(&mm->mmap_sem) __must_check;

/**
 * vma_link_file() - the file side of linking (REF-11, REF-12)
 * @vma: file-backed, or not (then nothing happens)
 *
 * Context: i_mmap_lock of the mapping.
 */
void vma_link_file(struct vm_area_struct *vma);

/**
 * vma_unlink_file() - undo vma_link_file()
 * @vma: linked
 * @mapping: its mapping
 *
 * Context: i_mmap_lock of the mapping.
 */
void vma_unlink_file(struct vm_area_struct *vma, struct address_space *mapping);

/**
 * i_mmap_lock() - lock a mapping's VMA structures, or nothing for NULL
 * @mapping: mapping or NULL
 */
void i_mmap_lock(struct address_space *mapping)
	__acquires(&mapping->i_mmap_lock);

/** i_mmap_unlock() - undo i_mmap_lock(). */
void i_mmap_unlock(struct address_space *mapping)
	__releases(&mapping->i_mmap_lock);

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

/**
 * remove_vm_struct() - destroy a VMA whose pages are gone (MAP-24)
 * @vma: off the mm's list and tree
 *
 * Context: no spinlock; may sleep.
 */
void remove_vm_struct(struct vm_area_struct *vma);

#endif /* MM_VMA_H */
