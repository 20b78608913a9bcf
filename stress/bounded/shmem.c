// SPDX-License-Identifier: GPL-2.0-or-later
/* A bounded scenario of shared memory that several touch first. */
#include <signal.h>
#include <sys/mman.h>

#include "locking/report.h"
#include "mm/cpu.h"
#include "mm/entry.h"
#include "mm/fork.h"
#include "mm/mmap.h"
#include "mm/munmap.h"
#include "mm/swap.h"
#include "mm/swapfile.h"
#include "mm/uaccess.h"
#include "stress/bounded/bounded.h"

#define SWAP_PAGES 16
#define AREA (BOUNDED_DATA + 0x100000)
#define AREA_PAGES 3 /* one that each has to itself, one for both */
#define COMMON (2 * PAGE_SIZE)
#define LOOKS 3
#define MAP_FLAGS (MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED)

/* @value is also the number of its own page, and of its word in the other. */
static void touches_first(void *arg)
{
	uint64_t value = (uint64_t)(unsigned long)arg;
	uaddr_t own = AREA + (value - 1) * PAGE_SIZE;
	uaddr_t word = AREA + COMMON + value * 8;

	bounded_arrive();
	user_write64(own, value);
	user_write64(word, value);
	syscall_enter();
	lru_add_drain(); /* reclaim does not see this CPU's queue */
	exit_to_user();
	for (int i = 0; i < LOOKS; i++) {
		bounded_yield();
		bounded_expect_at(own, value);
		bounded_expect_at(word, value);
	}
	if (bounded_pick(2))
		SYSCALL(sys_munmap(AREA, PAGE_SIZE));
	bounded_exit();
}

/* Each page is charged when it is made. */
static void shares(void *arg)
{
	uaddr_t at =
		SYSCALL(sys_mmap(AREA, AREA_PAGES * PAGE_SIZE,
				 PROT_READ | PROT_WRITE, MAP_FLAGS, NULL, 0));

	(void)arg;
	mm_bug_on(at != AREA, "mmap: %#lx", at);
	bounded_clone(SIGCHLD, touches_first, (void *)1L);
	touches_first((void *)2L);
}

static void reclaims_beside(void *arg)
{
	bounded_arrive();
	for (int i = 0; i < 2; i++)
		bounded_reclaims(arg);
}

static void shmem_touch(void)
{
	int type = sys_swapon(SWAP_PAGES, 0), err;

	mm_bug_on(type < 0, "swapon: error %d", type);
	bounded_spawn(shares, NULL);
	kernel_thread(reclaims_beside, NULL, SIGCHLD);
	bounded_reap();
	err = sys_swapoff(type);
	if (err)
		report_finding(FINDING_BUG, "swapoff: error %d", err);
}

const struct bounded_ops bounded_shmem_touch = {
	.name = "shmem-touch",
	.why = "shared memory is touched first by two, and reclaimed",
	.items = "OBJ-5 INV-30 RECL-16",
	.cpus = 3,
	.arrivals = 3,
	.own_start = true,
	.body = shmem_touch,
};
