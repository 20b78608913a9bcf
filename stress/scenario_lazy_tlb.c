// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * lazy_tlb: kernel threads borrow address spaces whose last users exit, while
 * flushes hit CPUs in the middle of switching (TLB-20 to 23).
 */
#include "mm/cpu.h"
#include <signal.h>

#include "mm/fork.h"
#include "mm/freezer.h"
#include "mm/sched.h"
#include "stress/actions.h"

#define KTHREADS 4

static int kthreads; /* (a) */

static void borrow(void *arg)
{
	(void)arg;
	/* Each return from yield() may be on another mm's CPU. */
	for (int i = 0; i < 200 && !world_stopping(); i++) {
		try_to_freeze();
		yield();
	}
	__atomic_fetch_sub(&kthreads, 1, __ATOMIC_RELAXED);
}

static void keep_kthreads(void)
{
	while (READ_ONCE(kthreads) < KTHREADS) {
		if (kernel_thread(borrow, NULL, SIGCHLD) < 0)
			return; /* as many tasks as there may be */
		__atomic_fetch_add(&kthreads, 1, __ATOMIC_RELAXED);
	}
}

static void flusher(struct stress_user *u)
{
	for (unsigned int i = 0; i < u->steps && !world_stopping(); i++) {
		prog_map(u, i % 8, LOT_ANON);
		act_touch(u, 2);
		prog_random_memory(u);
		prog_unmap(u, i % 8, 0, LOT_PAGES);
	}
	prog_exit(u, 0, false);
}

static void family(struct stress_user *u)
{
	act_start_crew(u, 1 + rng_below(&u->rng, 3), flusher, 8);
	u->steps = 4;
	flusher(u);
}

const struct stress_ops lazy_tlb_ops = {
	.name = "lazy_tlb",
	.why = "borrowed address spaces outlive their users, under flushes",
	.items = "B-14",
	.family = family,
	.beside = keep_kthreads,
};
