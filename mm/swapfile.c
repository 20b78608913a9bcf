// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * swapfile.c - slots of swap devices and who holds them (spec 0.9, OBJ-15)
 *
 *   swap_list_lock           the devices, nr_swap_pages
 *     sdev_lock              swap_map of one device
 *       tree_lock (irq)      the swap cache
 *   mmlist_lock              (innermost; ptl outside)
 *
 * Slot 0 is the header: it is SWAP_MAP_BAD and entry value 0 means none.
 */
#include "mm/swapfile.h"

#include <stdlib.h>

#include "mm/filemap.h"
#include "mm/fork_mm.h"
#include "mm/lock_classes.h"
#include "mm/page.h"
#include "mm/page_tree.h"
#include "mm/swap_state.h"

struct swap_info_struct swap_info[MAX_SWAPFILES];
DEFINE_SPINLOCK(swap_list_lock, &swap_list_class);
DEFINE_SPINLOCK(mmlist_lock, &mmlist_class);
long nr_swap_pages;
long total_swap_pages;
unsigned int page_cluster;

/* Devices by falling priority, and where to look first; swap_list_lock. */
static struct {
	int head, next;
} swap_list = { -1, -1 };

int swapfile_init(void)
{
	for (int i = 0; i < MAX_SWAPFILES; i++) {
		swap_info[i] = (struct swap_info_struct) {
			.next = -1, .dev.fd = -1,
		};
		spin_lock_init(&swap_info[i].sdev_lock, &sdev_class);
	}
	swap_list.head = swap_list.next = -1;
	nr_swap_pages = total_swap_pages = 0;
	page_cluster = 3;
	return 0;
}

void swapfile_exit(void)
{
	for (int i = 0; i < MAX_SWAPFILES; i++) {
		struct swap_info_struct *p = &swap_info[i];

		if (p->inuse_pages)
			report_finding(FINDING_LEAK,
				       "swap device %d: %lu slots in use", i,
				       p->inuse_pages);
		free(p->swap_map);
		p->swap_map = NULL;
		p->flags = 0;
		swap_device_close(&p->dev);
	}
}

/* ---- The list of devices ------------------------------------------------ */

void swap_list_add(int type)
{
	struct swap_info_struct *p = &swap_info[type];
	int *link = &swap_list.head;

	while (*link >= 0 && swap_info[*link].prio >= p->prio)
		link = &swap_info[*link].next;
	p->next = *link;
	*link = type;
	swap_list.next = swap_list.head;
	WRITE_ONCE(nr_swap_pages, nr_swap_pages + (long)p->pages);
	WRITE_ONCE(total_swap_pages, total_swap_pages + (long)p->pages);
}

void swap_list_del(int type)
{
	struct swap_info_struct *p = &swap_info[type];
	int *link = &swap_list.head;

	while (*link != type)
		link = &swap_info[*link].next;
	*link = p->next;
	p->next = -1;
	swap_list.next = swap_list.head;
	WRITE_ONCE(nr_swap_pages, nr_swap_pages - (long)p->pages);
	WRITE_ONCE(total_swap_pages, total_swap_pages - (long)p->pages);
}

/* ---- Finding a slot ----------------------------------------------------- */

/* A free slot in the cluster that is being filled, or 0. */
static unsigned long next_of_cluster(struct swap_info_struct *p)
	__must_hold(&p->sdev_lock)
{
	while (p->cluster_nr && p->cluster_next <= p->highest_bit) {
		unsigned long offset = p->cluster_next++;

		if (p->swap_map[offset])
			continue;
		p->cluster_nr--;
		return offset;
	}
	return 0;
}

/* The first slot of SWAPFILE_CLUSTER free ones in a row, or 0. */
static unsigned long find_empty_cluster(struct swap_info_struct *p)
	__must_hold(&p->sdev_lock)
{
	unsigned long first = p->lowest_bit;

	for (unsigned long i = first; i <= p->highest_bit; i++) {
		if (p->swap_map[i])
			first = i + 1;
		else if (i - first == SWAPFILE_CLUSTER - 1)
			return first;
	}
	return 0;
}

