// SPDX-License-Identifier: GPL-2.0-or-later
/* Reverse maps and LRU lists: what reclaim relies on to find everything. */
#include <errno.h>
#include <stdlib.h>

#include "locking/report.h"
#include "locking/seam.h"
#include "mm/mlock.h"
#include "mm/mmu.h"
#include "mm/page.h"
#include "mm/pgtable.h"
#include "mm/prio_tree.h"
#include "mm/rmap.h"
#include "mm/swap.h"
#include "mm/vma.h"
#include "stress/oracle.h"

#define SHOWN_MAX 8

/* Found by searching nonlinear areas, by frame number. */
struct nonlinear {
	uint16_t *mapped;
};

/* Does this area map that frame there?  1 or 0. */
static int maps_frame(const struct vm_area_struct *vma, uaddr_t addr,
		      unsigned long pfn)
{
	pte_t *ptep = mmu_walk(vma->vm_mm->pgd, addr);
	pte_t pte;

	if (!ptep)
		return 0;
	pte = ptep_get_lockless(ptep);
	return pte_present(pte) && pte_pfn(pte) == pfn;
}

/* ---- From a page to its mappings ------------------------------------------ */

static int count_anon(struct page *page)
{
	struct anon_vma *anon_vma = page_lock_anon_vma(page);
	struct vm_area_struct *vma;
	int found = 0;

	if (!anon_vma)
		return 0;
	cds_list_for_each_entry(vma, &anon_vma->head, anon_vma_node) {
		uaddr_t addr = page_address_in_vma(page, vma);

		if (addr != (uaddr_t)-EFAULT)
			found += maps_frame(vma, addr, page_to_pfn(page));
	}
	page_unlock_anon_vma(anon_vma);
	return found;
}

static int count_linear(struct page *page)
{
	struct address_space *mapping = READ_ONCE(page->mapping);
	pgoff_t index = READ_ONCE(page->index);
	struct vm_area_struct *vma;
	struct prio_tree_iter iter;
	int found = 0;

	i_mmap_lock(mapping);
	vma_prio_tree_foreach(vma, &iter, &mapping->i_mmap, index, index)
		found += maps_frame(vma, page_address_in_vma(page, vma),
				    page_to_pfn(page));
	i_mmap_unlock(mapping);
	return found;
}

/* Pages of this area, wherever they are. */
static void search_nonlinear(const struct vm_area_struct *vma,
			     struct nonlinear *nl)
{
	for (uaddr_t a = vma->vm_start; a < vma->vm_end; a += PAGE_SIZE) {
		pte_t *ptep = mmu_walk(vma->vm_mm->pgd, a);
		pte_t pte = ptep ? ptep_get_lockless(ptep) : __pte(0);
		struct page *page = pte_present(pte) ? pte_page(pte) : NULL;

		if (page && !PageReserved(page) && !PageAnon(page))
			nl->mapped[pte_pfn(pte)]++;
	}
}

static void search_mm(const struct mm_struct *mm, struct nonlinear *nl)
{
	const struct vm_area_struct *vma;

	if (atomic_read(&mm->mm_users) <= 0)
		return;
	for (vma = mm->mmap; vma; vma = vma->vm_next)
		if (vma->vm_flags & VM_NONLINEAR)
			search_nonlinear(vma, nl);
}

/* RECL-7: whoever maps the page is on the way of try_to_unmap(). */
static bool check_page(struct page *page, const struct nonlinear *nl)
{
	int mapcount = page_mapcount(page), found;

	if (PageAnon(page))
		found = count_anon(page);
	else if (READ_ONCE(page->mapping))
		found = count_linear(page) + nl->mapped[page_to_pfn(page)];
	else
		found = 0; /* truncated: nobody may map it (FLT-30, FORK-55) */
	if (found == mapcount)
		return true;
	report_finding(FINDING_RMAP, "RECL-7: frame %lu (%s, index %lu) has"
		       " mapcount %d, but its reverse map leads to %d PTEs",
		       page_to_pfn(page), PageAnon(page) ? "anonymous" :
		       "file", READ_ONCE(page->index), mapcount, found);
	return false;
}

/* ---- LRU lists -------------------------------------------------------------- */

static unsigned long check_list(const struct cds_list_head *list, bool active)
	__must_hold(&lru_zone.lru_lock)
{
	unsigned long length = 0;
	struct page *page;

	cds_list_for_each_entry(page, list, lru) {
		length++;
		if (!PageLRU(page) || PageActive(page) != active ||
		    page_count(page) < 1)
			report_finding(FINDING_STRUCTURE, "frame %lu is on the"
				       " %s list with flags %#lx, count %d",
				       page_to_pfn(page), active ? "active" :
				       "inactive", READ_ONCE(page->flags),
				       page_count(page));
	}
	return length;
}

static void check_lru(void)
{
	unsigned long active, inactive, nr_active, nr_inactive, flagged = 0;

	spin_lock_irq(&lru_zone.lru_lock);
	active = check_list(&lru_zone.active_list, true);
	inactive = check_list(&lru_zone.inactive_list, false);
	nr_active = lru_zone.nr_active;
	nr_inactive = lru_zone.nr_inactive;
	spin_unlock_irq(&lru_zone.lru_lock);
	for (unsigned long pfn = 1; pfn < max_pfn; pfn++)
		flagged += PageLRU(pfn_to_page(pfn));
	if (active != nr_active || inactive != nr_inactive ||
	    active + inactive != flagged)
		report_finding(FINDING_STRUCTURE, "LRU: lists have %lu active"
			       " and %lu inactive pages, counters say %lu and"
			       " %lu, %lu frames are flagged", active,
			       inactive, nr_active, nr_inactive, flagged);
}

/* The count of locked pages is that of frames with the flag, all mapped. */
static void check_mlocked(void)
{
	long counted = nr_mlocked_pages(), flagged = 0, mapped = 0;

	for (unsigned long pfn = 1; pfn < max_pfn; pfn++) {
		const struct page *page = pfn_to_page(pfn);

		if (!PageMlocked(page))
			continue;
		flagged++;
		mapped += page_mapped(page);
	}
	if (counted != flagged || flagged != mapped)
		report_finding(FINDING_STRUCTURE, "MAP-32: %ld pages are"
			       " counted as locked, %ld frames are flagged, %ld"
			       " of them mapped", counted, flagged, mapped);
}

void census_rmap(const struct census *c, uint64_t seed, unsigned int budget_ms)
{
	uint64_t end = seam_clock_ns() + budget_ms * 1000000ull;
	struct nonlinear nl = {
		.mapped = calloc(max_pfn, sizeof(*nl.mapped)),
	};
	int shown = 0;

	check_lru();
	check_mlocked();
	if (!nl.mapped)
		return;
	for (unsigned int i = 0; i < c->nr; i++)
		search_mm(c->mms[i], &nl);
	for (unsigned long i = 0; i < max_pfn && shown < SHOWN_MAX; i++) {
		struct page *page = pfn_to_page((seed + i) % max_pfn);

		if (frame_untouched(page) || PageReserved(page) ||
		    !page_mapped(page))
			continue;
		shown += !check_page(page, &nl);
		/* A page that many share takes as many looks. */
		if (seam_clock_ns() > end)
			break;
	}
	free(nl.mapped);
}
