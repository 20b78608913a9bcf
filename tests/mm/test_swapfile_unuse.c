// SPDX-License-Identifier: GPL-2.0-or-later
/* swapoff: who is found, who is waited for, what goes wrong (spec 10.3). */
#include "mm/exit.h"
#include "mm/munmap.h"
#include "mm/page_tree.h"
#include "mm/rmap_unmap.h"
#include "mm/shmem.h"
#include "mm/signal.h"
#include "mm/swapfile_unuse.h"
#include "mm/truncate.h"
#include "mm/wait.h"
#include "tests/mm/swap_util.h"

TestSuite(swapfile_unuse, .timeout = 30);

static struct unuse_stats stats(void)
{
	struct unuse_stats s;

	unuse_get_stats(&s);
	return s;
}

static void map_shared(unsigned int page, unsigned int pages)
{
	cr_assert_eq(sys_mmap(AT(page), pages * PAGE_SIZE, RW,
			      MAP_SHARED | MAP_ANONYMOUS | MAP_FIXED, NULL, 0),
		     AT(page));
}

/* A page of shared memory, out of all page tables, its file and memory. */
static swp_entry_t swap_out_shared(unsigned int n)
{
	struct writeback_control wbc = { .for_reclaim = true };
	struct page *page;
	swp_entry_t entry;

	lru_add_drain();
	page = lock_page_at_addr(current->mm, AT(n));
	cr_assert_not_null(page);
	while (page_mapped(page)) /* the first time it is young */
		try_to_unmap(page);
	cr_assert_eq(page_mapping(page)->a_ops->writepage(page, &wbc), 0);
	lock_page(page);
	entry = page_swap_entry(page);
	write_out(page);
	delete_from_swap_cache(page);
	unlock_page(page);
	put_page(page);
	return entry;
}

/* SWOFF-1 to SWOFF-5: two processes, then no device. */
MACHINE_TEST(swapfile_unuse, SWOFF_2_everything_comes_back)
{
	struct mm_struct *mm = current->mm, *child;

	sys_swapon(32, 0);
	map_fixed(0, 4, RW);
	for (unsigned int i = 0; i < 4; i++)
		touch(i, 60 + i);
	swap_out(0);
	swap_out(1);
	swap_to_cache(2);
	child = forked_mm();
	cr_expect_eq(mm->rss, 1);
	cr_expect_eq(sys_swapoff(0), 0);
	cr_expect_eq(total_swap_pages, 0);
	cr_expect_eq(nr_swap_pages, 0);
	cr_expect_eq(total_swapcache_pages(), 0);
	cr_expect(!mm->mmlisted && !child->mmlisted); /* SWOFF-11 */
	cr_expect_eq(mm->rss, 4);
	cr_expect_eq(child->rss, 4);
	cr_expect_eq(child->anon_rss, 4);
	cr_expect(pte_same(pte_of(mm, AT(1)), pte_of(child, AT(1))));
	for (unsigned int i = 0; i < 4; i++) {
		cr_expect_eq(peek(i), 60 + i);
		cr_expect_not(pte_write(pte_of(mm, AT(i))));
	}
	mmput(child);
	expect_valid();
	cr_expect_eq(sys_swapon(4, 0), 0);
	cr_expect_eq(sys_swapoff(0), 0);
}

/* Shared memory goes out and comes in by faults: the data, and the counts. */
MACHINE_TEST(swapfile_unuse, shmem_round_trip)
{
	swp_entry_t entry;

	sys_swapon(32, 0);
	map_shared(0, 3);
	for (unsigned int i = 0; i < 3; i++)
		touch(i, 70 + i);
	entry = swap_out_shared(1);
	cr_expect_eq(count_of(entry), 1);
	cr_expect(pte_none(pte_of(current->mm, AT(1))));
	cr_expect_eq(peek(1), 71);
	cr_expect_eq(count_of(entry), 0);
	touch(1, 75);
	entry = swap_out_shared(1);
	swap_out_shared(2);
	cr_expect_eq(peek(1), 75);
	cr_expect_eq(vm_committed_total(), 3);
	cr_expect_eq(sys_munmap(AT(0), 3 * PAGE_SIZE), 0);
	scan_swap_cache();
	cr_expect_eq(nr_swap_pages, total_swap_pages);
	cr_expect_eq(vm_committed_total(), 0);
}

