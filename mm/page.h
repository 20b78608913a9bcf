/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * page.h - frames, their struct page, flags and reference counts
 *
 * A frame is PAGE_SIZE bytes at mem_base + (pfn << PAGE_SHIFT).  Frame 0 is
 * never handed out, so that no page-table word of a present entry is mistaken
 * for an empty one.
 */
#ifndef MM_PAGE_H
#define MM_PAGE_H

#include "mm/mm_types.h"

extern struct page *mem_map; /* (c) max_pfn entries */
extern char *mem_base; /* (c) the frames' bytes */
extern unsigned long max_pfn; /* (c) frames, numbered from 0 */
extern struct page *empty_zero_page; /* (c) reserved, all zero */

#define ZERO_PAGE(addr) ((void)(addr), empty_zero_page)

static inline bool pfn_valid(unsigned long pfn)
{
	return pfn < max_pfn;
}

static inline struct page *pfn_to_page(unsigned long pfn)
{
	return mem_map + pfn;
}

static inline unsigned long page_to_pfn(const struct page *page)
{
	return (unsigned long)(page - mem_map);
}

static inline void *page_address(const struct page *page)
{
	return mem_base + (page_to_pfn(page) << PAGE_SHIFT);
}

static inline struct page *virt_to_page(const void *addr)
{
	return mem_map + (((const char *)addr - mem_base) >> PAGE_SHIFT);
}

/*
 * Flags.  PageX reads, SetPageX and ClearPageX are atomic and order nothing,
 * the TestSet and TestClear forms are full barriers (PRIM-24).  PageWriteback
 * reads with acquire: where it is clear, what end_page_writeback() follows has
 * happened, and the page and its slot may be used again.
 */
#define PAGE_FLAG(name, bit) PAGE_FLAG_FROM(name, bit, test_bit)
#define PAGE_FLAG_FROM(name, bit, test)					\
static inline bool Page##name(const struct page *page)			\
{									\
	return test(bit, &page->flags);					\
}									\
static inline void SetPage##name(struct page *page)			\
{									\
	set_bit(bit, &page->flags);					\
}									\
static inline void ClearPage##name(struct page *page)			\
{									\
	clear_bit(bit, &page->flags);					\
}									\
static inline bool TestSetPage##name(struct page *page)			\
{									\
	return test_and_set_bit(bit, &page->flags);			\
}									\
static inline bool TestClearPage##name(struct page *page)		\
{									\
	return test_and_clear_bit(bit, &page->flags);			\
}

PAGE_FLAG(Locked, PG_locked)
PAGE_FLAG(Referenced, PG_referenced)
PAGE_FLAG(Uptodate, PG_uptodate)
PAGE_FLAG(Dirty, PG_dirty)
PAGE_FLAG(LRU, PG_lru)
PAGE_FLAG(Active, PG_active)
PAGE_FLAG(Slab, PG_slab)
PAGE_FLAG(Reserved, PG_reserved)
PAGE_FLAG(Private, PG_private)
PAGE_FLAG_FROM(Writeback, PG_writeback, test_bit_acquire)
PAGE_FLAG(SwapCache, PG_swapcache)
PAGE_FLAG(Reclaim, PG_reclaim)
PAGE_FLAG(Mlocked, PG_mlocked)
PAGE_FLAG(Table, PG_table)
PAGE_FLAG(Buddy, PG_buddy)

/* Bit 0 of page->mapping says that the rest is an anon_vma (OBJ-7). */
#define PAGE_MAPPING_ANON 1UL

static inline bool PageAnon(const struct page *page)
{
	return (unsigned long)READ_ONCE(page->mapping) & PAGE_MAPPING_ANON;
}

/* The anon_vma of a PageAnon page; RECL-1 says when it may be followed. */
static inline struct anon_vma *page_anon_vma(const struct page *page)
{
	unsigned long mapping = (unsigned long)READ_ONCE(page->mapping);

	return (struct anon_vma *)(mapping & ~PAGE_MAPPING_ANON);
}

/* Snapshots of the counts, 0 for a free or unmapped page (spec 0.7). */
static inline int page_count(const struct page *page)
{
	return atomic_read(&page->_count) + 1;
}

static inline int page_mapcount(const struct page *page)
{
	return atomic_read(&page->_mapcount) + 1;
}

/*
 * Both counts at one instant, in one load.  Read one after the other they may
 * belong to different moments, and hide a holder (DEF-30).
 */
static inline void page_counts(const struct page *page, int *count,
			       int *mapcount)
{
	uint64_t both = smp_load_acquire(&page->counts);

	*count = (int)(uint32_t)both + 1; /* the first is the low half */
	*mapcount = (int)(uint32_t)(both >> 32) + 1;
}

static inline bool page_mapped(const struct page *page)
{
	return atomic_read(&page->_mapcount) >= 0;
}

static inline void set_page_count(struct page *page, int n)
{
	atomic_set(&page->_count, n - 1);
}

/* One more reference; the caller has one, or a lock that keeps one. */
static inline void get_page(struct page *page)
{
	atomic_inc(&page->_count);
}

/* As get_page(); true if the page was free before: give it back (RECL-15). */
static inline bool get_page_testone(struct page *page)
{
	return atomic_inc_and_test(&page->_count);
}

/* Drop a reference; true if it was the last: the caller frees the page. */
static inline bool put_page_testzero(struct page *page)
{
	return atomic_add_negative(-1, &page->_count);
}

void __page_cache_release(struct page *page); /* mm/swap.h */

/* Drop a reference, free the page with the last; reserved: nothing (OBJ-8). */
static inline void put_page(struct page *page)
{
	if (!PageReserved(page) && put_page_testzero(page))
		__page_cache_release(page);
}

#define page_cache_get(page) get_page(page)
#define page_cache_release(page) put_page(page)

#endif /* MM_PAGE_H */
