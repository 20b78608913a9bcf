// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Bounded scenarios of reclaim, one page at a time: what shrink_list() does
 * with a page, without the lists from which it is isolated.
 */
#include <signal.h>
#include <sys/mman.h>

#include "locking/report.h"
#include "mm/cpu.h"
#include "mm/entry.h"
#include "mm/filemap.h"
#include "mm/fork.h"
#include "mm/gup.h"
#include "mm/mlock.h"
#include "mm/mmap.h"
#include "mm/munmap.h"
#include "mm/page.h"
#include "mm/page_io.h"
#include "mm/rmap.h"
#include "mm/rmap_unmap.h"
#include "mm/swap.h"
#include "mm/swap_state.h"
#include "mm/swapfile.h"
#include "mm/uaccess.h"
#include "stress/bounded/bounded.h"

#define SWAP_PAGES 16
#define FAR_AREA (BOUNDED_DATA + 0x200000)
#define INITIAL 1
#define WRITTEN 2

static struct completion chosen = COMPLETION_INITIALIZER(chosen);
static struct completion tried = COMPLETION_INITIALIZER(tried);

/* Of each the reclaimer has a reference, as if it were off the LRU. */
static struct page *victims[2];

/* A page of the caller's, faulted in. */
static struct page *choose(uaddr_t addr)
{
	struct mm_struct *mm = current->mm;
	struct page *page = NULL;

	syscall_enter();
	down_read(&mm->mmap_sem);
	mm_bug_on(get_user_pages(mm, addr, 1, 0, &page) != 1,
		  "no page at %#lx", addr);
	up_read(&mm->mmap_sem);
	lru_add_drain(); /* which would be one more reference */
	exit_to_user();
	return page;
}

/* Written and clean, a page whose last mapping is gone need not stay. */
static void write_and_drop(struct page *page)
{
	struct writeback_control wbc = { .for_reclaim = true };

	if (TestClearPageDirty(page)) {
		swap_writepage(page, &wbc);
		lock_page(page);
	}
	if (PageSwapCache(page) && !PageWriteback(page) && !PageDirty(page) &&
	    page_count(page) == 2)
		delete_from_swap_cache(page);
}

/* A page that was used a moment ago stays. */
static void try_to_evict(struct page *page)
{
	lock_page(page);
	page_referenced(page, true);
	if (page_mapped(page) && (PageSwapCache(page) || add_to_swap(page)) &&
	    try_to_unmap(page) == SWAP_SUCCESS)
		write_and_drop(page);
	unlock_page(page);
}

static int add_swap(void)
{
	int type = sys_swapon(SWAP_PAGES, 0);

	mm_bug_on(type < 0, "swapon: error %d", type);
	return type;
}

/* Nobody is left who could hold a slot. */
static void remove_swap(int type)
{
	int err;

	bounded_reap();
	err = sys_swapoff(type);
	if (err)
		report_finding(FINDING_BUG, "swapoff: error %d", err);
}

/* An area of one page, with an anon_vma of its own. */
static void map_far(unsigned int nr)
{
	uaddr_t addr = FAR_AREA + 2 * nr * PAGE_SIZE;
	uaddr_t at = SYSCALL(sys_mmap(addr, PAGE_SIZE, PROT_READ | PROT_WRITE,
				      MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED,
				      NULL, 0));

	if (at != addr || SYSCALL(put_user64(WRITTEN, addr)))
		report_finding(FINDING_BUG, "no page at %#lx", addr);
}

/* ---- two pages of one process (RECL-11) ------------------------------------------------ */

static void evicts(void *arg)
{
	struct page **victim = arg;

	wait_for_completion(&chosen);
	try_to_evict(*victim);
	put_page(*victim);
	complete(&tried);
}

static void has_two_pages(void *arg)
{
	(void)arg;
	bounded_put(0, INITIAL);
	map_far(0);
	victims[0] = choose(BOUNDED_DATA);
	victims[1] = choose(FAR_AREA);
	complete_all(&chosen);
	wait_for_completion(&tried);
	wait_for_completion(&tried);
	bounded_expect(0, INITIAL, INITIAL);
	bounded_expect_at(FAR_AREA, WRITTEN);
	bounded_exit();
}

