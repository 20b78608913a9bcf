// SPDX-License-Identifier: GPL-2.0-or-later
/* Bounded scenarios of reclaim, with a swap device that has to go in the end. */
#include <errno.h>
#include <signal.h>
#include <sys/mman.h>

#include "locking/report.h"
#include "mm/cpu.h"
#include "mm/entry.h"
#include "mm/exit.h"
#include "mm/file.h"
#include "mm/filemap.h"
#include "mm/fork.h"
#include "mm/fremap.h"
#include "mm/mmap.h"
#include "mm/mprotect.h"
#include "mm/msync.h"
#include "mm/munmap.h"
#include "mm/page_alloc.h"
#include "mm/pid.h"
#include "mm/ptrace.h"
#include "mm/swap.h"
#include "mm/swapfile.h"
#include "mm/uaccess.h"
#include "mm/vmscan.h"
#include "stress/bounded/bounded.h"

#define SWAP_PAGES 16
#define FILE_AREA (BOUNDED_DATA + 0x100000)
#define FILE_PAGES 4
#define INITIAL 1
#define WRITTEN 2

static struct completion touched = COMPLETION_INITIALIZER(touched);

/* Pages in this CPU's queue are out of reclaim's sight. */
static void show_to_reclaim(void)
{
	syscall_enter();
	lru_add_drain();
	exit_to_user();
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
	int err = sys_swapoff(type);

	if (err)
		report_finding(FINDING_BUG, "swapoff: error %d", err);
}

/* ---- fork (B-3) ----------------------------------------------------------------- */

static void checks_snapshot(void *arg)
{
	(void)arg;
	for (unsigned int i = 0; i < BOUNDED_PAGES; i++)
		bounded_expect(i, INITIAL + i, INITIAL + i);
	bounded_put(0, WRITTEN);
	bounded_expect(0, WRITTEN, WRITTEN);
	bounded_exit();
}

static void forks(void *arg)
{
	(void)arg;
	for (unsigned int i = 0; i < BOUNDED_PAGES; i++)
		bounded_put(i, INITIAL + i);
	show_to_reclaim();
	complete(&touched);
	bounded_clone(SIGCHLD, checks_snapshot, NULL);
	bounded_put(1, WRITTEN);
	bounded_expect(1, WRITTEN, WRITTEN);
	for (unsigned int i = 2; i < BOUNDED_PAGES; i++)
		bounded_expect(i, INITIAL + i, INITIAL + i);
	bounded_exit();
}

static void reclaim_fork(void)
{
	int type = add_swap();

	bounded_spawn(forks, NULL);
	wait_for_completion(&touched);
	kernel_thread(bounded_reclaims, NULL, SIGCHLD);
	bounded_reap();
	remove_swap(type);
}

const struct bounded_ops bounded_reclaim_fork = {
	.name = "reclaim-fork",
	.why = "pages are swapped out while their process forks",
	.items = "B-3 FORK-59 RECL-9",
	.cpus = 3,
	.body = reclaim_fork,
};

/* ---- COW with a pin (B-8) --------------------------------------------------------- */

static void shares_page(void *arg)
{
	(void)arg;
	bounded_expect(0, INITIAL, INITIAL);
	bounded_put(0, WRITTEN);
	bounded_expect(0, WRITTEN, WRITTEN);
	bounded_exit();
}

static void breaks_cow(void *arg)
{
	(void)arg;
	bounded_put(0, INITIAL);
	bounded_clone(SIGCHLD, shares_page, NULL);
	show_to_reclaim();
	complete(&touched);
	bounded_put(0, WRITTEN + 1);
	bounded_expect(0, WRITTEN + 1, WRITTEN + 1);
	bounded_exit();
}

/* A reader from outside pins the page while it copies from it. */
static void reads_from_outside(pid_t pid)
{
	struct task_struct *p = find_get_task(pid);
	uint64_t value = INITIAL;
	int done;

	if (!p)
		return;
	done = access_process_vm(p, BOUNDED_DATA, &value, sizeof(value),
				 false);
	put_task_struct(p);
	if (done == sizeof(value) && value != INITIAL && value != WRITTEN + 1)
		report_finding(FINDING_DATA, "read from outside: %llu",
			       (unsigned long long)value);
}

static void reclaim_cow(void)
{
	int type = add_swap();
	pid_t pid = bounded_spawn(breaks_cow, NULL);

	wait_for_completion(&touched);
	kernel_thread(bounded_reclaims, NULL, SIGCHLD);
	reads_from_outside(pid);
	bounded_reap();
	remove_swap(type);
}

