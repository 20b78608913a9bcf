/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * page_io.h - swap devices store what is written to them, with checksums
 *
 * A read is compared with what was written; a slot that has not been written
 * since it was allocated has no content.
 */
#ifndef MM_PAGE_IO_H
#define MM_PAGE_IO_H

#include "mm/mm_types.h"
#include "mm/pgtable.h"

/*
 * Content of slots belongs to who does I/O on the page of the entry: its
 * lock for reading, PG_writeback for writing, keep others off.
 */
struct swap_device {
	char *bytes; /* (c) while in use; pages of memory or of the file */
	uint64_t *sums; /* SWAP_WRITTEN and checksum, 0: nothing written */
	unsigned long pages; /* (c) while in use */
	int fd; /* (c) while in use; -1: memory */
};

#define SWAP_WRITTEN (1ULL << 32)

/**
 * swap_device_alloc() - zeroed memory of the host for a device, by calloc()
 * @nr: elements
 * @size: bytes of one
 *
 * Context: may sleep; fails when fault_inject_arm() says so.
 * Return: for free(), or NULL.
 */
void *swap_device_alloc(size_t nr, size_t size);

/**
 * swap_device_open() - storage for a number of slots
 * @dev: filled in
 * @path: file to use, created and extended as needed; NULL: memory
 * @pages: slots
 *
 * Context: may sleep.
 * Return: 0, -ENOMEM, or what the host says of @path.
 */
int swap_device_open(struct swap_device *dev, const char *path,
		     unsigned long pages);

/**
 * swap_device_close() - give the storage back; a file stays as it is
 * @dev: opened, or all zero: then nothing happens
 *
 * Context: no I/O in flight.
 */
void swap_device_close(struct swap_device *dev);

/**
 * swap_slot_forget() - a slot is allocated: what it has is nobody's
 * @dev: open
 * @offset: slot
 *
 * Context: sdev_lock; the slot has no page.
 */
void swap_slot_forget(struct swap_device *dev, unsigned long offset);

/**
 * swap_readpage() - fill a page of the swap cache from its slot (RECL-18)
 * @page: locked, new in the swap cache
 *
 * Unlocks the page.  It is uptodate then, unless the slot has no content
 * (read ahead of its owner, who will not use this page) or other content
 * than was written, which is a finding.
 *
 * Context: no spinlock.
 */
void swap_readpage(struct page *page);

/**
 * swap_writepage() - write a page of the swap cache to its slot
 * @page: locked, in the swap cache; its dirty flag has been dealt with
 * @wbc: not looked at
 *
 * A page that nobody but the swap cache holds is taken out of it instead.
 * Unlocks the page; it is under writeback until the write is over, which
 * PG_writeback's waiters see.
 *
 * Context: no spinlock; may schedule.
 * Return: 0.
 */
int swap_writepage(struct page *page, struct writeback_control *wbc);

#endif /* MM_PAGE_IO_H */
