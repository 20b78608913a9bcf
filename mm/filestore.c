// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * filestore.c - the disk behind the page cache of ordinary files
 *
 * One tree of written pages a file, under the store's lock, contents
 * included: truncation may free a page that somebody reads late.
 */
#include "mm/filestore.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "mm/lock_classes.h"

static int cmp_page(const struct stored_page *a, const struct stored_page *b)
{
	return a->index < b->index ? -1 : a->index > b->index;
}

RB_GENERATE_INTERNAL(stored_tree, stored_page, rb, cmp_page,
		     static __attribute__((unused)))

static unsigned long sum_of(const struct stored_page *p)
{
	return crc32(0, (const Bytef *)p->words, PAGE_SIZE);
}

void filestore_init(struct inode *inode)
{
	spin_lock_init(&inode->i_store_lock, &store_class);
	RB_INIT(&inode->i_store);
}

static void drop_page(struct inode *inode, struct stored_page *p)
	__must_hold(&inode->i_store_lock)
{
	stored_tree_RB_REMOVE(&inode->i_store, p);
	free(p);
}

void filestore_destroy(struct inode *inode)
{
	struct stored_page *p;

	spin_lock(&inode->i_store_lock);
	while ((p = RB_MIN(stored_tree, &inode->i_store)))
		drop_page(inode, p);
	spin_unlock(&inode->i_store_lock);
	spin_lock_destroy(&inode->i_store_lock);
}

static struct stored_page *find_page(struct inode *inode, pgoff_t index)
	__must_hold(&inode->i_store_lock)
{
	struct stored_page *p = RB_ROOT(&inode->i_store);

	while (p && p->index != index)
		p = index < p->index ? RB_LEFT(p, rb) : RB_RIGHT(p, rb);
	return p;
}

bool filestore_read(struct inode *inode, pgoff_t index, uint64_t *words)
{
	struct stored_page *p;

	spin_lock(&inode->i_store_lock);
	p = find_page(inode, index);
	if (p) {
		memcpy(words, p->words, PAGE_SIZE);
		if (p->sum != sum_of(p))
			report_finding(FINDING_DATA,
				       "page %lu of file %lu: checksum %#lx written, %#lx read",
				       index, inode->i_ino, p->sum, sum_of(p));
	}
	spin_unlock(&inode->i_store_lock);
	return p;
}

/* The page of @index, made from @spare if there is none; NULL: neither. */
static struct stored_page *find_or_add(struct inode *inode, pgoff_t index,
				       struct stored_page **spare)
	__must_hold(&inode->i_store_lock)
{
	struct stored_page *p = find_page(inode, index);

	if (p || !*spare)
		return p;
	p = *spare;
	*spare = NULL;
	p->index = index;
	stored_tree_RB_INSERT(&inode->i_store, p);
	return p;
}

int filestore_write(struct inode *inode, pgoff_t index, const uint64_t *words,
		    size_t valid)
{
	struct stored_page *spare = malloc(sizeof(*spare)), *p;

	spin_lock(&inode->i_store_lock);
	p = find_or_add(inode, index, &spare);
	if (p) {
		for (size_t i = 0; i < ARRAY_SIZE(p->words); i++)
			p->words[i] = i < valid / sizeof(*words) ?
				      READ_ONCE(words[i]) : 0;
		p->sum = sum_of(p);
	}
	spin_unlock(&inode->i_store_lock);
	free(spare);
	return p ? 0 : -ENOSPC;
}

/* Clear what the new end cuts off. */
static void cut_page(struct stored_page *p, size_t keep)
{
	memset((char *)p->words + keep, 0, PAGE_SIZE - keep);
	p->sum = sum_of(p);
}

void filestore_truncate(struct inode *inode, loff_t size)
{
	pgoff_t end = (pgoff_t)size >> PAGE_SHIFT;
	struct stored_page *p;

	spin_lock(&inode->i_store_lock);
	while ((p = RB_MAX(stored_tree, &inode->i_store)) && p->index >= end) {
		if (p->index == end && ((size_t)size & ~PAGE_MASK)) {
			cut_page(p, (size_t)size & ~PAGE_MASK);
			break;
		}
		drop_page(inode, p);
	}
	spin_unlock(&inode->i_store_lock);
}
