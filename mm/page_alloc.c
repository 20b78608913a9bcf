// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * page_alloc.c - buddy allocator with per-CPU lists of single pages
 *
 * 2.6.11: mm/page_alloc.c, one zone.  Frames above `frontier` have never been
 * used: they and their struct page are still untouched host memory.
 *
 *	zone.lock (irq)		free lists, frontier, PG_buddy and ->private
 *				of free blocks
 *	interrupts off		the CPU's per_cpu_pages
 *
 * Watermarks: pages_min < pages_low < pages_high.  See alloc_pages().
 */
#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#include "locking/kasan.h"
#include "locking/kmsan.h"
#include "mm/cpu.h"
#include "mm/fault_inject.h"
#include "mm/lock_classes.h"
#include "mm/oom_kill.h"
#include "mm/page_alloc.h"
#include "mm/pgtable.h"
#include "mm/sched.h"
#include "mm/tlb.h"
#include "mm/vmscan.h"

/* Frames taken into use at a time. */
#define FRONTIER_STEP 32UL
#define PFN_LIMIT ((unsigned long)(PTE_PFN_MASK >> PAGE_SHIFT) + 1)
/* Below pages_min / HIGH_SHARE even __GFP_HIGH gets nothing. */
#define HIGH_SHARE 4
/* 2.6.11 goes on for ever, and may wait for a task that waits for the caller. */
#define MAX_RECLAIM_TRIES 16

struct page *mem_map;
char *mem_base;
unsigned long max_pfn;
unsigned long nr_managed_pages;
struct page *empty_zero_page;

static struct {
	spinlock_t lock; /* irq */
	struct cds_list_head free_list[MAX_ORDER]; /* under lock, LIFO */
	unsigned long nr_free; /* under lock: on lists or above frontier */
	unsigned long frontier; /* under lock: first pfn never used */
	unsigned long pages_min, pages_low, pages_high; /* (c) frames */
	unsigned int pcp_batch; /* (c) at most PCP_BATCH */
} zone;

/* The state a free page must be in (OBJ-9). */
#define PAGE_FLAGS_BAD_FREE						\
	(BIT(PG_lru) | BIT(PG_private) | BIT(PG_locked) |		\
	 BIT(PG_active) | BIT(PG_reclaim) | BIT(PG_slab) |		\
	 BIT(PG_swapcache) | BIT(PG_writeback) | BIT(PG_buddy) |	\
	 BIT(PG_reserved) | BIT(PG_mlocked))

/* ---- buddies; zone.lock held ------------------------------------------ */

static void list_add_block(struct page *page, unsigned int order)
	__must_hold(&zone.lock)
{
	page->private = order;
	SetPageBuddy(page);
	cds_list_add(&page->lru, &zone.free_list[order]);
}

static void list_del_block(struct page *page) __must_hold(&zone.lock)
{
	cds_list_del(&page->lru);
	ClearPageBuddy(page);
	page->private = 0;
}

static bool is_free_buddy(unsigned long pfn, unsigned int order)
	__must_hold(&zone.lock)
{
	struct page *page;

	if (pfn + (1UL << order) > zone.frontier)
		return false;
	page = pfn_to_page(pfn);
	return PageBuddy(page) && page->private == order;
}

static void free_block(struct page *page, unsigned int order)
	__must_hold(&zone.lock)
{
	unsigned long pfn = page_to_pfn(page);

	zone.nr_free += 1UL << order;
	for (; order < MAX_ORDER - 1; order++) {
		unsigned long buddy = pfn ^ (1UL << order);

		if (!is_free_buddy(buddy, order))
			break;
		list_del_block(pfn_to_page(buddy));
		pfn &= ~(1UL << order);
	}
	list_add_block(pfn_to_page(pfn), order);
}

static void init_struct_pages(unsigned long from, unsigned long to)
{
	for (unsigned long pfn = from; pfn < to; pfn++) {
		struct page *page = pfn_to_page(pfn);

		atomic_set(&page->_count, -1);
		atomic_set(&page->_mapcount, -1);
	}
}

/*
 * Put frames that were never used on the free lists, up to the next boundary
 * of a block of @order: the first call may only reach that, the second one
 * brings a whole block.
 */
