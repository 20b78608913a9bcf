/* SPDX-License-Identifier: GPL-2.0-or-later */
/* kmalloc.h - memory of any size: slab caches by size, pages above them */
#ifndef MM_KMALLOC_H
#define MM_KMALLOC_H

#include "mm/page_alloc.h"

#define KMALLOC_MAX_SIZE (128UL * 1024)

/**
 * kmalloc() - allocate memory of any size up to KMALLOC_MAX_SIZE
 * @size: bytes
 * @gfp: GFP_*
 *
 * Context: as alloc_pages().
 * Return: memory aligned to 16, or NULL.
 */
void *kmalloc(size_t size, gfp_t gfp);

static inline void *kzalloc(size_t size, gfp_t gfp)
{
	return kmalloc(size, gfp | __GFP_ZERO);
}

/**
 * kfree() - give back what kmalloc() returned
 * @p: memory, NULL allowed
 *
 * Context: any.
 */
void kfree(const void *p);

/**
 * ksize() - bytes that may be used at what kmalloc() returned
 * @p: allocation, or NULL
 *
 * Context: any; @p stays allocated meanwhile.
 * Return: at least what was asked for; 0 for NULL.
 */
size_t ksize(const void *p);

/**
 * kmalloc_live() - kmalloc() allocations not freed
 *
 * Context: as kmem_cache_live().
 * Return: number of allocations.
 */
long kmalloc_live(void);

/** kmalloc_init() - make the caches.  Return: 0 or -ENOMEM. */
int kmalloc_init(void);

/** kmalloc_exit() - destroy the caches; live memory is a finding. */
void kmalloc_exit(void);

#endif /* MM_KMALLOC_H */
