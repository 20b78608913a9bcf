// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * swap.c - LRU lists, pagevecs, and releasing pages in batches
 *
 * Pages enter the LRU through per-CPU pagevecs, so that lru_lock is taken
 * once for PAGEVEC_SIZE pages.  A page in a pagevec carries a reference: its
 * count is one too high until the CPU drains (FLT-47 lives with that).
 *
 *   mm->page_table_lock
 *     lru_zone.lru_lock (irq)
 */
#include "mm/swap.h"

#include "mm/cpu.h"
#include "mm/lock_classes.h"
#include "mm/page.h"
#include "mm/page_alloc.h"
#include "mm/wait.h"

/* So many isolated pages are never too many. */
#define ISOLATED_ANYWAY (4 * SWAP_CLUSTER_MAX)

struct lru_zone lru_zone = {
	.lru_lock = SPINLOCK_UNLOCKED(&lru_lock_class),
};

int swap_init(void)
{
	CDS_INIT_LIST_HEAD(&lru_zone.active_list);
	CDS_INIT_LIST_HEAD(&lru_zone.inactive_list);
	lru_zone.nr_active = lru_zone.nr_inactive = lru_zone.nr_isolated = 0;
	init_waitqueue_head(&lru_zone.isolated_wait);
	return 0;
}

void swap_exit(void)
{
	lru_add_drain_all();
	if (lru_zone.nr_active || lru_zone.nr_inactive || lru_zone.nr_isolated)
		report_finding(FINDING_LEAK, "LRU: %lu active, %lu inactive,"
			       " %lu isolated pages left", lru_zone.nr_active,
			       lru_zone.nr_inactive, lru_zone.nr_isolated);
}

/* ---- Lists; lru_lock held ----------------------------------------------- */

static void add_page_to_lru(struct page *page, bool active)
	__must_hold(&lru_zone.lru_lock)
{
	mm_bug_on(TestSetPageLRU(page), "page %lu is on the LRU already",
		  page_to_pfn(page));
	if (active) {
		SetPageActive(page);
		cds_list_add(&page->lru, &lru_zone.active_list);
		lru_zone.nr_active++;
	} else {
		cds_list_add(&page->lru, &lru_zone.inactive_list);
		lru_zone.nr_inactive++;
	}
}

static void del_page_from_lru(struct page *page)
	__must_hold(&lru_zone.lru_lock)
{
	cds_list_del(&page->lru);
	if (TestClearPageActive(page))
		lru_zone.nr_active--;
	else
		lru_zone.nr_inactive--;
}

/* ---- Pagevecs ----------------------------------------------------------- */

static void pagevec_lru_add(struct pagevec *pvec, bool active)
{
	unsigned long flags;
	unsigned int nr = pvec->nr;

	if (!nr)
		return;
	spin_lock_irqsave(&lru_zone.lru_lock, flags);
	for (unsigned int i = 0; i < nr; i++)
		add_page_to_lru(pvec->pages[i], active);
	spin_unlock_irqrestore(&lru_zone.lru_lock, flags);
	pvec->nr = 0;
	release_pages(pvec->pages, nr);
}

static void pagevec_add(struct pagevec *pvec, struct page *page, bool active)
{
	get_page(page);
	pvec->pages[pvec->nr++] = page;
	if (pvec->nr == PAGEVEC_SIZE)
		pagevec_lru_add(pvec, active);
}

void lru_cache_add(struct page *page)
{
	pagevec_add(&this_cpu()->pagevecs.add, page, false);
}

void lru_cache_add_active(struct page *page)
{
	pagevec_add(&this_cpu()->pagevecs.add_active, page, true);
}

static void drain_cpu(struct cpu *cpu)
{
	pagevec_lru_add(&cpu->pagevecs.add, false);
	pagevec_lru_add(&cpu->pagevecs.add_active, true);
}

void lru_add_drain(void)
{
	drain_cpu(this_cpu());
}

void lru_add_drain_all(void)
{
	struct cpu *cpu;

	for_each_online_cpu(cpu)
		drain_cpu(cpu);
}

/* ---- Isolation (RECL-15) ------------------------------------------------ */

/*
 * A count of 0 means that somebody is freeing the page and waits for this
 * lock: leave it to him.  PG_lru is not touched before that is known, because
 * __page_cache_release() looks at it without the lock.
 */
static bool isolate_page(struct page *page) __must_hold(&lru_zone.lru_lock)
{
	if (get_page_testone(page)) {
		atomic_dec(&page->_count);
		return false;
	}
	mm_bug_on(!TestClearPageLRU(page), "page %lu is not on the LRU",
		  page_to_pfn(page));
	cds_list_del(&page->lru);
	return true;
}

unsigned int isolate_lru_pages(struct lru_isolated *iso, bool active,
			       unsigned long max)
{
	struct cds_list_head *list = active ? &lru_zone.active_list :
					      &lru_zone.inactive_list;
	unsigned long *size = active ? &lru_zone.nr_active :
				       &lru_zone.nr_inactive;
	struct page *page, *next;
	unsigned int seen = 0;
	unsigned long flags;

	iso->nr = iso->dead = 0;
	spin_lock_irqsave(&lru_zone.lru_lock, flags);
	for (page = cds_list_entry(list->prev, struct page, lru);
	     &page->lru != list && seen < max; page = next, seen++) {
		next = cds_list_entry(page->lru.prev, struct page, lru);
		if (isolate_page(page))
			iso->pages[iso->nr++] = page;
		else
			iso->dead++;
	}
	*size -= iso->nr;
	iso->taken = iso->nr;
	lru_zone.nr_isolated += iso->taken;
	spin_unlock_irqrestore(&lru_zone.lru_lock, flags);
	return seen;
}

