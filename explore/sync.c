// SPDX-License-Identifier: GPL-2.0-or-later
#include "explore/sync.h"

#include <errno.h>

#include "explore/trace.h"

struct object *sync_object(const void *p, enum object_kind kind, uintptr_t pc)
{
	sync_touch(p, pc);
	return object_get((uintptr_t)p, kind, 0);
}

/*
 * A timeout may fire at any moment, so a thread in a timed wait is runnable.
 * But a loop of timed waits must not run for ever while nothing changes:
 * the second timeout without a write waits until nobody else can run.
 */
void sync_block(struct thread *t)
{
	if (t->deadline < 0) {
		thread_block(t);
		return;
	}
	eng.timed |= t->bit;
	if (!eng.explore_timeouts || t->timeout_seq == thread_others(t))
		stuck_yield(t);
}

void sync_unblock(struct thread *t)
{
	eng.timed &= ~t->bit;
	eng.yielded &= ~t->bit;
	t->deadline = -1;
}

void sync_timed_out(struct thread *t)
{
	if (eng.now_ns < t->deadline)
		eng.now_ns = t->deadline;
	t->timeout_seq = thread_others(t);
	t->op.failed = true;
	if (unlikely(eng.trace != NULL))
		trace_result(t);
}

void sync_unhold(struct thread *t, struct object *o)
{
	for (uint32_t i = t->nr_held; i-- > 0;) {
		if (t->held[i].obj != o)
			continue;
		t->held[i] = t->held[--t->nr_held];
		return;
	}
}

int sync_trylock(struct thread *t, struct object *o, uintptr_t pc)
{
	sync_drain(t);
	op_begin(t, OP_TRYLOCK, o, pc);
	if (o->owner >= 0) {
		t->op.failed = true;
		if (unlikely(eng.trace != NULL))
			trace_result(t);
		return EBUSY;
	}
	sync_take(t, o, pc);
	return 0;
}

struct thread *sync_first_waiter(const struct object *o)
{
	struct thread *first = NULL;

	for (uint64_t m = o->waiters; m; m &= m - 1) {
		struct thread *t = &eng.threads[__builtin_ctzll(m)];

		if (!first || t->ticket < first->ticket)
			first = t;
	}
	return first;
}

void sync_note_wake(struct thread *t, struct object *o, uintptr_t pc)
{
	o->last_waker = t->id;
	o->last_wake_pc = pc;
	o->last_wake_step = eng.steps;
}
