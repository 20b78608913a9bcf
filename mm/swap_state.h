/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * swap_state.h - the swap cache: pages that have a slot (RECL-17 to RECL-19)
 *
 * The reference has one swapper_space, indexed by entry.  Here each device
 * has its own, indexed by offset; the rules are the same.
 */
#ifndef MM_SWAP_STATE_H
#define MM_SWAP_STATE_H

#include "mm/mm_types.h"
#include "mm/page.h"
#include "mm/pgtable.h"

extern struct address_space swapper_spaces[MAX_SWAPFILES];

/** swap_state_init() - empty swap cache. Return: 0. */
int swap_state_init(void);

/** swap_state_exit() - reports pages left; frees the indexes. */
void swap_state_exit(void);

static inline struct address_space *swapper_space(swp_entry_t entry)
{
	return &swapper_spaces[swp_type(entry)];
}

/* Entry of a swap-cache page; page lock, or tree_lock having found it. */
static inline swp_entry_t page_swap_entry(const struct page *page)
{
	return (swp_entry_t){ READ_ONCE(page->private) };
}

/**
 * page_mapping() - whose index a page is in
 * @page: locked, or only to have a look
 *
 * Return: its file's mapping, swapper_space, or NULL for an anonymous page
 *	outside the swap cache.
 */
static inline struct address_space *page_mapping(const struct page *page)
{
	if (PageSwapCache(page))
		return swapper_space(page_swap_entry(page));
	return PageAnon(page) ? NULL : READ_ONCE(page->mapping);
}

/** total_swapcache_pages() - pages in the swap cache; a snapshot. */
unsigned long total_swapcache_pages(void);

/**
 * add_to_swap() - give an anonymous page a slot (RECL-17)
 * @page: locked, uptodate, not in the swap cache; becomes dirty
 *
 * Context: page lock; does not sleep; takes swap_list_lock, sdev_lock,
 *	tree_lock.
 * Return: whether it is in the swap cache now: swap or memory may be full.
 */
bool add_to_swap(struct page *page) __must_check;

/**
 * __delete_from_swap_cache() - take a page out of the index only
 * @page: locked, in the swap cache, not under writeback
 *
 * The caller then calls swap_free() and drops the cache's reference, without
 * the lock.
 *
 * Context: page lock and tree_lock of page_mapping().
 */
void __delete_from_swap_cache(struct page *page);

/**
 * delete_from_swap_cache() - take a page out of the swap cache (RECL-19)
 * @page: locked, in the swap cache, not under writeback; another reference
 *
 * Context: page lock; takes swap_list_lock, sdev_lock, tree_lock.
 */
void delete_from_swap_cache(struct page *page);

/**
 * move_to_swap_cache() - a shmem page gets a slot and leaves its file
 * @page: locked, in the page cache
 * @entry: from get_swap_page(): that count becomes the swap cache's, one more
 *	is made for the file's swap vector
 *
 * Context: page lock and shmem's lock; does not sleep.
 * Return: 0, or -EEXIST, -ENOMEM with nothing changed.
 */
int move_to_swap_cache(struct page *page, swp_entry_t entry) __must_check;

/**
 * move_from_swap_cache() - a shmem page comes back to its file
 * @page: locked, in the swap cache, not under writeback
 * @mapping: the file's
 * @index: page offset
 *
 * Context: page lock and shmem's lock; does not sleep.
 * Return: 0, or -EEXIST, -ENOMEM with nothing changed.
 */
int move_from_swap_cache(struct page *page, struct address_space *mapping,
			 pgoff_t index) __must_check;

/**
 * lookup_swap_cache() - find the page of an entry
 * @entry: any
 *
 * Context: takes tree_lock (irq).
 * Return: page with a reference, perhaps being read, or NULL.
 */
struct page *lookup_swap_cache(swp_entry_t entry);

/**
 * read_swap_cache_async() - find or read the page of an entry (RECL-18)
 * @entry: any; what is free is not read
 *
 * Context: no spinlock; may sleep.
 * Return: page with a reference, perhaps being read by somebody else, or
 *	NULL: no memory, or the entry has been freed.
 */
struct page *read_swap_cache_async(swp_entry_t entry);

/**
 * swapin_readahead() - read the slots around one (FLT-35)
 * @entry: what a fault wants
 *
 * Context: no spinlock; may sleep.
 */
void swapin_readahead(swp_entry_t entry);

/**
 * free_page_and_swap_cache() - drop a mapping's page, and its slot if unused
 * @page: with the PTE's reference, dropped here
 *
 * Context: any; only tries the page lock.
 */
void free_page_and_swap_cache(struct page *page);

/**
 * free_pages_and_swap_cache() - the gather's release, after its flush
 * @pages: pages, each with the PTE's reference
 * @nr: how many
 *
 * Context: ptl; see EXIT-40.
 */
void free_pages_and_swap_cache(struct page **pages, unsigned int nr);

#endif /* MM_SWAP_STATE_H */