static unsigned long first_free_slot(struct swap_info_struct *p)
	__must_hold(&p->sdev_lock)
{
	for (unsigned long i = p->lowest_bit; i <= p->highest_bit; i++)
		if (!p->swap_map[i])
			return i;
	return 0;
}

/* Find and take a slot, 0 if the device is full. */
static unsigned long scan_swap_map(struct swap_info_struct *p)
	__must_hold(&swap_list_lock) __must_hold(&p->sdev_lock)
{
	unsigned long offset = next_of_cluster(p);

	if (!offset) {
		p->cluster_nr = SWAPFILE_CLUSTER - 1;
		offset = find_empty_cluster(p);
	}
	if (!offset)
		offset = first_free_slot(p);
	if (!offset) {
		p->lowest_bit = p->max;
		p->highest_bit = 0;
		return 0;
	}
	if (offset == p->lowest_bit)
		p->lowest_bit++;
	if (offset == p->highest_bit)
		p->highest_bit--;
	p->cluster_next = offset + 1;
	WRITE_ONCE(p->swap_map[offset], 1);
	swap_slot_forget(&p->dev, offset);
	p->inuse_pages++;
	WRITE_ONCE(nr_swap_pages, nr_swap_pages - 1);
	return offset;
}

/* The device to ask after @type failed or served; the first one again. */
static int next_device(int type) __must_hold(&swap_list_lock)
{
	int next = swap_info[type].next;

	return next >= 0 && swap_info[next].prio == swap_info[type].prio ?
		       next : swap_list.head;
}

static swp_entry_t get_slot_of(int type) __must_hold(&swap_list_lock)
{
	struct swap_info_struct *p = &swap_info[type];
	unsigned long offset = 0;

	spin_lock(&p->sdev_lock);
	if ((p->flags & SWP_ACTIVE) == SWP_ACTIVE)
		offset = scan_swap_map(p);
	spin_unlock(&p->sdev_lock);
	return offset ? swp_entry(type, offset) : (swp_entry_t){ 0 };
}

/*
 * Devices of one priority take turns.  The one whose turn it is comes first;
 * if it is full, all of them from the highest priority on.
 */
swp_entry_t get_swap_page(void)
{
	swp_entry_t entry = { 0 };

	spin_lock(&swap_list_lock);
	if (nr_swap_pages > 0 && swap_list.next >= 0)
		entry = get_slot_of(swap_list.next);
	if (nr_swap_pages > 0)
		for (int type = swap_list.head; type >= 0 && !entry.val;
		     type = swap_info[type].next)
			entry = get_slot_of(type);
	if (entry.val)
		swap_list.next = next_device((int)swp_type(entry));
	spin_unlock(&swap_list_lock);
	return entry;
}

/* ---- Counts ------------------------------------------------------------- */

int swap_duplicate(swp_entry_t entry)
{
	struct swap_info_struct *p = &swap_info[swp_type(entry)];
	unsigned long offset = swp_offset(entry);
	int duplicated = 0;

	spin_lock(&p->sdev_lock);
	if (offset && offset < p->max && p->swap_map &&
	    p->swap_map[offset] && p->swap_map[offset] != SWAP_MAP_BAD) {
		/* DEF-24: at the top the count sticks, for ever. */
		if (p->swap_map[offset] < SWAP_MAP_MAX)
			WRITE_ONCE(p->swap_map[offset],
				   p->swap_map[offset] + 1);
		duplicated = 1;
	}
	spin_unlock(&p->sdev_lock);
	return duplicated;
}

/*
 * The device of an entry that the caller holds, with swap_list_lock and
 * sdev_lock taken; NULL and a finding if nobody holds it.
 */