bool isolate_lru_page(struct lru_isolated *iso, struct page *page)
{
	unsigned long flags;
	bool isolated;

	spin_lock_irqsave(&lru_zone.lru_lock, flags);
	isolated = TestClearPageLRU(page);
	if (isolated) {
		get_page(page);
		cds_list_del(&page->lru);
		if (PageActive(page))
			lru_zone.nr_active--;
		else
			lru_zone.nr_inactive--;
		lru_zone.nr_isolated++;
		*iso = (struct lru_isolated){ .nr = 1, .taken = 1,
					      .pages = { page } };
	}
	spin_unlock_irqrestore(&lru_zone.lru_lock, flags);
	return isolated;
}

void putback_lru_pages(struct lru_isolated *iso)
{
	unsigned long flags;

	spin_lock_irqsave(&lru_zone.lru_lock, flags);
	for (unsigned int i = 0; i < iso->nr; i++)
		add_page_to_lru(iso->pages[i], PageActive(iso->pages[i]));
	lru_zone.nr_isolated -= iso->taken;
	spin_unlock_irqrestore(&lru_zone.lru_lock, flags);
	release_pages(iso->pages, iso->nr);
	iso->nr = iso->taken = 0;
	wake_up(&lru_zone.isolated_wait);
}

bool lru_is_crowded(void)
{
	unsigned long flags;
	bool crowded;

	spin_lock_irqsave(&lru_zone.lru_lock, flags);
	crowded = lru_zone.nr_isolated > lru_zone.nr_inactive +
					 ISOLATED_ANYWAY;
	spin_unlock_irqrestore(&lru_zone.lru_lock, flags);
	return crowded;
}

void lru_sizes(unsigned long *nr_active, unsigned long *nr_inactive)
{
	unsigned long flags;

	spin_lock_irqsave(&lru_zone.lru_lock, flags);
	*nr_active = lru_zone.nr_active;
	*nr_inactive = lru_zone.nr_inactive;
	spin_unlock_irqrestore(&lru_zone.lru_lock, flags);
}

/* ---- Use ---------------------------------------------------------------- */

void activate_page(struct page *page)
{
	unsigned long flags;

	spin_lock_irqsave(&lru_zone.lru_lock, flags);
	if (PageLRU(page) && !PageActive(page)) {
		cds_list_del(&page->lru);
		lru_zone.nr_inactive--;
		SetPageActive(page);
		cds_list_add(&page->lru, &lru_zone.active_list);
		lru_zone.nr_active++;
	}
	spin_unlock_irqrestore(&lru_zone.lru_lock, flags);
}

void mark_page_accessed(struct page *page)
{
	if (!PageReferenced(page)) {
		SetPageReferenced(page);
	} else if (!PageActive(page) && PageLRU(page)) {
		activate_page(page);
		ClearPageReferenced(page);
	}
}

/* ---- Release ------------------------------------------------------------ */

/*
 * The last reference is gone, but reclaim may find the page on the LRU and
 * raise the count from zero for a moment (RECL-15); it backs off by itself
 * under lru_lock, so that under this lock the count tells the truth.
 */
static bool unlink_dead_page(struct page *page)
	__must_hold(&lru_zone.lru_lock)
{
	if (TestClearPageLRU(page))
		del_page_from_lru(page);
	return page_count(page) == 0;
}

void __page_cache_release(struct page *page)
{
	unsigned long flags;
	bool dead = true;

	if (PageLRU(page)) {
		spin_lock_irqsave(&lru_zone.lru_lock, flags);
		dead = unlink_dead_page(page);
		spin_unlock_irqrestore(&lru_zone.lru_lock, flags);
	}
	if (dead)
		free_hot_page(page);
}

/* Pages whose count fell to zero: take them off the LRU, then free them. */
static void free_dead_pages(struct page **dead, unsigned int nr)
{
	unsigned int nr_free = 0;
	unsigned long flags;

	if (!nr)
		return;
	spin_lock_irqsave(&lru_zone.lru_lock, flags);
	for (unsigned int i = 0; i < nr; i++)
		if (unlink_dead_page(dead[i]))
			dead[nr_free++] = dead[i];
	spin_unlock_irqrestore(&lru_zone.lru_lock, flags);
	while (nr_free)
		free_hot_page(dead[--nr_free]);
}

void release_pages(struct page **pages, unsigned int nr)
{
	struct page *dead[PAGEVEC_SIZE];
	unsigned int nr_dead = 0;

	for (unsigned int i = 0; i < nr; i++) {
		struct page *page = pages[i];

		if (PageReserved(page) || !put_page_testzero(page))
			continue;
		dead[nr_dead++] = page;
		if (nr_dead == PAGEVEC_SIZE) {
			free_dead_pages(dead, nr_dead);
			nr_dead = 0;
		}
	}
	free_dead_pages(dead, nr_dead);
}
