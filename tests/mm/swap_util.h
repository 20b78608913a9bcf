/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the tests of swap share: swapping out by hand, one page at a time, in
 * the order of reclaim (RECL-16), so that a test decides what goes and when.
 */
#ifndef TESTS_MM_SWAP_UTIL_H
#define TESTS_MM_SWAP_UTIL_H

#include "mm/fork_mm.h"
#include "mm/page_alloc.h"
#include "mm/pagewalk.h"
#include "mm/swap_state.h"
#include "mm/swapfile.h"
#include "tests/mm/machine_util.h"

static inline int count_of(swp_entry_t entry)
{
	return swap_info[swp_type(entry)].swap_map[swp_offset(entry)];
}

/* A copy of the test's own mm, as fork makes it; the caller puts it. */
static inline struct mm_struct *forked_mm(void)
{
	static struct task_struct half_built;

	half_built = (struct task_struct) { .pid = 2 };
	cr_assert_eq(copy_mm(0, &half_built), 0);
	return half_built.mm;
}

static inline pte_t pte_of(struct mm_struct *mm, uaddr_t addr)
{
	pte_t *ptep, pte = __pte(0);

	spin_lock(&mm->page_table_lock);
	ptep = walk_pte(mm, addr);
	if (ptep)
		pte = ptep_get(ptep);
	spin_unlock(&mm->page_table_lock);
	return pte;
}

static inline bool is_swap_pte(pte_t pte)
{
	return !pte_none(pte) && !pte_present(pte) && !pte_file(pte);
}

/* The page mapped at @addr, locked, with a reference; NULL if there is none. */
static inline struct page *lock_page_at_addr(struct mm_struct *mm,
					     uaddr_t addr)
{
	struct page *page = NULL;
	pte_t *ptep;

	spin_lock(&mm->page_table_lock);
	ptep = walk_pte(mm, addr);
	if (ptep && pte_present(ptep_get(ptep)))
		page = pte_page(ptep_get(ptep));
	if (page)
		get_page(page);
	spin_unlock(&mm->page_table_lock);
	if (page)
		lock_page(page);
	return page;
}

/* RECL-8 for one mm; @page is locked and in the swap cache. */
static inline void unmap_page_from(struct mm_struct *mm, uaddr_t addr,
				   struct page *page)
{
	struct vm_area_struct *vma;
	pte_t *ptep, pte;

	mm_bug_on(!down_read_trylock(&mm->mmap_sem), "mmap_sem is taken");
	vma = find_vma(mm, addr);
	spin_lock(&mm->page_table_lock);
	ptep = walk_pte(mm, addr);
	mm_bug_on(!ptep || pte_page(ptep_get(ptep)) != page,
		  "%#lx does not map page %lu", addr, page_to_pfn(page));
	pte = ptep_clear_flush(vma, addr, ptep);
	if (pte_dirty(pte))
		SetPageDirty(page);
	swap_duplicate(page_swap_entry(page));
	mmlist_add(mm, &init_mm);
	set_pte(ptep, swp_entry_to_pte(page_swap_entry(page)));
	mm->anon_rss--;
	WRITE_ONCE(mm->rss, mm->rss - 1);
	page_remove_rmap(page);
	put_page(page);
	spin_unlock(&mm->page_table_lock);
	up_read(&mm->mmap_sem);
}

/* Write a locked swap-cache page; it is clean and locked again. */
static inline void write_out(struct page *page)
{
	struct writeback_control wbc = { .for_reclaim = true };

	ClearPageDirty(page);
	get_page(page); /* as isolation: not exclusive to the cache */
	swap_writepage(page, &wbc);
	lock_page(page);
	wait_on_page_writeback(page);
	put_page(page);
}

/*
 * Swap the page at @addr of each of @mms out, as far as into the cache, or
 * out of memory.  Return: its entry.
 */
static inline swp_entry_t swap_out_of(struct mm_struct *const *mms,
				      unsigned int nr, uaddr_t addr,
				      bool out_of_memory)
{
	struct page *page = lock_page_at_addr(mms[0], addr);
	swp_entry_t entry;

	mm_bug_on(!page, "nothing mapped at %#lx", addr);
	if (!PageSwapCache(page))
		mm_bug_on(!add_to_swap(page), "no swap for %#lx", addr);
	entry = page_swap_entry(page);
	for (unsigned int i = 0; i < nr; i++)
		unmap_page_from(mms[i], addr, page);
	if (out_of_memory) {
		write_out(page);
		delete_from_swap_cache(page);
	}
	unlock_page(page);
	put_page(page);
	return entry;
}

/* Page @page of the test's own mm, as vma_util.h counts them. */
static inline swp_entry_t swap_out(unsigned int page)
{
	struct mm_struct *mm = current->mm;

	lru_add_drain();
	return swap_out_of(&mm, 1, AT(page), true);
}

static inline swp_entry_t swap_to_cache(unsigned int page)
{
	struct mm_struct *mm = current->mm;

	lru_add_drain();
	return swap_out_of(&mm, 1, AT(page), false);
}

/* INV-54: what copies and failures left in the cache, reclaim would find. */
static inline void scan_swap_cache(void)
{
	lru_add_drain();
	for (unsigned int type = 0; type < MAX_SWAPFILES; type++) {
		for (unsigned long i = 1; i < swap_info[type].max; i++) {
			struct page *page = lookup_swap_cache(swp_entry(type,
									i));

			if (page)
				free_page_and_swap_cache(page);
		}
	}
}

#endif /* TESTS_MM_SWAP_UTIL_H */