const struct bounded_ops bounded_reclaim_cow = {
	.name = "reclaim-cow",
	.why = "COW of a page that is being swapped out and read from outside",
	.items = "B-8 FLT-45 DEF-30",
	.cpus = 3,
	.body = reclaim_cow,
};

/* ---- pieces of a file (B-16) -------------------------------------------------------- */

static struct file *file;

static uint64_t initial_word(pgoff_t index)
{
	return file_pattern(file->f_inode->i_ino, index, 0);
}

static void expect_file_word(unsigned int page, uint64_t want)
{
	uint64_t seen;

	if (!SYSCALL(get_user64(&seen, FILE_AREA + page * PAGE_SIZE)) &&
	    seen != want)
		report_finding(FINDING_DATA, "page %u of the file's area has"
			       " %#llx, expected %#llx", page,
			       (unsigned long long)seen,
			       (unsigned long long)want);
}

static void reads_inherited(void *arg)
{
	(void)arg;
	expect_file_word(0, initial_word(3));
	expect_file_word(2, initial_word(2));
	bounded_exit();
}

/* Page 0 shows page 3 of the file, page 1 is written, page 2 split off. */
static void rearranges(void *arg)
{
	uaddr_t at = SYSCALL(sys_mmap(FILE_AREA, FILE_PAGES * PAGE_SIZE,
				      PROT_READ | PROT_WRITE,
				      MAP_SHARED | MAP_FIXED, file, 0));

	(void)arg;
	mm_bug_on(at != FILE_AREA, "mmap: %#lx", at);
	SYSCALL(put_user64(WRITTEN, FILE_AREA + PAGE_SIZE));
	expect_file_word(2, initial_word(2));
	show_to_reclaim();
	complete(&touched);
	mm_bug_on(SYSCALL(sys_remap_file_pages(FILE_AREA, PAGE_SIZE, 3)),
		  "remap_file_pages");
	bounded_clone(SIGCHLD, reads_inherited, NULL);
	SYSCALL(sys_mprotect(FILE_AREA + 2 * PAGE_SIZE, PAGE_SIZE, PROT_READ));
	expect_file_word(0, initial_word(3));
	SYSCALL(sys_munmap(FILE_AREA + 3 * PAGE_SIZE, PAGE_SIZE));
	expect_file_word(1, WRITTEN);
	bounded_exit();
}

/* What was written is in the file, by whichever way it got there. */
static void check_file(void)
{
	for (pgoff_t i = 0; i < FILE_PAGES; i++) {
		uint64_t want = i == 1 ? WRITTEN : initial_word(i), seen = 0;

		if (file_read(file, (loff_t)i << PAGE_SHIFT, &seen,
			      sizeof(seen)) == sizeof(seen) && seen != want)
			report_finding(FINDING_DATA, "page %lu of the file has"
				       " %#llx, expected %#llx", i,
				       (unsigned long long)seen,
				       (unsigned long long)want);
	}
}

static void reclaim_file(void)
{
	struct inode *inode = inode_create("f", FILE_PAGES * PAGE_SIZE, NULL);

	mm_bug_on(!inode, "no inode");
	file = file_open(inode, FILE_READ | FILE_WRITE);
	mm_bug_on(IS_ERR(file), "no file");
	iput(inode);
	bounded_spawn(rearranges, NULL);
	wait_for_completion(&touched);
	kernel_thread(bounded_reclaims, NULL, SIGCHLD);
	bounded_reap();
	check_file();
	fput(file);
}

const struct bounded_ops bounded_reclaim_file = {
	.name = "reclaim-file",
	.why = "a file's pages go while its areas are split and rearranged",
	.items = "B-16 RECL-7 MAP-35",
	.cpus = 3,
	.body = reclaim_file,
};

#define FAR_AREA (BOUNDED_DATA + 0x200000)

/* An area of one page, with an anon_vma of its own. */
static void map_far(uaddr_t addr, uint64_t value)
{
	uaddr_t at = SYSCALL(sys_mmap(addr, PAGE_SIZE, PROT_READ | PROT_WRITE,
				      MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED,
				      NULL, 0));

	if (at != addr || SYSCALL(put_user64(value, addr)))
		report_finding(FINDING_BUG, "no page at %#lx", addr);
}

/*
 * A machine on which reclaim has just found nothing: from now on it takes
 * mapped pages, too, without being asked many times.
 */
static int add_swap_under_pressure(void)
{
	int type = add_swap();

	bounded_reclaims(NULL);
	return type;
}

