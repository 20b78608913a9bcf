// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The shadow of the reference counts.  One process holds a bit of everything;
 * a count is moved by hand, and the census must say so and name the holders.
 */
#include <stdlib.h>
#include <sys/mman.h>

#include "mm/aio.h"
#include "mm/file.h"
#include "mm/page.h"
#include "mm/pagewalk.h"
#include "mm/pgtable.h"
#include "mm/swapfile.h"
#include "tests/stress/census_util.h"

#define FILE_AT (DATA + 0x1000000)
#define CONTEXT (DATA + 2 * PAGE_SIZE)
#define WORD (DATA + PAGE_SIZE)

static struct file *file;
static pid_t process, waiter;
LATCH(ready);
LATCH(go_on);

static void wait_for_word(void *arg)
{
	(void)arg;
	user_assert(SYSCALL(sys_futex(WORD, FUTEX_WAIT, 0, 0, 0, 0)) == 0);
	user_exit(0);
}

static void holds_everything(void *arg)
{
	(void)arg;
	user_assert(SYSCALL(sys_mmap(FILE_AT, 4 * PAGE_SIZE,
				     PROT_READ | PROT_WRITE,
				     MAP_FIXED | MAP_SHARED, file, 0)) ==
		    FILE_AT);
	user_write64(FILE_AT, 1);
	user_write64(DATA, 1);
	user_assert(SYSCALL(sys_io_setup(10, CONTEXT)) == 0);
	waiter = new_thread(wait_for_word, NULL);
	until_task_state(waiter, TASK_INTERRUPTIBLE);
	reach(ready);
	await(go_on);
	user_assert(SYSCALL(sys_futex(WORD, FUTEX_WAKE, 1, 0, 0, 0)) == 1);
	user_exit(0);
}

static void boot(void)
{
	life_boot();
	file = world_open("shared", 4, FILE_READ | FILE_WRITE);
	cr_assert_not_null(file);
	process = spawn(holds_everything, NULL);
	await(ready);
	census_boot();
}

static void stop(void)
{
	census_stop();
	reach(go_on);
	cr_expect_eq(status_of(process), 0);
	world_unmake();
	life_stop();
}

TestSuite(oracle_refs, .timeout = 30, .init = boot, .fini = stop);

static struct mm_struct *its_mm(void)
{
	struct task_struct *p = get_task(process);
	struct mm_struct *mm = p->mm;

	put_task_struct(p);
	return mm;
}

/* The frame of DATA's first page. */
static struct page *its_page(void)
{
	struct mm_struct *mm = its_mm();
	struct page *page;

	spin_lock(&mm->page_table_lock);
	page = pfn_to_page(pte_pfn(ptep_get(walk_pte(mm, DATA))));
	spin_unlock(&mm->page_table_lock);
	return page;
}

Test(oracle_refs, nothing_to_say)
{
	cr_expect_str_empty(census());
}

Test(oracle_refs, INV_2_names_the_tasks)
{
	char both[64];

	atomic_inc(&its_mm()->mm_users);
	census();
	atomic_dec(&its_mm()->mm_users);
	snprintf(both, sizeof(both), "task pid %d, task pid %d", process,
		 waiter);
	saw("INV-2: mm_users of mm");
	saw("is 3, expected 2");
	saw(both);
}

Test(oracle_refs, INV_29_a_task_runs_on_its_mm)
{
	struct task_struct *p = get_task(process);
	struct mm_struct *mm = p->active_mm;

	p->active_mm = &init_mm;
	census();
	p->active_mm = mm;
	put_task_struct(p);
	saw("INV-29: pid");
	cr_expect_str_empty(census());
}

Test(oracle_refs, INV_3_names_futex_and_aio)
{
	char key[64];
	int seen, expected;

	atomic_dec(&its_mm()->mm_count);
	census();
	atomic_inc(&its_mm()->mm_count);
	snprintf(key, sizeof(key), "futex waiter pid %d at %#lx", waiter,
		 WORD);
	saw("INV-3: mm_count of mm");
	/* Who runs lazily on it is not the test's to say. */
	cr_assert_eq(sscanf(strstr(findings, "INV-3"),
			    "INV-3: mm_count of mm %*u is %d, expected %d",
			    &seen, &expected), 2, "%s", findings);
	cr_expect_eq(expected, seen + 1, "%s", findings);
	saw("mm_users 2 together");
	saw("AIO context 0x");
	saw(key);
}

Test(oracle_refs, REF_10_names_areas_and_files)
{
	char area[64];

	atomic_inc(&file->f_count);
	atomic_inc(&file->f_inode->i_count);
	atomic_inc(&file->f_inode->i_writecount);
	census();
	atomic_dec(&file->f_inode->i_writecount);
	atomic_dec(&file->f_inode->i_count);
	atomic_dec(&file->f_count);
	snprintf(area, sizeof(area), "area of mm %lu at %#lx, the harness",
		 its_mm()->mm_id, FILE_AT);
	saw("f_count of a file of shared is 3, expected 2");
	saw(area);
	saw("(shared) is 2, expected 1\nheld by: open file of inode");
	saw("INV-9: i_writecount of inode");
}

Test(oracle_refs, INV_15_names_the_pages_users)
{
	struct page *page = its_page();
	char pte[64];

	get_page(page);
	census();
	put_page(page);
	snprintf(pte, sizeof(pte), "mm %lu at %#lx writable, no cache; pinned"
		 " by: nobody", its_mm()->mm_id, DATA);
	saw("has count 2, expected 1 (mapcount 1, caches 0, pins 0)");
	saw(pte);
}

Test(oracle_refs, INV_16_counts_slots)
{
	swp_entry_t slot;

	cr_assert_geq(sys_swapon(16, 0), 0);
	slot = get_swap_page();
	census();
	saw("INV-16: slot 1 of swap device 0 has count 1, expected 0");
	swap_free(slot);
	cr_expect_str_empty(census());
}

Test(oracle_refs, INV_28_names_the_threads)
{
	struct task_struct *p = get_task(process);

	atomic_dec(&p->signal->count);
	census();
	atomic_inc(&p->signal->count);
	put_task_struct(p);
	saw("INV-28: signal->count is 1, expected 2\nheld by: task pid");
}
