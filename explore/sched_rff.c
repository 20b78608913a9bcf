// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Reads-from feedback, after greybox fuzzing: a schedule that makes a load
 * site read from a store site for the first time is kept; later ones replay
 * a random part of a kept schedule, change a few decisions, and go on by
 * partial order sampling.
 */
#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#include "explore/depend.h"
#include "explore/object.h"
#include "explore/sched.h"
#include "explore/sched_list.h"

#define PAIRS (1u << 16)
#define MAX_CORPUS 4096
#define MAX_LENGTH 4096 /* decisions kept of a schedule */
#define FRESH_EVERY 4 /* each n-th execution starts from nothing */

struct seed_schedule {
	uint32_t n;
	uint8_t decisions[MAX_LENGTH];
};

static struct {
	uint32_t *pairs; /* set of hashes of (writer, reader) sites */
	uint64_t nr_pairs;
	struct seed_schedule *corpus;
	uint32_t n;
	bool new_pair; /* in this execution */
	const struct seed_schedule *base; /* of this execution, or NULL */
	uint32_t keep; /* decisions to take from it */
	uint32_t at;
	uint8_t taken[MAX_LENGTH]; /* in this execution */
	uintptr_t last_write[PAIRS]; /* site, by object id modulo */
	uint32_t last_write_exec[PAIRS];
} rff EXPLORE_STATE;

static void *reserve(size_t size)
{
	void *p = mmap(NULL, size, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	return p == MAP_FAILED ? NULL : p;
}

static int rff_init(struct explore *ex)
{
	(void)ex;
	if (!rff.pairs)
		rff.pairs = reserve(PAIRS * sizeof(*rff.pairs));
	if (!rff.corpus)
		rff.corpus = reserve(MAX_CORPUS * sizeof(*rff.corpus));
	if (!rff.pairs || !rff.corpus)
		return -ENOMEM;
	memset(rff.pairs, 0, PAIRS * sizeof(*rff.pairs));
	rff.n = 0;
	rff.nr_pairs = 0;
	return 0;
}

static bool rff_begin(struct explore *ex)
{
	rff.new_pair = false;
	rff.at = 0;
	rff.base = NULL;
	rff.keep = 0;
	if (rff.n && rng_below(&ex->rng, FRESH_EVERY)) {
		rff.base = &rff.corpus[rng_below(&ex->rng, rff.n)];
		rff.keep = rng_below(&ex->rng, rff.base->n + 1);
	}
	return sched_pos.begin(ex);
}

/* The decision kept for this place, or -1. */
static int kept(void)
{
	return rff.at < rff.keep ? rff.base->decisions[rff.at] : -1;
}

static void take(unsigned int d)
{
	if (rff.at < MAX_LENGTH)
		rff.taken[rff.at] = (uint8_t)d;
	rff.at++;
}

static int rff_pick(struct explore *ex, uint64_t runnable, int cur)
{
	int d = kept();

	if (d < 0 || d > 63 || !(runnable >> d & 1))
		d = sched_pos.pick(ex, runnable, cur);
	take((unsigned int)d);
	return d;
}

static unsigned int rff_choose(struct explore *ex, unsigned int n)
{
	int d = kept();

	if (d < 0 || d >= (int)n)
		d = (int)rng_below(&ex->rng, n);
	take((unsigned int)d);
	return (unsigned int)d;
}

/* Site @reader saw what site @writer did: is that new? */
static void note_pair(uintptr_t writer, uintptr_t reader)
{
	uint64_t h = (writer * 31 + reader) * 0x9e3779b97f4a7c15ull;
	uint32_t key = (uint32_t)(h >> 32) | 1;
	uint32_t i = (uint32_t)(h >> 20) % PAIRS;

	if (rff.nr_pairs >= PAIRS / 2)
		return;
	while (rff.pairs[i] && rff.pairs[i] != key)
		i = (i + 1) % PAIRS;
	if (rff.pairs[i])
		return;
	rff.pairs[i] = key;
	rff.nr_pairs++;
	rff.new_pair = true;
}

static void rff_step(struct thread *t)
{
	const struct op *op = &t->op;
	uint32_t slot;

	sched_pos.step(t);
	if (!op->obj)
		return;
	slot = op->obj->id % PAIRS;
	if (rff.last_write_exec[slot] != eng.exec)
		rff.last_write[slot] = 0;
	if (op->kind != OP_STORE)
		note_pair(rff.last_write[slot], op->pc);
	if (op->kind == OP_LOAD)
		return;
	rff.last_write[slot] = op->pc;
	rff.last_write_exec[slot] = eng.exec;
}

static void rff_end(struct explore *ex, enum verdict found)
{
	struct seed_schedule *s = &rff.corpus[rff.n];

	(void)ex;
	(void)found;
	if (!rff.new_pair || rff.n == MAX_CORPUS)
		return;
	s->n = rff.at < MAX_LENGTH ? rff.at : MAX_LENGTH;
	memcpy(s->decisions, rff.taken, s->n);
	rff.n++;
}

const struct sched_ops sched_rff = {
	.name = "rff",
	.help = "feedback: schedules with new reads-from pairs breed",
	.init = rff_init,
	.begin = rff_begin,
	.pick = rff_pick,
	.choose = rff_choose,
	.step = rff_step,
	.end = rff_end,
	.history = true,
};