static bool advance_frontier(unsigned int order) __must_hold(&zone.lock)
{
	unsigned long block = max(1UL << order, FRONTIER_STEP);
	unsigned long from = zone.frontier;
	unsigned long to = min((from + block) & ~(block - 1), max_pfn);

	if (from >= to)
		return false;
	init_struct_pages(from, to);
	WRITE_ONCE(zone.frontier, to); /* nr_touched_pages() */
	zone.nr_free -= to - from;
	/* From the top, so that the lowest frame is taken first. */
	while (to > from) {
		unsigned int o = min(__builtin_ctzl(to), MAX_ORDER - 1);

		while (1UL << o > to - from)
			o--;
		to -= 1UL << o;
		free_block(pfn_to_page(to), o);
	}
	return true;
}

static struct page *take_block(unsigned int order) __must_hold(&zone.lock)
{
	for (unsigned int o = order; o < MAX_ORDER; o++) {
		struct page *page;

		if (cds_list_empty(&zone.free_list[o]))
			continue;
		page = cds_list_first_entry(&zone.free_list[o], struct page,
					    lru);
		list_del_block(page);
		while (o-- > order)
			list_add_block(page + (1UL << o), o);
		zone.nr_free -= 1UL << order;
		return page;
	}
	return NULL;
}

/* @mark: frames that must be left. */
static struct page *zone_alloc(unsigned int order, unsigned long mark)
	__must_hold(&zone.lock)
{
	struct page *page;

	if (zone.nr_free < (1UL << order) + mark)
		return NULL;
	while (!(page = take_block(order)))
		if (!advance_frontier(order))
			return NULL;
	return page;
}

/* ---- per-CPU lists; interrupts off ------------------------------------ */

static void pcp_refill(struct per_cpu_pages *pcp, unsigned long mark)
{
	spin_lock(&zone.lock);
	while (pcp->count < zone.pcp_batch) {
		struct page *page = zone_alloc(0, mark);

		if (!page)
			break;
		pcp->pages[pcp->count++] = page;
	}
	/* The lowest frame came first and shall be used first. */
	for (unsigned int i = 0; i < pcp->count / 2; i++) {
		struct page *tmp = pcp->pages[i];

		pcp->pages[i] = pcp->pages[pcp->count - 1 - i];
		pcp->pages[pcp->count - 1 - i] = tmp;
	}
	spin_unlock(&zone.lock);
}

/* Give the @nr coldest pages back. */
static void pcp_drain(struct per_cpu_pages *pcp, unsigned int nr)
{
	spin_lock(&zone.lock);
	for (unsigned int i = 0; i < nr; i++)
		free_block(pcp->pages[i], 0);
	spin_unlock(&zone.lock);
	pcp->count -= nr;
	memmove(pcp->pages, pcp->pages + nr,
		pcp->count * sizeof(pcp->pages[0]));
}

static struct page *alloc_one(unsigned long mark)
{
	struct page *page = NULL;
	unsigned long flags;
	struct cpu *cpu;

	local_irq_save(flags);
	cpu = this_cpu();
	if (cpu) {
		if (!cpu->pcp.count)
			pcp_refill(&cpu->pcp, mark);
		if (cpu->pcp.count)
			page = cpu->pcp.pages[--cpu->pcp.count];
	} else {
		spin_lock(&zone.lock);
		page = zone_alloc(0, mark);
		spin_unlock(&zone.lock);
	}
	local_irq_restore(flags);
	return page;
}

static struct page *alloc_block(unsigned int order, unsigned long mark)
{
	struct page *page;
	unsigned long flags;

	spin_lock_irqsave(&zone.lock, flags);
	page = zone_alloc(order, mark);
	spin_unlock_irqrestore(&zone.lock, flags);
	return page;
}

/* ---- watermarks ------------------------------------------------------- */

/* A hint without the lock; zone_alloc() looks again. */
unsigned long nr_touched_pages(void)
{
	return READ_ONCE(zone.frontier);
}

unsigned long zone_free_pages(void)
{
	return data_race(zone.nr_free);
}

static bool zone_watermark_ok(unsigned int order, unsigned long mark)
{
	return zone_free_pages() >= (1UL << order) + mark;
}

bool zone_balanced(void)
{
	return zone_watermark_ok(0, zone.pages_high);
}

/* Pages on the CPU's list are left alone too when the zone is short. */
static struct page *get_page_above(unsigned int order, unsigned long mark)
{
	if (!zone_watermark_ok(order, mark))
		return NULL;
	return order ? alloc_block(order, mark) : alloc_one(mark);
}

