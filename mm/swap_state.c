// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * swap_state.c - the swap cache
 *
 * A page in it has PG_swapcache, its entry in ->private, one reference and
 * one count of its slot.  The page lock keeps it in or out; tree_lock covers
 * the index.  Its ->mapping says whose page it is: an anon_vma, or NULL while
 * a shmem file has it swapped out.
 *
 *   page lock
 *     swap_list_lock, sdev_lock
 *       tree_lock (irq)
 */
#include "mm/swap_state.h"

#include <errno.h>

#include "mm/filemap.h"
#include "mm/page_alloc.h"
#include "mm/page_io.h"
#include "mm/page_tree.h"
#include "mm/swap.h"
#include "mm/swapfile.h"

static const struct address_space_ops swap_aops = {
	.writepage = swap_writepage,
};

struct address_space swapper_spaces[MAX_SWAPFILES];

int swap_state_init(void)
{
	for (int type = 0; type < MAX_SWAPFILES; type++) {
		swapper_spaces[type] = (struct address_space) { .host = NULL };
		address_space_init(&swapper_spaces[type], NULL, &swap_aops);
	}
	return 0;
}

void swap_state_exit(void)
{
	unsigned long left = total_swapcache_pages();

	if (left)
		report_finding(FINDING_LEAK, "%lu pages in the swap cache",
			       left);
	for (int type = 0; type < MAX_SWAPFILES; type++)
		address_space_destroy(&swapper_spaces[type]);
}

unsigned long total_swapcache_pages(void)
{
	unsigned long total = 0;

	for (int type = 0; type < MAX_SWAPFILES; type++) {
		struct address_space *mapping = &swapper_spaces[type];

		spin_lock_irq(&mapping->tree_lock);
		total += mapping->nrpages;
		spin_unlock_irq(&mapping->tree_lock);
	}
	return total;
}

/* ---- In ----------------------------------------------------------------- */

/*
 * The caller has a count of the entry, which becomes the cache's.
 * Return: 0, -EEXIST or -ENOMEM.
 */
static int __add_to_swap_cache(struct page *page, swp_entry_t entry, gfp_t gfp)
{
	struct address_space *mapping = swapper_space(entry);
	struct page **slot;
	int err;

	mm_bug_on(!PageLocked(page) || PageSwapCache(page) ||
		  PagePrivate(page),
		  "page %lu to swap cache, flags %lx", page_to_pfn(page),
		  READ_ONCE(page->flags));
	err = page_tree_reserve(mapping, swp_offset(entry), gfp);
	if (err)
		return err;
	spin_lock_irq(&mapping->tree_lock);
	slot = page_tree_slot(mapping, swp_offset(entry));
	if (*slot) {
		err = -EEXIST;
	} else {
		get_page(page);
		WRITE_ONCE(page->private, entry.val);
		SetPageSwapCache(page);
		*slot = page;
		mapping->nrpages++;
	}
	spin_unlock_irq(&mapping->tree_lock);
	return err;
}

/*
 * The slot is ours, yet its place in the cache may be taken: readahead looks
 * at counts only, and has put there what it found in the slot.
 */
bool add_to_swap(struct page *page)
{
	swp_entry_t entry;
	int err;

	mm_bug_on(!PageLocked(page), "page %lu not locked", page_to_pfn(page));
	do {
		entry = get_swap_page();
		if (!entry.val)
			return false;
		err = __add_to_swap_cache(page, entry, GFP_ATOMIC);
		if (err)
			swap_free(entry);
	} while (err == -EEXIST);
	if (err)
		return false;
	SetPageUptodate(page);
	SetPageDirty(page);
	return true;
}

int move_to_swap_cache(struct page *page, swp_entry_t entry)
{
	int err = __add_to_swap_cache(page, entry, GFP_ATOMIC);

	if (err)
		return err;
	remove_from_page_cache(page);
	put_page(page); /* the page cache's */
	mm_bug_on(!swap_duplicate(entry), "entry %#lx vanished", entry.val);
	SetPageDirty(page);
	return 0;
}

