// SPDX-License-Identifier: GPL-2.0-or-later
#include "explore/prologue.h"

#include <stdint.h>
#include <string.h>
#include <sys/mman.h>

#include "explore/atomics.h"
#include "explore/engine.h"
#include "explore/explore.h"
#include "explore/heap.h"
#include "explore/image.h"
#include "explore/object.h"
#include "explore/race.h"
#include "explore/sched.h"
#include "explore/sched_list.h"
#include "explore/sync.h"
#include "explore/world.h"

#define MAX_REGIONS 512
#define MAX_COPY (64u << 20)

/* Of the explorer, or a stack: variables and the image have their own ways. */
struct region {
	void *at;
	size_t size;
	const char *copy;
};

static struct {
	const struct sched_ops *sched; /* that decides when it is over */
	struct region region[MAX_REGIONS];
	unsigned int nr;
	char *copy; /* of all regions, or NULL before the first */
	size_t used; /* bytes of it */
	bool overflow; /* there was no room for a region */
	bool given_up; /* it cannot be kept: do without */
	bool kept; /* executions can resume */
	struct thread *cur; /* that was ready */
} prologue EXPLORE_STATE;

void prologue_keep(void *at, size_t size)
{
	char *copy = prologue.copy + prologue.used;

	if (!size)
		return;
	if (prologue.nr == MAX_REGIONS || prologue.used + size > MAX_COPY) {
		prologue.overflow = true;
		return;
	}
	prologue.region[prologue.nr++] = (struct region){ at, size, copy };
	memcpy(copy, at, size);
	prologue.used += (size + 15) & ~15ul;
}

/* An execution that others can resume from. */
static bool is_typical(void)
{
	return !eng.trace && !eng.nr_replay && !race.watching &&
	       prologue.sched != &sched_replay;
}

void prologue_begin(void)
{
	prologue.sched = eng.sched;
	eng.sched = &sched_replay;
	if (is_typical() && !prologue.given_up)
		race_note_blocks();
}

void prologue_end(void)
{
	race.prologue = 0;
	eng.sched = prologue.sched;
}

#define KEEP(variable) prologue_keep(&(variable), sizeof(variable))

static void keep_engine(void)
{
	size_t used = eng.nr_threads * sizeof(eng.threads[0]);

	KEEP(eng.runnable);
	KEEP(eng.yielded);
	KEEP(eng.timed);
	KEEP(eng.nr_threads);
	KEEP(eng.nr_live);
	KEEP(eng.nr_objects);
	KEEP(eng.steps);
	KEEP(eng.events);
	KEEP(eng.step_limit);
	KEEP(eng.write_seq);
	KEEP(eng.digest);
	KEEP(eng.nr_decisions);
	KEEP(eng.now_ns);
	KEEP(eng.fair_rounds);
	prologue_keep(eng.threads, used);
	if (eng.model->flush)
		prologue_keep(&eng.threads[EX_FLUSH_BASE], used);
	prologue_keep(eng.decisions, eng.nr_decisions);
	prologue_keep(eng.objects + 1,
		      eng.nr_objects * sizeof(eng.objects[0]));
}

static void keep_thread(const struct thread *t)
{
	prologue_keep(t->frames, (char *)t->frame - (char *)t->frames);
	if (t->state == THREAD_LIVE)
		fiber_keep(&t->fiber);
}

static bool make_room(void)
{
	char *p = prologue.copy;

	if (!p)
		p = mmap(NULL, MAX_COPY, PROT_READ | PROT_WRITE, MAP_PRIVATE |
			 MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (p == MAP_FAILED)
		return false;
	prologue.copy = p;
	return true;
}

static bool keep_regions(void)
{
	prologue.overflow = false;
	keep_engine();
	for (uint32_t i = 0; i < eng.nr_threads; i++)
		keep_thread(&eng.threads[i]);
	heap_keep();
	sync_keys_keep();
	sync_rcu_keep();
	if (eng.model->keep)
		eng.model->keep();
	return race_keep() && !prologue.overflow;
}

/* On the host: no thread runs. */
static void keep_all(void *unused)
{
	(void)unused;
	race.prologue = 0;
	prologue.cur = eng.host_caller;
	image_keep();
	prologue.kept = make_room() && keep_regions() && world_keep();
	if (prologue.kept)
		return;
	prologue_forget();
	prologue.given_up = true;
}

static void count_anew(struct thread *t)
{
	t->enabled_by = 0;
	t->hash = t->id;
}

/* Searches and happens-before classes know nothing of the prologue. */
static void count_from_here(void)
{
	eng.events = 0;
	for (uint32_t i = 0; i < eng.nr_threads; i++) {
		count_anew(&eng.threads[i]);
		if (eng.model->flush)
			count_anew(&eng.threads[EX_FLUSH_BASE + i]);
	}
	for (uint32_t i = 1; i <= eng.nr_objects; i++) {
		eng.objects[i].hash = 0;
		eng.objects[i].rhash = 0;
	}
	if (eng.model->ready)
		eng.model->ready();
}

void explore_ready(void)
{
	if (!eng.cur || eng.is_ready)
		return;
	count_from_here();
	if (race.prologue == RACE_NOTING)
		engine_on_host(keep_all, NULL);
	/* Here executions resume. */
	eng.is_ready = true;
	eng.sched = prologue.sched;
	eng.on_step = eng.sched->step;
}

static void restore_regions(void)
{
	for (unsigned int i = 0; i < prologue.nr; i++)
		memcpy(prologue.region[i].at, prologue.region[i].copy,
		       prologue.region[i].size);
}

bool prologue_resume(void)
{
	prologue.sched = eng.sched;
	if (eng.exec == UINT32_MAX)
		prologue_forget(); /* race_begin() clears the shadow */
	if (!prologue.kept || !is_typical())
		return false;
	world_restore(true);
	image_restore(true);
	race_begin();
	heap_begin();
	restore_regions();
	race.prologue = RACE_RESUMED;
	sync_rcu_resume();
	eng.resumed_at = eng.steps;
	eng.host_caller = prologue.cur;
	return true;
}

void prologue_forget(void)
{
	prologue.kept = false;
	prologue.given_up = false;
	prologue.nr = 0;
	prologue.used = 0;
	race_forget();
	world_forget();
	image_forget();
}
