// SPDX-License-Identifier: GPL-2.0-or-later
#include "explore/engine.h"

#include <stdarg.h>
#include <stdio.h>

#include "explore/atomics.h"
#include "explore/object.h"
#include "explore/sched.h"
#include "explore/stuck.h"
#include "explore/trace.h"

#define noinline __attribute__((noinline))

struct explore eng EXPLORE_STATE;

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