static void unmap_two(void)
{
	int type = add_swap();

	kernel_thread(evicts, &victims[0], SIGCHLD);
	kernel_thread(evicts, &victims[1], SIGCHLD);
	bounded_spawn(has_two_pages, NULL);
	remove_swap(type);
}

const struct bounded_ops bounded_unmap_two = {
	.name = "unmap-two",
	.why = "two pages of one process are swapped out at the same time",
	.items = "RECL-8 RECL-11 ORD-10",
	.cpus = 3,
	.body = unmap_two,
};

/* ---- a page that is written all the time (RECL-8) --------------------------------------- */

#define EVICTIONS 4
#define STORES 8

static void evicts_often(void *arg)
{
	(void)arg;
	wait_for_completion(&chosen);
	for (int i = 0; i < EVICTIONS; i++)
		try_to_evict(victims[0]);
	put_page(victims[0]);
}

static void stores_on(void *arg)
{
	(void)arg;
	bounded_put(0, INITIAL);
	victims[0] = choose(BOUNDED_DATA);
	complete(&chosen);
	for (uint64_t i = 1; i <= STORES; i++) {
		bounded_put(0, INITIAL + i);
		bounded_expect(0, INITIAL + i, INITIAL + i);
	}
	bounded_exit();
}

static void unmap_store(void)
{
	int type = add_swap();

	kernel_thread(evicts_often, NULL, SIGCHLD);
	bounded_spawn(stores_on, NULL);
	remove_swap(type);
}

const struct bounded_ops bounded_unmap_store = {
	.name = "unmap-store",
	.why = "a page is swapped out while its process stores and loads",
	.items = "RECL-8 B-15",
	.cpus = 2,
	.body = unmap_store,
};

/* ---- an area that goes while its page is looked at (RECL-1) ------------------------------ */

/* As many as free anon_vmas rest in front of one that has just been freed. */
#define NEW_AREAS 16


static void replaces_area(void *arg)
{
	(void)arg;
	map_far(0);
	victims[0] = choose(FAR_AREA);
	complete(&chosen);
	SYSCALL(sys_munmap(FAR_AREA, PAGE_SIZE));
	for (unsigned int i = 1; i <= NEW_AREAS; i++)
		map_far(i);
	bounded_exit();
}

static void unmap_replaced(void)
{
	int type = add_swap();

	kernel_thread(evicts, &victims[0], SIGCHLD);
	bounded_spawn(replaces_area, NULL);
	remove_swap(type);
}

const struct bounded_ops bounded_unmap_replaced = {
	.name = "unmap-replaced",
	.why = "a page is to be swapped out, its area replaced by others",
	.items = "RECL-1 INV-33 DEF-16",
	.cpus = 2,
	.body = unmap_replaced,
};

/* ---- locked pages whose list is looked through (MAP-32, RECL-15) ------------------------- */

#define ROUNDS 2

static void looks_through_list(void *arg)
{
	struct lru_isolated iso;

	(void)arg;
	wait_for_completion(&chosen);
	for (int i = 0; i < ROUNDS; i++) {
		isolate_lru_pages(&iso, true, SWAP_CLUSTER_MAX);
		putback_lru_pages(&iso);
	}
}

static void locks_pages(void *arg)
{
	uaddr_t at = BOUNDED_DATA;

	(void)arg;
	bounded_put(0, INITIAL);
	put_page(choose(at)); /* no pagevec has it any more */
	complete(&chosen);
	for (int i = 0; i < ROUNDS; i++) {
		SYSCALL(sys_mlock(at, 2 * PAGE_SIZE));
		SYSCALL(sys_munlock(at, PAGE_SIZE));
	}
	bounded_expect(0, INITIAL, INITIAL);
	bounded_validate();
	bounded_exit();
}

static void mlock_isolate(void)
{
	kernel_thread(looks_through_list, NULL, SIGCHLD);
	bounded_spawn(locks_pages, NULL);
}

const struct bounded_ops bounded_mlock_isolate = {
	.name = "mlock-isolate",
	.why = "pages are locked and unlocked while reclaim looks at them",
	.items = "MAP-32 RECL-15",
	.cpus = 2,
	.body = mlock_isolate,
};
