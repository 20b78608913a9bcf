// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * PCT: threads run by priority, highest first, and at @depth - 1 random
 * steps the running one falls below all others.  A bug that needs @depth
 * ordering constraints shows with probability 1/(n k^(depth - 1)) or more
 * for n threads and k steps (Burckhardt and others, ASPLOS 2010).
 */
#include "explore/sched.h"
#include "explore/sched_list.h"

#define MAX_DEPTH 1000

static struct {
	uint64_t priority[EX_MAX_THREADS]; /* 0: not drawn yet */
	uint64_t change[MAX_DEPTH]; /* events at which priorities fall */
	unsigned int nr_changes;
	uint64_t low; /* next value below all given ones */
} pct EXPLORE_STATE;

static bool pct_begin(struct explore *ex)
{
	uint64_t length = ex->typical_events < 10 ? 10 : ex->typical_events;

	for (unsigned int i = 0; i < EX_MAX_THREADS; i++)
		pct.priority[i] = 0;
	pct.low = MAX_DEPTH + (1u << 20);
	pct.nr_changes = ex->depth ? ex->depth - 1 : 0;
	for (unsigned int i = 0; i < pct.nr_changes; i++)
		pct.change[i] = rng_next(&ex->rng) % length;
	return true;
}

static uint64_t priority_of(struct explore *ex, int tid)
{
	if (!pct.priority[tid])
		pct.priority[tid] = (rng_next(&ex->rng) >> 1) | 1ull << 62;
	return pct.priority[tid];
}

static int highest(struct explore *ex, uint64_t runnable)
{
	int best = __builtin_ctzll(runnable);

	for (uint64_t m = runnable; m; m &= m - 1) {
		int tid = __builtin_ctzll(m);

		if (priority_of(ex, tid) > priority_of(ex, best))
			best = tid;
	}
	return best;
}

static int pct_pick(struct explore *ex, uint64_t runnable, int cur)
{
	int best = highest(ex, runnable);

	(void)cur;
	for (unsigned int i = 0; i < pct.nr_changes; i++) {
		if (pct.change[i] != ex->events)
			continue;
		pct.priority[best] = --pct.low;
		best = highest(ex, runnable);
	}
	return best;
}

/* Who yields waits for others: a loop of it must not starve them. */
static void pct_step(struct thread *t)
{
	if (t->op.kind == OP_YIELD || t->op.kind == OP_SLEEP)
		pct.priority[t->id] = --pct.low;
}

const struct sched_ops sched_pct = {
	.name = "pct",
	.help = "priorities with --depth - 1 random changes",
	.begin = pct_begin,
	.pick = pct_pick,
	.choose = sched_choose_random,
	.step = pct_step,
	.calibrate = true,
};
