// SPDX-License-Identifier: GPL-2.0-or-later
/* A bounded scenario of a family that brings its pages back from swap. */
#include <signal.h>

#include "locking/report.h"
#include "mm/cpu.h"
#include "mm/entry.h"
#include "mm/fork.h"
#include "mm/munmap.h"
#include "mm/page_alloc.h"
#include "mm/swap.h"
#include "mm/swap_state.h"
#include "mm/swapfile.h"
#include "stress/bounded/bounded.h"

#define SWAP_PAGES 16
#define INITIAL 1
#define WRITTEN 20
#define MOST_RECLAIMS 6

static struct completion in_memory = COMPLETION_INITIALIZER(in_memory);
static struct completion in_swap = COMPLETION_INITIALIZER(in_swap);

/* Each has what both wrote before the fork, and lets go of it. */
static void brings_back(void *arg)
{
	(void)arg;
	wait_for_completion(&in_swap);
	bounded_arrive();
	bounded_expect(0, INITIAL, INITIAL);
	if (bounded_pick(2)) {
		bounded_put(0, WRITTEN);
		bounded_expect(0, WRITTEN, WRITTEN);
	}
	if (bounded_pick(2))
		SYSCALL(sys_munmap(BOUNDED_DATA, PAGE_SIZE));
	bounded_expect(1, INITIAL + 1, INITIAL + 1);
	bounded_validate();
	bounded_exit();
}

static void forks(void *arg)
{
	for (unsigned int i = 0; i < 2; i++)
		bounded_put(i, INITIAL + i);
	bounded_clone(SIGCHLD, brings_back, NULL);
	syscall_enter();
	lru_add_drain(); /* reclaim does not see this CPU's queue */
	exit_to_user();
	complete(&in_memory);
	brings_back(arg);
}

/* Until nothing of them is left in memory, nor in the swap cache. */
static void swap_all_out(void)
{
	for (int i = 0; i < MOST_RECLAIMS; i++)
		bounded_reclaims(NULL);
	mm_bug_on(READ_ONCE(nr_swap_pages) == total_swap_pages,
		  "nothing is in swap");
	mm_bug_on(total_swapcache_pages(), "%lu pages are in the swap cache",
		  total_swapcache_pages());
}

static void reclaims_beside(void *arg)
{
	bounded_arrive();
	bounded_reclaims(arg);
}

static void swapin_family(void)
{
	int type = sys_swapon(SWAP_PAGES, 0), err;

	mm_bug_on(type < 0, "swapon: error %d", type);
	page_cluster = 0;
	bounded_spawn(forks, NULL);
	wait_for_completion(&in_memory);
	swap_all_out();
	complete_all(&in_swap);
	kernel_thread(reclaims_beside, NULL, SIGCHLD);
	bounded_reap();
	err = sys_swapoff(type);
	if (err)
		report_finding(FINDING_BUG, "swapoff: error %d", err);
}

const struct bounded_ops bounded_swapin_family = {
	.name = "swapin-family",
	.why = "parent and child bring the same pages back and let them go",
	.items = "FLT-36 FLT-37 RECL-16",
	.cpus = 3,
	.arrivals = 3,
	.own_start = true,
	.body = swapin_family,
};
