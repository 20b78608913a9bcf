/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * page_tree.h - the index of an address_space: page offset to page
 *
 * Two levels: page_slots[] points to chunks of page pointers.  A chunk is
 * allocated before tree_lock is taken and stays until the tree goes, so that
 * insertion itself cannot fail.
 */
#ifndef MM_PAGE_TREE_H
#define MM_PAGE_TREE_H

#include "mm/mm_types.h"
#include "mm/page_alloc.h"

#define PAGE_TREE_CHUNK (PAGE_SIZE / sizeof(void *))

/**
 * page_tree_slot() - where the page of an index is or would be
 * @mapping: mapping
 * @index: page offset
 *
 * Context: tree_lock.
 * Return: the slot, or NULL without its chunk.
 */
static inline struct page **page_tree_slot(struct address_space *mapping,
					   pgoff_t index)
	__must_hold(&mapping->tree_lock)
{
	unsigned long n = index / PAGE_TREE_CHUNK;
	struct page **chunk = n < mapping->nr_slots ? mapping->page_slots[n] :
						      NULL;

	return chunk ? &chunk[index % PAGE_TREE_CHUNK] : NULL;
}

/**
 * page_tree_reserve() - make sure that an index has a slot
 * @mapping: mapping that cannot be destroyed meanwhile
 * @index: page offset
 * @gfp: GFP_KERNEL may sleep, GFP_ATOMIC works under a spinlock
 *
 * Context: takes tree_lock (irq).
 * Return: 0 or -ENOMEM.
 */
int page_tree_reserve(struct address_space *mapping, pgoff_t index, gfp_t gfp)
	__must_check;

/**
 * page_tree_destroy() - free the index of an empty mapping
 * @mapping: without pages; late lookups find nothing
 *
 * Context: takes tree_lock (irq).
 */
void page_tree_destroy(struct address_space *mapping);

#endif /* MM_PAGE_TREE_H */
