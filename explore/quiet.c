// SPDX-License-Identifier: GPL-2.0-or-later
#include "explore/quiet.h"

#include <errno.h>
#include <sys/mman.h>

#include "explore/interrupt.h"
#include "explore/race.h"
#include "explore/sched.h"
#include "explore/sched_list.h"

/* Samples: stop after so many that marked nothing, or in all, or steps. */
#define LEARN_IDLE 48
#define LEARN_MAX 256
#define LEARN_STEPS 4000000u

struct quiet quiet EXPLORE_STATE;

int quiet_init(void)
{
	size_t size = QUIET_MAX_MARKS * sizeof(uintptr_t);
	void *p = mmap(NULL, 2 * size, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (p == MAP_FAILED)
		return -errno;
	quiet.kept = p;
	quiet.brief = quiet.kept + QUIET_MAX_MARKS;
	return 0;
}

void quiet_forget(void)
{
	while (quiet.nr_brief)
		race_cell(quiet.brief[--quiet.nr_brief])->marked = 0;
}

void quiet_reset(void)
{
	quiet_forget();
	while (quiet.nr_kept)
		race_cell(quiet.kept[--quiet.nr_kept])->marked = 0;
	quiet.missed = false;
	quiet.keep = false;
}

void quiet_race(uintptr_t addr)
{
	struct cell *c = race_cell(addr);
	uint32_t *nr = quiet.keep ? &quiet.nr_kept : &quiet.nr_brief;
	uintptr_t *marks = quiet.keep ? quiet.kept : quiet.brief;

	if (c->marked)
		return;
	if (*nr == QUIET_MAX_MARKS)
		engine_fail(VERDICT_HARNESS, "more than %u contended addresses",
			    QUIET_MAX_MARKS);
	marks[(*nr)++] = addr;
	c->marked = 1;
	quiet.missed = quiet.on;
}

void quiet_remark(void)
{
	for (uint32_t i = 0; i < quiet.nr_kept; i++)
		race_cell(quiet.kept[i])->marked = 1;
	for (uint32_t i = 0; i < quiet.nr_brief; i++)
		race_cell(quiet.brief[i])->marked = 1;
}

void quiet_learn(void (*body)(void *), void *arg)
{
	const struct sched_ops *sched = eng.sched;
	unsigned int idle = 0;
	uint64_t steps = 0;

	quiet.keep = true;
	for (unsigned int i = 0; idle < LEARN_IDLE && i < LEARN_MAX &&
	     steps < LEARN_STEPS && !interrupt_seen(); i++) {
		uint32_t known = quiet.nr_kept;

		eng.sched = i & 1 ? &sched_pos : &sched_random;
		eng.rng = rng_seed(~eng.seed, i);
		eng.sched->begin(&eng);
		if (engine_run(body, arg) == VERDICT_HARNESS)
			break;
		steps += eng.steps;
		idle = quiet.nr_kept == known ? idle + 1 : 0;
	}
	quiet.keep = false;
	eng.sched = sched;
}
