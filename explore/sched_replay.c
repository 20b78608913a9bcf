// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Replay.  The engine takes the recorded decisions itself; this answers when
 * they run out: go on with the same thread, else the lowest.
 */
#include "explore/sched_list.h"

static bool replay_begin(struct explore *ex)
{
	(void)ex;
	return true;
}

static int replay_pick(struct explore *ex, uint64_t runnable, int cur)
{
	(void)ex;
	if (cur >= 0 && (runnable >> cur & 1))
		return cur;
	return __builtin_ctzll(runnable);
}

static unsigned int replay_choose(struct explore *ex, unsigned int n)
{
	(void)ex;
	(void)n;
	return 0;
}

const struct sched_ops sched_replay = {
	.name = "replay",
	.help = "follow a recorded schedule",
	.begin = replay_begin,
	.pick = replay_pick,
	.choose = replay_choose,
};
