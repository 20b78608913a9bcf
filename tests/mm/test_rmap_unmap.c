// SPDX-License-Identifier: GPL-2.0-or-later
#include <signal.h>
#include <time.h>
#include <unistd.h>

#include "mm/accounting.h"
#include "mm/fork_mm.h"
#include "mm/fremap.h"
#include "mm/mlock.h"
#include "mm/pagewalk.h"
#include "mm/rmap_unmap.h"
#include "mm/swap_state.h"
#include "mm/swapfile.h"
#include "tests/mm/machine_util.h"

TestSuite(rmap_unmap, .timeout = 30);

static pte_t pte_of(struct mm_struct *mm, unsigned int n)
{
	pte_t *ptep, pte = __pte(0);

	spin_lock(&mm->page_table_lock);
	ptep = walk_pte(mm, AT(n));
	if (ptep)
		pte = ptep_get(ptep);
	spin_unlock(&mm->page_table_lock);
	return pte;
}

/* The page behind a touched address, referenced, locked, not young. */
static struct page *victim(unsigned int n)
{
	struct page *page = pte_page(pte_of(current->mm, n));

	lru_add_drain();
	get_page(page);
	lock_page(page);
	page_referenced(page, true);
	return page;
}

static void done_with(struct page *page)
{
	unlock_page(page);
	put_page(page);
}

static struct file *map_file(unsigned int at, unsigned int pages, int flags)
{
	struct inode *inode = inode_create("f", 64 * PAGE_SIZE, NULL);
	struct file *file = file_open(inode, FILE_READ | FILE_WRITE);

	iput(inode);
	cr_assert_eq(sys_mmap(AT(at), pages * PAGE_SIZE, RW,
			      flags | MAP_FIXED, file, 0), AT(at));
	return file;
}

/* RECL-7, RECL-8: all mappings go, DIRTY moves to the page, rss follows. */
MACHINE_TEST(rmap_unmap, file_page_of_two_areas)
{
	struct file *file = map_file(0, 4, MAP_SHARED);
	struct page *page;

	cr_assert_eq(sys_mmap(AT(8), 4 * PAGE_SIZE, RW, MAP_SHARED | MAP_FIXED,
			      file, 0), AT(8));
	touch(2, 77);
	cr_expect_eq(peek(10), 77);
	page = victim(2);
	cr_expect_eq(page_mapcount(page), 2);
	cr_expect_not(PageDirty(page));
	cr_expect_eq(try_to_unmap(page), SWAP_SUCCESS);
	cr_expect(PageDirty(page));
	cr_expect(pte_none(pte_of(current->mm, 2)));
	cr_expect(pte_none(pte_of(current->mm, 10)));
	cr_expect_eq(current->mm->rss, 0);
	cr_expect_eq(page_count(page), 2, "the cache's and ours");
	done_with(page);
	cr_expect_eq(peek(2), 77);
	expect_valid();
	fput(file);
}

/* RECL-8 step 1: what has been used since stays, and so do locked areas. */
MACHINE_TEST(rmap_unmap, used_and_locked_pages_stay)
{
	struct file *file = map_file(0, 4, MAP_SHARED);
	struct page *page;

	peek(0);
	page = victim(0);
	peek(0);
	cr_expect_eq(try_to_unmap(page), SWAP_FAIL);
	cr_expect_eq(page_mapcount(page), 1);
	/* The look cleared ACCESSED: not used since, so it goes now. */
	cr_expect_eq(try_to_unmap(page), SWAP_SUCCESS);
	unlock_page(page);
	put_page(page);
	cr_assert_eq(sys_mlock(AT(0), PAGE_SIZE), 0);
	page = victim(0);
	cr_expect_eq(try_to_unmap(page), SWAP_FAIL);
	cr_expect_eq(page_mapcount(page), 1);
	done_with(page);
	fput(file);
}