/* No mark at all: for those who are about to free memory. */
static struct page *get_page_reserve(unsigned int order)
{
	return order ? alloc_block(order, 0) : alloc_one(0);
}

/* Current needs memory in order to free memory. */
static bool may_use_reserve(void)
{
	return current && ((current->flags & PF_MEMALLOC) ||
			   test_thread_flag(TIF_MEMDIE));
}

static unsigned long direct_reclaim(gfp_t gfp)
{
	unsigned long freed;

	WRITE_ONCE(current->flags, current->flags | PF_MEMALLOC);
	freed = try_to_free_pages(gfp);
	WRITE_ONCE(current->flags,
		   current->flags & ~(unsigned long)PF_MEMALLOC);
	cond_resched();
	return freed;
}

/* Reclaim, at last kill somebody, until there is a page above pages_min. */
static struct page *alloc_by_reclaim(gfp_t gfp, unsigned int order)
{
	for (int i = 0; i < MAX_RECLAIM_TRIES; i++) {
		unsigned long freed = direct_reclaim(gfp);
		struct page *page = get_page_above(order, zone.pages_min);

		if (page)
			return page;
		if (freed)
			continue;
		if (!out_of_memory())
			break;
		if (test_thread_flag(TIF_MEMDIE))
			return get_page_reserve(order);
		yield(); /* to those who die */
	}
	return NULL;
}

static struct page *alloc_slow(gfp_t gfp, unsigned int order)
{
	unsigned long mark = gfp & __GFP_HIGH ?
			     zone.pages_min / HIGH_SHARE : zone.pages_min;
	struct page *page;

	wakeup_kswapd();
	page = get_page_above(order, mark);
	if (page)
		return page;
	if (may_use_reserve())
		return get_page_reserve(order);
	return gfp & __GFP_WAIT && current ? alloc_by_reclaim(gfp, order) :
					     NULL;
}

struct page *alloc_pages(gfp_t gfp, unsigned int order)
{
	struct page *page;

	BUG_ON(order >= MAX_ORDER);
	if (gfp & __GFP_WAIT) {
		might_sleep();
		if (should_fail_alloc())
			return NULL;
	}
	page = get_page_above(order, zone.pages_low);
	if (unlikely(!page))
		page = alloc_slow(gfp, order);
	if (unlikely(!page))
		return NULL;
	mm_bug_on(page_count(page), "free page %lx has count %d",
		  page_to_pfn(page), page_count(page));
	kasan_unpoison(page_address(page), PAGE_SIZE << order);
	set_page_count(page, 1);
	if (gfp & __GFP_ZERO)
		memset(page_address(page), 0, PAGE_SIZE << order);
	else
		kmsan_poison(page_address(page), PAGE_SIZE << order);
	return page;
}

struct page *get_zeroed_page(gfp_t gfp)
{
	return alloc_page(gfp | __GFP_ZERO);
}

/* ---- freeing ---------------------------------------------------------- */

/*
 * OBJ-9, INV-32, EXIT-38.  A bad page is reported and kept out of use.
 * Return: whether it may be freed.
 */
static bool free_page_prepare(struct page *page)
{
	unsigned long flags = READ_ONCE(page->flags);

	if (PageAnon(page)) /* OBJ-7 */
		WRITE_ONCE(page->mapping, NULL);
	if (unlikely((flags & PAGE_FLAGS_BAD_FREE) ||
		     READ_ONCE(page->mapping) || page_mapcount(page) ||
		     page_count(page))) {
		report_finding(FINDING_STRUCTURE,
			"bad page state: pfn %lx flags %lx mapping %p mapcount %d count %d",
			page_to_pfn(page), flags,
			(void *)READ_ONCE(page->mapping),
			page_mapcount(page), page_count(page));
		return false;
	}
	tlb_assert_frame_unmapped(page_to_pfn(page));
	if (flags & BIT(PG_table))
		pgtable_page_uncount();
	WRITE_ONCE(page->flags, 0);
	WRITE_ONCE(page->index, 0);
	page->private = 0;
	return true;
}

static void free_one(struct page *page)
{
	struct per_cpu_pages *pcp;

	if (!this_cpu()) {
		spin_lock(&zone.lock);
		free_block(page, 0);
		spin_unlock(&zone.lock);
		return;
	}
	pcp = &this_cpu()->pcp;
	if (pcp->count >= 3 * zone.pcp_batch)
		pcp_drain(pcp, zone.pcp_batch);
	pcp->pages[pcp->count++] = page;
}

