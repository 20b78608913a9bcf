// SPDX-License-Identifier: GPL-2.0-or-later
/* swapfile_onoff.c - adding and removing swap devices (SWOFF-1) */
#include <errno.h>
#include <stdlib.h>

#include "mm/accounting.h"
#include "mm/page_tree.h"
#include "mm/sched.h"
#include "mm/swap_state.h"
#include "mm/swapfile.h"
#include "mm/swapfile_unuse.h"

/* ---- swapon ------------------------------------------------------------- */

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

static void unclaim_device(int type)
{
	spin_lock(&swap_list_lock);
	swap_info[type].flags = 0;
	spin_unlock(&swap_list_lock);
}

/* From here on slots are handed out. */
static void publish_device(int type, const struct swap_device *dev,
			   swap_count_t *map, int prio)
{
	struct swap_info_struct *p = &swap_info[type];

	map[0] = SWAP_MAP_BAD;
	spin_lock(&swap_list_lock);
	spin_lock(&p->sdev_lock);
	p->swap_map = map;
	p->dev = *dev;
	p->flags = SWP_ACTIVE;
	p->prio = prio;
	p->max = dev->pages;
	p->pages = dev->pages - 1;
	p->lowest_bit = 1;
	p->highest_bit = dev->pages - 1;
	p->cluster_next = 1;
	p->cluster_nr = 0;
	p->inuse_pages = 0;
	swap_list_add(type);
	spin_unlock(&p->sdev_lock);
	spin_unlock(&swap_list_lock);
}

int sys_swapon_file(const char *path, unsigned long pages, int prio)
{
	struct swap_device dev;
	swap_count_t *map;
	int type, err;

	if (pages < 2 || pages > SWAP_MAX_PAGES)
		return -EINVAL;
	type = claim_device();
	if (type < 0)
		return type;
	err = swap_device_open(&dev, path, pages);
	if (err)
		goto out_unclaim;
	err = -ENOMEM;
	map = swap_device_alloc(pages, sizeof(*map));
	if (!map)
		goto out_close;
	publish_device(type, &dev, map, prio);
	return type;

out_close:
	swap_device_close(&dev);
out_unclaim:
	unclaim_device(type);
	return err;
}

int sys_swapon(unsigned long pages, int prio)
{
	return sys_swapon_file(NULL, pages, prio);
}

/* ---- swapoff ------------------------------------------------------------ */

/* SWOFF-1: no more slots from here on.  0, -EINVAL or -ENOMEM. */
static int retire_device(int type)
{
	struct swap_info_struct *p = &swap_info[type];
	int err = -EINVAL;

	spin_lock(&swap_list_lock);
	if ((p->flags & SWP_ACTIVE) != SWP_ACTIVE)
		goto out;
	/* Could memory hold what is there? */
	err = vm_enough_memory((long)p->pages);
	if (err)
		goto out;
	vm_unacct_memory((long)p->pages);
	spin_lock(&p->sdev_lock);
	swap_list_del(type);
	p->flags &= ~(unsigned int)SWP_WRITEOK;
	spin_unlock(&p->sdev_lock);
out:
	spin_unlock(&swap_list_lock);
	return err;
}

static void reinstate_device(int type)
{
	struct swap_info_struct *p = &swap_info[type];

	spin_lock(&swap_list_lock);
	spin_lock(&p->sdev_lock);
	p->flags |= SWP_WRITEOK;
	swap_list_add(type);
	spin_unlock(&p->sdev_lock);
	spin_unlock(&swap_list_lock);
}

/* ORD-28: no count is left, and nobody can make one. */
static void remove_device(int type)
{
	struct swap_info_struct *p = &swap_info[type];
	struct swap_device dev;
	swap_count_t *map;

	spin_lock(&swap_list_lock);
	drain_mmlist();
	spin_lock(&p->sdev_lock);
	mm_bug_on(p->inuse_pages, "swap device %d goes with %lu slots in use",
		  type, p->inuse_pages);
	map = p->swap_map;
	dev = p->dev;
	p->swap_map = NULL;
	p->max = 0;
	p->dev = (struct swap_device) { .fd = -1 };
	spin_unlock(&p->sdev_lock);
	spin_unlock(&swap_list_lock);
	page_tree_destroy(&swapper_spaces[type]);
	swap_device_close(&dev);
	free(map);
	unclaim_device(type);
}

int sys_swapoff(int type)
{
	int err;

	might_sleep();
	if (type < 0 || type >= MAX_SWAPFILES)
		return -EINVAL;
	err = retire_device(type);
	if (err)
		return err;
	WRITE_ONCE(current->flags, current->flags | PF_SWAPOFF);
	err = try_to_unuse((unsigned int)type);
	WRITE_ONCE(current->flags,
		   current->flags & ~(unsigned long)PF_SWAPOFF);
	if (err)
		reinstate_device(type);
	else
		remove_device(type);
	return err;
}
