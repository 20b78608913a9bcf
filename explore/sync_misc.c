// SPDX-License-Identifier: GPL-2.0-or-later
/* pthread_barrier_* and pthread_once(). */
#include <pthread.h>

#include "explore/sync.h"

enum { ONCE_NEW, ONCE_RUNNING, ONCE_DONE };

int pthread_barrier_init(pthread_barrier_t *b,
			 const pthread_barrierattr_t *attr, unsigned int n)
{
	struct object *o;

	if (!eng.cur)
		return HOST_CALL(pthread_barrier_init, b, attr, n);
	sync_renew(b, CALLER);
	o = object_find((uintptr_t)b, OBJECT_BARRIER, 0);
	if (o)
		object_forget(o);
	o = object_get((uintptr_t)b, OBJECT_BARRIER, 0);
	o->count = n;
	return 0;
}

int pthread_barrier_destroy(pthread_barrier_t *b)
{
	struct object *o;

	if (!eng.cur)
		return HOST_CALL(pthread_barrier_destroy, b);
	sync_renew(b, CALLER);
	o = object_find((uintptr_t)b, OBJECT_BARRIER, 0);
	if (o && o->waiters)
		engine_fail(VERDICT_ASSERTION,
			    "barrier %u destroyed with waiters", o->id);
	if (o)
		object_forget(o);
	return 0;
}

static void release_all(struct object *o)
{
	eng.runnable |= o->waiters;
	for (uint64_t m = o->waiters; m; m &= m - 1) {
		struct thread *w = &eng.threads[__builtin_ctzll(m)];

		w->op.passive = true;
		w->enabled_by = eng.events;
	}
	o->waiters = 0;
}

int pthread_barrier_wait(pthread_barrier_t *b)
{
	struct thread *t = eng.cur;
	struct object *o;

	if (!t)
		return HOST_CALL(pthread_barrier_wait, b);
	o = sync_object(b, OBJECT_BARRIER, CALLER);
	if (!o->count)
		engine_fail(VERDICT_ASSERTION,
			    "barrier %u was not initialised", o->id);
	sync_drain(t);
	op_begin(t, OP_BARRIER, o, CALLER);
	vclock_join(&o->rel, &t->hb);
	thread_epoch(t);
	engine_wrote(t);
	if (__builtin_popcountll(o->waiters) + 1u >= o->count) {
		release_all(o);
		object_acquire(t, o);
		return PTHREAD_BARRIER_SERIAL_THREAD;
	}
	o->waiters |= t->bit;
	thread_block(t);
	op_begin(t, OP_BARRIER, o, CALLER);
	object_acquire(t, o);
	return 0;
}

int pthread_once(pthread_once_t *once, void (*fn)(void))
{
	struct thread *t = eng.cur;
	struct object *o;

	if (!t)
		return HOST_CALL(pthread_once, once, fn);
	o = sync_object(once, OBJECT_ONCE, CALLER);
	sync_drain(t);
	o->pending |= t->bit;
	if (o->count == ONCE_RUNNING)
		thread_block(t);
	op_begin(t, OP_ONCE, o, CALLER);
	o->pending &= ~t->bit;
	object_acquire(t, o);
	if (o->count == ONCE_DONE)
		return 0;
	o->count = ONCE_RUNNING;
	o->owner = t->id;
	eng.runnable &= ~o->pending;
	fn();
	o->count = ONCE_DONE;
	o->owner = -1;
	object_release_only(t, o);
	eng.runnable |= o->pending;
	engine_wrote(t);
	return 0;
}