/* SWOFF-3: entries of shared memory are found by object, not by mm. */
MACHINE_TEST(swapfile_unuse, SWOFF_3_shmem)
{
	unsigned long before = stats().shmem;

	sys_swapon(32, 0);
	map_shared(0, 3);
	touch(0, 80);
	touch(2, 82);
	swap_out_shared(0);
	swap_out_shared(2);
	cr_expect_eq(sys_swapoff(0), 0);
	cr_expect_eq(stats().shmem, before + 2);
	cr_expect_eq(peek(0), 80);
	cr_expect_eq(peek(1), 0);
	cr_expect_eq(peek(2), 82);
	cr_expect_eq(vm_committed_total(), 3);
	expect_valid();
}

/* What is cut off a file is not kept in swap. */
MACHINE_TEST(swapfile_unuse, shmem_truncate)
{
	struct inode *inode;

	sys_swapon(32, 0);
	map_shared(0, 3);
	inode = current->mm->mmap->vm_file->f_inode;
	touch(0, 1);
	touch(2, 3);
	swap_out_shared(0);
	swap_out_shared(2);
	cr_expect_eq(nr_swap_pages, total_swap_pages - 2);
	cr_expect_eq(do_truncate(inode, PAGE_SIZE), 0);
	cr_expect_eq(nr_swap_pages, total_swap_pages - 1);
	cr_expect_eq(peek(0), 1);
}

/* Every allocation that brings a shared page in. */
MACHINE_TEST(swapfile_unuse, shmem_every_allocation)
{
	struct page *page = ERR_PTR(-ENOMEM);
	struct inode *inode;
	swp_entry_t entry;
	int n;

	sys_swapon(32, 0);
	page_cluster = 0;
	map_shared(0, 2);
	inode = current->mm->mmap->vm_file->f_inode;
	touch(0, 4);
	entry = swap_out_shared(0);
	page_tree_destroy(&inode->i_data);
	page_tree_destroy(swapper_space(entry));
	for (n = 0; IS_ERR(page); n++) {
		fault_inject_arm((unsigned long)n + 1);
		page = read_cache_page(&inode->i_data, 0, NULL);
		fault_inject_disarm();
		if (IS_ERR(page)) {
			cr_expect_eq(PTR_ERR(page), -ENOMEM);
			cr_expect_eq(count_of(entry), 1, "n = %d", n);
		}
	}
	cr_expect_gt(n, 3);
	put_page(page);
	cr_expect_eq(peek(0), 4);
	for (n = 0, page = ERR_PTR(-ENOMEM); IS_ERR(page); n++) {
		fault_inject_arm((unsigned long)n + 1);
		page = read_cache_page(&inode->i_data, 1, NULL);
		fault_inject_disarm();
	}
	cr_expect_gt(n, 1);
	put_page(page);
	cr_expect_eq(vm_committed_total(), 2);
}

MACHINE_TEST(swapfile_unuse, SWOFF_1_refusals)
{
	cr_expect_eq(sys_swapoff(-1), -EINVAL);
	cr_expect_eq(sys_swapoff(MAX_SWAPFILES), -EINVAL);
	cr_expect_eq(sys_swapoff(3), -EINVAL);
	sys_swapon(32, 0);
	map_fixed(0, 1, RW);
	touch(0, 9);
	swap_out(0);
	sysctl_overcommit_limit = 20; /* 31 would not fit */
	cr_expect_eq(sys_swapoff(0), -ENOMEM);
	sysctl_overcommit_limit = 0;
	cr_expect_eq(vm_committed_total(), 1);
	/* A signal: the device stays, and goes on to be used. */
	set_tsk_thread_flag(current, TIF_SIGPENDING);
	cr_expect_eq(sys_swapoff(0), -EINTR);
	clear_tsk_thread_flag(current, TIF_SIGPENDING);
	cr_expect_eq(total_swap_pages, 31);
	cr_expect_eq(nr_swap_pages, 30);
	cr_expect_not(READ_ONCE(current->flags) & PF_SWAPOFF);
	cr_expect_eq(peek(0), 9);
	cr_expect_eq(sys_swapoff(0), 0);
}

/* SWOFF-2: without memory it fails, as often as need be, and loses nothing. */
MACHINE_TEST(swapfile_unuse, SWOFF_2_every_allocation)
{
	int err = -ENOMEM, n;

	sys_swapon(32, 0);
	map_fixed(0, 2, RW);
	map_shared(4, 1);
	touch(0, 11);
	touch(1, 12);
	touch(4, 13);
	swap_out(0);
	swap_out(1);
	swap_out_shared(4);
	page_tree_destroy(&swapper_spaces[0]);
	for (n = 0; err; n++) {
		fault_inject_arm((unsigned long)n + 1);
		err = sys_swapoff(0);
		fault_inject_disarm();
		if (err) {
			cr_expect_eq(err, -ENOMEM);
			cr_expect_eq(total_swap_pages, 31);
			expect_valid();
		}
	}
	cr_expect_gt(n, 2);
	cr_expect_eq(peek(0), 11);
	cr_expect_eq(peek(1), 12);
	cr_expect_eq(peek(4), 13);
}

