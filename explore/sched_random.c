// SPDX-License-Identifier: GPL-2.0-or-later
/* Random walk: every runnable thread is equally likely at every step. */
#include "explore/sched.h"
#include "explore/sched_list.h"

static bool random_begin(struct explore *ex)
{
	(void)ex;
	return true;
}

static int random_pick(struct explore *ex, uint64_t runnable, int cur)
{
	uint64_t rest = runnable & (runnable - 1);
	unsigned int n;

	(void)cur;
	if (!(rest & (rest - 1))) /* two threads: the common case */
		return __builtin_ctzll(rng_next(&ex->rng) >> 63 ? rest :
				       runnable);
	n = __builtin_popcountll(runnable);
	return mask_nth(runnable, rng_below(&ex->rng, n));
}

unsigned int sched_choose_random(struct explore *ex, unsigned int n)
{
	return rng_below(&ex->rng, n);
}

const struct sched_ops sched_random = {
	.name = "random",
	.help = "random walk",
	.begin = random_begin,
	.pick = random_pick,
	.choose = sched_choose_random,
};
