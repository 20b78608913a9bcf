/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The image: memory that the program allocated before its executions began,
 * in explore_prepare().  Each execution finds it as it was then.
 *
 * Small blocks are copied back as a whole.  Mappings and large blocks are
 * copied back page by page where an instrumented access has written, or less
 * than IMAGE_REACH bytes further up.  Other code may write as well: as in
 * world.h, all pages are compared now and then, and one that changed
 * unannounced counts as written in every execution from then on.
 */
#ifndef EXPLORE_IMAGE_H
#define EXPLORE_IMAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "explore/engine.h"
#include "explore/world.h"

#define IMAGE_BASE 0x2f0000000000ull
#define IMAGE_SMALL (16ull << 20) /* the part for small blocks */
#define IMAGE_SIZE (1ull << 30)
#define IMAGE_REACH 256
#define IMAGE_PAGE 4096ul
#define IMAGE_LARGE 8192u /* blocks from here on are large */

struct image {
	bool open; /* allocations of the host go here */
	uintptr_t small_top;
	uintptr_t large_top;
	char *copy; /* of everything, at the same offsets */
	uint64_t nr_restores;
	char *kept; /* pages at the end of the prologue, at the same offsets */
	uint8_t *dirty; /* by page: PAGE_* of world.h; NULL: no image */
	uint32_t *dirty_pages; /* those image_is_dirty() is true of */
	uint32_t nr_dirty;
	uint32_t *kept_pages; /* those that are PAGE_KEPT */
	uint32_t nr_kept;
	bool at_kept; /* what was restored last */
};

extern EXPLORE_OWN struct image image;

/** image_alloc() - Return: zeroed memory, or NULL when the image is full. */
void *image_alloc(size_t size, size_t align);

/** image_block_size() - Return: size of the block image_alloc() returned. */
size_t image_block_size(const void *p);

/** image_open() - from now on the host allocates here.  Return: 0, -errno. */
int image_open(void);

/** image_close() - no more; remember the contents. */
void image_close(void);

/**
 * image_restore() - give the image its remembered contents
 * @kept: those of the end of the prologue
 */
void image_restore(bool kept);

/** image_keep() - remember the end of the prologue. */
void image_keep(void);

/** image_forget() - forget it. */
void image_forget(void);

/** image_note() - the slow half of image_wrote(). */
void image_note(uintptr_t addr, uintptr_t size);

/**
 * image_scan() - call @fn for each pointer-sized word of the image
 * @all: also for those that seem to be as they were at first
 */
void image_scan(void (*fn)(uintptr_t word), bool all);

/** image_owns() - is @addr in the image? */
static inline bool image_owns(uintptr_t addr)
{
	return addr - IMAGE_BASE < IMAGE_SIZE;
}

/** image_is_dirty() - is @page to be restored? */
static inline bool image_is_dirty(size_t page)
{
	return image.dirty[page] & (PAGE_WRITTEN | PAGE_ALWAYS);
}

/** image_wrote() - [@addr, +@size) of the image is being written. */
static inline void image_wrote(uintptr_t addr, uintptr_t size)
{
	size_t first = addr - IMAGE_BASE;
	size_t last = first + size + IMAGE_REACH;

	if (first < IMAGE_SMALL || (last - first <= IMAGE_PAGE &&
	    image_is_dirty(first / IMAGE_PAGE) &&
	    image_is_dirty(last / IMAGE_PAGE)))
		return;
	image_note(addr, size);
}

#endif
