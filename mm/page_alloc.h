/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * page_alloc.h - the page allocator: buddy lists behind per-CPU hot lists
 *
 * Reuse is last-in first-out and frames never used stay untouched, so that
 * the host's memory use follows what the emulation uses.
 */
#ifndef MM_PAGE_ALLOC_H
#define MM_PAGE_ALLOC_H

#include "mm/page.h"

typedef unsigned int gfp_t;

#define __GFP_WAIT 0x10u /* may sleep */
#define __GFP_HIGH 0x20u /* may use the reserve */
#define __GFP_ZERO 0x8000u
#define GFP_ATOMIC __GFP_HIGH
#define GFP_KERNEL __GFP_WAIT
#define GFP_USER GFP_KERNEL
#define GFP_HIGHUSER GFP_KERNEL

#define MAX_ORDER 11 /* largest block: 1 << (MAX_ORDER - 1) frames */

#define PCP_BATCH 32 /* at most: pages moved between a CPU and the zone */
#define PCP_HIGH (3 * PCP_BATCH)

/* Free single pages of one CPU, in front of the zone; interrupts off. */
struct per_cpu_pages {
	unsigned int count; /* (I) */
	struct page *pages[PCP_HIGH]; /* (I) last one is hottest */
};

/**
 * page_alloc_init() - create physical memory
 * @nr_frames: frames, at least 64
 *
 * Context: boot, once until page_alloc_exit().
 * Return: 0, -EINVAL or -ENOMEM.
 */
int page_alloc_init(unsigned long nr_frames);

/**
 * page_alloc_exit() - give physical memory back to the host
 *
 * Context: no task, no other host thread uses it.  Does not check for leaks:
 *	see nr_free_pages().
 */
void page_alloc_exit(void);

/**
 * zone_free_pages() - frames free, without what the CPUs keep
 *
 * Context: any; a hint.
 */
unsigned long zone_free_pages(void);

/**
 * zone_balanced() - are there pages_high free pages? kswapd stops then
 *
 * Context: any; a hint.
 */
bool zone_balanced(void);

/**
 * alloc_pages() - take a block of frames
 * @gfp: GFP_*; __GFP_ZERO clears it
 * @order: the block has 1 << @order frames, below MAX_ORDER
 *
 * The first page has one reference; the others have none, as in the kernel.
 *
 * Below pages_low kswapd is woken, below pages_min __GFP_WAIT means direct
 * reclaim, and a process killed if that brings nothing.  Who reclaims
 * (PF_MEMALLOC) or is being killed for its memory (TIF_MEMDIE) may take all.
 *
 * Context: any with __GFP_HIGH; with __GFP_WAIT it must be allowed to sleep
 *	and can be made to fail (fault_inject.h).  Takes the zone lock.
 * Return: first page of the block, or NULL.
 */
struct page *alloc_pages(gfp_t gfp, unsigned int order);

#define alloc_page(gfp) alloc_pages((gfp), 0)

/**
 * get_zeroed_page() - a frame filled with zeroes
 * @gfp: GFP_*
 *
 * Context: as alloc_pages().
 * Return: page with one reference, or NULL.
 */
struct page *get_zeroed_page(gfp_t gfp);

/**
 * __free_pages() - drop a reference on a block and free it with the last one
 * @page: what alloc_pages() returned
 * @order: as allocated
 *
 * Context: any.
 */
void __free_pages(struct page *page, unsigned int order);

#define __free_page(page) __free_pages((page), 0)

/**
 * free_hot_page() - free a page whose last reference is gone
 * @page: single page, _count already -1
 *
 * Checks OBJ-9 and INV-32 and that no CPU caches a translation to the frame
 * (EXIT-38); resets mapping of an anonymous page (OBJ-7).
 *
 * Context: any.
 */
void free_hot_page(struct page *page);

/**
 * drain_pages() - move a CPU's free pages to the zone
 * @cpu: CPU
 *
 * Context: nobody uses @cpu, or its own task with interrupts off.
 */
void drain_pages(struct cpu *cpu);

/**
 * nr_touched_pages() - frames that have been in use at some time
 *
 * Context: any; a hint.  It only grows: the rest has cost the host nothing.
 */
unsigned long nr_touched_pages(void);

/**
 * nr_free_pages() - frames free, per-CPU lists and unused ones included
 *
 * Context: interrupts on.  Exact only when nobody allocates or frees.
 * Return: number of frames.
 */
unsigned long nr_free_pages(void);

/* Frames that may be handed out at all; constant after boot. */
extern unsigned long nr_managed_pages;

#endif /* MM_PAGE_ALLOC_H */