static struct swap_info_struct *swap_info_get(swp_entry_t entry)
	__no_lock_analysis
{
	struct swap_info_struct *p = &swap_info[swp_type(entry)];
	unsigned long offset = swp_offset(entry);

	spin_lock(&swap_list_lock);
	spin_lock(&p->sdev_lock);
	if ((p->flags & SWP_USED) && offset && offset < p->max &&
	    p->swap_map[offset])
		return p;
	spin_unlock(&p->sdev_lock);
	spin_unlock(&swap_list_lock);
	report_finding(FINDING_REFCOUNT,
		       "use of a free or bad swap entry: type %u offset %lu",
		       swp_type(entry), offset);
	return NULL;
}

static void swap_info_put(struct swap_info_struct *p) __no_lock_analysis
{
	spin_unlock(&p->sdev_lock);
	spin_unlock(&swap_list_lock);
}

/* Drop a holder; between swap_info_get() and _put().  Return: holders left. */
static int swap_entry_free(struct swap_info_struct *p, unsigned long offset)
	__no_lock_analysis
{
	int count = p->swap_map[offset];

	if (count >= SWAP_MAP_MAX)
		return count;
	WRITE_ONCE(p->swap_map[offset], --count);
	if (count)
		return count;
	p->lowest_bit = min(p->lowest_bit, offset);
	p->highest_bit = max(p->highest_bit, offset);
	p->inuse_pages--;
	WRITE_ONCE(nr_swap_pages, nr_swap_pages + 1);
	if ((p->flags & SWP_WRITEOK) &&
	    p->prio > swap_info[swap_list.next].prio)
		swap_list.next = (int)(p - swap_info);
	return 0;
}

void swap_free(swp_entry_t entry)
{
	struct swap_info_struct *p = swap_info_get(entry);

	if (!p)
		return;
	swap_entry_free(p, swp_offset(entry));
	swap_info_put(p);
}

/* The page of an entry, locked, if that takes no waiting; no reference. */
static struct page *find_trylock_page(struct address_space *mapping,
				      pgoff_t index)
{
	struct page **slot, *page = NULL;

	spin_lock_irq(&mapping->tree_lock);
	slot = page_tree_slot(mapping, index);
	if (slot && *slot && trylock_page(*slot))
		page = *slot;
	spin_unlock_irq(&mapping->tree_lock);
	return page;
}

void free_swap_and_cache(swp_entry_t entry)
{
	struct swap_info_struct *p = swap_info_get(entry);
	struct page *page = NULL;

	if (!p)
		return;
	if (swap_entry_free(p, swp_offset(entry)) == 1)
		page = find_trylock_page(swapper_space(entry),
					 swp_offset(entry));
	swap_info_put(p);
	if (!page)
		return;
	/* Locked, so that it is in the cache, which has a reference, still. */
	get_page(page);
	if (!PageWriteback(page) &&
	    (page_count(page) == 2 || vm_swap_full())) {
		delete_from_swap_cache(page);
		SetPageDirty(page);
	}
	unlock_page(page);
	put_page(page);
}

/* ---- Is a page ours alone? ---------------------------------------------- */

/*
 * With one count only the cache holds the slot, and with two references
 * nobody holds the page but the cache and the caller; tree_lock keeps new
 * ones from being looked up.  Takes the page out if @remove.
 */
static bool exclusive_swap_page(struct page *page, bool remove)
{
	swp_entry_t entry = page_swap_entry(page);
	struct address_space *mapping = swapper_space(entry);
	struct swap_info_struct *p = swap_info_get(entry);
	bool exclusive = false;

	if (!p)
		return false;
	if (p->swap_map[swp_offset(entry)] == 1) {
		spin_lock_irq(&mapping->tree_lock);
		exclusive = page_count(page) == 2 &&
			    !(remove && PageWriteback(page));
		if (exclusive && remove) {
			__delete_from_swap_cache(page);
			SetPageDirty(page);
		}
		spin_unlock_irq(&mapping->tree_lock);
	}
	swap_info_put(p);
	return exclusive;
}

