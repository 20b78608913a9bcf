// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * pthread_cond_*.  A wait is two steps: OP_COND_WAIT releases the mutex and
 * falls asleep, OP_LOCK takes the mutex again after a wake-up; a waker turns
 * the sleeper's operation into the latter.  Which sleeper a signal wakes is
 * a decision.
 */
#include <errno.h>
#include <pthread.h>

#include "explore/sync.h"

/* glibc keeps the clock of pthread_condattr_setclock() here. */
static clockid_t cond_clock(const pthread_cond_t *cond)
{
	return cond->__data.__wrefs & 2 ? CLOCK_MONOTONIC : CLOCK_REALTIME;
}

static void fall_asleep(struct thread *t, struct object *c,
			struct object *m)
{
	sync_give(t, m);
	t->ticket = ++c->queue;
	t->woken = false;
	c->waiters |= t->bit;
	sync_block(t);
}

static void wake(struct thread *w, struct object *c, struct object *m)
{
	c->waiters &= ~w->bit;
	w->woken = true;
	sync_unblock(w);
	w->op.kind = OP_LOCK;
	w->op.obj = m;
	w->enabled_by = eng.events;
	m->pending |= w->bit;
	if (m->owner < 0)
		eng.runnable |= w->bit;
	else
		eng.runnable &= ~w->bit;
}

static int wait_until(struct thread *t, pthread_cond_t *cond,
		      pthread_mutex_t *mutex, uintptr_t pc)
{
	struct object *c = sync_object(cond, OBJECT_COND, pc);
	struct object *m = sync_object(mutex, OBJECT_MUTEX, pc);
	uint32_t depth = m->count;

	if (m->owner != t->id)
		engine_fail(VERDICT_ASSERTION, "thread %u waits with mutex %u,"
			    " which it does not hold", t->id, m->id);
	sync_drain(t);
	t->op = (struct op){ .kind = OP_COND_WAIT, .obj = c, .obj2 = m,
			     .pc = pc };
	engine_step(t);
	t->op.obj2 = NULL;
	fall_asleep(t, c, m);
	/* The mutex, as the argument of the wait, for the waker. */
	t->op.value = m->id;
	engine_step(t);
	if (!t->woken) {
		sync_timed_out(t);
		c->waiters &= ~t->bit;
		sync_unblock(t);
		sync_lock(t, m, pc);
		m->count = depth;
		return ETIMEDOUT;
	}
	m->pending &= ~t->bit;
	sync_take(t, m, pc);
	m->count = depth;
	return 0;
}

int pthread_cond_wait(pthread_cond_t *cond, pthread_mutex_t *mutex)
{
	if (!eng.cur)
		return HOST_CALL(pthread_cond_wait, cond, mutex);
	return wait_until(eng.cur, cond, mutex, CALLER);
}

int pthread_cond_timedwait(pthread_cond_t *cond, pthread_mutex_t *mutex,
			   const struct timespec *abs)
{
	if (!eng.cur)
		return HOST_CALL(pthread_cond_timedwait, cond, mutex, abs);
	sync_deadline(eng.cur, cond_clock(cond), abs);
	return wait_until(eng.cur, cond, mutex, CALLER);
}

int pthread_cond_clockwait(pthread_cond_t *cond, pthread_mutex_t *mutex,
			   clockid_t clock, const struct timespec *abs)
{
	if (!eng.cur)
		return HOST_CALL(pthread_cond_clockwait, cond, mutex, clock,
				 abs);
	sync_deadline(eng.cur, clock, abs);
	return wait_until(eng.cur, cond, mutex, CALLER);
}

static void wake_thread(struct object *c, struct thread *w)
{
	wake(w, c, &eng.objects[w->op.value]);
}

int pthread_cond_signal(pthread_cond_t *cond)
{
	struct thread *t = eng.cur;
	struct object *c;
	unsigned int n;

	if (!t)
		return HOST_CALL(pthread_cond_signal, cond);
	c = sync_object(cond, OBJECT_COND, CALLER);
	sync_drain(t);
	op_begin(t, OP_SIGNAL, c, CALLER);
	sync_note_wake(t, c, CALLER);
	if (!c->waiters)
		return 0;
	n = engine_choose(__builtin_popcountll(c->waiters));
	wake_thread(c, &eng.threads[mask_nth(c->waiters, n)]);
	engine_wrote(t);
	return 0;
}

int pthread_cond_broadcast(pthread_cond_t *cond)
{
	struct thread *t = eng.cur;
	struct object *c;

	if (!t)
		return HOST_CALL(pthread_cond_broadcast, cond);
	c = sync_object(cond, OBJECT_COND, CALLER);
	sync_drain(t);
	op_begin(t, OP_BROADCAST, c, CALLER);
	sync_note_wake(t, c, CALLER);
	while (c->waiters)
		wake_thread(c, &eng.threads[__builtin_ctzll(c->waiters)]);
	engine_wrote(t);
	return 0;
}

int pthread_cond_init(pthread_cond_t *cond, const pthread_condattr_t *attr)
{
	struct thread *t = eng.cur;
	struct object *o;
	int ret;

	if (t) {
		sync_renew(cond, CALLER);
		o = object_find((uintptr_t)cond, OBJECT_COND, 0);
		if (o)
			object_forget(o);
		eng.cur = NULL;
	}
	ret = HOST_CALL(pthread_cond_init, cond, attr);
	eng.cur = t;
	return ret;
}

int pthread_cond_destroy(pthread_cond_t *cond)
{
	struct object *o;

	if (!eng.cur)
		return HOST_CALL(pthread_cond_destroy, cond);
	sync_renew(cond, CALLER);
	o = object_find((uintptr_t)cond, OBJECT_COND, 0);
	if (!o)
		return 0;
	if (o->waiters)
		engine_fail(VERDICT_ASSERTION,
			    "condition %u destroyed with waiters", o->id);
	object_forget(o);
	return 0;
}
