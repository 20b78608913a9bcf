// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * swapoff: devices come and go while families whose pages are in swap fork,
 * fault, exit and dump core (SWOFF-6, SWOFF-8, DUMP-6).  Pages get there
 * whatever --ram is: init takes them away.
 */
#include <errno.h>

#include "mm/cpu.h"
#include "mm/entry.h"
#include "mm/swapfile.h"
#include "mm/vmscan.h"
#include "stress/actions.h"

#define DEVICES 2
#define DEVICE_PAGES 1024

static int types[DEVICES] = { -1, -1 }; /* (a) -1: off */
static int busy; /* (a) somebody is at it: one device is enough */

/* ---- init ------------------------------------------------------------------- */

static int setup(void)
{
	for (int i = 0; i < DEVICES; i++) {
		int type = sys_swapon(DEVICE_PAGES, 0);

		if (type < 0)
			return type;
		xchg(&types[i], type);
	}
	return 0;
}

static void take_pages(void)
{
	WRITE_ONCE(current->flags, current->flags | PF_MEMALLOC);
	try_to_free_pages(GFP_KERNEL);
	WRITE_ONCE(current->flags,
		   current->flags & ~(unsigned long)PF_MEMALLOC);
}

/* All tasks are gone: what is left there are pages that nobody maps. */
static void teardown(void)
{
	for (int i = 0; i < DEVICES; i++) {
		int type = xchg(&types[i], -1);
		int err = type < 0 ? 0 : sys_swapoff(type);

		if (err)
			report_finding(FINDING_BUG, "swapoff of device %d with"
				       " all tasks gone: error %d", type, err);
	}
}

/* ---- Programs --------------------------------------------------------------- */

/*
 * A system call, so that a kill does not leave it half done: it ends with
 * -EINTR then, and the device stays.  Without setup(), in mix, nothing.
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
		take_pages();
	return 0;
}

/* Swap somebody out, or somebody's device away. */
static void act_swap(struct stress_user *u)
{
	if (rng_chance(&u->rng, 2, 3))
		(void)SYSCALL(short_of_memory());
	else
		(void)SYSCALL(cycle_device(rng_below(&u->rng, DEVICES)));
}

static void child(struct stress_user *u)
{
	for (unsigned int i = 0; i < 3 && !world_stopping(); i++) {
		act_touch(u, 4);
		act_swap(u);
		prog_random_memory(u);
	}
	prog_exit(u, 0, true);
}

static void dump(struct stress_user *u)
{
	act_touch(u, 4);
	act_dump(u);
	prog_exit(u, 0, false);
}

static void dumper(struct stress_user *u)
{
	act_start_crew(u, 2, prog_idle, 1000);
	act_start_crew(u, 1, dump, 1);
	u->steps = 1000;
	prog_idle(u);
}

static void family(struct stress_user *u)
{
	for (unsigned int i = 0; i < 4; i++)
		prog_map(u, i, LOT_ANON);
	for (unsigned int i = 0; i < 6 && !world_stopping(); i++) {
		act_touch(u, 8);
		act_swap(u);
		prog_fork(u, i % 4 == 3 ? dumper : child);
		act_swap(u);
		act_touch(u, 4);
		prog_random_memory(u);
		prog_reap(u, false);
	}
	while (u->nr_children && prog_reap(u, true))
		;
	act_group_exit(u);
}

const struct stress_ops swapoff_ops = {
	.name = "swapoff",
	.why = "swap devices go while their users fork, exit and dump",
	.items = "B-4 B-5 B-6 B-12",
	.bound = { .tasks = 2, .steps = 2, .cpus = 2 },
	.setup = setup,
	.family = family,
	.daemon = take_pages,
	.teardown = teardown,
};
