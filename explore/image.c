// SPDX-License-Identifier: GPL-2.0-or-later
#include "explore/image.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#include "explore/explore.h"
#include "explore/world.h"

#define MAX_PAGES (IMAGE_SIZE / IMAGE_PAGE)

struct image image EXPLORE_STATE;

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

	if (large && align < IMAGE_PAGE)
		align = IMAGE_PAGE; /* pages of one block only */
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

static void *reserve(uintptr_t where, size_t size)
{
	void *p = mmap((void *)where, size, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE |
		       (where ? MAP_FIXED_NOREPLACE : 0), -1, 0);

	return p == MAP_FAILED ? NULL : p;
}

/* What there is to know of each page of the image. */
static int make_records(void)
{
	const size_t list = MAX_PAGES * sizeof(uint32_t);
	char *p = reserve(0, 2 * IMAGE_SIZE + 2 * list + MAX_PAGES);

	if (!p)
		return -errno;
	image.copy = p;
	image.kept = p + IMAGE_SIZE;
	image.dirty_pages = (uint32_t *)(p + 2 * IMAGE_SIZE);
	image.kept_pages = image.dirty_pages + MAX_PAGES;
	image.dirty = (uint8_t *)(image.kept_pages + MAX_PAGES);
	return 0;
}

int image_open(void)
{
	int err;

	if (!image.dirty) {
		if (!image.small_top && !reserve(IMAGE_BASE, IMAGE_SIZE))
			return -errno;
		image.small_top = IMAGE_BASE;
		image.large_top = IMAGE_BASE + IMAGE_SMALL;
		err = make_records();
		if (err)
			return err;
	}
	image.open = true;
	return 0;
}

void image_close(void)
{
	image.open = false;
	image.nr_restores = 0;
	memcpy(image.copy, (void *)IMAGE_BASE, image.small_top - IMAGE_BASE);
	memcpy(image.copy + IMAGE_SMALL, (void *)(IMAGE_BASE + IMAGE_SMALL),
	       image.large_top - IMAGE_BASE - IMAGE_SMALL);
}

static char *page_at(uint32_t page)
{
	return (char *)IMAGE_BASE + page * IMAGE_PAGE;
}

/* What @page is to contain when an execution begins. */
static const char *source(uint32_t page)
{
	bool kept = image.at_kept && image.dirty[page] & PAGE_KEPT;

	return (kept ? image.kept : image.copy) + page * IMAGE_PAGE;
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
	size_t size = image.large_top - IMAGE_BASE;

	for (uint32_t page = IMAGE_SMALL / IMAGE_PAGE;
	     page * IMAGE_PAGE < size; page++)
		if (!image_is_dirty(page) &&
		    memcmp(page_at(page), source(page), IMAGE_PAGE))
			add_dirty(page, PAGE_ALWAYS);
}

static void restore_pages(void)
{
	uint32_t left = 0;

	for (uint32_t i = 0; i < image.nr_dirty; i++) {
		uint32_t page = image.dirty_pages[i];

		memcpy(page_at(page), source(page), IMAGE_PAGE);
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

		memcpy(image.kept + page * IMAGE_PAGE, page_at(page),
		       IMAGE_PAGE);
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
	size_t page = (addr - IMAGE_BASE) / IMAGE_PAGE;
	size_t last = (addr - IMAGE_BASE + size + IMAGE_REACH) / IMAGE_PAGE;

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
		uintptr_t page = IMAGE_BASE + pages[i] * IMAGE_PAGE;

		scan(page, page + IMAGE_PAGE, fn);
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

	if (!err)
		err = image_open();
	if (err)
		return err;
	err = fn(arg);
	image_close();
	return err;
}
