// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * pthread_rwlock_*.  Readers and writers enter in any order the lock allows:
 * no preference is modelled, so both kinds of starvation can be seen.
 */
#include <errno.h>
#include <pthread.h>

#include "explore/sync.h"
#include "explore/trace.h"

static struct object *rwlock_object(pthread_rwlock_t *l, uintptr_t pc)
{
	return sync_object(l, OBJECT_RWLOCK, pc);
}

static bool read_free(const struct object *o)
{
	return o->owner < 0;
}

static bool write_free(const struct object *o)
{
	return o->owner < 0 && !o->readers;
}

static int failed(struct thread *t, int err)
{
	t->op.failed = true;
	if (unlikely(eng.trace != NULL))
		trace_result(t);
	return err;
}

static void take_read(struct thread *t, struct object *o, uintptr_t pc)
{
	o->readers |= t->bit;
	eng.runnable &= ~(o->pending & ~eng.timed);
	object_acquire(t, o);
	coverage_take(t, o, pc);
	sync_hold(t, o, pc, true);
	t->idle = 0;
}

static void take_write(struct thread *t, struct object *o, uintptr_t pc)
{
	eng.runnable &= ~(o->rpending & ~eng.timed);
	sync_take(t, o, pc);
	vclock_join(&t->hb, &o->rd_rel);
}

static int lock_read(pthread_rwlock_t *l, clockid_t clock,
		     const struct timespec *abs, uintptr_t pc)
{
	struct thread *t = eng.cur;
	struct object *o = rwlock_object(l, pc);

	if (o->owner == t->id)
		return EDEADLK;
	sync_drain(t);
	if (abs)
		sync_deadline(t, clock, abs);
	o->rpending |= t->bit;
	if (!read_free(o))
		sync_block(t);
	op_begin(t, OP_RDLOCK, o, pc);
	o->rpending &= ~t->bit;
	if (!read_free(o)) {
		sync_timed_out(t);
		sync_unblock(t);
		return ETIMEDOUT;
	}
	sync_unblock(t);
	take_read(t, o, pc);
	return 0;
}

static int lock_write(pthread_rwlock_t *l, clockid_t clock,
		      const struct timespec *abs, uintptr_t pc)
{
	struct thread *t = eng.cur;
	struct object *o = rwlock_object(l, pc);

	if (o->owner == t->id)
		return EDEADLK;
	sync_drain(t);
	if (abs)
		sync_deadline(t, clock, abs);
	o->pending |= t->bit;
	if (!write_free(o))
		sync_block(t);
	op_begin(t, OP_LOCK, o, pc);
	o->pending &= ~t->bit;
	if (!write_free(o)) {
		sync_timed_out(t);
		sync_unblock(t);
		return ETIMEDOUT;
	}
	sync_unblock(t);
	take_write(t, o, pc);
	return 0;
}

int pthread_rwlock_rdlock(pthread_rwlock_t *l)
{
	if (!eng.cur)
		return HOST_CALL(pthread_rwlock_rdlock, l);
	return lock_read(l, 0, NULL, CALLER);
}

int pthread_rwlock_timedrdlock(pthread_rwlock_t *l,
			       const struct timespec *abs)
{
	if (!eng.cur)
		return HOST_CALL(pthread_rwlock_timedrdlock, l, abs);
	return lock_read(l, CLOCK_REALTIME, abs, CALLER);
}

int pthread_rwlock_wrlock(pthread_rwlock_t *l)
{
	if (!eng.cur)
		return HOST_CALL(pthread_rwlock_wrlock, l);
	return lock_write(l, 0, NULL, CALLER);
}

int pthread_rwlock_timedwrlock(pthread_rwlock_t *l,
			       const struct timespec *abs)
{
	if (!eng.cur)
		return HOST_CALL(pthread_rwlock_timedwrlock, l, abs);
	return lock_write(l, CLOCK_REALTIME, abs, CALLER);
}

int pthread_rwlock_tryrdlock(pthread_rwlock_t *l)
{
	struct thread *t = eng.cur;
	struct object *o;

	if (!t)
		return HOST_CALL(pthread_rwlock_tryrdlock, l);
	o = rwlock_object(l, CALLER);
	sync_drain(t);
	op_begin(t, OP_TRYRDLOCK, o, CALLER);
	if (!read_free(o))
		return failed(t, EBUSY);
	take_read(t, o, CALLER);
	return 0;
}

int pthread_rwlock_trywrlock(pthread_rwlock_t *l)
{
	struct thread *t = eng.cur;
	struct object *o;

	if (!t)
		return HOST_CALL(pthread_rwlock_trywrlock, l);
	o = rwlock_object(l, CALLER);
	sync_drain(t);
	op_begin(t, OP_TRYLOCK, o, CALLER);
	if (!write_free(o))
		return failed(t, EBUSY);
	take_write(t, o, CALLER);
	return 0;
}

static bool holds_shared(const struct thread *t, const struct object *o)
{
	for (uint32_t i = 0; i < t->nr_held; i++)
		if (t->held[i].obj == o)
			return true;
	return false;
}

static void unlock_read(struct thread *t, struct object *o)
{
	op_begin(t, OP_RDUNLOCK, o, t->op.pc);
	sync_unhold(t, o);
	coverage_leave(t, o, t->op.pc);
	vclock_join(&o->rd_rel, &t->hb);
	thread_epoch(t);
	if (holds_shared(t, o))
		return;
	o->readers &= ~t->bit;
	if (!o->readers)
		eng.runnable |= o->pending;
	engine_wrote(t);
}

int pthread_rwlock_unlock(pthread_rwlock_t *l)
{
	struct thread *t = eng.cur;
	struct object *o;

	if (!t)
		return HOST_CALL(pthread_rwlock_unlock, l);
	o = rwlock_object(l, CALLER);
	sync_drain(t);
	t->op.pc = CALLER;
	if (o->readers & t->bit) {
		unlock_read(t, o);
	} else if (o->owner == t->id) {
		op_begin(t, OP_UNLOCK, o, CALLER);
		sync_give(t, o);
		eng.runnable |= o->rpending;
	} else {
		engine_fail(VERDICT_ASSERTION, "thread %u unlocks rwlock %u,"
			    " which it does not hold", t->id, o->id);
	}
	return 0;
}

int pthread_rwlock_init(pthread_rwlock_t *l, const pthread_rwlockattr_t *attr)
{
	struct thread *t = eng.cur;
	struct object *o;
	int ret;

	if (t) {
		sync_renew(l, CALLER);
		o = object_find((uintptr_t)l, OBJECT_RWLOCK, 0);
		if (o)
			object_forget(o);
		eng.cur = NULL;
	}
	ret = HOST_CALL(pthread_rwlock_init, l, attr);
	eng.cur = t;
	return ret;
}

int pthread_rwlock_destroy(pthread_rwlock_t *l)
{
	struct object *o;

	if (!eng.cur)
		return HOST_CALL(pthread_rwlock_destroy, l);
	sync_renew(l, CALLER);
	o = object_find((uintptr_t)l, OBJECT_RWLOCK, 0);
	if (o && !write_free(o))
		engine_fail(VERDICT_ASSERTION,
			    "rwlock %u destroyed while held", o->id);
	if (o)
		object_forget(o);
	return 0;
}
