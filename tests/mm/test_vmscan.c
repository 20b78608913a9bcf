// SPDX-License-Identifier: GPL-2.0-or-later
#include <signal.h>

#include "mm/cpu.h"
#include "mm/exit.h"
#include "mm/fork.h"
#include "mm/swap_state.h"
#include "mm/swapfile.h"
#include "mm/vmscan.h"
#include "mm/wait.h"
#include "tests/mm/machine_util.h"

TestSuite(vmscan, .timeout = 30);

/* All that can go goes; twice, as what was used only gets old at first. */
static unsigned long reclaim(void)
{
	unsigned long freed = 0;

	lru_add_drain();
	current->flags |= PF_MEMALLOC;
	for (int i = 0; i < 40; i++)
		freed += try_to_free_pages(GFP_KERNEL);
	current->flags &= ~(unsigned long)PF_MEMALLOC;
	return freed;
}

static struct file *new_file(unsigned int pages)
{
	struct inode *inode = inode_create("f", pages * PAGE_SIZE, NULL);
	struct file *file = file_open(inode, FILE_READ | FILE_WRITE);

	iput(inode);
	return file;
}

static void map_at(struct file *file, unsigned int at, unsigned int pages,
		   int flags)
{
	cr_assert_eq(sys_mmap(AT(at), pages * PAGE_SIZE, RW,
			      flags | MAP_FIXED, file, 0), AT(at));
}

/* Clean pages leave the cache and are read again. */
MACHINE_TEST(vmscan, clean_file_pages)
{
	struct file *file = new_file(16);

	map_at(file, 0, 16, MAP_SHARED);
	for (unsigned int i = 0; i < 16; i++)
		peek(i);
	cr_expect_eq(file->f_mapping->nrpages, 16);
	cr_expect_geq(reclaim(), 16);
	cr_expect_eq(file->f_mapping->nrpages, 0);
	cr_expect_eq(current->mm->rss, 0);
	for (unsigned int i = 0; i < 16; i++)
		cr_expect_eq(peek(i), file_pattern(file->f_inode->i_ino, i,
						   0));
	expect_valid();
	fput(file);
}

/* Dirty pages are written first: by write(), and through a mapping. */
MACHINE_TEST(vmscan, dirty_file_pages)
{
	struct file *file = new_file(4);
	struct vmscan_stats stats;
	uint64_t word = 42;

	map_at(file, 0, 4, MAP_SHARED);
	touch(1, 41);
	cr_expect_eq(file_write(file, 2 * PAGE_SIZE, &word, 8), 8);
	reclaim();
	vmscan_get_stats(&stats);
	cr_expect_eq(stats.written, 2);
	cr_expect_eq(file->f_mapping->nrpages, 0);
	cr_expect_eq(peek(1), 41);
	cr_expect_eq(peek(2), 42);
	fput(file);
}

/* RECL-16: a page somebody holds stays, and keeps what he writes. */
MACHINE_TEST(vmscan, pinned_file_page)
{
	struct file *file = new_file(2);
	struct page *page = read_cache_page(file->f_mapping, 1, NULL);

	reclaim();
	cr_expect_eq(file->f_mapping->nrpages, 1);
	cr_expect_eq(find_get_page(file->f_mapping, 1), page);
	put_page(page);
	put_page(page);
	reclaim();
	cr_expect_eq(file->f_mapping->nrpages, 0);
	fput(file);
}

/* RECL-15, RECL-17: anonymous pages go to swap, their frames are free. */
MACHINE_TEST(vmscan, anonymous_pages)
{
	unsigned long before;

	cr_assert_eq(sys_swapon(128, 0), 0);
	map_fixed(0, 64, RW);
	for (unsigned int i = 0; i < 64; i++)
		touch(i, i + 1);
	before = nr_free_pages();
	cr_expect_geq(reclaim(), 64);
	/* The index of the swap cache may have taken some. */
	cr_expect_geq(nr_free_pages(), before + 32, "%ld freed",
		      (long)(nr_free_pages() - before));
	cr_expect_eq(total_swapcache_pages(), 0);
	cr_expect_eq(current->mm->rss, 0);
	cr_expect_eq(swap_info[0].inuse_pages, 64);
	expect_valid();
}

/* Without swap anonymous pages have nowhere to go. */
MACHINE_TEST(vmscan, no_swap)
{
	draw("WWWW");
	for (unsigned int i = 0; i < 4; i++)
		touch(i, i + 1);
	reclaim();
	cr_expect_eq(current->mm->rss, 4);
	for (unsigned int i = 0; i < 4; i++)
		cr_expect_eq(peek(i), i + 1);
}

