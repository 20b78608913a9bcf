// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * POS, partial order sampling: every pending operation has a random
 * priority; the highest goes first, and those it conflicts with draw again
 * (Yuan, Yang and Gu, CAV 2018).  Conflicting operations are thus ordered
 * evenly however many others lie between.
 */
#include "explore/depend.h"
#include "explore/sched.h"
#include "explore/sched_list.h"

static uint64_t priority[EX_MAX_THREADS] EXPLORE_STATE; /* 0: draw */

static bool pos_begin(struct explore *ex)
{
	(void)ex;
	for (unsigned int i = 0; i < EX_MAX_THREADS; i++)
		priority[i] = 0;
	return true;
}

static int pos_pick(struct explore *ex, uint64_t runnable, int cur)
{
	int best = -1;

	(void)cur;
	for (uint64_t m = runnable; m; m &= m - 1) {
		int tid = __builtin_ctzll(m);

		if (!priority[tid])
			priority[tid] = rng_next(&ex->rng) | 1;
		if (best < 0 || priority[tid] > priority[best])
			best = tid;
	}
	return best;
}

/* @t performs its operation: it and all pending conflicts draw again. */
static void pos_step(struct thread *t)
{
	priority[t->id] = 0;
	for (uint64_t m = eng.runnable & ~t->bit; m; m &= m - 1) {
		int tid = __builtin_ctzll(m);

		if (ops_conflict(&t->op, &eng.threads[tid].op))
			priority[tid] = 0;
	}
}

const struct sched_ops sched_pos = {
	.name = "pos",
	.help = "partial order sampling",
	.begin = pos_begin,
	.pick = pos_pick,
	.choose = sched_choose_random,
	.step = pos_step,
};
