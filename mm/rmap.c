// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * rmap.c - from a page to the page tables that map it (spec 5.9, 10.1)
 *
 * This file nests deepest:
 *
 *   mm->mmap_sem
 *     page lock (PG_locked)
 *       mapping->i_mmap_lock
 *         anon_vma->lock
 *           mm->page_table_lock
 *             zone->lru_lock, swap_list_lock, mmlist_lock, tree_lock
 *
 * A walker pins neither VMA nor mm.  It may use a VMA only under the lock of
 * the list on which it found it: remove_vm_struct() takes that lock before
 * the VMA goes, and the mm is freed after its last VMA (EXIT-31).
 */
#include "mm/rmap.h"

#include <errno.h>

#include "mm/filemap.h"
#include "mm/lock_classes.h"
#include "mm/mlock.h"
#include "mm/page.h"
#include "mm/pagewalk.h"
#include "mm/pgtable.h"
#include "mm/prio_tree.h"
#include "mm/slab.h"
#include "mm/vma.h"
#include "mm/vma_merge.h"

struct kmem_cache *anon_vma_cachep;
static atomic_long_t nr_mapped;

/* Constructor state, to which anon_vma_unlink() returns the object (INV-33). */
static void anon_vma_ctor(void *object)
{
	struct anon_vma *anon_vma = object;

	spin_lock_init(&anon_vma->lock, &anon_vma_class);
	CDS_INIT_LIST_HEAD(&anon_vma->head);
}

int rmap_init(void)
{
	atomic_long_set(&nr_mapped, 0);
	anon_vma_cachep = kmem_cache_create("anon_vma",
					    sizeof(struct anon_vma), 0,
					    SLAB_DESTROY_BY_RCU,
					    anon_vma_ctor, NULL);
	return anon_vma_cachep ? 0 : -ENOMEM;
}

void rmap_exit(void)
{
	kmem_cache_destroy(anon_vma_cachep);
	anon_vma_cachep = NULL;
}

long nr_mapped_pages(void)
{
	return atomic_long_read(&nr_mapped);
}

/* ---- anon_vma lists ----------------------------------------------------- */

/* NULL: nothing to lock; the analysis sees one lock either way. */
void anon_vma_lock(struct anon_vma *anon_vma) __no_lock_analysis
{
	if (anon_vma)
		spin_lock(&anon_vma->lock);
}

void anon_vma_unlock(struct anon_vma *anon_vma) __no_lock_analysis
{
	if (anon_vma)
		spin_unlock(&anon_vma->lock);
}

int anon_vma_prepare(struct vm_area_struct *vma)
{
	struct mm_struct *mm = vma->vm_mm;
	struct anon_vma *anon_vma, *fresh = NULL;

	might_sleep();
	/* Pairs with the release below: another faulter may be setting it. */
	if (likely(smp_load_acquire(&vma->anon_vma)))
		return 0;
	anon_vma = find_mergeable_anon_vma(vma);
	if (!anon_vma) {
		fresh = kmem_cache_alloc(anon_vma_cachep, GFP_KERNEL);
		if (!fresh)
			return -ENOMEM;
		anon_vma = fresh;
	}

	/*
	 * DEF-16: a fresh object is locked too.  It may be recycled memory
	 * that a stale page_lock_anon_vma() is about to walk.
	 */
	spin_lock(&anon_vma->lock);
	spin_lock(&mm->page_table_lock);
	if (!vma->anon_vma) {
		cds_list_add(&vma->anon_vma_node, &anon_vma->head);
		smp_store_release(&vma->anon_vma, anon_vma);
		fresh = NULL;
	}
	spin_unlock(&mm->page_table_lock);
	spin_unlock(&anon_vma->lock);
	if (fresh)
		kmem_cache_free(anon_vma_cachep, fresh);
	return 0;
}

void __anon_vma_link(struct vm_area_struct *vma)
{
	if (vma->anon_vma)
		cds_list_add(&vma->anon_vma_node, &vma->anon_vma->head);
}

void anon_vma_link(struct vm_area_struct *vma)
{
	struct anon_vma *anon_vma = vma->anon_vma;

	if (!anon_vma)
		return;
	spin_lock(&anon_vma->lock);
	__anon_vma_link(vma);
	spin_unlock(&anon_vma->lock);
}

