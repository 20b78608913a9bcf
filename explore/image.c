// SPDX-License-Identifier: GPL-2.0-or-later
#include "explore/image.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#include "explore/explore.h"
#include "explore/world.h"

#define PAGE_SHIFT 12
#define PAGE 4096ul
#define MAX_PAGES (IMAGE_SIZE >> PAGE_SHIFT)

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
		image.kept = reserve(NULL, IMAGE_SIZE);
		image.dirty_pages = reserve(NULL, MAX_PAGES *
					    sizeof(*image.dirty_pages));
		image.kept_pages = reserve(NULL, MAX_PAGES *
					   sizeof(*image.kept_pages));
		if (!image.copy || !image.dirty || !image.dirty_pages ||
		    !image.kept || !image.kept_pages)
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

static char *page_at(uint32_t page)
{
	return (char *)IMAGE_BASE + page * PAGE;
}

/* What @page is to contain when an execution begins. */
static const char *source(uint32_t page)
{
	bool kept = image.at_kept && image.dirty[page] & PAGE_KEPT;

	return (kept ? image.kept : image.copy) + page * PAGE;
}

static void add_dirty(uint32_t page, unsigned int how)
{
	if (!image_is_dirty(page))
		image.dirty_pages[image.nr_dirty++] = page;
	image.dirty[page] |= how;
}

/* Pages that changed and nobody said so count as written from now on. */
static void find_unannounced(void)
{
	uint32_t end = (uint32_t)((image.large_top - IMAGE_BASE + PAGE - 1) /
				  PAGE);

	for (uint32_t page = IMAGE_SMALL / PAGE; page < end; page++)
		if (!image_is_dirty(page) &&
		    memcmp(page_at(page), source(page), PAGE))
			add_dirty(page, PAGE_ALWAYS);
}

static void restore_pages(void)
{
	uint32_t left = 0;

	for (uint32_t i = 0; i < image.nr_dirty; i++) {
		uint32_t page = image.dirty_pages[i];

		memcpy(page_at(page), source(page), PAGE);
		image.dirty[page] &= ~PAGE_WRITTEN;
		if (image.dirty[page] & PAGE_ALWAYS)
			image.dirty_pages[left++] = page;
	}
	image.nr_dirty = left;
}

/* All pages that have other contents there are out of date. */
static void turn_to(bool kept)
{
	if (image.at_kept == kept)
		return;
	image.at_kept = kept;
	for (uint32_t i = 0; i < image.nr_kept; i++)
		add_dirty(image.kept_pages[i], PAGE_WRITTEN);
}

void image_restore(bool kept)
{
	if (!image.dirty)
		return;
	turn_to(kept);
	memcpy((void *)IMAGE_BASE, kept ? image.kept : image.copy,
	       image.small_top - IMAGE_BASE);
	if (world_compares(image.nr_restores++))
		find_unannounced();
	restore_pages();
}

void image_keep(void)
{
	if (!image.dirty)
		return;
	memcpy(image.kept, (void *)IMAGE_BASE, image.small_top - IMAGE_BASE);
	find_unannounced();
	for (uint32_t i = 0; i < image.nr_dirty; i++) {
		uint32_t page = image.dirty_pages[i];

		memcpy(image.kept + page * PAGE, page_at(page), PAGE);
		image.dirty[page] |= PAGE_KEPT;
		image.kept_pages[image.nr_kept++] = page;
	}
}

void image_forget(void)
{
	if (!image.dirty)
		return;
	turn_to(false);
	while (image.nr_kept)
		image.dirty[image.kept_pages[--image.nr_kept]] &= ~PAGE_KEPT;
}

void image_note(uintptr_t addr, uintptr_t size)
{
	size_t page = (addr - IMAGE_BASE) >> PAGE_SHIFT;
	size_t last = (addr - IMAGE_BASE + size + IMAGE_REACH) >> PAGE_SHIFT;

	for (; page <= last && page < MAX_PAGES; page++)
		if (!image_is_dirty(page))
			add_dirty((uint32_t)page, PAGE_WRITTEN);
}

static void scan(uintptr_t from, uintptr_t to, void (*fn)(uintptr_t word))
{
	for (; from + 8 <= to; from += 8)
		fn(*(uintptr_t *)from);
}

static void scan_pages(const uint32_t *pages, uint32_t n,
		       void (*fn)(uintptr_t word))
{
	for (uint32_t i = 0; i < n; i++) {
		uintptr_t page = IMAGE_BASE + pages[i] * PAGE;

		scan(page, page + PAGE, fn);
	}
}

void image_scan(void (*fn)(uintptr_t word), bool all)
{
	if (!image.dirty)
		return;
	scan(IMAGE_BASE, image.small_top, fn);
	if (all)
		scan(IMAGE_BASE + IMAGE_SMALL, image.large_top, fn);
	if (all)
		return;
	scan_pages(image.dirty_pages, image.nr_dirty, fn);
	scan_pages(image.kept_pages, image.nr_kept, fn);
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
