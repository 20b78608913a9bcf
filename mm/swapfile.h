/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * swapfile.h - swap devices: who holds which slot (OBJ-15)
 *
 * Order: swap_list_lock, sdev_lock; mmlist_lock is innermost.
 */
#ifndef MM_SWAPFILE_H
#define MM_SWAPFILE_H

#include "mm/mm_types.h"
#include "mm/pgtable.h"

#define SWAP_MAP_MAX 0x7fff
#define SWAP_MAP_BAD 0x8000

enum { SWP_USED = 1, SWP_WRITEOK = 2, SWP_ACTIVE = 3 };

struct swap_info_struct {
	spinlock_t sdev_lock;
	unsigned int flags; /* (w) to change with (d); either to read */
	int prio; /* (w) */
	int next; /* (w) next device of lower prio, -1 at the end */
	swap_count_t *swap_map; /* (d) */
	unsigned long max; /* (c) while used: slots, slot 0 included */
	unsigned long lowest_bit, highest_bit; /* (d) hints for the search */
	unsigned long pages; /* (c) while used: slots one can get */
	unsigned long inuse_pages; /* (d) */
};

extern struct swap_info_struct swap_info[MAX_SWAPFILES];
extern spinlock_t swap_list_lock;
extern spinlock_t mmlist_lock;
extern long nr_swap_pages; /* under swap_list_lock */
extern long total_swap_pages; /* under swap_list_lock */

/** swapfile_init() - no device in use. Return: 0. */
int swapfile_init(void);

/** swapfile_exit() - reports slots in use, frees the maps. */
void swapfile_exit(void);

/**
 * sys_swapon() - add a device
 * @pages: size in pages, slot 0 (the header) included
 * @prio: higher is used first
 *
 * Context: may sleep.
 * Return: its type, or -EPERM (no slot left), -EINVAL, -ENOMEM.
 */
int sys_swapon(unsigned long pages, int prio);

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
 * Context: ptl; takes swap_list_lock, sdev_lock.
 */
void free_swap_and_cache(swp_entry_t entry);

/**
 * can_share_swap_page() - may a write fault reuse the page? (FLT-46)
 * @page: locked, mapped by the caller's PTE
 *
 * Context: page lock and ptl.
 * Return: whether the PTE is the page's only holder.
 */
bool can_share_swap_page(struct page *page);

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

#endif /* MM_SWAPFILE_H */
