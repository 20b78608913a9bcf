/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * swapfile.h - swap devices: who holds which slot (OBJ-15); includes adding
 * and removing devices
 *
 * Order: swap_list_lock, sdev_lock; mmlist_lock is innermost.
 */
#ifndef MM_SWAPFILE_H
#define MM_SWAPFILE_H

#include "mm/mm_types.h"
#include "mm/page_io.h"
#include "mm/pgtable.h"
#include "mm/swapfile_onoff.h"

#define SWAP_MAP_MAX 0x7fff
#define SWAP_MAP_BAD 0x8000

enum { SWP_USED = 1, SWP_WRITEOK = 2, SWP_ACTIVE = 3 };

/* Offsets of 24 bits fit into the swap PTE of either geometry (OBJ-11). */
#define SWAP_MAX_PAGES (1UL << 24)
#define SWAPFILE_CLUSTER 256 /* slots handed out in a row */

struct swap_info_struct {
	spinlock_t sdev_lock;
	unsigned int flags; /* (d)+(w) to change; either to read */
	int prio; /* (w) */
	int next; /* (w) next device of lower prio, -1 at the end */
	swap_count_t *swap_map; /* (d) pointer and counts; (r) counts */
	struct swap_device dev;
	unsigned long max; /* (c) while used: slots, slot 0 included */
	unsigned long lowest_bit, highest_bit; /* (d) hints for the search */
	unsigned long cluster_next; /* (d) where the next slot may be */
	unsigned int cluster_nr; /* (d) slots left in this cluster */
	unsigned long pages; /* (c) while used: slots one can get */
	unsigned long inuse_pages; /* (d)+(w) to change; either to read */
};

extern struct swap_info_struct swap_info[MAX_SWAPFILES];
extern spinlock_t swap_list_lock;
extern spinlock_t mmlist_lock;
/* Below zero while a device in use is removed. */
extern long nr_swap_pages; /* (w), (r) for vm_swap_full() */
extern long total_swap_pages; /* (w), (r) */

/* Is there swap, and no slot left? */
static inline bool swap_is_full(void)
{
	return READ_ONCE(total_swap_pages) > 0 && READ_ONCE(nr_swap_pages) <= 0;
}

/* Is swap more than half full?  Then slots are not kept as a second copy. */
static inline bool vm_swap_full(void)
{
	return READ_ONCE(nr_swap_pages) * 2 < READ_ONCE(total_swap_pages);
}

/** swapfile_init() - no device in use. Return: 0. */
int swapfile_init(void);

/** swapfile_exit() - reports slots in use, frees the maps. */
void swapfile_exit(void);

/**
 * swap_list_add() - let slots of a device be handed out
 * @type: device with prio and pages set; slots in use have been counted
 *
 * Behind all devices of the same or a higher priority.
 *
 * Context: swap_list_lock.
 */
void swap_list_add(int type) __must_hold(&swap_list_lock);

/**
 * swap_list_del() - no more slots of a device
 * @type: device on the list
 *
 * Context: swap_list_lock.
 */
void swap_list_del(int type) __must_hold(&swap_list_lock);

/**
 * get_swap_page() - allocate a slot, count 1
 *
 * Context: takes swap_list_lock, sdev_lock.
 * Return: the entry, or one with val 0.
 */
swp_entry_t get_swap_page(void);

/**
 * swap_duplicate() - one more holder of an entry
 * @entry: entry of a swap PTE or page
 *
 * Context: takes sdev_lock.
 * Return: 1, or 0 if the entry is free or not valid (DEF-24: callers in
 *         fork ignore it; counts stick at SWAP_MAP_MAX).
 */
int swap_duplicate(swp_entry_t entry);

/**
 * swap_free() - one holder less
 * @entry: held
 *
 * Context: takes swap_list_lock, sdev_lock.
 */
void swap_free(swp_entry_t entry);

/**
 * free_swap_and_cache() - a swap PTE is zapped (EXIT-39)
 * @entry: held by the PTE
 *
 * If only the swap cache is left, and its page can be locked at once, that
 * goes too.
 *
 * Context: ptl; takes swap_list_lock, sdev_lock, tree_lock; only tries the
 *	page lock.
 */
void free_swap_and_cache(swp_entry_t entry);

/**
 * can_share_swap_page() - may a write fault reuse the page? (FLT-46)
 * @page: locked, mapped by the caller's PTE or about to be
 *
 * Context: page lock and ptl; takes swap_list_lock, sdev_lock, tree_lock.
 * Return: whether the PTE is the page's only holder.
 */
bool can_share_swap_page(struct page *page);

/**
 * remove_exclusive_swap_page() - free a slot that only the cache holds
 * @page: locked; in the swap cache or not
 *
 * Needs page_count 2 (the cache and one more) and no writeback (EXIT-40).
 * The page is dirty then.
 *
 * Context: page lock; takes swap_list_lock, sdev_lock, tree_lock.
 * Return: whether it left the swap cache.
 */
bool remove_exclusive_swap_page(struct page *page);

/**
 * valid_swaphandles() - the slots to read with one
 * @entry: entry that a fault wants
 * @first: first offset of the cluster that is worth reading
 *
 * Context: takes sdev_lock.
 * Return: number of slots from @first on, all in use.
 */
unsigned int valid_swaphandles(swp_entry_t entry, unsigned long *first);

/* Readahead reads 1 << page_cluster slots; 0 for none but the wanted. */
extern unsigned int page_cluster;

/**
 * mmlist_add() - make sure swapoff will search an mm (ORD-10)
 * @mm: about to get a swap PTE
 * @prev: mm on the list to stand behind, &init_mm for the head
 *
 * Context: @mm's page_table_lock; takes mmlist_lock unless already there.
 */
void mmlist_add(struct mm_struct *mm, struct mm_struct *prev);

/**
 * mmlist_del() - an mm without users leaves the list
 * @mm: mm_users is 0
 *
 * Context: last mmput(); takes mmlist_lock if it is there.
 */
void mmlist_del(struct mm_struct *mm);

/**
 * drain_mmlist() - empty the list if no slot is in use (SWOFF-11)
 *
 * Context: swap_list_lock; takes mmlist_lock.
 */
void drain_mmlist(void) __must_hold(&swap_list_lock);

#endif /* MM_SWAPFILE_H */