/* FLT-46: any holder but the PTE, be it a pagevec, forces a copy (FLT-47). */
bool can_share_swap_page(struct page *page)
{
	int count;

	mm_bug_on(!PageLocked(page), "page %lu not locked", page_to_pfn(page));
	count = page_count(page);
	if (count == 1)
		return !PageReserved(page);
	if (count != 2 && !(count == 3 && PagePrivate(page)))
		return false;
	return PageSwapCache(page) && exclusive_swap_page(page, false);
}

bool remove_exclusive_swap_page(struct page *page)
{
	swp_entry_t entry;

	mm_bug_on(!PageLocked(page) || PagePrivate(page),
		  "page %lu, flags %lx", page_to_pfn(page),
		  READ_ONCE(page->flags));
	if (!PageSwapCache(page) || PageWriteback(page) ||
	    page_count(page) != 2)
		return false;
	entry = page_swap_entry(page);
	if (!exclusive_swap_page(page, true))
		return false;
	swap_free(entry);
	put_page(page); /* the cache's */
	return true;
}

/* ---- Readahead ---------------------------------------------------------- */

unsigned int valid_swaphandles(swp_entry_t entry, unsigned long *first)
{
	struct swap_info_struct *p = &swap_info[swp_type(entry)];
	unsigned long target = swp_offset(entry), offset, end;
	unsigned int nr = 0;

	if (!page_cluster)
		return 0;
	offset = max(target >> page_cluster << page_cluster, 1UL);
	end = ((target >> page_cluster) + 1) << page_cluster;
	spin_lock(&p->sdev_lock);
	if (p->swap_map) {
		*first = offset;
		for (; offset < min(end, p->max); offset++, nr++)
			if (!p->swap_map[offset] ||
			    p->swap_map[offset] == SWAP_MAP_BAD)
				break;
	}
	spin_unlock(&p->sdev_lock);
	return nr;
}

/* ---- mms that may hold swap entries ------------------------------------- */

/*
 * Whether an mm is listed changes only under its ptl, with its last user, or
 * when no slot is in use (SWOFF-11), while a caller of mmlist_add() has a
 * count of one.  So without mmlist_lock the flag is exact.  It is cleared
 * last, with release: an mm that is found off the list is not touched by
 * whoever took it off, and may be freed.
 */
static bool mm_is_listed(struct mm_struct *mm)
{
	return smp_load_acquire(&mm->mmlisted);
}

static void list_mm(struct mm_struct *mm, struct mm_struct *prev)
	__must_hold(&mmlist_lock)
{
	mm_bug_on(mm->mmlisted, "mm %lu is on mmlist already", mm->mm_id);
	cds_list_add(&mm->mmlist, &prev->mmlist);
	smp_store_release(&mm->mmlisted, true);
}

static void unlist_mm(struct mm_struct *mm) __must_hold(&mmlist_lock)
{
	cds_list_del_init(&mm->mmlist);
	smp_store_release(&mm->mmlisted, false);
}

void mmlist_add(struct mm_struct *mm, struct mm_struct *prev)
{
	if (mm_is_listed(mm))
		return;
	spin_lock(&mmlist_lock);
	list_mm(mm, prev);
	spin_unlock(&mmlist_lock);
}

void mmlist_del(struct mm_struct *mm)
{
	if (!mm_is_listed(mm))
		return;
	spin_lock(&mmlist_lock);
	if (mm->mmlisted)
		unlist_mm(mm);
	spin_unlock(&mmlist_lock);
}

void drain_mmlist(void)
{
	for (int i = 0; i < MAX_SWAPFILES; i++)
		if (swap_info[i].inuse_pages)
			return;
	spin_lock(&mmlist_lock);
	while (!cds_list_empty(&init_mm.mmlist))
		unlist_mm(cds_list_first_entry(&init_mm.mmlist,
					       struct mm_struct, mmlist));
	spin_unlock(&mmlist_lock);
}
