// SPDX-License-Identifier: GPL-2.0-or-later
/* Page tables of all address spaces against the counts of pages and slots. */
#include <stdio.h>
#include <stdlib.h>

#include "locking/report.h"
#include "mm/file.h"
#include "mm/fork.h"
#include "mm/page.h"
#include "mm/pgtable.h"
#include "mm/shmem.h"
#include "mm/swapfile.h"
#include "stress/oracle.h"
#include "stress/shadow.h"

#ifdef GEOMETRY_I386
#define TABLE_LEVELS 2
#else
#define TABLE_LEVELS 4
#endif
#define TABLE_BITS (PAGE_SHIFT - (sizeof(pteval_t) == 8 ? 3 : 2))

/* What the page tables say about one frame. */
struct frame_use {
	uint32_t mapped; /* present PTEs */
	uint32_t writable; /* of them, writable ones */
};

struct page_census {
	const struct census *c;
	struct shadow *shadow;
	struct frame_use *use; /* by frame number */
	struct ptrmap slots; /* a: holders, by swap entry */
};

/*
 * Not instrumented: it reads every page table of the system, whose writers
 * have all stopped before the census began.
 */
static __no_instrument void walk_table(const pteval_t *table, int level,
				       unsigned int entries, uaddr_t base,
				       leaf_fn_t leaf, void *arg)
{
	unsigned int shift = PAGE_SHIFT + (unsigned int)(level - 1) *
			     (unsigned int)TABLE_BITS;

	for (unsigned int i = 0; i < entries; i++) {
		pteval_t v = *(const volatile pteval_t *)&table[i];
		unsigned long pfn = (v & PTE_PFN_MASK) >> PAGE_SHIFT;
		uaddr_t addr = base + ((uaddr_t)i << shift);

		if (!v)
			continue;
		if (level == 1)
			leaf(v, addr, arg);
		else if ((v & _PAGE_PRESENT) && pfn < max_pfn)
			walk_table((const pteval_t *)(mem_base +
				   (pfn << PAGE_SHIFT)), level - 1,
				   PTRS_PER_PTE, addr, leaf, arg);
	}
}

void census_walk_mm(const struct mm_struct *mm, leaf_fn_t leaf, void *arg)
{
	if (atomic_read(&mm->mm_users) > 0)
		walk_table((const pteval_t *)mm->pgd, TABLE_LEVELS,
			   USER_PTRS_PER_PGD, 0, leaf, arg);
}

/* ---- Counting ------------------------------------------------------------- */

static const void *slot_key(swp_entry_t entry)
{
	return (const void *)(entry.val + 1);
}

static void count_slot(struct page_census *pc, swp_entry_t entry)
{
	struct ptrmap_entry *e = ptrmap_get(&pc->slots, slot_key(entry));

	if (e)
		e->a++;
}

static __no_instrument void count_leaf(pteval_t v, uaddr_t addr, void *arg)
{
	struct page_census *pc = arg;
	unsigned long pfn = (v & PTE_PFN_MASK) >> PAGE_SHIFT;

	(void)addr;
	if (v & (_PAGE_PRESENT | _PAGE_PROTNONE)) {
		if (pfn >= max_pfn)
			return;
		pc->use[pfn].mapped++;
		pc->use[pfn].writable += (v & _PAGE_RW) != 0;
	} else if (!pte_file(__pte(v))) {
		count_slot(pc, pte_to_swp_entry(__pte(v)));
	}
}

/* The page cache, or the swap cache, holds one reference. */
static int in_cache(const struct page *page)
{
	return PageSwapCache(page) ||
	       (!PageAnon(page) && READ_ONCE(page->mapping) != NULL);
}

/* ---- Naming the holders --------------------------------------------------- */

struct find_leaf {
	const struct mm_struct *mm;
	bool swap; /* look for a swap entry, else for a frame */
	unsigned long wanted;
	char *buf;
	size_t size, at;
};

static void name_leaf(pteval_t v, uaddr_t addr, void *arg)
{
	struct find_leaf *f = arg;
	bool present = v & (_PAGE_PRESENT | _PAGE_PROTNONE);
	unsigned long what = present ? (v & PTE_PFN_MASK) >> PAGE_SHIFT :
			     pte_to_swp_entry(__pte(v)).val;

	if (present == f->swap || what != f->wanted || f->at >= f->size ||
	    (!present && pte_file(__pte(v))))
		return;
	f->at += (size_t)snprintf(f->buf + f->at, f->size - f->at,
				  "mm %lu at %#lx%s, ", f->mm->mm_id, addr,
				  v & _PAGE_RW && present ? " writable" : "");
}

static void name_leaves(const struct census *c, struct find_leaf *f)
{
	f->buf[0] = '\0';
	for (unsigned int i = 0; i < c->nr; i++) {
		f->mm = c->mms[i];
		census_walk_mm(f->mm, name_leaf, f);
	}
}

/* "mm 3 at 0x1000, mm 4 at 0x1000, page cache; pinned by: nobody" */
static const char *page_holders(const struct page_census *pc,
				unsigned long pfn, char *buf, size_t size)
{
	const struct page *page = pfn_to_page(pfn);
	struct find_leaf f = { .wanted = pfn, .buf = buf, .size = size / 2 };
	char pins[400];

	name_leaves(pc->c, &f);
	f.at = min(f.at, f.size);
	snprintf(buf + f.at, size - f.at, "%s; pinned by: %s",
		 PageSwapCache(page) ? "swap cache" :
		 in_cache(page) ? "page cache" : "no cache",
		 shadow_holders(pc->shadow, REF_PIN, page, pins,
				sizeof(pins)));
	return buf;
}