void anon_vma_unlink(struct vm_area_struct *vma)
{
	struct anon_vma *anon_vma = vma->anon_vma;
	bool empty;

	if (!anon_vma)
		return;
	spin_lock(&anon_vma->lock);
	cds_list_del_init(&vma->anon_vma_node);
	empty = cds_list_empty(&anon_vma->head);
	spin_unlock(&anon_vma->lock);
	/* REF-14: no counter; nobody can add to a list he is not on. */
	if (empty)
		kmem_cache_free(anon_vma_cachep, anon_vma);
}

void __anon_vma_merge(struct vm_area_struct *vma, struct vm_area_struct *next)
{
	mm_bug_on(vma->anon_vma != next->anon_vma,
		  "merge of VMAs with anon_vma %p and %p",
		  (void *)vma->anon_vma, (void *)next->anon_vma);
	cds_list_del_init(&next->anon_vma_node);
}

void anon_vma_merge(struct vm_area_struct *vma, struct vm_area_struct *next)
{
	struct anon_vma *anon_vma = vma->anon_vma;

	spin_lock(&anon_vma->lock);
	__anon_vma_merge(vma, next);
	spin_unlock(&anon_vma->lock);
}

/*
 * page_lock_anon_vma()               anon_vma_unlink(), last VMA
 *   rcu_read_lock()                    unmap pages: _mapcount = -1
 *   page->mapping: anon_vma            lock; list empty; unlock
 *   page_mapped()?  yes                kmem_cache_free()
 *   lock, walk, unlock                   memory stays an anon_vma until
 *   rcu_read_unlock()                    the reader has left (RECL-1)
 */
struct anon_vma *page_lock_anon_vma(struct page *page) __no_lock_analysis
{
	struct anon_vma *anon_vma;
	unsigned long mapping;

	rcu_read_lock();
	/* Pairs with the release in page_add_anon_rmap(). */
	mapping = (unsigned long)smp_load_acquire(&page->mapping);
	if (!(mapping & PAGE_MAPPING_ANON) || !page_mapped(page)) {
		rcu_read_unlock();
		return NULL;
	}
	anon_vma = (struct anon_vma *)(mapping & ~PAGE_MAPPING_ANON);
	spin_lock(&anon_vma->lock);
	return anon_vma;
}

void page_unlock_anon_vma(struct anon_vma *anon_vma) __no_lock_analysis
{
	spin_unlock(&anon_vma->lock);
	rcu_read_unlock();
}

/* ---- Where a page may be mapped ----------------------------------------- */

uaddr_t page_address_in_vma(struct page *page, struct vm_area_struct *vma)
{
	pgoff_t index = READ_ONCE(page->index);
	uaddr_t address = vma->vm_start +
			  ((index - vma->vm_pgoff) << PAGE_SHIFT);

	if (address < vma->vm_start || address >= vma->vm_end) {
		/* A file page comes from the prio tree: it must fit. */
		mm_bug_on(!PageAnon(page),
			  "file page %lu not in VMA %lx-%lx pgoff %lu",
			  index, vma->vm_start, vma->vm_end, vma->vm_pgoff);
		return (uaddr_t)-EFAULT;
	}
	return address;
}

pte_t *page_check_address(struct page *page, struct mm_struct *mm,
			  uaddr_t address) __no_lock_analysis
{
	pte_t *ptep, pte;

	/* An mm with nothing mapped is not worth its lock; wrong is harmless. */
	if (!data_race(mm->rss))
		return NULL;
	spin_lock(&mm->page_table_lock);
	ptep = walk_pte(mm, address);
	if (ptep) {
		pte = ptep_get(ptep);
		if (pte_present(pte) && pte_pfn(pte) == page_to_pfn(page))
			return ptep;
	}
	spin_unlock(&mm->page_table_lock);
	return NULL;
}

/* ---- Counting mappings -------------------------------------------------- */

void page_add_anon_rmap(struct page *page, struct vm_area_struct *vma,
			uaddr_t address)
{
	struct anon_vma *anon_vma = vma->anon_vma;

	ptl_assert_held(vma->vm_mm);
	mm_bug_on(PageReserved(page) || !anon_vma,
		  "anon rmap of page %lu at %lx: reserved %d, anon_vma %p",
		  page_to_pfn(page), address, PageReserved(page),
		  (void *)anon_vma);
	vma->vm_mm->anon_rss++;
	if (!atomic_inc_and_test(&page->_mapcount))
		return;
	WRITE_ONCE(page->index, vma_pgoff_of(vma, address));
	smp_store_release(&page->mapping,
			  (struct address_space *)((unsigned long)anon_vma |
						   PAGE_MAPPING_ANON));
	atomic_long_inc(&nr_mapped);
}

