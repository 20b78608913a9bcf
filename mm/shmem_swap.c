// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * shmem_swap.c - the swap vectors of shared memory, and how swapoff finds them
 * (2.6.11: mm/shmem.c).  Locks: see mm/shmem.c.
 */
#include "mm/shmem_swap.h"

#include <errno.h>

#include "mm/kmalloc.h"
#include "mm/lock_classes.h"
#include "mm/page.h"
#include "mm/shmem.h"
#include "mm/swap_state.h"
#include "mm/swapfile.h"

/* ---- The swap vector ----------------------------------------------------- */

#define SWP_CHUNK (PAGE_SIZE / sizeof(swp_entry_t))

static DEFINE_SPINLOCK(shmem_list_lock, &shmem_list_class);
static CDS_LIST_HEAD(shmem_swaplist); /* objects with something in swap */

int shmem_info_create(struct inode *inode)
{
	pgoff_t pages = (pgoff_t)inode->i_size / PAGE_SIZE + 1;
	struct shmem_inode_info *info = kzalloc(sizeof(*info), GFP_KERNEL);

	if (!info)
		return -ENOMEM;
	info->nr_chunks = (pages + SWP_CHUNK - 1) / SWP_CHUNK;
	if (info->nr_chunks * sizeof(*info->chunks) <= KMALLOC_MAX_SIZE)
		info->chunks = kzalloc(info->nr_chunks * sizeof(*info->chunks),
				       GFP_KERNEL);
	if (!info->chunks) {
		kfree(info);
		return -ENOMEM;
	}
	spin_lock_init(&info->lock, &shmem_info_class);
	CDS_INIT_LIST_HEAD(&info->swaplist);
	info->inode = inode;
	inode->i_shmem_info = info;
	return 0;
}

void shmem_info_destroy(struct shmem_inode_info *info)
{
	for (unsigned long i = 0; i < info->nr_chunks; i++)
		kfree(info->chunks[i]);
	kfree(info->chunks);
	spin_lock_destroy(&info->lock);
	kfree(info);
}

swp_entry_t *shmem_swp_entry(struct shmem_inode_info *info,
			     pgoff_t index) __must_hold(&info->lock)
{
	swp_entry_t *chunk = index / SWP_CHUNK < info->nr_chunks ?
				     info->chunks[index / SWP_CHUNK] : NULL;

	return chunk ? &chunk[index % SWP_CHUNK] : NULL;
}

int shmem_swp_alloc(struct shmem_inode_info *info, pgoff_t index)
{
	unsigned long n = index / SWP_CHUNK;
	swp_entry_t *chunk;
	bool present;

	spin_lock(&info->lock);
	present = n >= info->nr_chunks || info->chunks[n];
	spin_unlock(&info->lock);
	if (present)
		return 0;
	chunk = kzalloc(PAGE_SIZE, GFP_KERNEL);
	if (!chunk)
		return -ENOMEM;
	spin_lock(&info->lock);
	if (!info->chunks[n]) {
		info->chunks[n] = chunk;
		chunk = NULL;
	}
	spin_unlock(&info->lock);
	kfree(chunk);
	return 0;
}

unsigned long shmem_for_each_entry(struct inode *inode,
				   void (*fn)(swp_entry_t entry, void *arg),
				   void *arg)
{
	struct shmem_inode_info *info = inode->i_shmem_info;
	unsigned long nr = 0;

	if (!info)
		return 0;
	spin_lock(&info->lock);
	for (unsigned long n = 0; n < info->nr_chunks; n++) {
		swp_entry_t *chunk = info->chunks[n];

		for (unsigned long i = 0; chunk && i < SWP_CHUNK; i++) {
			if (!chunk[i].val)
				continue;
			fn(chunk[i], arg);
			nr++;
		}
	}
	spin_unlock(&info->lock);
	return nr;
}

bool shmem_announce_entry(struct shmem_inode_info *info, pgoff_t index)
{
	bool ok;

	spin_lock(&shmem_list_lock);
	spin_lock(&info->lock);
	ok = !info->dying && shmem_swp_entry(info, index);
	if (ok) {
		info->swapped++;
		if (cds_list_empty(&info->swaplist))
			cds_list_add_tail(&info->swaplist, &shmem_swaplist);
	}
	spin_unlock(&info->lock);
	spin_unlock(&shmem_list_lock);
	return ok;
}

/* ---- In ------------------------------------------------------------------- */

int shmem_move_in(struct shmem_inode_info *info, struct page *page,
		  pgoff_t index) __must_hold(&info->lock)
{
	int err = move_from_swap_cache(page, &info->inode->i_data, index);

	if (err)
		return err;
	*shmem_swp_entry(info, index) = (swp_entry_t){ 0 };
	info->swapped--;
	return 0;
}

/* ---- swapoff -------------------------------------------------------------- */

/* The index of the page whose entry is @entry, or -1. */
static pgoff_t shmem_find_entry(struct shmem_inode_info *info,
				swp_entry_t entry) __must_hold(&info->lock)
{
	for (unsigned long n = 0; n < info->nr_chunks; n++)
		for (unsigned long i = 0; info->chunks[n] && i < SWP_CHUNK; i++)
			if (info->chunks[n][i].val == entry.val)
				return n * SWP_CHUNK + i;
	return (pgoff_t)-1;
}

/* Return: whether the object has the entry, or had it until now. */
static bool shmem_unuse_inode(struct shmem_inode_info *info,
			      swp_entry_t entry, struct page *page)
	__must_hold(&shmem_list_lock)
{
	bool found = false;
	pgoff_t index;

	spin_lock(&info->lock);
	if (!info->swapped) {
		cds_list_del_init(&info->swaplist);
	} else {
		index = shmem_find_entry(info, entry);
		found = index != (pgoff_t)-1;
		/* Without memory it stays; then the caller counts it again. */
		if (found && shmem_move_in(info, page, index) == 0 &&
		    !TestSetPageUptodate(page))
			report_finding(FINDING_DATA,
				       "shmem entry %#lx: no content",
				       entry.val);
	}
	spin_unlock(&info->lock);
	return found;
}

bool shmem_unuse(swp_entry_t entry, struct page *page)
{
	struct shmem_inode_info *info, *next;
	bool found = false;

	spin_lock(&shmem_list_lock);
	cds_list_for_each_entry_safe(info, next, &shmem_swaplist, swaplist) {
		found = shmem_unuse_inode(info, entry, page);
		if (found)
			break;
	}
	spin_unlock(&shmem_list_lock);
	if (found)
		swap_free(entry);
	return found;
}

void shmem_free_entries(struct shmem_inode_info *info, pgoff_t first,
			bool dying)
{
	spin_lock(&info->lock);
	info->dying = dying;
	for (unsigned long n = first / SWP_CHUNK; n < info->nr_chunks; n++) {
		for (unsigned long i = 0; info->chunks[n] && i < SWP_CHUNK;
		     i++) {
			swp_entry_t *slot = &info->chunks[n][i];

			if (!slot->val || n * SWP_CHUNK + i < first)
				continue;
			free_swap_and_cache(*slot);
			slot->val = 0;
			info->swapped--;
		}
	}
	spin_unlock(&info->lock);
}

void shmem_leave_swaplist(struct shmem_inode_info *info)
{
	spin_lock(&shmem_list_lock);
	cds_list_del_init(&info->swaplist);
	spin_unlock(&shmem_list_lock);
}
