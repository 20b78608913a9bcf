/* SPDX-License-Identifier: GPL-2.0-or-later */
/* rmap_unmap.h - take a page out of every page table (RECL-7, RECL-8) */
#ifndef MM_RMAP_UNMAP_H
#define MM_RMAP_UNMAP_H

#include "mm/mm_types.h"

enum swap_result {
	SWAP_SUCCESS, /* nobody maps the page any more */
	SWAP_AGAIN, /* some mapping was missed: try later */
	SWAP_FAIL, /* a mapping is locked or was used: keep the page */
};

/**
 * try_to_unmap() - remove all PTEs that map a page
 * @page: locked, mapped, with a reference; anonymous ones are in the swap
 *	cache
 *
 * Anonymous PTEs become swap PTEs, those of nonlinear VMAs file PTEs, others
 * empty ones; DIRTY moves to the page.
 *
 * Context: page lock, no spinlock.  Takes i_mmap_lock or anon_vma->lock, in
 *	it ptls; may drop i_mmap_lock between nonlinear clusters.
 * Return: SWAP_SUCCESS iff _mapcount is now -1.
 */
enum swap_result try_to_unmap(struct page *page);

struct unmap_stats {
	unsigned long anon; /* PTEs that became swap PTEs */
	unsigned long file; /* PTEs of file pages removed */
	unsigned long nonlinear; /* of them by a cluster scan */
	unsigned long missed; /* walks that left a mapping behind (RECL-9) */
	unsigned long child_first; /* mms listed by reclaim (RECL-11) */
	unsigned long dying; /* of them with mm_users 0 (EXIT-21) */
	unsigned long building; /* PTEs of an mm in dup_mmap() (FORK-59) */
};

/** unmap_get_stats() - copy the counters.  Context: any; a snapshot. */
void unmap_get_stats(struct unmap_stats *stats);

#endif /* MM_RMAP_UNMAP_H */
