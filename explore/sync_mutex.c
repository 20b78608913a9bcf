// SPDX-License-Identifier: GPL-2.0-or-later
/* pthread_mutex_*: normal, recursive, error-checking, timed; spin locks. */
#include <errno.h>
#include <pthread.h>

#include "explore/sync.h"
#include "explore/unmodelled.h"

/* The attributes glibc keeps in the mutex. */
#define KIND_TYPE 3
#define KIND_ROBUST 16

static struct object *mutex_object(pthread_mutex_t *m, uintptr_t pc)
{
	struct object *o = sync_object(m, OBJECT_MUTEX, pc);

	if (unlikely(m->__data.__kind & KIND_ROBUST))
		unmodelled("robust mutexes");
	o->type = m->__data.__kind & KIND_TYPE;
	return o;
}

/* What locking a mutex one owns does.  Return: -1 to go on and wait. */
static int relock(struct object *o)
{
	switch (o->type) {
	case PTHREAD_MUTEX_RECURSIVE:
		o->count++;
		return 0;
	case PTHREAD_MUTEX_ERRORCHECK:
		return EDEADLK;
	default:
		return -1;
	}
}

static int lock_until(pthread_mutex_t *m, clockid_t clock,
		      const struct timespec *abs, uintptr_t pc)
{
	struct thread *t = eng.cur;
	struct object *o = mutex_object(m, pc);
	int ret;

	if (unlikely(o->owner == t->id)) {
		ret = relock(o);
		if (ret >= 0)
			return ret;
	}
	if (abs)
		sync_deadline(t, clock, abs);
	return sync_lock(t, o, pc);
}

int pthread_mutex_lock(pthread_mutex_t *m)
{
	if (!eng.cur)
		return HOST_CALL(pthread_mutex_lock, m);
	return lock_until(m, 0, NULL, CALLER);
}

int pthread_mutex_timedlock(pthread_mutex_t *m, const struct timespec *abs)
{
	if (!eng.cur)
		return HOST_CALL(pthread_mutex_timedlock, m, abs);
	return lock_until(m, CLOCK_REALTIME, abs, CALLER);
}

int pthread_mutex_clocklock(pthread_mutex_t *m, clockid_t clock,
			    const struct timespec *abs)
{
	if (!eng.cur)
		return HOST_CALL(pthread_mutex_clocklock, m, clock, abs);
	return lock_until(m, clock, abs, CALLER);
}

int pthread_mutex_trylock(pthread_mutex_t *m)
{
	struct thread *t = eng.cur;
	struct object *o;

	if (!t)
		return HOST_CALL(pthread_mutex_trylock, m);
	o = mutex_object(m, CALLER);
	if (o->owner == t->id && o->type == PTHREAD_MUTEX_RECURSIVE)
		return relock(o);
	return sync_trylock(t, o, CALLER);
}

static int not_owner(struct thread *t, struct object *o)
{
	if (o->type == PTHREAD_MUTEX_ERRORCHECK ||
	    o->type == PTHREAD_MUTEX_RECURSIVE)
		return EPERM;
	t->op.pc = 0;
	engine_fail(VERDICT_ASSERTION,
		    "thread %u unlocks mutex %u, which it does not hold",
		    t->id, o->id);
}

int pthread_mutex_unlock(pthread_mutex_t *m)
{
	struct thread *t = eng.cur;
	struct object *o;

	if (!t)
		return HOST_CALL(pthread_mutex_unlock, m);
	o = mutex_object(m, CALLER);
	if (unlikely(o->owner != t->id))
		return not_owner(t, o);
	if (unlikely(o->count > 1)) {
		o->count--;
		return 0;
	}
	sync_unlock(t, o, CALLER);
	return 0;
}

int pthread_mutex_init(pthread_mutex_t *m, const pthread_mutexattr_t *attr)
{
	struct thread *t = eng.cur;
	struct object *o;
	int ret;

	if (t) {
		sync_renew(m, CALLER);
		o = object_find((uintptr_t)m, OBJECT_MUTEX, 0);
		if (o)
			object_forget(o);
		eng.cur = NULL;
	}
	ret = HOST_CALL(pthread_mutex_init, m, attr);
	eng.cur = t;
	return ret;
}

int pthread_mutex_destroy(pthread_mutex_t *m)
{
	struct object *o;

	if (!eng.cur)
		return HOST_CALL(pthread_mutex_destroy, m);
	sync_renew(m, CALLER);
	o = object_find((uintptr_t)m, OBJECT_MUTEX, 0);
	if (!o)
		return 0;
	if (o->owner >= 0)
		engine_fail(VERDICT_ASSERTION,
			    "mutex %u destroyed while held by thread %d",
			    o->id, o->owner);
	object_forget(o);
	return 0;
}

int pthread_spin_init(pthread_spinlock_t *lock, int shared)
{
	struct object *o;

	if (!eng.cur)
		return HOST_CALL(pthread_spin_init, lock, shared);
	sync_renew((const void *)lock, CALLER);
	o = object_find((uintptr_t)lock, OBJECT_SPIN, 0);
	if (o)
		object_forget(o);
	return 0;
}

int pthread_spin_destroy(pthread_spinlock_t *lock)
{
	if (!eng.cur)
		return HOST_CALL(pthread_spin_destroy, lock);
	sync_renew((const void *)lock, CALLER);
	return 0;
}

int pthread_spin_lock(pthread_spinlock_t *lock)
{
	struct object *o;

	if (!eng.cur)
		return HOST_CALL(pthread_spin_lock, lock);
	o = sync_object((const void *)lock, OBJECT_SPIN, CALLER);
	return sync_lock(eng.cur, o, CALLER);
}

int pthread_spin_trylock(pthread_spinlock_t *lock)
{
	struct object *o;

	if (!eng.cur)
		return HOST_CALL(pthread_spin_trylock, lock);
	o = sync_object((const void *)lock, OBJECT_SPIN, CALLER);
	return sync_trylock(eng.cur, o, CALLER);
}

int pthread_spin_unlock(pthread_spinlock_t *lock)
{
	struct object *o;

	if (!eng.cur)
		return HOST_CALL(pthread_spin_unlock, lock);
	o = sync_object((const void *)lock, OBJECT_SPIN, CALLER);
	if (o->owner != eng.cur->id)
		return not_owner(eng.cur, o);
	sync_unlock(eng.cur, o, CALLER);
	return 0;
}
