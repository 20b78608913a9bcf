// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Depth-first search through every decision, with an optional bound on
 * preemptions: switches away from a thread that could have gone on.
 */
#include <errno.h>
#include <sys/mman.h>

#include "explore/atomics.h"
#include "explore/sched.h"
#include "explore/sched_list.h"

#define MAX_NODES (1u << 22)

struct node {
	uint64_t todo; /* alternatives not tried, as a mask */
	uint16_t preemptions; /* before this node */
	uint8_t total; /* alternatives */
	uint8_t chosen;
	int8_t cur; /* who ran before, or -1 when that costs nothing */
};

static struct {
	struct node *stack;
	uint32_t depth; /* nodes that matter */
	uint32_t at; /* next node of this execution */
	bool started;
	bool truncated; /* deeper than MAX_NODES once: not exhaustive */
} dfs EXPLORE_STATE;

static int dfs_init(struct explore *ex)
{
	(void)ex;
	if (!dfs.stack)
		dfs.stack = mmap(NULL, MAX_NODES * sizeof(struct node),
				 PROT_READ | PROT_WRITE, MAP_PRIVATE |
				 MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	dfs.depth = 0;
	dfs.started = false;
	dfs.truncated = false;
	if (dfs.stack != MAP_FAILED)
		return 0;
	dfs.stack = NULL;
	return -ENOMEM;
}

static bool dfs_begin(struct explore *ex)
{
	(void)ex;
	dfs.at = 0;
	if (!dfs.started) {
		dfs.started = true;
		return true;
	}
	while (dfs.depth) {
		struct node *n = &dfs.stack[dfs.depth - 1];

		if (n->todo) {
			n->chosen = __builtin_ctzll(n->todo);
			n->todo &= n->todo - 1;
			return true;
		}
		dfs.depth--;
	}
	return false;
}

/* How many preemptions the choices before node @at have cost. */
static unsigned int preemptions_before(uint32_t at)
{
	const struct node *n;

	if (!at)
		return 0;
	n = &dfs.stack[at - 1];
	/* A store buffer at work preempts nobody. */
	if (eng.model->flush && n->chosen >= EX_FLUSH_BASE)
		return n->preemptions;
	return n->preemptions + (n->cur >= 0 && n->cur != n->chosen);
}

/* A node seen for the first time: try @first now, @others later. */
static int visit(int first, uint64_t others, int cur)
{
	struct node *n;

	if (dfs.at == MAX_NODES) {
		dfs.truncated = true;
		return first;
	}
	n = &dfs.stack[dfs.at];
	n->chosen = first;
	n->todo = others & ~(1ull << first);
	n->total = (uint8_t)__builtin_popcountll(others | 1ull << first);
	n->preemptions = preemptions_before(dfs.at);
	n->cur = cur;
	dfs.depth = ++dfs.at;
	return first;
}

static int dfs_pick(struct explore *ex, uint64_t runnable, int cur)
{
	bool can_go_on = cur >= 0 && (runnable >> cur & 1);
	int first = can_go_on ? cur : __builtin_ctzll(runnable);
	uint64_t others = runnable;

	if (dfs.at < dfs.depth)
		return dfs.stack[dfs.at++].chosen;
	if (can_go_on && ex->preemptions >= 0 &&
	    preemptions_before(dfs.at) >= (unsigned int)ex->preemptions)
		others = 0;
	return visit(first, others, can_go_on ? cur : -1);
}

static unsigned int dfs_choose(struct explore *ex, unsigned int n)
{
	(void)ex;
	if (dfs.at < dfs.depth)
		return dfs.stack[dfs.at++].chosen;
	if (n > 64) {
		n = 64;
		dfs.truncated = true;
	}
	return visit(0, n == 64 ? ~0ull : (1ull << n) - 1, -1);
}

/* What the fair continuation did was no choice of ours. */
static void dfs_end(struct explore *ex, enum verdict found)
{
	(void)found;
	if (ex->fair)
		dfs.truncated = true;
}

static bool dfs_complete(void)
{
	return !dfs.truncated && eng.preemptions < 0;
}

/*
 * Weigh each node by the chance that a walk from the root, choosing evenly,
 * comes there (Knuth 1975, along the path where the search stands).
 */
static double dfs_searched(void)
{
	double weight = 1, sum = 0;

	for (uint32_t i = 0; i < dfs.depth; i++) {
		const struct node *n = &dfs.stack[i];
		int done = n->total - __builtin_popcountll(n->todo) - 1;

		weight /= n->total;
		sum += weight * done;
	}
	return dfs.started ? sum + weight : 0;
}

const struct sched_ops sched_dfs = {
	.name = "dfs",
	.help = "every schedule, within --preemptions",
	.complete = dfs_complete,
	.searched = dfs_searched,
	.init = dfs_init,
	.begin = dfs_begin,
	.pick = dfs_pick,
	.choose = dfs_choose,
	.end = dfs_end,
	.history = true,
};
