/* SPDX-License-Identifier: GPL-2.0-or-later */
/* swap.h - LRU lists, the pagevecs in front of them, release in batches */
#ifndef MM_SWAP_H
#define MM_SWAP_H

#include "mm/mm_types.h"

#define PAGEVEC_SIZE 14

/* Owned by the CPU's task; each page in it carries one _count. */
struct pagevec {
	unsigned int nr;
	struct page *pages[PAGEVEC_SIZE];
};

struct lru_pagevecs {
	struct pagevec add, add_active;
};

/* The one zone's LRU. */
struct lru_zone {
	spinlock_t lru_lock; /* irq */
	struct cds_list_head active_list, inactive_list; /* (l) page->lru */
	unsigned long nr_active, nr_inactive; /* (l) */
	unsigned long nr_isolated; /* (l) off the lists, in reclaim's hands */
	struct wait_queue_head isolated_wait; /* for them to be put back */
};

extern struct lru_zone lru_zone;

#define SWAP_CLUSTER_MAX 32UL /* pages reclaim takes off a list at a time */

/* Pages off the LRU lists, each with a reference of whoever took them. */
struct lru_isolated {
	unsigned int nr;
	unsigned int taken; /* how many there were at first */
	unsigned int dead; /* found with a count of 0 and left alone */
	struct page *pages[SWAP_CLUSTER_MAX];
};

/** swap_init() - empty LRU lists. Return: 0. */
int swap_init(void);

/** swap_exit() - drains every CPU; reports pages left. */
void swap_exit(void);

/**
 * lru_cache_add() - queue a page for the inactive list
 * @page: not on the LRU; gains a reference until the queue is drained
 *
 * Context: a task on a CPU; may take lru_lock.
 */
void lru_cache_add(struct page *page);

/** lru_cache_add_active() - as lru_cache_add(), for the active list. */
void lru_cache_add_active(struct page *page);

/** lru_add_drain() - move this CPU's queued pages to the LRU lists. */
void lru_add_drain(void);

/**
 * lru_add_drain_all() - drain every CPU's queues
 *
 * Context: all other tasks stopped.
 */
void lru_add_drain_all(void);

/**
 * mark_page_accessed() - note a use: referenced, then active
 * @page: page with a reference
 */
void mark_page_accessed(struct page *page);

/** activate_page() - move an inactive page to the active list. */
void activate_page(struct page *page);

/**
 * isolate_lru_pages() - take pages from the cold end of a list (RECL-15)
 * @iso: filled in
 * @active: which list
 * @max: how many to look at, up to SWAP_CLUSTER_MAX
 *
 * Context: takes lru_lock (irq).
 * Return: pages looked at, 0 for an empty list.
 */
unsigned int isolate_lru_pages(struct lru_isolated *iso, bool active,
			       unsigned long max);

/**
 * isolate_lru_page() - take one page off its list
 * @iso: filled in, if it succeeds
 * @page: with a reference of the caller's; gets another one for @iso
 *
 * Context: takes lru_lock (irq).
 * Return: false: it is on no list, but in a pagevec or in somebody's hands.
 */
bool isolate_lru_page(struct lru_isolated *iso, struct page *page);

/**
 * putback_lru_pages() - undo either isolation, list by PageActive()
 * @iso: pages left; their references are dropped
 *
 * Context: takes lru_lock (irq); wakes one of those whom lru_is_crowded()
 *	keeps waiting.
 */
void putback_lru_pages(struct lru_isolated *iso);

/**
 * lru_is_crowded() - has reclaim taken most of what there is to be found
 *
 * Context: takes lru_lock (irq).
 * Return: whether more pages are isolated than inactive, and more than a few.
 */
bool lru_is_crowded(void);

/** lru_sizes() - lengths of the lists.  Context: takes lru_lock (irq). */
void lru_sizes(unsigned long *nr_active, unsigned long *nr_inactive);

/**
 * __page_cache_release() - free a page whose count fell to zero
 * @page: off every mapping; taken off the LRU here
 *
 * Context: called by put_page(); takes lru_lock.
 */
void __page_cache_release(struct page *page);

/**
 * release_pages() - drop a reference on each of many pages
 * @pages: reserved ones are skipped (OBJ-8)
 * @nr: how many
 *
 * Context: takes lru_lock in batches; does not sleep.
 */
void release_pages(struct page **pages, unsigned int nr);

#endif /* MM_SWAP_H */