/* ---- two reclaimers (RECL-11) ------------------------------------------------------- */

static struct completion touched_more = COMPLETION_INITIALIZER(touched_more);

/* Each reclaimer may take what it sees when it looks. */
static void is_reclaimed(void *arg)
{
	(void)arg;
	bounded_put(0, INITIAL);
	show_to_reclaim();
	map_far(FAR_AREA, WRITTEN);
	complete(&touched);
	show_to_reclaim();
	complete(&touched_more);
	bounded_expect(0, INITIAL, INITIAL);
	bounded_expect_at(FAR_AREA, WRITTEN);
	bounded_exit();
}

static void reclaims_first(void *arg)
{
	wait_for_completion(&touched);
	bounded_reclaims(arg);
}

static void reclaims_more(void *arg)
{
	wait_for_completion(&touched_more);
	bounded_reclaims(arg);
}

static void reclaim_twice(void)
{
	int type = add_swap_under_pressure();

	kernel_thread(reclaims_first, NULL, SIGCHLD);
	kernel_thread(reclaims_more, NULL, SIGCHLD);
	bounded_spawn(is_reclaimed, NULL);
	bounded_reap();
	remove_swap(type);
}

const struct bounded_ops bounded_reclaim_twice = {
	.name = "reclaim-twice",
	.why = "two reclaimers take the pages of one process",
	.items = "RECL-9 RECL-11",
	.cpus = 3,
	.body = reclaim_twice,
};

/* ---- shared memory on its way out --------------------------------------------------------- */

#define LOOKS 3

static void looks_at_shared(void *arg)
{
	(void)arg;
	for (int i = 0; i < LOOKS; i++) {
		bounded_yield();
		bounded_expect_at(FAR_AREA, WRITTEN);
	}
	bounded_exit();
}

static void shares(void *arg)
{
	uaddr_t at = SYSCALL(sys_mmap(FAR_AREA, PAGE_SIZE,
				      PROT_READ | PROT_WRITE,
				      MAP_SHARED | MAP_ANONYMOUS | MAP_FIXED,
				      NULL, 0));

	mm_bug_on(at != FAR_AREA, "mmap: %#lx", at);
	user_write64(FAR_AREA, WRITTEN);
	show_to_reclaim();
	complete(&touched);
	bounded_clone(SIGCHLD, looks_at_shared, NULL);
	looks_at_shared(arg);
}

/* One pass makes a page one of swap, the next one writes it. */
static void reclaims_again(void *arg)
{
	for (int i = 0; i < 2; i++)
		bounded_reclaims(arg);
}

static void reclaim_shmem(void)
{
	int type = add_swap_under_pressure();

	bounded_spawn(shares, NULL);
	wait_for_completion(&touched);
	kernel_thread(reclaims_again, NULL, SIGCHLD);
	kernel_thread(reclaims_again, NULL, SIGCHLD);
	bounded_reap();
	remove_swap(type);
}

const struct bounded_ops bounded_reclaim_shmem = {
	.name = "reclaim-shmem",
	.why = "shared memory is used while it is written to swap",
	.items = "RECL-16 RECL-19 EXIT-39",
	.cpus = 3,
	.body = reclaim_shmem,
};

/* ---- a device that is nearly full -------------------------------------------------------- */

#define FEW_PAGES 4 /* one is no slot */

/* What is not needed any more leaves a full device at once (EXIT-39). */
static void lets_go(void *arg)
{
	(void)arg;
	for (unsigned int i = 0; i < 2; i++)
		bounded_put(i, INITIAL + i);
	show_to_reclaim();
	complete(&touched);
	for (unsigned int i = 0; i < 2; i++) {
		bounded_yield();
		bounded_expect(i, INITIAL + i, INITIAL + i);
	}
	bounded_exit();
}

static void reclaim_full(void)
{
	int type = sys_swapon(FEW_PAGES, 0);

	mm_bug_on(type < 0, "swapon: error %d", type);
	bounded_reclaims(NULL);
	bounded_spawn(lets_go, NULL);
	wait_for_completion(&touched);
	kernel_thread(reclaims_again, NULL, SIGCHLD);
	kernel_thread(reclaims_again, NULL, SIGCHLD);
	bounded_reap();
	remove_swap(type);
}

const struct bounded_ops bounded_reclaim_full = {
	.name = "reclaim-full",
	.why = "pages are written to a device nearly full as their owner exits",
	.items = "EXIT-39 RECL-19",
	.cpus = 3,
	.body = reclaim_full,
};
