// SPDX-License-Identifier: GPL-2.0-or-later
/* sem_*: the value lives in the semaphore's first word, as sem_init() puts it. */
#include <errno.h>
#include <semaphore.h>
#include <stdarg.h>

#include "explore/sync.h"
#include "explore/trace.h"

static struct object *sem_object(sem_t *sem, uintptr_t pc)
{
	struct object *o = object_find((uintptr_t)sem, OBJECT_SEM, 0);

	if (o)
		return sync_object(sem, OBJECT_SEM, pc);
	o = sync_object(sem, OBJECT_SEM, pc);
	o->count = *(unsigned int *)sem;
	return o;
}

int sem_init(sem_t *sem, int shared, unsigned int value)
{
	struct object *o;

	if (!eng.cur)
		return HOST_CALL(sem_init, sem, shared, value);
	sync_renew(sem, CALLER);
	o = object_find((uintptr_t)sem, OBJECT_SEM, 0);
	if (o)
		object_forget(o);
	*(unsigned long *)sem = value;
	object_get((uintptr_t)sem, OBJECT_SEM, 0)->count = value;
	return 0;
}

int sem_destroy(sem_t *sem)
{
	struct object *o;

	if (!eng.cur)
		return HOST_CALL(sem_destroy, sem);
	sync_renew(sem, CALLER);
	o = object_find((uintptr_t)sem, OBJECT_SEM, 0);
	if (o && o->pending)
		engine_fail(VERDICT_ASSERTION,
			    "semaphore %u destroyed with waiters", o->id);
	if (o)
		object_forget(o);
	return 0;
}

static void take(struct thread *t, struct object *o)
{
	if (!--o->count)
		eng.runnable &= ~(o->pending & ~eng.timed);
	object_acquire(t, o);
	t->idle = 0;
}

static int wait_until(struct thread *t, sem_t *sem, clockid_t clock,
		      const struct timespec *abs, uintptr_t pc)
{
	struct object *o = sem_object(sem, pc);

	sync_drain(t);
	if (abs)
		sync_deadline(t, clock, abs);
	o->pending |= t->bit;
	if (!o->count)
		sync_block(t);
	op_begin(t, OP_SEM_WAIT, o, pc);
	o->pending &= ~t->bit;
	if (!o->count) {
		sync_timed_out(t);
		sync_unblock(t);
		errno = ETIMEDOUT;
		return -1;
	}
	sync_unblock(t);
	take(t, o);
	return 0;
}

int sem_wait(sem_t *sem)
{
	if (!eng.cur)
		return HOST_CALL(sem_wait, sem);
	return wait_until(eng.cur, sem, 0, NULL, CALLER);
}

int sem_timedwait(sem_t *sem, const struct timespec *abs)
{
	if (!eng.cur)
		return HOST_CALL(sem_timedwait, sem, abs);
	return wait_until(eng.cur, sem, CLOCK_REALTIME, abs, CALLER);
}

int sem_trywait(sem_t *sem)
{
	struct thread *t = eng.cur;
	struct object *o;

	if (!t)
		return HOST_CALL(sem_trywait, sem);
	o = sem_object(sem, CALLER);
	sync_drain(t);
	op_begin(t, OP_TRYLOCK, o, CALLER);
	if (!o->count) {
		t->op.failed = true;
		errno = EAGAIN;
		return -1;
	}
	take(t, o);
	return 0;
}

int sem_post(sem_t *sem)
{
	struct thread *t = eng.cur;
	struct object *o;

	if (!t)
		return HOST_CALL(sem_post, sem);
	o = sem_object(sem, CALLER);
	sync_drain(t);
	op_begin(t, OP_SEM_POST, o, CALLER);
	o->count++;
	object_release(t, o);
	eng.runnable |= o->pending;
	sync_note_wake(t, o, CALLER);
	engine_wrote(t);
	return 0;
}

int sem_getvalue(sem_t *sem, int *value)
{
	struct thread *t = eng.cur;
	struct object *o;

	if (!t)
		return HOST_CALL(sem_getvalue, sem, value);
	o = sem_object(sem, CALLER);
	op_begin(t, OP_LOAD, o, CALLER);
	*value = (int)o->count;
	return 0;
}