void free_hot_page(struct page *page)
{
	unsigned long flags;

	if (unlikely(!free_page_prepare(page)))
		return;
	kasan_poison(page_address(page), PAGE_SIZE);
	local_irq_save(flags);
	free_one(page);
	local_irq_restore(flags);
}

void __free_pages(struct page *page, unsigned int order)
{
	unsigned long flags;

	if (PageReserved(page) || !put_page_testzero(page))
		return;
	if (!order) {
		free_hot_page(page);
		return;
	}
	for (unsigned long i = 0; i < 1UL << order; i++)
		if (!free_page_prepare(page + i))
			return;
	kasan_poison(page_address(page), PAGE_SIZE << order);
	spin_lock_irqsave(&zone.lock, flags);
	free_block(page, order);
	spin_unlock_irqrestore(&zone.lock, flags);
}

void drain_pages(struct cpu *cpu)
{
	pcp_drain(&cpu->pcp, cpu->pcp.count);
}

unsigned long nr_free_pages(void)
{
	unsigned long nr = 0, flags;
	struct cpu *cpu;

	if (cpus) {
		for_each_online_cpu(cpu) {
			cpu_irq_lock(cpu);
			nr += cpu->pcp.count;
			cpu_irq_unlock(cpu);
		}
	}
	spin_lock_irqsave(&zone.lock, flags);
	nr += zone.nr_free;
	spin_unlock_irqrestore(&zone.lock, flags);
	return nr;
}

/* ---- boot ------------------------------------------------------------- */

static void *reserve(size_t size)
{
	void *p = mmap(NULL, size, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	return p == MAP_FAILED ? NULL : p;
}

/* 2.6.11: min_free_kbytes, four times the root of the size in KiB. */
static void set_watermarks(unsigned long nr_frames)
{
	unsigned long kib = nr_frames << (PAGE_SHIFT - 10), root = 1;

	while ((root + 1) * (root + 1) <= kib)
		root++;
	zone.pages_min = clamp(4 * root, 64UL, 65536UL) >> (PAGE_SHIFT - 10);
	zone.pages_low = zone.pages_min * 5 / 4;
	zone.pages_high = zone.pages_min * 3 / 2;
	/* What many CPUs keep must be small beside the whole. */
	zone.pcp_batch = (unsigned int)clamp(nr_frames / 2048, 4UL,
					     (unsigned long)PCP_BATCH);
}

/* Frame 0 stays unused, frame 1 is the zero page (OBJ-8). */
static void zone_init(unsigned long nr_frames)
{
	unsigned long flags;

	spin_lock_init(&zone.lock, &zone_lock_class);
	for (int order = 0; order < MAX_ORDER; order++)
		CDS_INIT_LIST_HEAD(&zone.free_list[order]);
	spin_lock_irqsave(&zone.lock, flags);
	zone.frontier = 2;
	zone.nr_free = nr_frames - 2;
	spin_unlock_irqrestore(&zone.lock, flags);
	set_watermarks(nr_frames);
	init_struct_pages(0, 2);
	SetPageReserved(pfn_to_page(0));
	empty_zero_page = pfn_to_page(1);
	SetPageReserved(empty_zero_page);
	set_page_count(empty_zero_page, 1);
}

int page_alloc_init(unsigned long nr_frames)
{
	if (nr_frames < 64 || nr_frames > PFN_LIMIT)
		return -EINVAL;
	mem_base = reserve(nr_frames << PAGE_SHIFT);
	mem_map = reserve(nr_frames * sizeof(struct page));
	if (!mem_base || !mem_map) {
		max_pfn = nr_frames;
		page_alloc_exit();
		return -ENOMEM;
	}
	max_pfn = nr_frames;
	nr_managed_pages = nr_frames - 2;
	zone_init(nr_frames);
	return 0;
}

void page_alloc_exit(void)
{
	if (mem_base) {
		kasan_unpoison(mem_base, max_pfn << PAGE_SHIFT);
		munmap(mem_base, max_pfn << PAGE_SHIFT);
	}
	if (mem_map)
		munmap(mem_map, max_pfn * sizeof(struct page));
	mem_base = NULL;
	mem_map = NULL;
	max_pfn = 0;
	nr_managed_pages = 0;
	empty_zero_page = NULL;
}
