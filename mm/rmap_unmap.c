// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * rmap_unmap.c - try_to_unmap(): reclaim takes a page out of all page tables
 *
 * The page lock keeps page->mapping and membership in the swap cache.  The
 * lock of the list keeps the VMAs and their mms (EXIT-31); an mm found this
 * way may still be under construction (FORK-59), or have no user any more
 * (EXIT-21).  Order: see rmap.c.
 *
 * try_to_unmap_one()                   copy_one_pte(), fork of the same mm
 *   ptl of the parent: clear, flush      both ptls: copy what is there
 *   swap_duplicate(), mmlist, swap PTE     present: RECL-9, mapping is missed
 *                                          swap PTE: counted once more
 *
 * ORD-10: the count is raised and the mm is listed before the swap PTE can be
 * seen, so that swapoff neither frees the entry nor overlooks the mm.
 */
#include "mm/rmap_unmap.h"

#include <errno.h>

#include "mm/accounting.h"
#include "mm/cpu.h"
#include "mm/fork_mm.h"
#include "mm/filemap.h"
#include "mm/page.h"
#include "mm/pagewalk.h"
#include "mm/pgtable.h"
#include "mm/prio_tree.h"
#include "mm/rmap.h"
#include "mm/sched.h"
#include "mm/swap_state.h"
#include "mm/swapfile.h"
#include "mm/vma.h"

/* PTEs of a nonlinear VMA that are scanned in one go; one table at most. */
#define CLUSTER_SIZE (32 * PAGE_SIZE)

static struct {
	atomic_long_t anon, file, nonlinear, missed, child_first, dying,
		      building;
} stats;

void unmap_get_stats(struct unmap_stats *out)
{
	out->anon = (unsigned long)atomic_long_read(&stats.anon);
	out->file = (unsigned long)atomic_long_read(&stats.file);
	out->nonlinear = (unsigned long)atomic_long_read(&stats.nonlinear);
	out->missed = (unsigned long)atomic_long_read(&stats.missed);
	out->child_first = (unsigned long)atomic_long_read(&stats.child_first);
	out->dying = (unsigned long)atomic_long_read(&stats.dying);
	out->building = (unsigned long)atomic_long_read(&stats.building);
}

/* mlock() and mmap() may be changing it: reclaim decides by a snapshot. */
static bool vma_is_kept(struct vm_area_struct *vma)
{
	return data_race(vma->vm_flags) & (VM_LOCKED | VM_RESERVED);
}

/* ---- One PTE ------------------------------------------------------------ */

/* RECL-11: for the record, whom reclaim puts on mmlist. */
static void list_mm(struct mm_struct *mm)
{
	if (!READ_ONCE(mm->mmlisted)) {
		atomic_long_inc(&stats.child_first);
		if (!atomic_read(&mm->mm_users))
			atomic_long_inc(&stats.dying);
	}
	mmlist_add(mm, &init_mm);
}

/* RECL-8 step 4. */
static void leave_swap_entry(struct mm_struct *mm, struct page *page,
			     pte_t *ptep) __must_hold(&mm->page_table_lock)
{
	swp_entry_t entry = page_swap_entry(page);

	mm_bug_on(!PageSwapCache(page),
		  "anonymous page %lu is unmapped without a swap entry",
		  page_to_pfn(page));
	swap_duplicate(entry);
	list_mm(mm);
	set_pte(ptep, swp_entry_to_pte(entry));
	mm->anon_rss--;
	atomic_long_inc(&stats.anon);
}

/*
 * RECL-8 step 2: a page of the swap cache that has holders beside its PTEs,
 * the cache and reclaim must stay, or the write fault that brings it back
 * would give the process a copy, and the pinner keeps what is no longer its.
 *
 * DEF-30: 2.6.11 reads page_count and page_mapcount one after the other, and
 * a fork or zap of another mm in between hides a pin.  Here they are one
 * load; as count is raised before mapcount and lowered after it (REF-8), what
 * is left over is never less than the pins of that instant.  To go by
 * mapcount in the write fault instead would let a pin through one process
 * read what another one writes to the page later.
 */
static bool page_is_pinned(const struct page *page)
{
	int count, mapcount;

	page_counts(page, &count, &mapcount);
	return count != mapcount + 2;
}

