// SPDX-License-Identifier: GPL-2.0-or-later
/* swapfile_onoff.c - adding and removing swap devices (SWOFF-1) */
#include <errno.h>
#include <stdlib.h>

#include "mm/sched.h"
#include "mm/swapfile.h"

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
	map = calloc(pages, sizeof(*map));
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
