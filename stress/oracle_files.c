// SPDX-License-Identifier: GPL-2.0-or-later
/* The page cache against the disk: a lost dirty bit shows here. */
#include <inttypes.h>
#include <stdlib.h>

#include "locking/report.h"
#include "mm/file.h"
#include "mm/filemap.h"
#include "mm/page.h"
#include "mm/page_tree.h"
#include "mm/pgtable.h"
#include "stress/oracle.h"

#define PAGE_WORDS (PAGE_SIZE / sizeof(uint64_t))

/* Frames that some PTE calls dirty. */
struct file_census {
	uint8_t *dirty;
	uint64_t disk[PAGE_WORDS]; /* content of one page */
};

static __no_instrument void note_dirty(pteval_t v, uaddr_t addr, void *arg)
{
	struct file_census *fc = arg;
	unsigned long pfn = (v & PTE_PFN_MASK) >> PAGE_SHIFT;

	(void)addr;
	if ((v & (_PAGE_PRESENT | _PAGE_PROTNONE)) && (v & _PAGE_DIRTY) &&
	    pfn < max_pfn)
		fc->dirty[pfn] = 1;
}

/* Index of the first word that differs, or @nr.  Users have stopped. */
static __no_instrument unsigned int first_difference(const uint64_t *disk,
						     const uint64_t *cached,
						     unsigned int nr)
{
	unsigned int i = 0;

	while (i < nr && disk[i] == ((const volatile uint64_t *)cached)[i])
		i++;
	return i;
}

static void compare(struct file_census *fc, struct inode *inode,
		    struct page *page, pgoff_t index)
{
	loff_t left = i_size_read(inode) - ((loff_t)index << PAGE_SHIFT);
	unsigned int nr = (unsigned int)(clamp(left, (loff_t)0,
					       (loff_t)PAGE_SIZE) / 8);
	const uint64_t *cached = page_address(page);
	unsigned int i;

	generic_file_content(inode, index, fc->disk);
	i = first_difference(fc->disk, cached, nr);
	if (i < nr)
		report_finding(FINDING_DATA, "file %s, page %lu, word %u: the"
			       " disk has %#" PRIx64 ", the cache %#" PRIx64
			       ", but frame %lu is not dirty (flags %#lx,"
			       " mapcount %d)", inode->i_name, index, i,
			       fc->disk[i], cached[i], page_to_pfn(page),
			       READ_ONCE(page->flags), page_mapcount(page));
}

static void check_cached(struct file_census *fc, struct inode *inode,
			 struct page *page, pgoff_t index)
{
	if (READ_ONCE(page->mapping) != &inode->i_data ||
	    READ_ONCE(page->index) != index || page_count(page) < 1) {
		report_finding(FINDING_STRUCTURE, "file %s, page %lu: frame"
			       " %lu has mapping %p, index %lu, count %d",
			       inode->i_name, index, page_to_pfn(page),
			       (void *)READ_ONCE(page->mapping),
			       READ_ONCE(page->index), page_count(page));
		return;
	}
	if (PageUptodate(page) && !PageDirty(page) && !PageLocked(page) &&
	    !PageWriteback(page) && !fc->dirty[page_to_pfn(page)])
		compare(fc, inode, page, index);
}

static void check_inode(struct inode *inode, void *arg)
{
	struct address_space *mapping = &inode->i_data;
	unsigned long nr_slots, found = 0, nrpages;

	if (inode->i_shmem)
		return;
	spin_lock_irq(&mapping->tree_lock);
	nr_slots = mapping->nr_slots;
	nrpages = mapping->nrpages;
	spin_unlock_irq(&mapping->tree_lock);
	for (pgoff_t i = 0; i < nr_slots * PAGE_TREE_CHUNK; i++) {
		struct page **slot, *page;

		spin_lock_irq(&mapping->tree_lock);
		slot = page_tree_slot(mapping, i);
		page = slot ? *slot : NULL;
		spin_unlock_irq(&mapping->tree_lock);
		if (!slot)
			i += PAGE_TREE_CHUNK - 1;
		if (!page)
			continue;
		found++;
		check_cached(arg, inode, page, i);
	}
	if (found != nrpages)
		report_finding(FINDING_STRUCTURE, "file %s has %lu pages in"
			       " its index, nrpages is %lu", inode->i_name,
			       found, nrpages);
}

void census_files(const struct census *c)
{
	struct file_census *fc = calloc(1, sizeof(*fc));

	if (!fc)
		return;
	fc->dirty = calloc(max_pfn, sizeof(*fc->dirty));
	if (fc->dirty) {
		for (unsigned int i = 0; i < c->nr; i++)
			census_walk_mm(c->mms[i], note_dirty, fc);
		for_each_inode(check_inode, fc);
	}
	free(fc->dirty);
	free(fc);
}