static enum swap_result try_to_unmap_one(struct page *page,
					 struct vm_area_struct *vma)
	__no_lock_analysis
{
	struct mm_struct *mm = vma->vm_mm;
	uaddr_t address = page_address_in_vma(page, vma);
	pte_t *ptep, pte;

	if (address == (uaddr_t)-EFAULT)
		return SWAP_AGAIN;
	ptep = page_check_address(page, mm, address);
	if (!ptep)
		return SWAP_AGAIN;
	if (vma_is_kept(vma) || ptep_clear_flush_young(vma, address, ptep) ||
	    (PageSwapCache(page) && page_is_pinned(page))) {
		spin_unlock(&mm->page_table_lock);
		return SWAP_FAIL;
	}
	pte = ptep_clear_flush(vma, address, ptep);
	if (pte_dirty(pte))
		set_page_dirty(page);
	if (PageAnon(page))
		leave_swap_entry(mm, page, ptep);
	else
		atomic_long_inc(&stats.file);
	if (!mm_is_built(mm))
		atomic_long_inc(&stats.building);
	WRITE_ONCE(mm->rss, mm->rss - 1);
	page_remove_rmap(page);
	put_page(page);
	spin_unlock(&mm->page_table_lock);
	return SWAP_AGAIN;
}

/* ---- Anonymous pages ---------------------------------------------------- */

static enum swap_result try_to_unmap_anon(struct page *page)
{
	struct anon_vma *anon_vma = page_lock_anon_vma(page);
	enum swap_result ret = SWAP_AGAIN;
	struct vm_area_struct *vma;

	if (!anon_vma)
		return ret;
	cds_list_for_each_entry(vma, &anon_vma->head, anon_vma_node) {
		ret = try_to_unmap_one(page, vma);
		if (ret == SWAP_FAIL || !page_mapped(page))
			break;
	}
	page_unlock_anon_vma(anon_vma);
	return ret;
}

/* ---- Nonlinear VMAs ------------------------------------------------------ */

/* A page that a nonlinear PTE maps goes; the PTE remembers its offset. */
static void unmap_nonlinear_pte(struct mm_struct *mm,
				struct vm_area_struct *vma, uaddr_t address,
				pte_t *ptep)
	__must_hold(&mm->page_table_lock)
{
	struct page *page = pte_page(ptep_get(ptep));
	pgoff_t index = READ_ONCE(page->index);
	pte_t pte = ptep_clear_flush(vma, address, ptep);

	if (index != vma_pgoff_of(vma, address))
		set_pte(ptep, pgoff_to_pte(index));
	if (pte_dirty(pte))
		set_page_dirty(page);
	page_remove_rmap(page);
	put_page(page);
	WRITE_ONCE(mm->rss, mm->rss - 1);
	atomic_long_inc(&stats.file);
	atomic_long_inc(&stats.nonlinear);
}

/*
 * Age the pages of one cluster, whichever they are: nothing leads from a page
 * to its place in a nonlinear VMA.  A forced write may have left an anonymous
 * copy among them (FLT-49), which no file offset describes.
 * Return: PTEs removed.
 */
static int try_to_unmap_cluster(struct vm_area_struct *vma,
				unsigned long cursor)
{
	struct mm_struct *mm = vma->vm_mm;
	uaddr_t address = (vma->vm_start + cursor) & ~(CLUSTER_SIZE - 1);
	uaddr_t end = min(address + CLUSTER_SIZE, vma->vm_end);
	int removed = 0;
	pte_t *ptep;

	address = max(address, vma->vm_start);
	spin_lock(&mm->page_table_lock);
	ptep = walk_pte(mm, address);
	for (; ptep && address < end; address += PAGE_SIZE, ptep++) {
		pte_t pte = ptep_get(ptep);
		struct page *page = pte_present(pte) ? pte_page(pte) : NULL;

		if (!page || PageReserved(page) || PageAnon(page) ||
		    ptep_clear_flush_young(vma, address, ptep))
			continue;
		unmap_nonlinear_pte(mm, vma, address, ptep);
		removed++;
	}
	spin_unlock(&mm->page_table_lock);
	return removed;
}

/* How far the VMAs have been scanned, and how far they reach. */
struct nonlinear_scan {
	unsigned long max_cursor, max_size;
};

static unsigned long vma_cursor(const struct vm_area_struct *vma)
{
	return (unsigned long)vma->vm_private_data;
}

static unsigned long vma_bytes(const struct vm_area_struct *vma)
{
	return vma->vm_end - vma->vm_start;
}

