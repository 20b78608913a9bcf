/* SPDX-License-Identifier: GPL-2.0-or-later */
/* vmscan.h - page reclaim: which pages go when memory is short (RECL-15, 16) */
#ifndef MM_VMSCAN_H
#define MM_VMSCAN_H

#include "mm/mm_types.h"
#include "mm/page_alloc.h"

/** vmscan_init() - no reclaim yet, no kswapd.  Return: 0. */
int vmscan_init(void);

/**
 * try_to_free_pages() - direct reclaim by a task that needs memory
 * @gfp: of the allocation
 *
 * Context: current has PF_MEMALLOC, no spinlock; may sleep.  The caller may
 *	hold mmap_sems and page locks: pages are only ever tried.
 * Return: pages freed, 1 if others freed enough, 0 if none of all pages could
 *	be.
 */
unsigned long try_to_free_pages(gfp_t gfp);

/**
 * kswapd_run() - start a kernel thread that reclaims in the background
 *
 * It is a child of the caller, sleeps until wakeup_kswapd(), and between two
 * mms of its own runs lazily on whichever its CPU had.
 *
 * Context: init; one at a time.
 * Return: 0 or -Exxx.
 */
int kswapd_run(void);

/**
 * kswapd_stop() - end kswapd and reap it
 *
 * Context: the task that called kswapd_run(); sleeps.
 */
void kswapd_stop(void);

/**
 * wakeup_kswapd() - memory falls short of pages_low
 *
 * Context: any; nothing happens without kswapd.
 */
void wakeup_kswapd(void);

struct vmscan_stats {
	unsigned long scanned; /* pages shrink_list() looked at */
	unsigned long reclaimed; /* of them freed */
	unsigned long activated; /* given back as active */
	unsigned long deactivated; /* moved to the inactive list */
	unsigned long unmapped; /* try_to_unmap() succeeded */
	unsigned long written; /* writepage() was called */
	unsigned long busy; /* RECL-16: count or DIRTY changed at the end */
	unsigned long dead; /* RECL-15: found with a count of 0 */
	unsigned long direct; /* calls of try_to_free_pages() */
	unsigned long kswapd; /* rounds of kswapd */
	unsigned long relieved; /* direct: others freed enough meanwhile */
	unsigned long throttled; /* direct: waited for isolated pages */
};

/** vmscan_get_stats() - copy the counters.  Context: any; a snapshot. */
void vmscan_get_stats(struct vmscan_stats *stats);

#endif /* MM_VMSCAN_H */