/* SWOFF-8: an mm without users is passed over, and its count is not lost. */
MACHINE_TEST(swapfile_unuse, SWOFF_8_dying_mm)
{
	struct mm_struct *mm = current->mm, *dying;
	unsigned long before = stats().dying;

	sys_swapon(32, 0);
	map_fixed(0, 1, RW);
	touch(0, 14);
	dying = forked_mm();
	touch(0, 15);
	swap_out(0);
	/* As in exit_mmap(), reclaim having put it there (EXIT-21). */
	mmlist_add(dying, &init_mm);
	atomic_set(&dying->mm_users, 0);
	cr_expect_eq(sys_swapoff(0), 0);
	cr_expect_gt(stats().dying, before);
	cr_expect_eq(atomic_read(&dying->mm_users), 0);
	cr_expect(pte_present(pte_of(mm, AT(0))));
	cr_expect_eq(peek(0), 15);
	atomic_set(&dying->mm_users, 1);
	mmput(dying);
}

/* DEF-24: a count that sticks is reset once all who have the entry are found. */
MACHINE_TEST(swapfile_unuse, DEF_24_saturated)
{
	swp_entry_t entry;

	sys_swapon(32, 0);
	map_fixed(0, 1, RW);
	touch(0, 16);
	entry = swap_out(0);
	swap_info[0].swap_map[swp_offset(entry)] = SWAP_MAP_MAX;
	cr_expect_eq(sys_swapoff(0), 0);
	cr_expect_eq(peek(0), 16);
}

/* ---- Two tasks ------------------------------------------------------------ */

static DECLARE_COMPLETION(holder_ready);
static DECLARE_COMPLETION(holder_done);
static struct mm_struct *held_mm;
static swp_entry_t held_entry;

/* Until swapoff waits for held_mm, with a reference on it. */
static void until_swapoff_waits(unsigned long blocked)
{
	while (stats().blocked == blocked)
		yield();
}

/*
 * DEF-31.
 *
 *  1. A page of shared memory is in swap; only the mm M maps its file.  The
 *     entry has two more counts, as readers of the slot make for a moment.
 *  2. swapoff moves the page, locked, back to the file (shmem_unuse()).  The
 *     count is above 1 still, so it goes on to M, and waits for M's mmap_sem.
 *  3. M's other user leaves; swapoff's mmput() is the last one.  It closes the
 *     file and truncates it, which wants the page lock.
 *
 * With mmput() under the page lock swapoff waits for itself here; the lock
 * validator says so, too.
 */
static void hold_until_swapoff_waits(void *arg)
{
	unsigned long blocked = stats().blocked;
	unsigned long last_user = stats().last_user;

	(void)arg;
	down_write(&held_mm->mmap_sem);
	complete(&holder_ready);
	until_swapoff_waits(blocked);
	mmgrab(held_mm);
	mmput(held_mm);
	up_write(&held_mm->mmap_sem);
	mmdrop(held_mm);
	while (stats().last_user == last_user)
		yield();
	swap_free(held_entry);
	swap_free(held_entry);
	complete(&holder_done);
	do_exit(0);
}

MACHINE_TEST(swapfile_unuse, DEF_31_last_mmput)
{
	unsigned long before = stats().last_user;
	int status;
	pid_t pid;

	sys_swapon(32, 0);
	map_shared(0, 1);
	touch(0, 17);
	held_mm = forked_mm();
	held_entry = swap_out_shared(0);
	cr_assert_eq(sys_munmap(AT(0), PAGE_SIZE), 0);
	mmlist_add(held_mm, &init_mm);
	swap_duplicate(held_entry);
	swap_duplicate(held_entry);

	pid = kernel_thread(hold_until_swapoff_waits, NULL, SIGCHLD);
	cr_assert_gt(pid, 0);
	wait_for_completion(&holder_ready);
	cr_expect_eq(sys_swapoff(0), 0);
	cr_expect_eq(stats().last_user, before + 1);
	wait_for_completion(&holder_done);
	cr_expect_eq(sys_wait4(pid, &status, 0), pid);
	cr_expect_eq(vm_committed_total(), 0);
}
