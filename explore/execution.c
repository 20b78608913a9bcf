// SPDX-License-Identifier: GPL-2.0-or-later
/* The beginning and the end of an execution, and what comes before all. */
#include <errno.h>
#include <stdio.h>
#include <sys/mman.h>

#include "explore/atomics.h"
#include "explore/crash.h"
#include "explore/engine.h"
#include "explore/heap.h"
#include "explore/host.h"
#include "explore/image.h"
#include "explore/prologue.h"
#include "explore/quiet.h"
#include "explore/race.h"
#include "explore/sched.h"
#include "explore/sync.h"
#include "explore/world.h"

static void *reserve(size_t size)
{
	void *p = mmap(NULL, size, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	return p == MAP_FAILED ? NULL : p;
}

int engine_init(void)
{
	int err;

	if (eng.ready)
		return 0;
	host_init();
	eng.text_base = world_init();
	eng.objects = reserve(EX_MAX_OBJECTS * sizeof(*eng.objects));
	eng.decisions = reserve(EX_MAX_DECISIONS);
	if (!eng.objects || !eng.decisions)
		return -ENOMEM;
	err = fiber_init(&eng.host);
	if (!err)
		err = race_init();
	if (!err)
		err = heap_init();
	if (!err)
		err = quiet_init();
	if (!err)
		err = atomics_init();
	if (!err)
		err = threads_init();
	if (!err)
		err = crash_init();
	if (!err)
		err = world_snapshot();
	if (err)
		return err;
	eng.max_steps = 100000;
	eng.explore_timeouts = true;
	eng.ready = true;
	return 0;
}

int engine_forked(void)
{
	prologue_forget();
	return threads_forked();
}

static void *run_body(void *arg)
{
	(void)arg;
	eng.body(eng.body_arg);
	eng.quiet_end = eng.nr_live == 1;
	engine_finish(VERDICT_CLEAN);
}

static void reset_end(void)
{
	eng.verdict = VERDICT_HARNESS;
	eng.message[0] = 0;
	eng.exit_status = 0;
	eng.quiet_end = false;
	eng.is_ready = !eng.from_ready;
	eng.resumed_at = 0;
	eng.diverged = false;
	eng.fair = false;
}

static void reset_counters(void)
{
	eng.runnable = 0;
	eng.yielded = 0;
	eng.timed = 0;
	eng.nr_threads = 0;
	eng.nr_live = 0;
	eng.nr_objects = 0;
	eng.steps = 0;
	eng.events = 0;
	eng.write_seq = 0;
	eng.digest = 0;
	eng.nr_decisions = 0;
	eng.now_ns = 0;
	eng.fair_rounds = 0;
	eng.step_limit = eng.max_steps;
}

static void set_quiet(void)
{
	quiet.on = quiet.wanted;
	quiet.watch = quiet.on || eng.trace;
	quiet.missed = false;
}

static void reset_run(void)
{
	world_restore(false);
	image_restore(false);
	race_begin();
	heap_begin();
	reset_counters();
	sync_keys_begin();
	atomics_begin();
	eng.on_step = eng.sched->step;
}

/* Return: the thread that goes on first. */
static struct thread *begin(void)
{
	set_quiet();
	reset_end();
	if (unlikely(eng.from_ready)) {
		if (prologue_resume())
			return eng.host_caller;
		prologue_begin();
	}
	reset_run();
	return thread_create(NULL, run_body, NULL);
}

static void note_class_hash(void)
{
	uint64_t h = 0;

	for (uint32_t i = 0; i < eng.nr_threads; i++)
		h = (h + eng.threads[i].hash) * DIGEST_PRIME;
	eng.class_hash = h;
}

static void never_ready(void)
{
	snprintf(eng.message, sizeof(eng.message),
		 "the program ended and was never ready");
	eng.verdict = VERDICT_HARNESS;
}

enum verdict engine_run(void (*body)(void *), void *arg)
{
	eng.body = body;
	eng.body_arg = arg;
	eng.host_caller = begin();
	for (;;) {
		eng.host_call = NULL;
		eng.cur = eng.host_caller;
		fiber_switch(&eng.host, &eng.cur->fiber);
		if (!eng.host_call)
			break;
		eng.host_call(eng.host_arg);
	}
	eng.cur = NULL;
	if (unlikely(eng.from_ready))
		prologue_end();
	if (eng.verdict == VERDICT_CLEAN && !eng.is_ready)
		never_ready();
	note_class_hash();
	if (eng.verdict == VERDICT_CLEAN && eng.check_leaks &&
	    eng.quiet_end && heap.nr_live && heap_check_leaks())
		eng.verdict = VERDICT_LEAK;
	world_after();
	return eng.verdict;
}