/* ---- Out ---------------------------------------------------------------- */

/* Callers have the mapping by another name: asserted instead. */
void __delete_from_swap_cache(struct page *page) __no_lock_analysis
{
	swp_entry_t entry = page_swap_entry(page);
	struct address_space *mapping = swapper_space(entry);
	struct page **slot;

	lockdep_assert_held(&mapping->tree_lock);
	mm_bug_on(!PageLocked(page) || !PageSwapCache(page) ||
		  PageWriteback(page),
		  "page %lu from swap cache, flags %lx", page_to_pfn(page),
		  READ_ONCE(page->flags));
	slot = page_tree_slot(mapping, swp_offset(entry));
	mm_bug_on(!slot || *slot != page, "page %lu not at entry %#lx",
		  page_to_pfn(page), entry.val);
	*slot = NULL;
	mapping->nrpages--;
	WRITE_ONCE(page->private, 0);
	ClearPageSwapCache(page);
}

void delete_from_swap_cache(struct page *page)
{
	swp_entry_t entry = page_swap_entry(page);
	struct address_space *mapping = swapper_space(entry);

	spin_lock_irq(&mapping->tree_lock);
	__delete_from_swap_cache(page);
	spin_unlock_irq(&mapping->tree_lock);
	swap_free(entry);
	put_page(page);
}

int move_from_swap_cache(struct page *page, struct address_space *mapping,
			 pgoff_t index)
{
	int err = add_locked_to_page_cache(page, mapping, index);

	if (err)
		return err;
	delete_from_swap_cache(page);
	/* Its only copy is here now. */
	SetPageDirty(page);
	return 0;
}

/* A slot that only the cache holds serves nobody; LOCK-8: try. */
static void free_swap_cache(struct page *page)
{
	if (PageSwapCache(page) && trylock_page(page)) {
		remove_exclusive_swap_page(page);
		unlock_page(page);
	}
}

void free_page_and_swap_cache(struct page *page)
{
	free_swap_cache(page);
	put_page(page);
}

void free_pages_and_swap_cache(struct page **pages, unsigned int nr)
{
	/* Pages queued on this CPU have a count too many to be freed. */
	lru_add_drain();
	for (unsigned int i = 0; i < nr; i++)
		free_swap_cache(pages[i]);
	release_pages(pages, nr);
}

/* ---- Look up ------------------------------------------------------------ */

struct page *lookup_swap_cache(swp_entry_t entry)
{
	return find_get_page(swapper_space(entry), swp_offset(entry));
}

/* A new page for the entry, locked; 0, -ENOENT: free, -EEXIST, -ENOMEM. */
static int add_to_swap_cache(struct page *page, swp_entry_t entry)
{
	int err;

	if (!swap_duplicate(entry))
		return -ENOENT;
	mm_bug_on(!trylock_page(page), "new page %lu is locked",
		  page_to_pfn(page));
	err = __add_to_swap_cache(page, entry, GFP_KERNEL);
	if (err) {
		unlock_page(page);
		swap_free(entry);
	}
	return err;
}

struct page *read_swap_cache_async(swp_entry_t entry)
{
	struct page *page, *new = NULL;
	int err = 0;

	might_sleep();
	while (!(page = lookup_swap_cache(entry))) {
		if (!new)
			new = alloc_page(GFP_HIGHUSER);
		if (!new)
			return NULL;
		err = add_to_swap_cache(new, entry);
		if (!err) {
			lru_cache_add_active(new);
			swap_readpage(new);
			return new;
		}
		if (err != -EEXIST)
			break;
	}
	if (new)
		put_page(new);
	return page;
}

void swapin_readahead(swp_entry_t entry)
{
	unsigned long first;
	unsigned int nr = valid_swaphandles(entry, &first);

	for (unsigned int i = 0; i < nr; i++) {
		struct page *page;

		page = read_swap_cache_async(swp_entry(swp_type(entry),
						       first + i));
		if (!page)
			break;
		put_page(page);
	}
	/* What was read shall not be kept by this CPU's queue. */
	lru_add_drain();
}
