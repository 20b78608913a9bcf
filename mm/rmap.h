/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rmap.h - from a page to the page tables that map it
 *
 * Order: mmap_sem, page lock, i_mmap_lock, anon_vma->lock, page_table_lock.
 */
#ifndef MM_RMAP_H
#define MM_RMAP_H

#include "mm/mm_types.h"

extern struct kmem_cache *anon_vma_cachep;

/** rmap_init() - create the anon_vma cache. Return: 0 or -ENOMEM. */
int rmap_init(void);

/** rmap_exit() - destroy the cache; reports leaks. */
void rmap_exit(void);

/**
 * anon_vma_lock() - lock an anon_vma, or nothing for NULL
 * @anon_vma: object that a linked VMA keeps alive, or NULL
 *
 * Context: takes anon_vma->lock.
 */
void anon_vma_lock(struct anon_vma *anon_vma) __acquires(&anon_vma->lock);

/** anon_vma_unlock() - undo anon_vma_lock(). */
void anon_vma_unlock(struct anon_vma *anon_vma) __releases(&anon_vma->lock);

/**
 * anon_vma_prepare() - give a VMA an anon_vma before its first anon page
 * @vma: of the caller's address space
 *
 * FLT-60.  Takes the neighbours' anon_vma if they could merge.
 *
 * Context: R or W(mmap_sem), no spinlock; may sleep.
 * Return: 0, or -ENOMEM with @vma unchanged.
 */
int anon_vma_prepare(struct vm_area_struct *vma) __must_check;

/**
 * anon_vma_link() - put a copied VMA on its anon_vma's list (at the head)
 * @vma: with ->anon_vma set or NULL, not on the list
 *
 * Context: takes anon_vma->lock; W(mmap_sem) of the mm it was copied from.
 */
void anon_vma_link(struct vm_area_struct *vma);

/**
 * __anon_vma_link() - anon_vma_link() with the lock held
 * @vma: not on the list
 *
 * Context: vma->anon_vma->lock, if there is one.
 */
void __anon_vma_link(struct vm_area_struct *vma);

/**
 * anon_vma_unlink() - take a VMA off, and free the anon_vma after the last
 * @vma: with or without an anon_vma
 *
 * Context: takes anon_vma->lock; the VMA's PTEs are gone.
 */
void anon_vma_unlink(struct vm_area_struct *vma);

/**
 * anon_vma_merge() - a VMA swallowed by @vma leaves the list they share
 * @vma: stays
 * @next: goes, same anon_vma
 *
 * Context: takes anon_vma->lock.
 */
void anon_vma_merge(struct vm_area_struct *vma, struct vm_area_struct *next);

/**
 * __anon_vma_merge() - anon_vma_merge() with the lock held
 * @vma: stays
 * @next: goes, same anon_vma
 *
 * Context: anon_vma->lock.
 */
void __anon_vma_merge(struct vm_area_struct *vma, struct vm_area_struct *next);

/**
 * page_lock_anon_vma() - find and lock the anon_vma of a page (RECL-1)
 * @page: any page the caller holds a reference on
 *
 * The RCU read section lasts until page_unlock_anon_vma(): holding a
 * spinlock does not delay a grace period here.
 *
 * Context: takes rcu_read_lock() and anon_vma->lock on success.
 * Return: an anon_vma, perhaps recycled (RECL-2), or NULL with nothing held.
 */
struct anon_vma *page_lock_anon_vma(struct page *page);

/**
 * page_unlock_anon_vma() - undo a successful page_lock_anon_vma()
 * @anon_vma: what it returned
 */
void page_unlock_anon_vma(struct anon_vma *anon_vma);

/**
 * page_address_in_vma() - where a VMA would map a page (RECL-3)
 * @page: an anonymous or file page
 * @vma: a VMA that may map it
 *
 * Context: mmap_sem, or the lock of the list that @vma was found on.
 * Return: the address, or -EFAULT as an address.
 */
uaddr_t page_address_in_vma(struct page *page, struct vm_area_struct *vma);

/**
 * page_check_address() - does this mm map that page there? (RECL-5)
 * @page: page with a reference
 * @mm: an mm kept alive by the VMA's list lock (EXIT-31)
 * @address: page aligned
 *
 * Context: on success returns with mm->page_table_lock held, otherwise not.
 * Return: the PTE, or NULL.
 */
pte_t *page_check_address(struct page *page, struct mm_struct *mm,
			  uaddr_t address);

/**
 * page_add_anon_rmap() - a PTE maps an anonymous page
 * @page: new or already mapped
 * @vma: with an anon_vma
 * @address: in @vma
 *
 * Counts anon_rss; the first mapping sets mapping and index (REF-7).
 *
 * Context: page_table_lock of vma->vm_mm.
 */
void page_add_anon_rmap(struct page *page, struct vm_area_struct *vma,
			uaddr_t address);

/**
 * page_add_file_rmap() - a PTE maps a page-cache page
 * @page: not anonymous; reserved pages are ignored (OBJ-8)
 *
 * Context: page_table_lock of the mapping mm.
 */
void page_add_file_rmap(struct page *page);

/**
 * page_dup_rmap() - fork copies a PTE (REF-8: after get_page())
 * @page: mapped page
 *
 * Context: page_table_lock of the child.
 */
void page_dup_rmap(struct page *page);

/**
 * page_remove_rmap() - a PTE no longer maps the page
 * @page: mapped page, not reserved
 *
 * Context: page_table_lock of the mapping mm; the reference is still held.
 */
void page_remove_rmap(struct page *page);

/**
 * page_referenced() - count and clear ACCESSED over all mappings (RECL-6)
 * @page: page with a reference
 * @is_locked: caller holds the page lock
 *
 * Context: no spinlock.
 * Return: number of references found.
 */
int page_referenced(struct page *page, bool is_locked);

/** nr_mapped_pages() - pages with a mapping; statistics only. */
long nr_mapped_pages(void);

#endif /* MM_RMAP_H */