static void measure_nonlinear(struct address_space *mapping,
			      struct nonlinear_scan *scan)
	__must_hold(&mapping->i_mmap_lock)
{
	struct vm_area_struct *vma;

	cds_list_for_each_entry(vma, &mapping->i_mmap_nonlinear,
				shared.list) {
		if (vma_is_kept(vma))
			continue;
		scan->max_cursor = max(scan->max_cursor, vma_cursor(vma));
		scan->max_size = max(scan->max_size, vma_bytes(vma));
	}
	if (!scan->max_cursor)
		scan->max_cursor = CLUSTER_SIZE;
	/* A cluster begins at an aligned address: one more may be needed. */
	scan->max_size = ((scan->max_size + CLUSTER_SIZE - 1) &
			  ~(CLUSTER_SIZE - 1)) + CLUSTER_SIZE;
}

/* Bring every VMA's cursor up to @scan; true when @goal PTEs are gone. */
static bool scan_nonlinear(struct address_space *mapping,
			   const struct nonlinear_scan *scan, int *goal)
	__must_hold(&mapping->i_mmap_lock)
{
	struct vm_area_struct *vma;

	cds_list_for_each_entry(vma, &mapping->i_mmap_nonlinear,
				shared.list) {
		unsigned long cursor = vma_cursor(vma);

		if (vma_is_kept(vma))
			continue;
		while (data_race(vma->vm_mm->rss) &&
		       cursor < scan->max_cursor && cursor < vma_bytes(vma)) {
			*goal -= try_to_unmap_cluster(vma, cursor);
			cursor += CLUSTER_SIZE;
			vma->vm_private_data = (void *)cursor;
			if (*goal <= 0)
				return true;
		}
		vma->vm_private_data = (void *)scan->max_cursor;
	}
	return false;
}

/* After a full round all begin again. */
static void rewind_nonlinear(struct address_space *mapping)
	__must_hold(&mapping->i_mmap_lock)
{
	struct vm_area_struct *vma;

	cds_list_for_each_entry(vma, &mapping->i_mmap_nonlinear, shared.list)
		if (!vma_is_kept(vma))
			vma->vm_private_data = NULL;
}

/*
 * RECL-7: a page is looked for by unmapping as many PTEs as it has mappings,
 * in clusters, each VMA at its own cursor.
 */
static enum swap_result unmap_nonlinear(struct address_space *mapping,
					struct page *page)
	__must_hold(&mapping->i_mmap_lock)
{
	struct nonlinear_scan scan = { 0 };
	int goal;

	measure_nonlinear(mapping, &scan);
	if (scan.max_size == CLUSTER_SIZE) /* all of them are locked */
		return SWAP_FAIL;
	goal = page_mapcount(page);
	if (!goal)
		return SWAP_AGAIN;
	cond_resched_lock(&mapping->i_mmap_lock);
	do {
		if (scan_nonlinear(mapping, &scan, &goal))
			return SWAP_AGAIN;
		cond_resched_lock(&mapping->i_mmap_lock);
		scan.max_cursor += CLUSTER_SIZE;
	} while (scan.max_cursor <= scan.max_size);
	rewind_nonlinear(mapping);
	return SWAP_AGAIN;
}

/* ---- File pages ---------------------------------------------------------- */

/* The page lock keeps page->mapping (RECL-4). */
static enum swap_result try_to_unmap_file(struct page *page)
{
	struct address_space *mapping = READ_ONCE(page->mapping);
	pgoff_t index = READ_ONCE(page->index);
	enum swap_result ret = SWAP_AGAIN;
	struct prio_tree_iter iter;
	struct vm_area_struct *vma;

	spin_lock(&mapping->i_mmap_lock);
	vma_prio_tree_foreach(vma, &iter, &mapping->i_mmap, index, index) {
		ret = try_to_unmap_one(page, vma);
		if (ret == SWAP_FAIL || !page_mapped(page))
			break;
	}
	if (ret != SWAP_FAIL && page_mapped(page) &&
	    !cds_list_empty(&mapping->i_mmap_nonlinear))
		ret = unmap_nonlinear(mapping, page);
	spin_unlock(&mapping->i_mmap_lock);
	return ret;
}

enum swap_result try_to_unmap(struct page *page)
{
	enum swap_result ret;

	mm_bug_on(!PageLocked(page) || PageReserved(page),
		  "unmapping page %lu, flags %lx", page_to_pfn(page),
		  READ_ONCE(page->flags));
	ret = PageAnon(page) ? try_to_unmap_anon(page) :
			       try_to_unmap_file(page);
	if (!page_mapped(page))
		return SWAP_SUCCESS;
	if (ret == SWAP_AGAIN)
		atomic_long_inc(&stats.missed);
	return ret;
}