/*
 * FLT-30: truncation takes a page out of its file after it has looked at the
 * page tables, under ptl, for the last time; nobody maps it after that.
 */
static void check_not_truncated(struct page *page)
{
	if (unlikely(!READ_ONCE(page->mapping)))
		report_finding(FINDING_RMAP, "FLT-30: page %lu, index %lu, is"
			       " mapped but belongs to no file; count %d,"
			       " mapcount %d", page_to_pfn(page),
			       READ_ONCE(page->index), page_count(page),
			       page_mapcount(page));
}

void page_add_file_rmap(struct page *page)
{
	mm_bug_on(PageAnon(page), "file rmap of anonymous page %lu",
		  page_to_pfn(page));
	if (PageReserved(page))
		return;
	check_not_truncated(page);
	if (atomic_inc_and_test(&page->_mapcount))
		atomic_long_inc(&nr_mapped);
}

void page_dup_rmap(struct page *page)
{
	check_not_truncated(page);
	atomic_inc(&page->_mapcount);
}

void page_remove_rmap(struct page *page)
{
	int now = atomic_dec_return(&page->_mapcount);

	mm_bug_on(PageReserved(page) || now < -1,
		  "rmap of page %lu removed: mapcount now %d, count %d",
		  page_to_pfn(page), now + 1, page_count(page));
	if (now != -1)
		return;
	atomic_long_dec(&nr_mapped);
	if (unlikely(PageMlocked(page)))
		clear_page_mlock(page);
}

/* ---- References --------------------------------------------------------- */

/* @mapcount: mappings still to be found; 0 ends the walk. */
static int page_referenced_one(struct page *page, struct vm_area_struct *vma,
			       int *mapcount) __no_lock_analysis
{
	struct mm_struct *mm = vma->vm_mm;
	uaddr_t address = page_address_in_vma(page, vma);
	int referenced = 0;
	pte_t *ptep;

	if (address == (uaddr_t)-EFAULT)
		return 0;
	ptep = page_check_address(page, mm, address);
	if (!ptep)
		return 0;
	if (ptep_clear_flush_young(vma, address, ptep))
		referenced = 1;
	(*mapcount)--;
	spin_unlock(&mm->page_table_lock);
	return referenced;
}

static int page_referenced_anon(struct page *page)
{
	struct anon_vma *anon_vma = page_lock_anon_vma(page);
	int mapcount = page_mapcount(page), referenced = 0;
	struct vm_area_struct *vma;

	if (!anon_vma)
		return 0;
	cds_list_for_each_entry(vma, &anon_vma->head, anon_vma_node) {
		referenced += page_referenced_one(page, vma, &mapcount);
		if (!mapcount)
			break;
	}
	page_unlock_anon_vma(anon_vma);
	return referenced;
}

/* Page lock held, so page->mapping stays (RECL-4). */
static int page_referenced_file(struct page *page)
{
	struct address_space *mapping = READ_ONCE(page->mapping);
	int mapcount = page_mapcount(page), referenced = 0;
	pgoff_t index = READ_ONCE(page->index);
	struct prio_tree_iter iter;
	struct vm_area_struct *vma;

	spin_lock(&mapping->i_mmap_lock);
	vma_prio_tree_foreach(vma, &iter, &mapping->i_mmap, index, index) {
		/* mlock() may be changing it: a hint for reclaim. */
		if ((data_race(vma->vm_flags) & (VM_LOCKED | VM_MAYSHARE)) ==
		    (VM_LOCKED | VM_MAYSHARE)) {
			referenced++;
			break;
		}
		referenced += page_referenced_one(page, vma, &mapcount);
		if (!mapcount)
			break;
	}
	spin_unlock(&mapping->i_mmap_lock);
	return referenced;
}

int page_referenced(struct page *page, bool is_locked)
{
	int referenced = TestClearPageReferenced(page);

	if (!page_mapped(page) || !READ_ONCE(page->mapping))
		return referenced;
	if (PageAnon(page))
		return referenced + page_referenced_anon(page);
	if (is_locked)
		return referenced + page_referenced_file(page);
	if (!trylock_page(page))
		return referenced + 1;
	if (READ_ONCE(page->mapping))
		referenced += page_referenced_file(page);
	unlock_page(page);
	return referenced;
}
