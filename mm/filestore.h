/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * filestore.h - what has been written of a file: its disk
 *
 * A page that was never written has the file's pattern.  Pages are kept in
 * host memory with checksums, so a read returns what was written or is a
 * finding.
 */
#ifndef MM_FILESTORE_H
#define MM_FILESTORE_H

#include "mm/mm_types.h"
#include "mm/pgtable_types.h"

/* inode->i_store_lock covers all of it. */
struct stored_page {
	RB_ENTRY(stored_page) rb;
	pgoff_t index;
	unsigned long sum; /* of words, as they were written */
	uint64_t words[PAGE_SIZE / sizeof(uint64_t)];
};

/** filestore_init() - nothing written.  @inode: new.  Context: may sleep. */
void filestore_init(struct inode *inode);

/** filestore_destroy() - forget all.  @inode: without pages. */
void filestore_destroy(struct inode *inode);

/**
 * filestore_read() - content of a page that has been written
 * @inode: file
 * @index: page offset
 * @words: PAGE_SIZE bytes, filled in
 *
 * Context: takes the store's lock; does not sleep.
 * Return: false if the page was never written: @words is unchanged.
 */
bool filestore_read(struct inode *inode, pgoff_t index, uint64_t *words);

/**
 * filestore_write() - keep the content of a page
 * @inode: file
 * @index: page offset
 * @words: the page, which others may be writing to
 * @valid: bytes; behind them zeroes are kept
 *
 * Context: takes the store's lock; does not sleep.
 * Return: 0, or -ENOSPC if the host has no memory.
 */
int filestore_write(struct inode *inode, pgoff_t index, const uint64_t *words,
		    size_t valid);

/**
 * filestore_truncate() - forget what lies beyond a size
 * @inode: file
 * @size: bytes; the rest of its last page is cleared
 *
 * Context: i_sem; takes the store's lock.
 */
void filestore_truncate(struct inode *inode, loff_t size);

#endif /* MM_FILESTORE_H */
