// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * page_io.c - reading and writing the pages of the swap cache
 *
 * A transfer is done by who starts it, so the pages' flags alone make the
 * protocol:
 *
 *   read    locked ............................. uptodate, unlock
 *   write   locked, writeback, unlock .......... end of writeback
 *
 * While a page is under writeback it stays in the swap cache (RECL-19), but
 * may be locked, mapped and written to by others: the slot then gets a mix,
 * and the page is dirty again.
 */
#include "mm/page_io.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>
#include <zlib.h>

#include "mm/fault_inject.h"
#include "mm/filemap.h"
#include "mm/page.h"
#include "mm/sched.h"
#include "mm/swap_state.h"
#include "mm/swapfile.h"

#define PAGE_WORDS (PAGE_SIZE / sizeof(uint64_t))

/* ---- Storage ------------------------------------------------------------ */

static int open_file(struct swap_device *dev, const char *path)
{
	off_t size = (off_t)(dev->pages << PAGE_SHIFT);
	void *bytes;
	int err;

	dev->fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (dev->fd < 0)
		return -errno;
	/* A file with holes would fail us later, in the middle of a store. */
	err = posix_fallocate(dev->fd, 0, size);
	if (err)
		return -err;
	bytes = mmap(NULL, (size_t)size, PROT_READ | PROT_WRITE, MAP_SHARED,
		     dev->fd, 0);
	if (bytes == MAP_FAILED)
		return -errno;
	dev->bytes = bytes;
	return 0;
}

void *swap_device_alloc(size_t nr, size_t size)
{
	return should_fail_alloc() ? NULL : calloc(nr, size);
}

int swap_device_open(struct swap_device *dev, const char *path,
		     unsigned long pages)
{
	int err = 0;

	*dev = (struct swap_device) { .pages = pages, .fd = -1 };
	dev->sums = swap_device_alloc(pages, sizeof(*dev->sums));
	if (path)
		err = open_file(dev, path);
	else
		dev->bytes = swap_device_alloc(pages, PAGE_SIZE);
	if (!err && (!dev->bytes || !dev->sums))
		err = -ENOMEM;
	if (err)
		swap_device_close(dev);
	return err;
}

void swap_device_close(struct swap_device *dev)
{
	if (dev->bytes && dev->fd >= 0)
		munmap(dev->bytes, dev->pages << PAGE_SHIFT);
	else
		free(dev->bytes);
	if (dev->pages && dev->fd >= 0)
		close(dev->fd);
	free(dev->sums);
	*dev = (struct swap_device) { .fd = -1 };
}

void swap_slot_forget(struct swap_device *dev, unsigned long offset)
{
	dev->sums[offset] = 0;
}

static uint64_t slot_sum(const uint64_t *slot)
{
	return SWAP_WRITTEN | crc32(0, (const Bytef *)slot, PAGE_SIZE);
}

/* ---- Transfers ---------------------------------------------------------- */

static uint64_t *slot_bytes(struct swap_device *dev, unsigned long offset)
{
	return (uint64_t *)(void *)(dev->bytes + (offset << PAGE_SHIFT));
}

/* Return: whether the slot had content, and the right one. */
static bool read_slot(struct page *page, swp_entry_t entry)
{
	struct swap_device *dev = &swap_info[swp_type(entry)].dev;
	unsigned long offset = swp_offset(entry);
	const uint64_t *slot = slot_bytes(dev, offset);
	uint64_t *words = page_address(page), sum = slot_sum(slot);

	for (unsigned int i = 0; i < PAGE_WORDS; i++)
		words[i] = slot[i];
	if (dev->sums[offset] && dev->sums[offset] != sum)
		report_finding(FINDING_DATA,
			       "swap type %u offset %lu: checksum %#llx written, %#llx read",
			       swp_type(entry), offset,
			       (unsigned long long)dev->sums[offset],
			       (unsigned long long)sum);
	return dev->sums[offset] == sum;
}

void swap_readpage(struct page *page)
{
	mm_bug_on(!PageLocked(page) || PageUptodate(page),
		  "read into page %lu, flags %lx", page_to_pfn(page),
		  READ_ONCE(page->flags));
	if (read_slot(page, page_swap_entry(page)))
		TestSetPageUptodate(page);
	unlock_page(page);
}

/* The page may be mapped and written at this moment. */
static void write_slot(struct page *page, swp_entry_t entry)
{
	struct swap_device *dev = &swap_info[swp_type(entry)].dev;
	unsigned long offset = swp_offset(entry);
	uint64_t *slot = slot_bytes(dev, offset);
	const uint64_t *words = page_address(page);

	for (unsigned int i = 0; i < PAGE_WORDS; i++)
		slot[i] = READ_ONCE(words[i]);
	dev->sums[offset] = slot_sum(slot);
}

int swap_writepage(struct page *page, struct writeback_control *wbc)
{
	swp_entry_t entry = page_swap_entry(page);

	(void)wbc;
	if (remove_exclusive_swap_page(page)) {
		unlock_page(page);
		return 0;
	}
	set_page_writeback(page);
	unlock_page(page);
	cond_resched(); /* the device is busy */
	write_slot(page, entry);
	end_page_writeback(page);
	return 0;
}
