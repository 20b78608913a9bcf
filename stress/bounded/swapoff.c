// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Bounded scenarios of swapoff: init swaps a process out, then removes the
 * device while the process forks, exits, dumps, or shares memory.
 */
#include <errno.h>
#include <signal.h>
#include <sys/mman.h>

#include "locking/report.h"
#include "mm/cpu.h"
#include "mm/entry.h"
#include "mm/exit.h"
#include "mm/fork.h"
#include "mm/mmap.h"
#include "mm/munmap.h"
#include "mm/page_alloc.h"
#include "mm/sched.h"
#include "mm/swap.h"
#include "mm/swapfile.h"
#include "mm/uaccess.h"
#include "stress/bounded/bounded.h"

#define SWAP_PAGES 16
#define FAR_PAGE (BOUNDED_DATA + 4 * PMD_SIZE) /* in another table */
#define INITIAL 1
#define WRITTEN 20

static struct completion in_memory = COMPLETION_INITIALIZER(in_memory);
static struct completion in_swap = COMPLETION_INITIALIZER(in_swap);

/* ---- init ----------------------------------------------------------------------- */

/* The first time pages are found young, shared ones need another for I/O. */
static int swap_out_process(bounded_fn_t entry)
{
	int type = sys_swapon(SWAP_PAGES, 0);

	mm_bug_on(type < 0, "swapon: error %d", type);
	page_cluster = 0;
	bounded_spawn(entry, NULL);
	wait_for_completion(&in_memory);
	for (int i = 0; i < 3; i++)
		bounded_reclaims(NULL);
	mm_bug_on(READ_ONCE(nr_swap_pages) == total_swap_pages,
		  "nothing is in swap");
	complete(&in_swap);
	return type;
}

static void remove_swap(int type)
{
	int err = sys_swapoff(type);

	if (err)
		report_finding(FINDING_BUG, "swapoff: error %d", err);
}

/* ---- programs --------------------------------------------------------------------- */

/* Pages in this CPU's queue are out of reclaim's sight. */
static void wait_in_swap(void)
{
	syscall_enter();
	lru_add_drain();
	complete(&in_memory);
	wait_for_completion(&in_swap);
	exit_to_user();
}

static void fill(unsigned int pages)
{
	for (unsigned int i = 0; i < pages; i++)
		bounded_put(i, INITIAL + i);
}

static void map_page(uaddr_t addr, int flags)
{
	uaddr_t at = SYSCALL(sys_mmap(addr, PAGE_SIZE, PROT_READ | PROT_WRITE,
				      MAP_ANONYMOUS | MAP_FIXED | flags, NULL,
				      0));

	if (at != addr || SYSCALL(put_user64(INITIAL, addr)))
		report_finding(FINDING_BUG, "no page at %#lx", addr);
}

/* ---- fork (B-4) --------------------------------------------------------------------- */

/* The child's own; the parent may have written its copies already. */
static void checks_and_writes(void *arg)
{
	(void)arg;
	bounded_expect_at(FAR_PAGE, INITIAL);
	bounded_expect(0, INITIAL, INITIAL);
	bounded_put(1, WRITTEN);
	bounded_expect(1, WRITTEN, WRITTEN);
	bounded_exit();
}

static void forks(void *arg)
{
	(void)arg;
	fill(2);
	map_page(FAR_PAGE, MAP_PRIVATE);
	wait_in_swap();
	bounded_clone(SIGCHLD, checks_and_writes, NULL);
	bounded_put(0, WRITTEN);
	bounded_expect(0, WRITTEN, WRITTEN);
	bounded_expect(1, INITIAL + 1, INITIAL + 1);
	bounded_exit();
}

static void swapoff_fork(void)
{
	remove_swap(swap_out_process(forks));
}

const struct bounded_ops bounded_swapoff_fork = {
	.name = "swapoff-fork",
	.why = "a process in swap forks while its device is removed",
	.items = "B-4 SWOFF-6",
	.cpus = 2,
	.body = swapoff_fork,
};

/* ---- those who sleep ---------------------------------------------------------------- */

static struct completion removed = COMPLETION_INITIALIZER(removed);

