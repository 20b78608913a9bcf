// SPDX-License-Identifier: GPL-2.0-or-later
#include "explore/image.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#include "explore/explore.h"

#define PAGE_SHIFT 12
#define PAGE 4096ul

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
	memcpy(image.copy + IMAGE_SMALL, (void *)(IMAGE_BASE + IMAGE_SMALL),
	       image.large_top - IMAGE_BASE - IMAGE_SMALL);
	return 0;
}

void image_restore(void)
{
	if (!image.dirty)
		return;
	memcpy((void *)IMAGE_BASE, image.copy, image.small_top - IMAGE_BASE);
	for (uint32_t i = 0; i < image.nr_dirty; i++) {
		size_t page = image.dirty_pages[i];

		memcpy((char *)IMAGE_BASE + page * PAGE,
		       image.copy + page * PAGE, PAGE);
		image.dirty[page] = 0;
	}
	image.nr_dirty = 0;
}

void image_note(uintptr_t addr, uintptr_t size)
{
	size_t page = (addr - IMAGE_BASE) >> PAGE_SHIFT;
	size_t last = (addr - IMAGE_BASE + size + IMAGE_REACH) >> PAGE_SHIFT;

	for (; page <= last && page < IMAGE_SIZE >> PAGE_SHIFT; page++) {
		if (image.dirty[page])
			continue;
		image.dirty[page] = 1;
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
