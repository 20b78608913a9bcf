// SPDX-License-Identifier: GPL-2.0-or-later
#include "explore/stuck.h"

#include <stdio.h>
#include <string.h>

#include "explore/atomics.h"
#include "explore/object.h"

struct stuck_report stuck EXPLORE_STATE;

void stuck_yield(struct thread *t)
{
	eng.yielded |= t->bit;
	eng.runnable &= ~t->bit;
}

void stuck_spinning(struct thread *t)
{
	t->idle = 0;
	eng.spins_assumed++;
	if (eng.runnable & t->bit)
		stuck_yield(t);
	if (eng.model->refresh)
		eng.model->refresh(t);
}

void stuck_over_budget(struct thread *t)
{
	uint64_t writes = eng.write_seq - eng.fair_writes;

	(void)t;
	if (!eng.fair) {
		eng.fair = true;
		eng.fair_writes = eng.write_seq;
		eng.step_limit += eng.max_steps;
		return;
	}
	/* Steps that change nothing are what a livelock is made of. */
	if (writes < eng.max_steps / 4 * 3)
		engine_fail(VERDICT_LIVELOCK,
			    "no end in sight after %lu fair steps",
			    (unsigned long)eng.max_steps);
	engine_fail(VERDICT_BUDGET, "not finished after %lu steps",
		    (unsigned long)eng.steps);
}

static int reader_of(const struct object *o)
{
	return o->readers ? __builtin_ctzll(o->readers) : -1;
}

/* The thread that must act before @t can go on, or -1. */
static int holder_of(const struct thread *t)
{
	const struct object *o = t->wants ? t->wants : t->op.obj;

	if (!o)
		return -1;
	switch (o->kind) {
	case OBJECT_MUTEX:
	case OBJECT_SPIN:
	case OBJECT_ONCE:
		return o->owner;
	case OBJECT_RWLOCK:
	case OBJECT_ANNOTATED:
		return o->owner >= 0 ? o->owner : reader_of(o);
	case OBJECT_THREAD:
		return (int)((struct thread *)o->addr - eng.threads);
	default:
		return -1;
	}
}

static void collect(void)
{
	stuck.n = 0;
	for (unsigned int i = 0; i < eng.nr_threads; i++) {
		const struct thread *t = &eng.threads[i];

		if (t->state != THREAD_LIVE || t->asleep)
			continue;
		stuck.waits[stuck.n++] = (struct stuck_wait){
			.tid = i, .holder = holder_of(t), .kind = t->op.kind,
			.obj = t->wants ? t->wants : t->op.obj,
			.pc = t->op.pc,
		};
	}
}

static struct stuck_wait *wait_of(int tid)
{
	for (unsigned int i = 0; i < stuck.n; i++)
		if (stuck.waits[i].tid == tid)
			return &stuck.waits[i];
	return NULL;
}

/* Mark a cycle of waiters.  Return: one of its members, or NULL. */
static struct stuck_wait *find_cycle(void)
{
	for (unsigned int i = 0; i < stuck.n; i++) {
		struct stuck_wait *w = &stuck.waits[i];
		struct stuck_wait *p = w;

		for (unsigned int k = 0; p && k <= stuck.n; k++) {
			p = p->holder < 0 ? NULL : wait_of(p->holder);
			if (p == w)
				break;
		}
		if (p != w)
			continue;
		do {
			p->in_cycle = true;
			p = wait_of(p->holder);
		} while (p != w);
		return w;
	}
	return NULL;
}

static size_t describe(char *buf, size_t size, const struct stuck_wait *w)
{
	const char *what = w->obj ? object_kind_name(w->obj->kind) : "nothing";
	int n;

	if (w->holder < 0)
		n = snprintf(buf, size, "thread %u waits for %s %u", w->tid,
			     what, w->obj ? w->obj->id : 0);
	else
		n = snprintf(buf, size,
			     "thread %u waits for %s %u of thread %d; ",
			     w->tid, what, w->obj->id, w->holder);
	return (size_t)n < size ? (size_t)n : size;
}

static _Noreturn void report_cycle(struct stuck_wait *w)
{
	size_t used = 0;
	struct stuck_wait *p = w;

	eng.cur = NULL;
	do {
		used += describe(eng.message + used,
				 sizeof(eng.message) - used, p);
		p = wait_of(p->holder);
	} while (p != w);
	engine_finish(VERDICT_DEADLOCK);
}

/* A waiter whose wake-up can only come from a thread that is not there. */
static struct stuck_wait *find_orphan(void)
{
	for (unsigned int i = 0; i < stuck.n; i++)
		if (stuck.waits[i].holder < 0)
			return &stuck.waits[i];
	return NULL;
}

static _Noreturn void report_orphan(struct stuck_wait *w)
{
	size_t used;

	eng.cur = NULL;
	used = describe(eng.message, sizeof(eng.message), w);
	w->in_cycle = true;
	if (w->kind == OP_BARRIER)
		engine_finish(VERDICT_DEADLOCK);
	if (w->obj && w->obj->last_wake_step)
		snprintf(eng.message + used, sizeof(eng.message) - used,
			 ", last woken by thread %u at step %lu",
			 w->obj->last_waker,
			 (unsigned long)w->obj->last_wake_step);
	else
		snprintf(eng.message + used, sizeof(eng.message) - used,
			 ", never woken by anybody");
	engine_finish(VERDICT_LOST_WAKEUP);
}

static _Noreturn void stuck_for_ever(void)
{
	struct stuck_wait *w;

	collect();
	w = find_cycle();
	if (w)
		report_cycle(w);
	w = find_orphan();
	if (w)
		report_orphan(w);
	/* All wait, in the end, for a lock whose holder is gone. */
	engine_fail(VERDICT_DEADLOCK,
		    "thread %u waits for %s %u, held by finished thread %d",
		    stuck.waits[0].tid,
		    object_kind_name(stuck.waits[0].obj->kind),
		    stuck.waits[0].obj->id, stuck.waits[0].holder);
}

uint64_t stuck_nobody_runnable(void)
{
	if (!eng.yielded)
		stuck_for_ever();
	if (++eng.fair_rounds > STUCK_ROUNDS) {
		collect();
		engine_fail(VERDICT_LIVELOCK,
			    "nothing changes while %d threads spin",
			    __builtin_popcountll(eng.yielded));
	}
	eng.runnable = eng.yielded;
	eng.yielded = 0;
	return eng.runnable;
}
