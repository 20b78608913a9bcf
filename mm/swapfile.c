// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * swapfile.c - swap devices and who holds their slots (spec 0.9, OBJ-15)
 *
 *   swap_list_lock           the devices, nr_swap_pages
 *     sdev_lock              swap_map of one device
 *   mmlist_lock              (innermost; ptl outside)
 *
 * Slot 0 is the header: it is SWAP_MAP_BAD and entry value 0 means none.
 */
#include "mm/swapfile.h"

#include <errno.h>
#include <stdlib.h>

#include "mm/fork_mm.h"
#include "mm/lock_classes.h"
#include "mm/page.h"

struct swap_info_struct swap_info[MAX_SWAPFILES];
DEFINE_SPINLOCK(swap_list_lock, &swap_list_class);
DEFINE_SPINLOCK(mmlist_lock, &mmlist_class);
long nr_swap_pages;
long total_swap_pages;

/* Devices by falling priority; under swap_list_lock. */
static int swap_list_head = -1;

int swapfile_init(void)
{
	for (int i = 0; i < MAX_SWAPFILES; i++) {
		swap_info[i] = (struct swap_info_struct) { .next = -1 };
		spin_lock_init(&swap_info[i].sdev_lock, &sdev_class);
	}
	swap_list_head = -1;
	nr_swap_pages = total_swap_pages = 0;
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
	}
}

/* ---- Devices ------------------------------------------------------------ */

static int claim_device(void)
{
	int type;

	spin_lock(&swap_list_lock);
	for (type = 0; type < MAX_SWAPFILES; type++)
		if (!(swap_info[type].flags & SWP_USED))
			break;
	if (type < MAX_SWAPFILES)
		swap_info[type].flags = SWP_USED;
	spin_unlock(&swap_list_lock);
	return type < MAX_SWAPFILES ? type : -EPERM;
}

/* Behind all devices of the same or a higher priority. */
static void list_device(int type) __must_hold(&swap_list_lock)
{
	struct swap_info_struct *p = &swap_info[type];
	int *link = &swap_list_head;

	while (*link >= 0 && swap_info[*link].prio >= p->prio)
		link = &swap_info[*link].next;
	p->next = *link;
	*link = type;
}

int sys_swapon(unsigned long pages, int prio)
{
	struct swap_info_struct *p;
	swap_count_t *map;
	int type;

	if (pages < 2)
		return -EINVAL;
	type = claim_device();
	if (type < 0)
		return type;
	p = &swap_info[type];
	map = calloc(pages, sizeof(*map));
	if (map)
		map[0] = SWAP_MAP_BAD;

	spin_lock(&swap_list_lock);
	spin_lock(&p->sdev_lock);
	p->swap_map = map;
	p->flags = map ? SWP_ACTIVE : 0;
	if (map) {
		p->prio = prio;
		p->max = pages;
		p->pages = pages - 1;
		p->lowest_bit = 1;
		p->highest_bit = pages - 1;
		p->inuse_pages = 0;
		nr_swap_pages += p->pages;
		total_swap_pages += p->pages;
		list_device(type);
	}
	spin_unlock(&p->sdev_lock);
	spin_unlock(&swap_list_lock);
	return map ? type : -ENOMEM;
}

/* ---- Slots -------------------------------------------------------------- */

/* Find and take a slot, 0 if the device is full; sdev_lock held. */
static unsigned long scan_swap_map(struct swap_info_struct *p)
	__must_hold(&p->sdev_lock)
{
	unsigned long offset;

	for (offset = p->lowest_bit; offset <= p->highest_bit; offset++)
		if (!p->swap_map[offset])
			break;
	if (offset > p->highest_bit) {
		p->lowest_bit = p->max;
		p->highest_bit = 0;
		return 0;
	}
	p->lowest_bit = offset + 1;
	p->swap_map[offset] = 1;
	p->inuse_pages++;
	return offset;
}

swp_entry_t get_swap_page(void)
{
	swp_entry_t entry = { 0 };

	spin_lock(&swap_list_lock);
	if (nr_swap_pages <= 0)
		goto out;
	for (int type = swap_list_head; type >= 0;
	     type = swap_info[type].next) {
		struct swap_info_struct *p = &swap_info[type];
		unsigned long offset = 0;

		spin_lock(&p->sdev_lock);
		if ((p->flags & SWP_ACTIVE) == SWP_ACTIVE)
			offset = scan_swap_map(p);
		spin_unlock(&p->sdev_lock);
		if (offset) {
			nr_swap_pages--;
			entry = swp_entry(type, offset);
			break;
		}
	}
out:
	spin_unlock(&swap_list_lock);
	return entry;
}

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
			p->swap_map[offset]++;
		duplicated = 1;
	}
	spin_unlock(&p->sdev_lock);
	return duplicated;
}

/* Drop a holder.  Return: holders left; both locks held. */
static int swap_entry_free(struct swap_info_struct *p, unsigned long offset)
	__must_hold(&swap_list_lock) __must_hold(&p->sdev_lock)
{
	int count = p->swap_map[offset];

	if (count >= SWAP_MAP_MAX)
		return count;
	p->swap_map[offset] = --count;
	if (count)
		return count;
	p->lowest_bit = min(p->lowest_bit, offset);
	p->highest_bit = max(p->highest_bit, offset);
	p->inuse_pages--;
	nr_swap_pages++;
	return 0;
}

void swap_free(swp_entry_t entry)
{
	struct swap_info_struct *p = &swap_info[swp_type(entry)];
	unsigned long offset = swp_offset(entry);

	spin_lock(&swap_list_lock);
	spin_lock(&p->sdev_lock);
	if (!(p->flags & SWP_USED) || !offset || offset >= p->max ||
	    !p->swap_map[offset])
		report_finding(FINDING_REFCOUNT,
			       "swap_free of free or bad entry: type %u offset %lu",
			       swp_type(entry), offset);
	else
		swap_entry_free(p, offset);
	spin_unlock(&p->sdev_lock);
	spin_unlock(&swap_list_lock);
}

void free_swap_and_cache(swp_entry_t entry)
{
	swap_free(entry);
}

/* FLT-46: any holder but the PTE, be it a pagevec, forces a copy (FLT-47). */
bool can_share_swap_page(struct page *page)
{
	mm_bug_on(!PageLocked(page), "page %lu not locked", page_to_pfn(page));
	return page_count(page) == 1 && !PageReserved(page);
}

/* ---- mms that may hold swap entries ------------------------------------- */

/*
 * Whether @mm is listed changes only under its ptl or with its last user, so
 * the peek is exact there, although neighbours change the links meanwhile.
 */
static bool mm_is_listed(struct mm_struct *mm)
{
	return data_race(mm->mmlist.next) != &mm->mmlist;
}

void mmlist_add(struct mm_struct *mm, struct mm_struct *prev)
{
	if (mm_is_listed(mm))
		return;
	spin_lock(&mmlist_lock);
	cds_list_add(&mm->mmlist, &prev->mmlist);
	spin_unlock(&mmlist_lock);
}

void mmlist_del(struct mm_struct *mm)
{
	if (!mm_is_listed(mm))
		return;
	spin_lock(&mmlist_lock);
	cds_list_del_init(&mm->mmlist);
	spin_unlock(&mmlist_lock);
}