/* ORD-10: count, mmlist, swap PTE; in parent and child of a fork. */
MACHINE_TEST(rmap_unmap, anonymous_page_of_parent_and_child)
{
	struct task_struct child = { 0 };
	struct page *page;
	swp_entry_t entry;

	cr_assert_eq(sys_swapon(64, 0), 0);
	draw("WWWW");
	touch(1, 5);
	cr_assert_eq(copy_mm(0, &child), 0);
	page = victim(1);
	cr_assert(add_to_swap(page));
	entry = page_swap_entry(page);
	cr_expect_eq(page_mapcount(page), 2);
	cr_expect_eq(try_to_unmap(page), SWAP_SUCCESS);
	cr_expect_eq(swap_info[0].swap_map[swp_offset(entry)], 3);
	cr_expect_eq(pte_to_swp_entry(pte_of(current->mm, 1)).val, entry.val);
	cr_expect_eq(pte_to_swp_entry(pte_of(child.mm, 1)).val, entry.val);
	cr_expect_eq(current->mm->anon_rss, 0);
	cr_expect(current->mm->mmlisted && child.mm->mmlisted);
	done_with(page);
	mmput(child.mm);
	cr_expect_eq(swap_info[0].swap_map[swp_offset(entry)], 2);
}

static unsigned long unmapped_in_construction(void)
{
	struct unmap_stats s;

	unmap_get_stats(&s);
	return s.building;
}

/* fork has copied the PTEs, and is still in dup_mmap(): reclaim comes by. */
static void reclaim_from_child(struct vm_area_struct *vma)
{
	struct page *page = victim(0);

	cr_expect_not(mm_is_built(vma->vm_mm));
	cr_expect_eq(try_to_unmap(page), SWAP_SUCCESS);
	cr_expect(vma->vm_mm->mmlisted);
	cr_expect_eq(vma->vm_mm->rss, 0ul);
	done_with(page);
}

/* FORK-59: a child is found by reclaim before fork is through with it. */
MACHINE_TEST(rmap_unmap, FORK_59_child_under_construction)
{
	static const struct vm_operations ops = {
		.open = reclaim_from_child,
	};
	unsigned long before = unmapped_in_construction();
	struct task_struct child = { 0 };
	struct page *page;

	cr_assert_eq(sys_swapon(64, 0), 0);
	draw("W");
	update_mem_hiwater(current->mm); /* as its exec would have */
	touch(0, 5);
	page = victim(0);
	cr_assert(add_to_swap(page));
	done_with(page);
	current->mm->mmap->vm_ops = &ops;
	cr_assert_eq(copy_mm(0, &child), 0);
	cr_expect_eq(unmapped_in_construction(), before + 1,
		     "the parent's PTE is not one of them");
	cr_expect(mm_is_built(child.mm));
	cr_expect_eq(peek(0), 5);
	current->mm->mmap->vm_ops = NULL;
	child.mm->mmap->vm_ops = NULL;
	mmput(child.mm);
}

/* RECL-8 step 2: a page of the swap cache that somebody pins stays mapped. */
MACHINE_TEST(rmap_unmap, def_30_pinned_page)
{
	struct page *page;

	cr_assert_eq(sys_swapon(64, 0), 0);
	draw("W");
	touch(0, 5);
	page = victim(0);
	get_page(page); /* the pin */
	cr_assert(add_to_swap(page));
	cr_expect_eq(try_to_unmap(page), SWAP_FAIL);
	cr_expect_eq(page_mapcount(page), 1);
	put_page(page);
	cr_expect_eq(try_to_unmap(page), SWAP_SUCCESS);
	cr_expect_eq(page_count(page), 2);
	done_with(page);
}

/* DEF-30: what page_counts() reads is what the two counts are. */
MACHINE_TEST(rmap_unmap, def_30_one_load)
{
	struct page *page = alloc_page(GFP_KERNEL);
	int count, mapcount;

	get_page(page);
	atomic_set(&page->_mapcount, 0);
	page_counts(page, &count, &mapcount);
	cr_expect_eq(count, 2);
	cr_expect_eq(mapcount, 1);
	atomic_set(&page->_mapcount, -1);
	page_counts(page, &count, &mapcount);
	cr_expect_eq(mapcount, 0);
	put_page(page);
	put_page(page);
}

#define RACES 2000

static struct page *raced_page;
static int races; /* (a) interruptions so far */

/*
 * What another mm does under its ptl, in REF-8's order, comes between two
 * instructions of the reader: a fork the one time, a zap the other time.
 */
static void map_or_unmap(int sig)
{
	int n = __atomic_load_n(&races, __ATOMIC_RELAXED);

	(void)sig;
	if (n % 2 == 0) {
		get_page(raced_page);
		page_dup_rmap(raced_page);
	} else {
		page_remove_rmap(raced_page);
		put_page(raced_page);
	}
	__atomic_store_n(&races, n + 1, __ATOMIC_RELEASE);
}