/* Who touches nothing has to be found: swapoff can wait for nobody. */
static void sleeps(void *arg)
{
	(void)arg;
	bounded_validate();
	syscall_enter();
	wait_for_completion(&removed);
	exit_to_user();
	for (unsigned int i = 0; i < 2; i++)
		bounded_expect(i, INITIAL + i, INITIAL + i);
	bounded_exit();
}

static void forks_and_sleeps(void *arg)
{
	fill(2);
	wait_in_swap();
	bounded_arrive();
	bounded_clone(SIGCHLD, sleeps, NULL);
	sleeps(arg);
}

static void swapoff_asleep(void)
{
	int type = swap_out_process(forks_and_sleeps);

	bounded_arrive();
	remove_swap(type);
	complete_all(&removed);
}

const struct bounded_ops bounded_swapoff_asleep = {
	.name = "swapoff-asleep",
	.why = "a device is removed while its users fork and sleep",
	.items = "INV-17 SWOFF-6 SWOFF-7",
	.cpus = 2,
	.arrivals = 2,
	.own_start = true,
	.body = swapoff_asleep,
};

/* ---- exit (B-5, B-6) ------------------------------------------------------------------ */

static void exits(void *arg)
{
	(void)arg;
	fill(2);
	wait_in_swap();
	bounded_expect(0, INITIAL, INITIAL); /* for reclaim */
	bounded_exit();
}

/* Reclaim goes on: it may put the mm on mmlist when its users are gone. */
static void swapoff_exit(void)
{
	int type = swap_out_process(exits);

	kernel_thread(bounded_reclaims, NULL, SIGCHLD);
	remove_swap(type);
}

const struct bounded_ops bounded_swapoff_exit = {
	.name = "swapoff-exit",
	.why = "a process in swap exits while its device is removed",
	.items = "B-5 B-6 SWOFF-8",
	.cpus = 3,
	.body = swapoff_exit,
};

/* ---- core dump (B-12) ------------------------------------------------------------------ */

static void parks(void *arg)
{
	(void)arg;
	bounded_expect(1, INITIAL + 1, INITIAL + 1);
	bounded_exit();
}

static void dumps(void *arg)
{
	(void)arg;
	fill(2);
	wait_in_swap();
	bounded_thread(parks, NULL);
	bounded_dump();
}

static void swapoff_dump(void)
{
	remove_swap(swap_out_process(dumps));
}

const struct bounded_ops bounded_swapoff_dump = {
	.name = "swapoff-dump",
	.why = "a process in swap dumps core while its device is removed",
	.items = "B-12 DUMP-6",
	.cpus = 2,
	.body = swapoff_dump,
};

/* ---- shared memory ----------------------------------------------------------------------- */

static void reads_shared(void *arg)
{
	(void)arg;
	bounded_expect_at(FAR_PAGE, INITIAL);
	bounded_expect_at(FAR_PAGE + PAGE_SIZE, INITIAL);
	bounded_exit();
}

/* The object may die with swapoff's mmput(), or of swapoff's search. */
static void shares(void *arg)
{
	(void)arg;
	fill(1);
	map_page(FAR_PAGE, MAP_SHARED);
	map_page(FAR_PAGE + PAGE_SIZE, MAP_SHARED);
	wait_in_swap();
	bounded_clone(SIGCHLD, reads_shared, NULL);
	bounded_expect_at(FAR_PAGE, INITIAL);
	SYSCALL(sys_munmap(FAR_PAGE, 2 * PAGE_SIZE));
	bounded_expect(0, INITIAL, INITIAL);
	bounded_exit();
}

static void swapoff_shmem(void)
{
	remove_swap(swap_out_process(shares));
}

const struct bounded_ops bounded_swapoff_shmem = {
	.name = "swapoff-shmem",
	.why = "shared memory in swap is used, and dies, during swapoff",
	.items = "SWOFF-3 DEF-31",
	.cpus = 2,
	.body = swapoff_shmem,
};

/* ---- a dying object ------------------------------------------------------------------------ */

/* The last reference to the object goes, as far as the process is concerned. */
static void lets_go(void *arg)
{
	(void)arg;
	fill(1);
	map_page(FAR_PAGE, MAP_SHARED);
	wait_in_swap();
	SYSCALL(sys_munmap(FAR_PAGE, PAGE_SIZE));
	bounded_exit();
}

