// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * actions_swap.c - devices that come and go, pages that are taken away
 *
 * Pages get into swap whatever --ram is: init takes them, and whoever calls
 * act_swap().
 */
#include "stress/actions_swap.h"

#include <errno.h>

#include "locking/report.h"
#include "mm/cpu.h"
#include "mm/entry.h"
#include "mm/swapfile.h"
#include "mm/vmscan.h"

#define DEVICES 2
#define DEVICE_PAGES 1024

static int types[DEVICES] = { -1, -1 }; /* (a) -1: off */
static int busy; /* (a) somebody is at it: one device is enough */

int swap_world_make(void)
{
	for (int i = 0; i < DEVICES; i++) {
		int type;

		if (READ_ONCE(types[i]) >= 0)
			continue;
		type = sys_swapon(DEVICE_PAGES, 0);
		if (type < 0)
			return type;
		xchg(&types[i], type);
	}
	return 0;
}

/* All tasks are gone: what is left there are pages that nobody maps. */
void swap_world_unmake(void)
{
	for (int i = 0; i < DEVICES; i++) {
		int type = xchg(&types[i], -1);
		int err = type < 0 ? 0 : sys_swapoff(type);

		if (err)
			report_finding(FINDING_BUG, "swapoff of device %d with"
				       " all tasks gone: error %d", type, err);
	}
}

void swap_take_pages(void)
{
	WRITE_ONCE(current->flags, current->flags | PF_MEMALLOC);
	try_to_free_pages(GFP_KERNEL);
	WRITE_ONCE(current->flags,
		   current->flags & ~(unsigned long)PF_MEMALLOC);
}

/*
 * A system call, so that a kill does not leave it half done: it ends with
 * -EINTR then, and the device stays.  Without swap_world_make() nothing.
 */
static int cycle_device(unsigned int nr)
{
	int type, err = 0;

	if (xchg(&busy, 1))
		return 0;
	type = READ_ONCE(types[nr]);
	if (type >= 0) {
		err = sys_swapoff(type);
		if (err == -EINTR)
			stress_count(EV_SWAPOFF_CUT);
		if (!err) {
			stress_count(EV_SWAPOFF);
			type = sys_swapon(DEVICE_PAGES, 0);
			xchg(&types[nr], type);
		}
	}
	xchg(&busy, 0);
	return err;
}

static int short_of_memory(void)
{
	if (READ_ONCE(types[0]) >= 0)
		swap_take_pages();
	return 0;
}

void act_swap(struct stress_user *u)
{
	if (rng_chance(&u->rng, 2, 3))
		(void)SYSCALL(short_of_memory());
	else
		(void)SYSCALL(cycle_device(rng_below(&u->rng, DEVICES)));
}
