// SPDX-License-Identifier: GPL-2.0-or-later
#include "explore/engine.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#include "explore/atomics.h"
#include "explore/crash.h"
#include "explore/heap.h"
#include "explore/host.h"
#include "explore/image.h"
#include "explore/object.h"
#include "explore/prologue.h"
#include "explore/quiet.h"
#include "explore/race.h"
#include "explore/sched.h"
#include "explore/stuck.h"
#include "explore/sync.h"
#include "explore/trace.h"
#include "explore/world.h"

#define noinline __attribute__((noinline))
#define PREPARED_AT_START 4

struct explore eng EXPLORE_STATE;

static void *reserve(size_t size)
{
	void *p = mmap(NULL, size, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	return p == MAP_FAILED ? NULL : p;
}

static void prepare_threads(void *arg)
{
	uint32_t want = *(uint32_t *)arg;

	while (eng.nr_prepared < want &&
	       !fiber_prepare(&eng.threads[eng.nr_prepared].fiber))
		eng.nr_prepared++;
}

static int init_threads(void)
{
	uint32_t want = PREPARED_AT_START;
	size_t size = sizeof(uintptr_t) * EX_STACK_DEPTH;
	char *frames = reserve(size * EX_MAX_THREADS);

	if (!frames)
		return -ENOMEM;
	for (unsigned int i = 0; i < EX_MAX_THREADS; i++) {
		eng.threads[i].id = i;
		eng.threads[i].bit = 1ull << i;
		eng.threads[i].frames = (uintptr_t *)(frames + i * size);
	}
	prepare_threads(&want);
	return eng.nr_prepared == want ? 0 : -EAGAIN;
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
		err = init_threads();
	if (!err)
		err = crash_init();
	if (err)
		return err;
	eng.max_steps = 100000;
	eng.explore_timeouts = true;
	eng.ready = true;
	return world_snapshot();
}

/* The donors are gone; libc may give their memory to new threads. */
int engine_forked(void)
{
	uint32_t want = eng.nr_prepared;

	prologue_forget();
	for (uint32_t i = 0; i < EX_MAX_THREADS; i++)
		eng.threads[i].fiber.fsbase = 0;
	eng.nr_prepared = 0;
	prepare_threads(&want);
	return eng.nr_prepared == want ? 0 : -EAGAIN;
}

void engine_on_host(void (*fn)(void *), void *arg)
{
	struct thread *t = eng.cur;

	eng.cur = NULL;
	eng.host_caller = t;
	eng.host_call = fn;
	eng.host_arg = arg;
	fiber_switch(&t->fiber, &eng.host);
	eng.cur = t;
}

_Noreturn void engine_finish(enum verdict v)
{
	struct fiber dead;

	eng.verdict = v;
	eng.cur = NULL;
	eng.host_call = NULL;
	fiber_switch(&dead, &eng.host);
	__builtin_unreachable();
}

_Noreturn void engine_fail(enum verdict v, const char *fmt, ...)
{
	va_list ap;

	eng.cur = NULL; /* libc's own calls are not the program's */
	va_start(ap, fmt);
	vsnprintf(eng.message, sizeof(eng.message), fmt, ap);
	va_end(ap);
	engine_finish(v);
}

/* Take the next given decision if there is one; -1 otherwise. */
static inline int replayed(void)
{
	if (likely(eng.nr_decisions >= eng.nr_replay))
		return -1;
	return eng.replay[eng.nr_decisions];
}

_Noreturn void engine_out_of_room(void)
{
	engine_fail(VERDICT_HARNESS, "more than %u decisions",
		    EX_MAX_DECISIONS);
}

unsigned int engine_choose(unsigned int n)
{
	int d;

	if (n == 1)
		return 0;
	d = replayed();
	if (d == DECISION_CONTINUE)
		d = 0;
	if (d >= (int)n) {
		eng.diverged = true;
		d = 0;
	}
	if (d < 0)
		d = (int)eng.sched->choose(&eng, n);
	engine_record(d);
	return d;
}

/* Round robin, so that every runnable thread comes again. */
static int pick_fair(uint64_t mask, int cur)
{
	uint64_t above = cur < 63 ? mask & ~((2ull << cur) - 1) : 0;

	return __builtin_ctzll(above ? above : mask);
}

static int pick(uint64_t mask, int cur)
{
	int d = replayed();

	if (d == DECISION_CONTINUE)
		d = mask >> cur & 1 ? cur : __builtin_ctzll(mask);
	if (d >= 0 && !(d < 64 && mask >> d & 1)) {
		eng.diverged = true;
		d = __builtin_ctzll(mask);
	}
	if (d < 0 && unlikely(eng.fair))
		d = pick_fair(mask, cur);
	if (d < 0)
		d = eng.sched->pick(&eng, mask, cur);
	if (unlikely(d < 0))
		engine_finish(VERDICT_BLOCKED);
	engine_record(d);
	return d;
}

static noinline int ask_anyway(uint64_t mask, int cur)
{
	if (eng.sched->pick(&eng, mask, cur) < 0)
		engine_finish(VERDICT_BLOCKED);
	return __builtin_ctzll(mask);
}

/* Only one thread can run: nothing to decide, but a search may object. */
static inline int no_choice(uint64_t mask, int cur)
{
	if (unlikely(eng.sched->always_pick) && !eng.fair)
		return ask_anyway(mask, cur);
	return __builtin_ctzll(mask);
}

/* What a step adds to the identity of the happens-before class. */
static inline void note_class(struct thread *t, const struct op *op)
{
	const uint32_t reading = 1u << OP_LOAD | 1u << OP_RDLOCK |
				 1u << OP_RDUNLOCK;
	bool reads = reading >> op->kind & 1;
	struct object *o = op->obj;
	uint64_t h = t->hash * 31 + op->kind;

	if (o)
		h ^= reads ? o->hash : o->hash + o->rhash;
	h = (h ^ (h >> 29)) * DIGEST_PRIME;
	h ^= h >> 32;
	if (o && reads) {
		o->rhash += h;
	} else if (o) {
		o->hash = h;
		o->rhash = 0;
	}
	t->hash = h;
}

/* The rest of note_step() where somebody else takes note, too. */
static noinline void note_watched(struct thread *t)
{
	if (engine_over_budget())
		stuck_over_budget(t);
	note_class(t, &t->op);
	if (eng.on_step)
		eng.on_step(t);
	if (eng.trace)
		trace_step(t);
}

/* Calls come last, so that the usual step saves no registers for one. */
void note_step(struct thread *t)
{
	const struct op *op = &t->op;

	eng.events++;
	engine_count(t, op->kind, op->pc);
	if (unlikely(engine_over_budget() || eng.on_step || eng.trace))
		note_watched(t);
	else
		note_class(t, op);
}

static struct thread *choose_next(struct thread *cur);

/* The oldest store of thread @i reaches memory; then somebody goes on. */
static noinline struct thread *flush_next(struct thread *cur, int i)
{
	eng.model->flush(&eng.threads[i]);
	return choose_next(cur);
}

/* Choose the next thread; @cur may not be able to go on. */
static struct thread *choose_next(struct thread *cur)
{
	uint64_t mask = eng.runnable;
	int next;

	if (unlikely(!mask))
		mask = stuck_nobody_runnable();
	if (mask & (mask - 1))
		next = pick(mask, cur->id);
	else
		next = no_choice(mask, cur->id);
	if (likely(next < EX_FLUSH_BASE || !eng.model->flush))
		return &eng.threads[next];
	return flush_next(cur, next - EX_FLUSH_BASE);
}

struct thread *engine_next(struct thread *t)
{
	if (unlikely(t->idle > STUCK_SPIN))
		stuck_spinning(t);
	return choose_next(t);
}

/* The first function on a coroutine's stack. */
static void thread_main(void)
{
	struct thread *t = eng.cur;

	note_step(t);
	thread_exit(t, t->entry(t->arg));
}

static void thread_reset(struct thread *t, struct thread *parent)
{
	t->state = THREAD_LIVE;
	t->detached = false;
	t->joined = false;
	t->woken = false;
	t->asleep = false;
	t->rel_fenced = false;
	t->nr_held = 0;
	t->frame = t->frames;
	t->idle = 0;
	t->hash = t->id;
	t->deadline = -1;
	t->writes = 0;
	t->timeout_seq = ~0ull;
	t->wants = NULL;
	t->name[0] = 0;
	t->names[0] = 0;
	t->op = (struct op){ .kind = OP_START };
	vclock_clear(&t->acq);
	vclock_clear(&t->rel_fence);
	if (parent) {
		vclock_copy(&t->hb, &parent->hb);
		t->hash += parent->hash;
	} else {
		vclock_clear(&t->hb);
		vclock_grow(&t->hb, eng.nr_threads);
	}
	t->hb.c[t->id] = 1;
	t->epoch = 1ull << 32 | t->id;
}

struct thread *thread_create(struct thread *parent, void *(*entry)(void *),
			     void *arg)
{
	uint32_t id = eng.nr_threads;
	uint32_t limit = eng.model->flush ? EX_FLUSH_BASE : EX_MAX_THREADS;
	uint32_t want = id + 1;
	struct thread *t;

	if (id >= limit)
		engine_fail(VERDICT_HARNESS, "more than %u threads", limit);
	if (unlikely(id >= eng.nr_prepared))
		engine_on_host(prepare_threads, &want);
	if (id >= eng.nr_prepared)
		engine_fail(VERDICT_HARNESS, "no memory for a thread");
	t = &eng.threads[id];
	eng.nr_threads++;
	eng.nr_live++;
	for (uint32_t i = 0; i < eng.nr_threads; i++)
		if (&eng.threads[i] != t)
			vclock_grow(&eng.threads[i].hb, eng.nr_threads);
	thread_reset(t, parent);
	if (parent)
		thread_epoch(parent);
	t->entry = entry;
	t->arg = arg;
	fiber_start(&t->fiber, thread_main);
	t->self_obj = object_get((uintptr_t)t, OBJECT_THREAD, 0);
	eng.runnable |= t->bit;
	t->enabled_by = eng.events;
	atomics_thread_start(t, parent);
	return t;
}

_Noreturn void thread_exit(struct thread *t, void *result)
{
	struct thread *next;

	sync_keys_exit(t);
	sync_drain(t);
	op_begin(t, OP_EXIT, t->self_obj, 0);
	t->result = result;
	t->state = THREAD_DONE;
	object_release(t, t->self_obj);
	eng.runnable |= t->self_obj->pending;
	thread_block(t);
	engine_wrote(t);
	if (!--eng.nr_live) {
		eng.quiet_end = true;
		engine_finish(VERDICT_CLEAN);
	}
	next = choose_next(t);
	eng.cur = next;
	fiber_switch(&t->fiber, &next->fiber);
	__builtin_unreachable();
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
