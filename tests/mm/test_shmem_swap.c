// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The last iput() of shared memory beside reclaim and swapoff: who comes late
 * finds no object, and what came before is given back.  Under the explorer:
 * shmem-dying.
 */
#include "mm/exit.h"
#include "mm/file.h"
#include "mm/filemap.h"
#include "mm/munmap.h"
#include "mm/pid.h"
#include "mm/shmem.h"
#include "tests/mm/swap_util.h"

TestSuite(shmem_swap, .timeout = 30);

static struct file *object;

/* Shared memory with one page, which no VMA maps any more. */
static void make_object(void)
{
	cr_assert_eq(sys_mmap(AT(0), PAGE_SIZE, RW, MAP_SHARED | MAP_ANONYMOUS |
			      MAP_FIXED, NULL, 0), AT(0));
	touch(0, 1);
	lru_add_drain();
	object = current->mm->mmap->vm_file;
	get_file(object);
	cr_assert_eq(sys_munmap(AT(0), PAGE_SIZE), 0);
}

/* As reclaim holds a page that it is about to write. */
static struct page *locked_page(void)
{
	struct page *page = find_lock_page(object->f_mapping, 0);

	cr_assert_not_null(page);
	return page;
}

static int write_page(struct page *page)
{
	struct writeback_control wbc = { .for_reclaim = true };

	return page_mapping(page)->a_ops->writepage(page, &wbc);
}

/* A task that ends the object, and sleeps for a page that the test has. */
static struct task_struct *start(void (*fn)(void *))
{
	pid_t pid = kernel_thread(fn, NULL, SIGCHLD);
	struct task_struct *p;

	cr_assert_gt(pid, 0);
	p = find_get_task(pid);
	while (task_state(p) != TASK_UNINTERRUPTIBLE)
		yield();
	return p;
}

static void finish(struct task_struct *p)
{
	pid_t pid = p->pid;

	put_task_struct(p);
	cr_expect_eq(sys_wait4(pid, NULL, 0), pid);
}

/*
 * No slot is the object's.  The swap cache may have one still, if the page
 * could not be locked at once (EXIT-39): swapoff finds that.
 */
static void expect_nothing_left(void)
{
	cr_expect_eq(vm_committed_total(), 0);
	for (unsigned long i = 1; i < 32; i++)
		cr_expect_leq(count_of(swp_entry(0, i)), 1, "slot %lu", i);
	cr_expect_eq(sys_swapoff(0), 0);
}

static void put_object(void *arg)
{
	(void)arg;
	fput(object);
	do_exit(0);
}

/*
 *  1. Reclaim has a page of the object, locked and unmapped.
 *  2. The last reference goes; truncation sleeps for the page.
 *  3. shmem_writepage() moves the page to a slot, and unlocks it.
 *  4. Truncation finds the file empty: the slot has to be found otherwise.
 */
MACHINE_TEST(shmem_swap, slot_taken_while_the_file_is_truncated)
{
	struct task_struct *p;
	struct page *page;

	sys_swapon(32, 0);
	make_object();
	page = locked_page();
	p = start(put_object);
	cr_expect_eq(write_page(page), 0);
	cr_expect_lt(nr_swap_pages, total_swap_pages);
	put_page(page);
	finish(p);
	expect_nothing_left();
}

static void delete_object(void *arg)
{
	(void)arg;
	shmem_delete_inode(object->f_inode);
	do_exit(0);
}

/*
 *  1. After the file has been truncated swapoff brings a page in.
 *  2. Reclaim has that page, locked and unmapped, when shmem_delete_inode()
 *     has given all entries back; it sleeps for the page.
 *  3. shmem_writepage() wants to move the page to a slot.
 *
 * It must not: nobody would look for the entry any more.  Without the test of
 * info->dying the object dies with a page in swap.
 */
MACHINE_TEST(shmem_swap, dying_object_takes_no_entry)
{
	struct task_struct *p;
	struct page *page;

	sys_swapon(32, 0);
	make_object();
	page = locked_page();
	p = start(delete_object);
	cr_expect_eq(write_page(page), WRITEPAGE_ACTIVATE);
	cr_expect_eq(nr_swap_pages, total_swap_pages);
	cr_expect(PageLocked(page) && PageDirty(page));
	unlock_page(page);
	put_page(page);
	finish(p);
	fput(object);
	expect_nothing_left();
}
