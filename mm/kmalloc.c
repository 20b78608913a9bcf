// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * kmalloc.c - caches of 32 bytes to 8 KiB, whole blocks of frames above
 *
 * A block records its order in the first page's ->index.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "mm/fault_inject.h"
#include "mm/kmalloc.h"
#include "mm/slab.h"

#define MIN_SHIFT 5
#define MAX_SHIFT 13
#define NR_SIZES (MAX_SHIFT - MIN_SHIFT + 1)

static struct kmem_cache *size_cache[NR_SIZES]; /* (c) after boot */
static char size_name[NR_SIZES][16];
static atomic_long_t nr_blocks;

static unsigned int shift_for(size_t size)
{
	unsigned int shift = size <= 1 ? 0 : 64 - __builtin_clzl(size - 1);

	return max(shift, (unsigned int)MIN_SHIFT);
}

static void *kmalloc_block(unsigned int order, gfp_t gfp)
{
	struct page *page = alloc_pages(gfp, order);

	if (!page)
		return NULL;
	page->index = order;
	atomic_long_inc(&nr_blocks);
	return page_address(page);
}

void *kmalloc(size_t size, gfp_t gfp)
{
	unsigned int shift = shift_for(size);

	if (size > KMALLOC_MAX_SIZE)
		return NULL;
	if (shift <= MAX_SHIFT)
		return kmem_cache_alloc(size_cache[shift - MIN_SHIFT], gfp);
	return kmalloc_block(shift - PAGE_SHIFT, gfp);
}

void kfree(const void *p)
{
	struct page *page;

	if (!p)
		return;
	page = virt_to_page(p);
	if (PageSlab(page)) {
		kmem_cache_free(kmem_cache_of(p), (void *)p);
		return;
	}
	atomic_long_dec(&nr_blocks);
	__free_pages(page, (unsigned int)page->index);
}

size_t ksize(const void *p)
{
	const struct page *page;

	if (!p)
		return 0;
	page = virt_to_page(p);
	if (PageSlab(page))
		return kmem_cache_size(kmem_cache_of(p));
	return PAGE_SIZE << page->index;
}

long kmalloc_live(void)
{
	long live = atomic_long_read(&nr_blocks);

	for (int i = 0; i < NR_SIZES; i++)
		live += kmem_cache_live(size_cache[i]);
	return live;
}

int kmalloc_init(void)
{
	for (int i = 0; i < NR_SIZES; i++) {
		size_t size = 1UL << (i + MIN_SHIFT);

		snprintf(size_name[i], sizeof(size_name[i]), "size-%zu", size);
		size_cache[i] = kmem_cache_create(size_name[i], size, 16, 0,
						  NULL, NULL);
		if (!size_cache[i]) {
			kmalloc_exit();
			return -ENOMEM;
		}
	}
	return 0;
}

void kmalloc_exit(void)
{
	for (int i = 0; i < NR_SIZES; i++) {
		kmem_cache_destroy(size_cache[i]);
		size_cache[i] = NULL;
	}
}
