// SPDX-License-Identifier: GPL-2.0-or-later
/* A bounded scenario of processes that are killed for their memory. */
#include <linux/sched.h>
#include <signal.h>

#include "mm/fork.h"
#include "mm/oom_kill.h"
#include "mm/sched.h"
#include "stress/bounded/bounded.h"

#define KILLS 3

static void (*const ends[])(void *arg) = {
	bounded_exits, bounded_execs, bounded_pause,
};

static void shares_mm(void *arg)
{
	ends[bounded_pick(ARRAY_SIZE(ends) - 1)](arg);
}

static void is_worst(void *arg)
{
	bounded_put(0, 1);
	bounded_thread(bounded_pause, NULL);
	bounded_clone(CLONE_VM | SIGCHLD, shares_mm, NULL);
	if (bounded_pick(2))
		bounded_dump();
	ends[bounded_pick(ARRAY_SIZE(ends))](arg);
}

/* Without an end two of them would never let a writer of tasklist_lock in. */
static void kills_some(void *unused)
{
	(void)unused;
	bounded_arrive();
	for (int i = 0; i < KILLS; i++)
		out_of_memory();
}

/* Until nobody is left who has memory. */
static void oom_kill(void)
{
	kernel_thread(kills_some, NULL, SIGCHLD);
	bounded_spawn(is_worst, NULL);
	bounded_arrive();
	while (out_of_memory())
		yield();
}

const struct bounded_ops bounded_oom_kill = {
	.name = "oom-kill",
	.why = "two look for the worst process, which forks, dumps or exits",
	.items = "REF-5",
	.cpus = 3,
	.arrivals = 3,
	.body = oom_kill,
};