/* An allocation that finds the zone short reclaims. */
MACHINE_TEST(vmscan, direct_reclaim)
{
	static struct page *pages[8192];
	struct file *file = new_file(64);
	struct vmscan_stats stats;
	int nr = 0;

	for (unsigned int i = 0; i < 64; i++)
		put_page(read_cache_page(file->f_mapping, i, NULL));
	lru_add_drain();
	while ((pages[nr] = alloc_page(GFP_KERNEL)))
		nr++;
	vmscan_get_stats(&stats);
	cr_expect_gt(stats.direct, 0);
	cr_expect_eq(file->f_mapping->nrpages, 0);
	while (nr)
		__free_page(pages[--nr]);
	fput(file);
}

/* kswapd is woken below pages_low and brings pages_high about. */
MACHINE_TEST(vmscan, kswapd)
{
	static struct page *pages[8192];
	struct file *file = new_file(512);
	struct vmscan_stats stats;
	int nr = 0;

	cr_assert_eq(kswapd_run(), 0);
	for (unsigned int i = 0; i < 512; i++)
		put_page(read_cache_page(file->f_mapping, i, NULL));
	lru_add_drain();
	while (zone_balanced())
		pages[nr++] = alloc_page(GFP_KERNEL);
	while (!zone_balanced()) {
		wakeup_kswapd();
		yield();
	}
	kswapd_stop();
	vmscan_get_stats(&stats);
	cr_expect_gt(stats.kswapd, 0);
	cr_expect_lt(file->f_mapping->nrpages, 512);
	while (nr)
		__free_page(pages[--nr]);
	fput(file);
}

/* RECL-15: a page that is being freed is left to who frees it. */
MACHINE_TEST(vmscan, dead_page_on_the_lru)
{
	struct page *page = alloc_page(GFP_KERNEL);
	struct lru_isolated iso;

	lru_cache_add(page);
	lru_add_drain();
	set_page_count(page, 0); /* put_page_testzero(), before lru_lock */
	cr_expect_eq(isolate_lru_pages(&iso, false, 1), 1);
	cr_expect_eq(iso.nr, 0);
	cr_expect_eq(iso.dead, 1);
	cr_expect(PageLRU(page));
	cr_expect_eq(page_count(page), 0);
	__page_cache_release(page);
	cr_expect_eq(lru_zone.nr_inactive, 0);
}

MACHINE_TEST(vmscan, isolation)
{
	struct page *pages[3];
	struct lru_isolated iso;

	for (int i = 0; i < 3; i++) {
		pages[i] = alloc_page(GFP_KERNEL);
		lru_cache_add(pages[i]);
	}
	lru_add_drain();
	cr_expect_eq(isolate_lru_pages(&iso, false, 2), 2);
	cr_expect_eq(iso.pages[0], pages[0], "the coldest first");
	cr_expect_eq(page_count(pages[0]), 2);
	cr_expect_not(PageLRU(pages[0]));
	put_page(pages[1]); /* freed while it is isolated */
	SetPageActive(pages[0]);
	putback_lru_pages(&iso);
	cr_expect_eq(lru_zone.nr_active, 1);
	cr_expect_eq(lru_zone.nr_inactive, 1);
	put_page(pages[0]);
	put_page(pages[2]);
}

/* Failing allocations on the way: the page stays where it was. */
MACHINE_TEST(vmscan, allocation_failures)
{
	cr_assert_eq(sys_swapon(64, 0), 0);
	draw("WW");
	for (unsigned long n = 1;; n++) {
		touch(0, n);
		fault_inject_arm(n);
		reclaim();
		if (!fault_inject_hits())
			break;
		fault_inject_disarm();
		expect_valid();
	}
	fault_inject_disarm();
	cr_expect_eq(current->mm->rss, 0);
}

/* ---- Many reclaim at once ------------------------------------------------- */

#define HELD 6 /* clusters; more than may be isolated in any case */
#define CACHED (HELD * 32 + 16)

static struct lru_isolated held[HELD];
static unsigned long freed_by_other;

static struct file *crowd_lru(void)
{
	struct file *file = new_file(CACHED);

	for (unsigned int i = 0; i < CACHED; i++)
		put_page(read_cache_page(file->f_mapping, i, NULL));
	lru_add_drain();
	for (int i = 0; i < HELD; i++) {
		cr_expect_not(lru_is_crowded());
		cr_assert_eq(isolate_lru_pages(&held[i], false, 32), 32);
	}
	cr_assert(lru_is_crowded());
	return file;
}

