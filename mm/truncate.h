/* SPDX-License-Identifier: GPL-2.0-or-later */
/* truncate.h - take pages out of the page cache */
#ifndef MM_TRUNCATE_H
#define MM_TRUNCATE_H

#include "mm/mm_types.h"

/**
 * truncate_inode_pages() - remove all pages from an offset on
 * @mapping: mapping
 * @lstart: bytes; a page it cuts is cleared behind it
 *
 * Context: i_sem or a dying inode; sleeps on page locks.
 */
void truncate_inode_pages(struct address_space *mapping, loff_t lstart);

/**
 * do_truncate() - change the size of a file
 * @inode: inode
 * @size: bytes
 *
 * i_size first, then the mappings, then the pages (FLT-30).
 *
 * Context: takes i_sem; no mmap_sem.
 * Return: 0 or -EINVAL.
 */
int do_truncate(struct inode *inode, loff_t size);

#endif /* MM_TRUNCATE_H */
