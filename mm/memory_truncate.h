/* SPDX-License-Identifier: GPL-2.0-or-later */
/* memory_truncate.h - unmapping a file's pages from everybody */
#ifndef MM_MEMORY_TRUNCATE_H
#define MM_MEMORY_TRUNCATE_H

#include "mm/mm_types.h"

/**
 * unmap_mapping_range() - remove all PTEs of part of a file
 * @mapping: the file's pages
 * @holebegin: first byte of the hole
 * @holelen: bytes; 0 means up to the end
 * @even_cows: private copies go too
 *
 * FLT-30: truncate_count changes before the first PTE goes.
 *
 * Context: takes i_mmap_lock, drops it between VMAs.  May sleep.
 */
void unmap_mapping_range(struct address_space *mapping, loff_t holebegin,
			 loff_t holelen, bool even_cows);

/**
 * vmtruncate() - set a file's size and drop what lies beyond
 * @inode: file
 * @offset: new size in bytes
 *
 * Context: inode->i_sem held; may sleep.
 * Return: 0 or -EINVAL.
 */
int vmtruncate(struct inode *inode, loff_t offset);

#endif /* MM_MEMORY_TRUNCATE_H */