static void reclaim_once(void *arg)
{
	(void)arg;
	WRITE_ONCE(current->flags, current->flags | PF_MEMALLOC);
	freed_by_other = try_to_free_pages(GFP_KERNEL);
	WRITE_ONCE(current->flags,
		   current->flags & ~(unsigned long)PF_MEMALLOC);
	do_exit(0);
}

static pid_t start_waiting(void)
{
	pid_t pid = kernel_thread(reclaim_once, NULL, SIGCHLD);

	cr_assert_gt(pid, 0);
	while (!waitqueue_active(&lru_zone.isolated_wait))
		yield();
	return pid;
}

/*
 * The false end of memory, as 2.6.11 has it:
 *
 *  1. tasks isolate clusters and are preempted with them;
 *  2. another one finds the lists all but empty, at every priority;
 *  3. it reports that no page of all can be freed, and somebody is killed.
 *
 * Here it waits until pages are put back.  Without the wait it would free at
 * most the 16 pages that are left, long before the others come back.
 */
MACHINE_TEST(vmscan, isolated_pages_are_waited_for)
{
	struct file *file = crowd_lru();
	struct vmscan_stats stats;
	pid_t pid = start_waiting();

	vmscan_get_stats(&stats);
	cr_expect_eq(stats.throttled, 1);
	cr_expect_eq(stats.scanned, 0);
	for (int i = 0; i < HELD; i++)
		putback_lru_pages(&held[i]);
	cr_expect_eq(sys_wait4(pid, NULL, 0), pid);
	cr_expect_geq(freed_by_other, 32);
	cr_expect_eq(lru_zone.nr_isolated, 0);
	fput(file);
}

/* Two wait, one wake-up: the first one passes it on. */
MACHINE_TEST(vmscan, the_waiters_wake_each_other)
{
	struct file *file = crowd_lru();
	struct vmscan_stats stats;

	start_waiting();
	kernel_thread(reclaim_once, NULL, SIGCHLD);
	do {
		yield();
		vmscan_get_stats(&stats);
	} while (stats.throttled < 2);
	sched_wait_quiet();
	for (int i = 1; i < HELD; i++) {
		lru_zone.nr_isolated -= held[i].taken; /* no wake-up */
		held[i].taken = 0;
	}
	putback_lru_pages(&held[0]);
	cr_expect_gt(sys_wait4(-1, NULL, 0), 0);
	cr_expect_gt(sys_wait4(-1, NULL, 0), 0);
	for (int i = 1; i < HELD; i++)
		putback_lru_pages(&held[i]);
	fput(file);
}

/*
 * Who was short of memory stops when others have freed enough: it frees no
 * page itself, and says so by a number that is not 0.
 */
MACHINE_TEST(vmscan, others_free_what_was_short)
{
	static struct page *pages[8192];
	struct file *file = crowd_lru();
	struct vmscan_stats stats;
	int nr = 0;
	pid_t pid;

	while (zone_balanced())
		pages[nr++] = alloc_page(GFP_KERNEL);
	pid = start_waiting();
	while (nr)
		__free_page(pages[--nr]);
	drain_pages(this_cpu());
	cr_assert(zone_balanced());
	putback_lru_pages(&held[0]); /* still crowded: a look at the zone */
	cr_expect_eq(sys_wait4(pid, NULL, 0), pid);
	cr_expect_eq(freed_by_other, 1);
	vmscan_get_stats(&stats);
	cr_expect_eq(stats.relieved, 1);
	cr_expect_eq(stats.reclaimed, 0);
	for (int i = 1; i < HELD; i++)
		putback_lru_pages(&held[i]);
	fput(file);
}

/* With swap full anonymous pages stay where they are, in memory and list. */
MACHINE_TEST(vmscan, swap_is_full)
{
	unsigned long deactivated;
	struct vmscan_stats stats;

	cr_assert_eq(sys_swapon(9, 0), 0); /* one for the header */
	map_fixed(0, 64, RW);
	for (unsigned int i = 0; i < 64; i++)
		touch(i, i + 1);
	reclaim();
	cr_expect_eq(swap_info[0].inuse_pages, 8);
	cr_expect_eq(current->mm->rss, 56);
	vmscan_get_stats(&stats);
	cr_expect_eq(stats.reclaimed, 8);
	deactivated = stats.deactivated;
	reclaim();
	vmscan_get_stats(&stats);
	cr_expect_eq(stats.deactivated, deactivated);
	for (unsigned int i = 0; i < 64; i++)
		cr_expect_eq(peek(i), i + 1);
	expect_valid();
}
