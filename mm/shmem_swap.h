/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where shared memory is that is in swap: what mm/shmem.c alone may use. */
#ifndef MM_SHMEM_SWAP_H
#define MM_SHMEM_SWAP_H

#include "mm/mm_types.h"
#include "mm/pgtable.h"

/*
 * The swap vector of an object.  Chunks are made when a page is first brought
 * in, so that shmem_writepage() needs no memory.
 */
struct shmem_inode_info {
	spinlock_t lock;
	struct inode *inode; /* (c) */
	unsigned long nr_chunks; /* (c) by the size at creation */
	swp_entry_t **chunks; /* under lock; pointer (c) */
	unsigned long swapped; /* under lock: entries, and one to come */
	bool dying; /* under lock: takes no more entries */
	struct cds_list_head swaplist; /* shmem_list_lock; self-linked: off */
};

/**
 * shmem_info_create() - give a new object an empty vector
 * @inode: i_size set; i_shmem_info is filled in
 *
 * Context: may sleep.
 * Return: 0 or -ENOMEM.
 */
int shmem_info_create(struct inode *inode);

/**
 * shmem_info_destroy() - undo shmem_info_create()
 * @info: without entries, off the list; freed
 *
 * Context: any.
 */
void shmem_info_destroy(struct shmem_inode_info *info);

/**
 * shmem_swp_entry() - the entry of a page
 * @info: object
 * @index: page of the file
 *
 * Context: @info->lock held.
 * Return: its place in the vector; NULL: it cannot be swapped.
 */
swp_entry_t *shmem_swp_entry(struct shmem_inode_info *info, pgoff_t index)
	__must_hold(&info->lock);

/**
 * shmem_swp_alloc() - make the chunk for a page
 * @info: object
 * @index: page of the file
 *
 * Context: may sleep; takes @info->lock.
 * Return: 0 or -ENOMEM.
 */
int shmem_swp_alloc(struct shmem_inode_info *info, pgoff_t index);

/**
 * shmem_announce_entry() - there will be an entry of a page
 * @info: object
 * @index: page of the file, locked
 *
 * swapoff has to find the object before the page leaves its file: afterwards
 * only @info->lock keeps the object, whose inode may be dying.
 *
 * Context: page lock; takes shmem_list_lock and @info->lock.
 * Return: whether @info->swapped counts it; false if the object is dying, or
 *	the page has no place in the vector.
 */
bool shmem_announce_entry(struct shmem_inode_info *info, pgoff_t index);

/**
 * shmem_move_in() - a page of the swap cache returns to its file
 * @info: object
 * @page: locked, in the swap cache
 * @index: page of the file, whose entry is @page's; it is cleared
 *
 * Context: page lock, @info->lock held.
 * Return: 0 or -errno of move_from_swap_cache(), with nothing changed.
 */
int shmem_move_in(struct shmem_inode_info *info, struct page *page,
		  pgoff_t index) __must_hold(&info->lock);

/**
 * shmem_free_entries() - give up the entries from a page on
 * @info: object
 * @first: page of the file
 * @dying: the object takes no more entries
 *
 * Context: no spinlock; takes @info->lock.
 */
void shmem_free_entries(struct shmem_inode_info *info, pgoff_t first,
			bool dying);

/**
 * shmem_leave_swaplist() - swapoff does not find the object any more
 * @info: object, dying
 *
 * Context: no spinlock; waits for swapoff to be done with it.
 */
void shmem_leave_swaplist(struct shmem_inode_info *info);

#endif /* MM_SHMEM_SWAP_H */
