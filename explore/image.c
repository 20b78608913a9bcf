// SPDX-License-Identifier: GPL-2.0-or-later
#include "explore/image.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#include "explore/explore.h"
#include "explore/world.h"

#define PAGE_SHIFT 12
#define PAGE 4096ul

enum { CLEAN, WRITTEN, WRITTEN_ALWAYS };

struct image image EXPLORE_STATE;

static void *reserve(void *where, size_t size)
{
	void *p = mmap(where, size, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE |
		       (where ? MAP_FIXED_NOREPLACE : 0), -1, 0);

	return p == MAP_FAILED ? NULL : p;
}

static size_t *header_of(const void *p)
{
	return (size_t *)p - 1;
}

void *image_alloc(size_t size, size_t align)
{
	bool large = size >= IMAGE_LARGE;
	uintptr_t *top = large ? &image.large_top : &image.small_top;
	uintptr_t end = IMAGE_BASE + (large ? IMAGE_SIZE : IMAGE_SMALL);
	uintptr_t addr;

	if (large && align < PAGE)
		align = PAGE; /* pages of one block only */
	addr = (*top + sizeof(size_t) + align - 1) & ~(align - 1);
	if (size > IMAGE_SIZE || addr + size > end)
		return NULL;
	*top = addr + size;
	*header_of((void *)addr) = size;
	return (void *)addr;
}

size_t image_block_size(const void *p)
{
	return *header_of(p);
}

int image_open(void)
{
	if (!image.dirty) {
		if (!reserve((void *)IMAGE_BASE, IMAGE_SIZE))
			return -ENOMEM;
		image.copy = reserve(NULL, IMAGE_SIZE);
		image.dirty = reserve(NULL, IMAGE_SIZE >> PAGE_SHIFT);
		image.dirty_pages = reserve(NULL, (IMAGE_SIZE >> PAGE_SHIFT) *
					    sizeof(*image.dirty_pages));
		if (!image.copy || !image.dirty || !image.dirty_pages)
			return -ENOMEM;
		image.small_top = IMAGE_BASE;
		image.large_top = IMAGE_BASE + IMAGE_SMALL;
	}
	image.open = true;
	return 0;
}

int image_close(void)
{
	image.open = false;
	memcpy(image.copy, (void *)IMAGE_BASE, image.small_top - IMAGE_BASE);
	image.nr_restores = 0;
	memcpy(image.copy + IMAGE_SMALL, (void *)(IMAGE_BASE + IMAGE_SMALL),
	       image.large_top - IMAGE_BASE - IMAGE_SMALL);
	return 0;
}

/* Pages that changed and nobody said so count as written from now on. */
static void find_unannounced(void)
{
	size_t end = (image.large_top - IMAGE_BASE + PAGE - 1) / PAGE;

	for (size_t page = IMAGE_SMALL / PAGE; page < end; page++) {
		if (image.dirty[page] ||
		    !memcmp((char *)IMAGE_BASE + page * PAGE,
			    image.copy + page * PAGE, PAGE))
			continue;
		image.dirty[page] = WRITTEN_ALWAYS;
		image.dirty_pages[image.nr_dirty++] = (uint32_t)page;
	}
}

static void restore_pages(void)
{
	uint32_t kept = 0;

	for (uint32_t i = 0; i < image.nr_dirty; i++) {
		uint32_t page = image.dirty_pages[i];

		memcpy((char *)IMAGE_BASE + page * PAGE,
		       image.copy + page * PAGE, PAGE);
		if (image.dirty[page] == WRITTEN_ALWAYS)
			image.dirty_pages[kept++] = page;
		else
			image.dirty[page] = CLEAN;
	}
	image.nr_dirty = kept;
}

void image_restore(void)
{
	if (!image.dirty)
		return;
	memcpy((void *)IMAGE_BASE, image.copy, image.small_top - IMAGE_BASE);
	if (world_compares(image.nr_restores++))
		find_unannounced();
	restore_pages();
}

void image_note(uintptr_t addr, uintptr_t size)
{
	size_t page = (addr - IMAGE_BASE) >> PAGE_SHIFT;
	size_t last = (addr - IMAGE_BASE + size + IMAGE_REACH) >> PAGE_SHIFT;

	for (; page <= last && page < IMAGE_SIZE >> PAGE_SHIFT; page++) {
		if (image.dirty[page])
			continue;
		image.dirty[page] = WRITTEN;
		image.dirty_pages[image.nr_dirty++] = (uint32_t)page;
	}
}

static void scan(uintptr_t from, uintptr_t to, void (*fn)(uintptr_t word))
{
	for (; from + 8 <= to; from += 8)
		fn(*(uintptr_t *)from);
}

void image_scan(void (*fn)(uintptr_t word), bool all)
{
	if (!image.dirty)
		return;
	scan(IMAGE_BASE, image.small_top, fn);
	if (all)
		scan(IMAGE_BASE + IMAGE_SMALL, image.large_top, fn);
	for (uint32_t i = 0; i < image.nr_dirty && !all; i++) {
		uintptr_t page = IMAGE_BASE + image.dirty_pages[i] * PAGE;

		scan(page, page + PAGE, fn);
	}
}

int explore_prepare(int (*fn)(void *), void *arg)
{
	int err = engine_init();
	int ret;

	if (!err)
		err = image_open();
	if (err)
		return err;
	ret = fn(arg);
	err = image_close();
	return ret ? ret : err;
}