/* What swapoff has just brought in is on its way out again. */
static void reclaims_twice(void *arg)
{
	for (int i = 0; i < 2; i++)
		bounded_reclaims(arg);
}

/*
 * A second device takes what leaves memory while the first is removed.  Both
 * can be removed in the end: what a failed trylock has left in the swap cache
 * (EXIT-39) swapoff finds there, an entry of the object it would seek for ever.
 */
static void shmem_dying(void)
{
	int type = swap_out_process(lets_go);
	int second = sys_swapon(SWAP_PAGES, 0);

	mm_bug_on(second < 0, "swapon: error %d", second);
	kernel_thread(reclaims_twice, NULL, SIGCHLD);
	remove_swap(type);
	bounded_reap();
	remove_swap(second);
}

const struct bounded_ops bounded_shmem_dying = {
	.name = "shmem-dying",
	.why = "shared memory dies while swapoff and reclaim have its page",
	.items = "SWOFF-3 EXIT-39",
	.cpus = 2,
	.body = shmem_dying,
};

/* ---- pages on their way out --------------------------------------------------------------- */

#define LOOKS 8 /* whether something is in swap */

static void leaves_memory(void *arg)
{
	(void)arg;
	fill(BOUNDED_PAGES);
	syscall_enter();
	lru_add_drain();
	exit_to_user();
	complete(&in_memory);
	for (unsigned int i = 0; i < BOUNDED_PAGES; i++) {
		bounded_yield();
		bounded_expect(i, INITIAL + i, INITIAL + i);
	}
	bounded_exit();
}

/* Reclaim goes on writing what was in the swap cache when swapoff began. */
static void swapoff_write(void)
{
	int type = sys_swapon(SWAP_PAGES, 0);

	mm_bug_on(type < 0, "swapon: error %d", type);
	bounded_reclaims(NULL);
	bounded_spawn(leaves_memory, NULL);
	wait_for_completion(&in_memory);
	kernel_thread(reclaims_twice, NULL, SIGCHLD);
	kernel_thread(reclaims_twice, NULL, SIGCHLD);
	for (int i = 0; i < LOOKS && READ_ONCE(nr_swap_pages) ==
	     total_swap_pages; i++)
		yield();
	remove_swap(type);
}

const struct bounded_ops bounded_swapoff_write = {
	.name = "swapoff-write",
	.why = "a device is removed while reclaim writes pages to it",
	.items = "SWOFF-2 RECL-19",
	.cpus = 3,
	.body = swapoff_write,
};

/* ---- another device, and a family --------------------------------------------------------- */

static void looks_and_goes(void *arg)
{
	(void)arg;
	bounded_expect_at(FAR_PAGE, INITIAL);
	if (bounded_pick(2))
		SYSCALL(sys_munmap(FAR_PAGE, PAGE_SIZE));
	bounded_expect(0, INITIAL, INITIAL);
	bounded_exit();
}

static void family_in_swap(void *arg)
{
	fill(2);
	map_page(FAR_PAGE, MAP_SHARED);
	wait_in_swap();
	bounded_arrive();
	bounded_clone(SIGCHLD, looks_and_goes, NULL);
	looks_and_goes(arg);
}

static void reclaims_beside(void *arg)
{
	bounded_arrive();
	reclaims_twice(arg);
}

/* What one device gives back goes to the other; anybody may be the last user. */
static void swapoff_refill(void)
{
	int type = swap_out_process(family_in_swap);
	int second = sys_swapon(SWAP_PAGES, 0);

	mm_bug_on(second < 0, "swapon: error %d", second);
	kernel_thread(reclaims_beside, NULL, SIGCHLD);
	bounded_arrive();
	remove_swap(type);
	bounded_reap();
	remove_swap(second);
}

const struct bounded_ops bounded_swapoff_refill = {
	.name = "swapoff-refill",
	.why = "a device is removed while reclaim fills another, and users exit",
	.items = "SWOFF-2 SWOFF-8 DEF-31",
	.cpus = 3,
	.arrivals = 3,
	.own_start = true,
	.body = swapoff_refill,
};