/* ---- Checking ------------------------------------------------------------- */

static void check_frame(struct page_census *pc, unsigned long pfn)
{
	const struct frame_use *use = &pc->use[pfn];
	const struct page *page = pfn_to_page(pfn);
	int mapcount = page_mapcount(page), count = page_count(page);
	long pins = shadow_count(pc->shadow, REF_PIN, page);
	long expected = mapcount + in_cache(page) + pins;
	char holders[HOLDERS_TEXT_MAX];

	if (mapcount != (int)use->mapped)
		report_finding(FINDING_RMAP, "INV-14: frame %lu has mapcount"
			       " %d, expected %u present PTEs\nheld by: %s", pfn,
			       mapcount, use->mapped,
			       page_holders(pc, pfn, holders,
					    sizeof(holders)));
	if (count != expected)
		report_finding(FINDING_REFCOUNT, "INV-15: frame %lu has count"
			       " %d, expected %ld (mapcount %d, caches %d, pins"
			       " %ld)\nheld by: %s", pfn, count, expected,
			       mapcount, in_cache(page), pins,
			       page_holders(pc, pfn, holders,
					    sizeof(holders)));
	if (use->writable && PageAnon(page) && use->mapped > 1)
		report_finding(FINDING_STRUCTURE, "INV-19: anonymous frame %lu"
			       " is mapped %u times, %u of them writable\nheld by:"
		       " %s",
			       pfn, use->mapped, use->writable,
			       page_holders(pc, pfn, holders,
					    sizeof(holders)));
}

/* Frames that hold tables, slabs or nothing have other oracles. */
static bool is_user_frame(const struct page_census *pc, unsigned long pfn)
{
	const struct page *page = pfn_to_page(pfn);

	if (pc->use[pfn].mapped || page_mapped(page))
		return !PageReserved(page) && !frame_untouched(page);
	return page_count(page) > 0 && !PageReserved(page) &&
	       !PageTable(page) && !PageSlab(page) &&
	       (PageAnon(page) || in_cache(page) ||
		shadow_count(pc->shadow, REF_PIN, page));
}

static void check_slot(struct page_census *pc, unsigned int type,
		       unsigned long offset)
{
	swp_entry_t entry = swp_entry(type, offset);
	unsigned int seen = swap_info[type].swap_map[offset];
	const struct ptrmap_entry *e = ptrmap_find(&pc->slots, slot_key(entry));
	long expected = e ? e->a : 0, cached = e ? e->b : 0;
	char holders[HOLDERS_TEXT_MAX];
	struct find_leaf f = { .swap = true, .wanted = entry.val,
			       .buf = holders, .size = sizeof(holders) };

	/* DEF-24: a count that has reached the top sticks there. */
	if (seen >= SWAP_MAP_MAX || seen == expected)
		return;
	name_leaves(pc->c, &f);
	report_finding(FINDING_REFCOUNT, "INV-16: slot %lu of swap device %u"
		       " has count %u, expected %ld (%ld of them the swap"
		       " cache)\nheld by: %s", offset, type, seen, expected,
		       cached, holders);
}

static void check_slots(struct page_census *pc)
{
	for (unsigned int type = 0; type < MAX_SWAPFILES; type++) {
		const struct swap_info_struct *p = &swap_info[type];

		for (unsigned long i = 1; p->swap_map && i < p->max; i++)
			check_slot(pc, type, i);
	}
}

static void count_shmem_slot(swp_entry_t entry, void *arg)
{
	count_slot(arg, entry);
}

/* A shmem object holds the slots its pages are in. */
static void count_shmem_slots(struct inode *inode, void *arg)
{
	if (inode->i_shmem)
		shmem_for_each_entry(inode, count_shmem_slot, arg);
}

/* A page in the swap cache holds its slot. */
static void count_cached_slot(struct page_census *pc, const struct page *page)
{
	swp_entry_t entry = { READ_ONCE(page->private) };
	struct ptrmap_entry *e;

	if (page_count(page) <= 0 || !PageSwapCache(page))
		return;
	e = ptrmap_get(&pc->slots, slot_key(entry));
	if (e) {
		e->a++;
		e->b++;
	}
}

static void check_everything(struct page_census *pc)
{
	for (unsigned int i = 0; i < pc->c->nr; i++)
		census_walk_mm(pc->c->mms[i], count_leaf, pc);
	for (unsigned long pfn = 1; pfn < max_pfn; pfn++) {
		count_cached_slot(pc, pfn_to_page(pfn));
		if (is_user_frame(pc, pfn))
			check_frame(pc, pfn);
	}
	for_each_inode(count_shmem_slots, pc);
	check_slots(pc);
}

void census_pages(const struct census *c, struct shadow *s)
{
	struct page_census pc = { .c = c, .shadow = s };

	pc.use = calloc(max_pfn, sizeof(*pc.use));
	if (pc.use && ptrmap_init(&pc.slots)) {
		check_everything(&pc);
		ptrmap_free(&pc.slots);
	}
	free(pc.use);
}
