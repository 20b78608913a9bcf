// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * hog: one process at a time takes all memory and all swap there is, until
 * somebody has to be killed for it (PROC-8).  Some of them dump core when
 * hardly any swap is left: the dump needs memory for all that it reads back,
 * so that the dumper is who gets killed, or its threads are, which are parked
 * for the dump (DUMP-6).
 */
#include <sys/mman.h>

#include "mm/cpu.h"
#include "mm/entry.h"
#include "mm/fork.h"
#include "mm/mmap.h"
#include "mm/page_alloc.h"
#include "mm/signal.h"
#include "mm/swapfile.h"
#include "mm/sys.h"
#include "mm/uaccess.h"
#include "stress/actions.h"

/* More than that is too much work, alone and beside so many other tasks. */
#define MOST_ALONE 131072UL
#define MOST_BESIDE(tasks) (16384UL + 8UL * (tasks))
#define LOOK_EVERY 64 /* pages */

static pid_t latest; /* (a) pid of the hog there is, or was */

/* What is free, in memory and in swap. */
static unsigned long free_pages(void)
{
	return zone_free_pages() +
	       (unsigned long)max(READ_ONCE(nr_swap_pages), 0L);
}

/* Pages that are enough for all that is free and all that reclaim can free. */
static unsigned long appetite(void)
{
	unsigned long most = world.ops == &mix_ops ?
			     MOST_BESIDE(world.target) : MOST_ALONE;
	unsigned long pages = free_pages() * 5 / 4 + 1024;

	return pages <= most ? pages : 0;
}

/* One in 32 slots is free at most: it is running full. */
static bool swap_is_short(void)
{
	return READ_ONCE(nr_swap_pages) * 32 < READ_ONCE(total_swap_pages);
}

static uint64_t value_of(const struct stress_user *u, unsigned long page)
{
	return (uint64_t)u->serial << 40 | page;
}

/* What was written to some page before is there, wherever it has been. */
static void look_back(struct stress_user *u, uaddr_t area, unsigned long pages)
{
	unsigned long page = rng_below(&u->rng, (uint32_t)pages);
	uint64_t value = 0;

	if (!user_read64(area + page * PAGE_SIZE, &value) &&
	    value != value_of(u, page))
		report_finding(FINDING_DATA, "page %lu of a hog has %#llx,"
			       " expected %#llx", page,
			       (unsigned long long)value,
			       (unsigned long long)value_of(u, page));
}

/* Take memory, until somebody dies of it or there has been enough. */
static void eat(struct stress_user *u, bool dumps)
{
	unsigned long pages = appetite();
	uaddr_t area;

	area = SYSCALL(sys_mmap(0, pages * PAGE_SIZE, PROT_READ | PROT_WRITE,
				MAP_PRIVATE | MAP_ANONYMOUS, NULL, 0));
	if (!pages || area >= TASK_SIZE)
		return;
	for (unsigned long i = 0; i < pages && !world_stopping(); i++) {
		if (user_write64(area + i * PAGE_SIZE, value_of(u, i)))
			return;
		if (i % LOOK_EVERY)
			continue;
		look_back(u, area, i + 1);
		SYSCALL(sys_gettid());
		if (dumps && swap_is_short())
			act_dump(u);
	}
}

/* Two at a time would each find less than it takes.  Is the caller the one? */
static bool claim(void)
{
	pid_t pid = SYSCALL(sys_getpid()), old = READ_ONCE(latest);

	if (old && !SYSCALL(sys_kill(old, 0)))
		return false;
	return cmpxchg(&latest, old, pid) == old;
}

static void family(struct stress_user *u)
{
	bool dumps = rng_chance(&u->rng, 1, 2);
	bool comes = world.ops != &mix_ops || rng_chance(&u->rng, 1, 4);

	if (comes && claim()) {
		if (dumps)
			act_start_crew(u, 2, prog_idle, 1000);
		eat(u, dumps);
	}
	act_group_exit(u);
}

const struct stress_ops hog_ops = {
	.name = "hog",
	.why = "somebody takes all memory and swap, and is killed or dumps",
	.items = "OOM",
	.family = family,
};