/* SIGUSR1 for this thread, again and again. */
static timer_t interrupt_every_us(long us)
{
	const struct itimerspec every = {
		{ .tv_nsec = us * 1000 }, { .tv_nsec = us * 1000 },
	};
	struct sigevent ev = {
		.sigev_notify = SIGEV_THREAD_ID, .sigev_signo = SIGUSR1,
		._sigev_un._tid = gettid(),
	};
	struct sigaction sa = { .sa_handler = map_or_unmap };
	timer_t timer;

	cr_assert_eq(sigaction(SIGUSR1, &sa, NULL), 0);
	cr_assert_eq(timer_create(CLOCK_MONOTONIC, &ev, &timer), 0);
	cr_assert_eq(timer_settime(timer, 0, &every, NULL), 0);
	return timer;
}

/*
 * DEF-30: a pin is never hidden.  Two loads, one after the other, belong to
 * different moments, and the pin is missed when both counts rise in between.
 */
MACHINE_TEST(rmap_unmap, def_30_racing_reads)
{
	unsigned long hidden = 0;
	int count, mapcount;
	timer_t timer;

	draw("W");
	touch(0, 5);
	raced_page = victim(0); /* the pin, beside one mapping */
	timer = interrupt_every_us(20);
	while (__atomic_load_n(&races, __ATOMIC_ACQUIRE) < RACES) {
		page_counts(raced_page, &count, &mapcount);
		hidden += count - mapcount < 1;
	}
	cr_expect_eq(timer_delete(timer), 0);
	if (page_mapcount(raced_page) > 1)
		map_or_unmap(SIGUSR1); /* an odd one came last */
	cr_expect_eq(hidden, 0, "pin hidden in %lu reads", hidden);
	cr_expect_eq(page_mapcount(raced_page), 1);
	done_with(raced_page);
}

/* Pages of a nonlinear area are found by clusters, and remembered. */
MACHINE_TEST(rmap_unmap, nonlinear_area)
{
	struct file *file = map_file(0, 8, MAP_SHARED);
	struct page *page;

	cr_assert_eq(sys_remap_file_pages(AT(0), 2 * PAGE_SIZE, 40), 0);
	touch(0, 9);
	peek(1);
	peek(4);
	page = victim(0);
	/* First round: every PTE was young and only got old. */
	cr_expect_eq(try_to_unmap(page), SWAP_AGAIN);
	cr_expect_eq(page_mapcount(page), 1);
	cr_expect_eq(try_to_unmap(page), SWAP_SUCCESS);
	cr_expect(PageDirty(page));
	cr_expect(pte_file(pte_of(current->mm, 0)));
	cr_expect_eq(pte_to_pgoff(pte_of(current->mm, 0)), 40);
	done_with(page);
	expect_valid();
	cr_expect_eq(peek(0), 9);
	cr_expect_eq(peek(1), file_pattern(file->f_inode->i_ino, 41, 0));
	cr_expect_eq(peek(4), file_pattern(file->f_inode->i_ino, 4, 0));
	fput(file);
}

/* Nothing but locked nonlinear areas: no use in trying again. */
MACHINE_TEST(rmap_unmap, locked_nonlinear_area)
{
	struct file *file = map_file(0, 8, MAP_SHARED);
	struct page *page;

	cr_assert_eq(sys_remap_file_pages(AT(0), 2 * PAGE_SIZE, 40), 0);
	cr_assert_eq(sys_mlock(AT(0), 8 * PAGE_SIZE), 0);
	peek(0);
	page = victim(0);
	cr_expect_eq(try_to_unmap(page), SWAP_FAIL);
	done_with(page);
	fput(file);
}

/* RECL-9: a mapping the walk does not find is noticed by the count. */
MACHINE_TEST(rmap_unmap, missed_mapping)
{
	struct unmap_stats before, after;
	struct page *page;
	struct file *file = map_file(0, 2, MAP_SHARED);

	peek(0);
	page = victim(0);
	unmap_get_stats(&before);
	page_dup_rmap(page); /* fork, behind the walk's back */
	cr_expect_eq(try_to_unmap(page), SWAP_AGAIN);
	page_remove_rmap(page);
	unmap_get_stats(&after);
	cr_expect_eq(after.missed, before.missed + 1);
	done_with(page);
	fput(file);
}
