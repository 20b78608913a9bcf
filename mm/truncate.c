// SPDX-License-Identifier: GPL-2.0-or-later
/* truncate.c - take pages out of the page cache (LOCK-2, FLT-30) */
#include "mm/truncate.h"

#include <errno.h>

#include "mm/file.h"
#include "mm/filemap.h"
#include "mm/memory.h"
#include "mm/page.h"

#define TRUNCATE_BATCH 16

/* Whoever waited for the page lock sees that page->mapping is NULL. */
static void truncate_page(struct address_space *mapping, struct page *page)
{
	lock_page(page);
	wait_on_page_writeback(page); /* it ends in a dead inode else */
	if (READ_ONCE(page->mapping) == mapping) {
		/* FLT-30: it has been unmapped, and no fault may map it. */
		if (unlikely(page_mapped(page)))
			report_finding(FINDING_RMAP, "FLT-30: page %lu of file"
				       " %s, index %lu, is cut off with mapcount"
				       " %d, expected 0", page_to_pfn(page),
				       mapping->host->i_name,
				       READ_ONCE(page->index),
				       page_mapcount(page));
		remove_from_page_cache(page);
		ClearPageDirty(page);
		ClearPageUptodate(page);
		put_page(page); /* the cache's reference */
	}
	unlock_page(page);
}

/* Clear what lies behind the new end in the page that is cut. */
static void truncate_partial_page(struct address_space *mapping, loff_t lstart)
{
	struct page *page = find_lock_page(mapping, lstart >> PAGE_SHIFT);
	char *bytes;

	if (!page)
		return;
	wait_on_page_writeback(page); /* with the old size */
	bytes = page_address(page);
	/* It may be mapped and written at this moment. */
	for (size_t i = lstart & ~PAGE_MASK; i < PAGE_SIZE; i++)
		__atomic_store_n(&bytes[i], 0, __ATOMIC_RELAXED);
	unlock_page(page);
	put_page(page);
}

void truncate_inode_pages(struct address_space *mapping, loff_t lstart)
{
	pgoff_t next = (lstart + PAGE_SIZE - 1) >> PAGE_SHIFT;
	struct page *pages[TRUNCATE_BATCH];
	unsigned int nr;

	might_sleep();
	if (lstart & ~PAGE_MASK)
		truncate_partial_page(mapping, lstart);
	while ((nr = find_get_pages(mapping, next, TRUNCATE_BATCH, pages))) {
		next = READ_ONCE(pages[nr - 1]->index) + 1;
		for (unsigned int i = 0; i < nr; i++) {
			truncate_page(mapping, pages[i]);
			put_page(pages[i]);
		}
	}
}

int do_truncate(struct inode *inode, loff_t size)
{
	int err;

	if (size < 0 || (size & 7))
		return -EINVAL;
	down(&inode->i_sem);
	err = vmtruncate(inode, size);
	up(&inode->i_sem);
	return err;
}
