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

/* What the caller of the next function holds, for analysis and validator. */
static inline void mmap_assert_write_locked(struct mm_struct *mm)
	__assert_held(&mm->mmap_sem)
{
	lockdep_assert_held_write(&mm->mmap_sem);
}

static inline void mmap_assert_locked(struct mm_struct *mm)
	__assert_held_shared(&mm->mmap_sem)
{
	lockdep_assert_held(&mm->mmap_sem);
}

static inline void ptl_assert_held(struct mm_struct *mm)
	__assert_held(&mm->page_table_lock)
{
	lockdep_assert_held(&mm->page_table_lock);
}

/*
 * The start of a VMA, for holders of R(mmap_sem) and nothing else: a stack
 * may be growing (FLT-10).
 */
static inline uaddr_t vma_start(const struct vm_area_struct *vma)
{
	return READ_ONCE(vma->vm_start);
}

RB_PROTOTYPE(vma_tree, vm_area_struct, vm_rb, vma_cmp)

static inline unsigned long vma_pages(const struct vm_area_struct *vma)
{
	return (vma->vm_end - vma->vm_start) >> PAGE_SHIFT;
}

/*
 * The page offset at which @addr is found in the file or anon VMA.  Needs
 * W(mmap_sem), ptl, or the anon_vma's lock if @vma can grow.
 */
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
 * @pprev: set to the last VMA with vm_end <= @addr, or NULL
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
 * vm_area_dup() - a copy of a VMA that is linked nowhere
 * @src: VMA
 *
 * Copies what mmap_sem protects, with a policy of its own; takes no file
 * reference.  Fields that others may change under i_mmap_lock or the
 * anon_vma's lock at this moment are set up afresh.
 *
 * Context: R or W(mmap_sem) of src->vm_mm; may sleep.
 * Return: the copy, or ERR_PTR(-ENOMEM).
 */
struct vm_area_struct *vm_area_dup(const struct vm_area_struct *src);

/**
 * vm_area_free() - free a VMA and its policy
 * @vma: linked nowhere, without file
 *
 * Context: any.
 */
void vm_area_free(struct vm_area_struct *vma);

/**
 * vma_link_list() - list and tree only
 * @mm: mm
 * @vma: fits between its neighbours
 * @prev: VMA before it, or NULL
 *
 * Context: W(mmap_sem).
 */
void vma_link_list(struct mm_struct *mm, struct vm_area_struct *vma,
		   struct vm_area_struct *prev) __must_hold(&mm->mmap_sem);

/**
 * vma_unlink_list() - take a swallowed VMA off list and tree
 * @mm: mm
 * @vma: linked
 * @prev: VMA before it; becomes mmap_cache if @vma was (MAP-1)
 *
 * Context: W(mmap_sem).
 */
void vma_unlink_list(struct mm_struct *mm, struct vm_area_struct *vma,
		     struct vm_area_struct *prev) __must_hold(&mm->mmap_sem);

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
 * Charges nothing.
 *
 * Context: W(mmap_sem).
 * Return: 0, or -ENOMEM if the range is taken.
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

/**
 * remove_vm_struct() - destroy a VMA whose pages are gone (MAP-24)
 * @vma: off the mm's list and tree
 *
 * Context: no spinlock; may sleep.
 */
void remove_vm_struct(struct vm_area_struct *vma);

#endif /* MM_VMA_H */
