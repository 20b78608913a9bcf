// SPDX-License-Identifier: GPL-2.0-or-later
#include "stress/balloon.h"

#include "mm/filemap.h"
#include "mm/file.h"
#include "mm/page_alloc.h"
#include "mm/swap.h"
#include "mm/swap_state.h"
#include "mm/swapfile.h"
#include "stress/world.h"

/* Frames given back at a time: towards the share, and against starvation. */
#define STEP 1024UL
#define GIFT 128UL

static struct {
	struct cds_list_head frames;
	unsigned long nr;
	unsigned long most_file_pages; /* ever seen in the page cache */
} balloon;

void balloon_init(void)
{
	CDS_INIT_LIST_HEAD(&balloon.frames);
	balloon.nr = 0;
	balloon.most_file_pages = 0;
}

unsigned long balloon_pages(void)
{
	return balloon.nr;
}

/* Files live as long as the round, so what was seen once is a working set. */
static unsigned long file_pages(void)
{
	unsigned long pages = 0;

	for (unsigned int i = 0; i < world.nr_open; i++) {
		struct address_space *mapping = world.open[i]->f_mapping;

		spin_lock_irq(&mapping->tree_lock);
		pages += mapping->nrpages;
		spin_unlock_irq(&mapping->tree_lock);
	}
	return pages;
}

void balloon_measure(struct user_memory *m)
{
	unsigned long cached = file_pages();
	long slots = READ_ONCE(total_swap_pages) - READ_ONCE(nr_swap_pages) -
		     (long)total_swapcache_pages();

	spin_lock_irq(&lru_zone.lru_lock);
	m->resident = lru_zone.nr_active + lru_zone.nr_inactive +
		      lru_zone.nr_isolated;
	spin_unlock_irq(&lru_zone.lru_lock);
	m->swapped = (unsigned long)max(slots, 0L);
	balloon.most_file_pages = max(balloon.most_file_pages, cached);
	m->files = balloon.most_file_pages;
	m->dropped = m->files - cached;
}

/* Down to a quarter of pages_min, so that all others have to reclaim. */
static void inflate(void)
{
	struct page *page;

	while ((page = alloc_page(__GFP_HIGH))) {
		cds_list_add(&page->lru, &balloon.frames);
		balloon.nr++;
	}
}

static void deflate(unsigned long pages)
{
	while (pages-- && balloon.nr) {
		struct page *page = cds_list_first_entry(&balloon.frames,
							 struct page, lru);

		cds_list_del(&page->lru);
		balloon.nr--;
		__free_page(page);
	}
}

/*
 * Too much is resident: take what is free, and what reclaim frees.  Too
 * little: give, but only if memory is what is missing.
 */
void balloon_adjust(const struct user_memory *m, unsigned int share)
{
	unsigned long set = m->resident + m->swapped + m->dropped;
	unsigned long goal = set * share / 100;

	if (m->resident > goal)
		inflate();
	else if (!zone_balanced())
		deflate(min(goal - m->resident, STEP));
}

void balloon_give(void)
{
	if (!zone_balanced())
		deflate(GIFT);
}

unsigned long balloon_relax(unsigned long pages)
{
	unsigned long free = zone_free_pages(), held = balloon.nr;

	if (free < pages)
		deflate(pages - free);
	return held - balloon.nr;
}

void balloon_release(void)
{
	deflate(balloon.nr);
}
