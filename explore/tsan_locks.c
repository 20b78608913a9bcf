// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Annotations of hand-made locks.  Happens-before comes from the atomics the
 * locks are made of, so these only tell reports who holds and wants what.
 * __tsan_acquire() and __tsan_release() do order.
 */
#include "explore/object.h"
#include "explore/sync.h"
#include "explore/tsan_callbacks.h"

#define FLAG_READ_LOCK (1u << 3)
#define FLAG_TRY_LOCK (1u << 4)
#define FLAG_TRY_LOCK_FAILED (1u << 5)

#define PC ((uintptr_t)__builtin_return_address(0))

/* A lock made by hand is a function: what matters is where it was called. */
static uintptr_t call_site(const struct thread *t, uintptr_t pc)
{
	return t->frame > t->frames ? t->frame[-1] : pc;
}

static struct object *lock_object(void *addr)
{
	return object_get((uintptr_t)addr, OBJECT_ANNOTATED, 0);
}

void __tsan_acquire(void *addr)
{
	struct thread *t = eng.cur;

	if (t)
		object_acquire(t, lock_object(addr));
}

void __tsan_release(void *addr)
{
	struct thread *t = eng.cur;

	if (!t)
		return;
	sync_drain(t); /* what it stands for is a store, behind all others */
	object_release(t, lock_object(addr));
}

void __tsan_mutex_create(void *addr, unsigned int flags)
{
	struct object *o;

	(void)flags;
	if (!eng.cur)
		return;
	o = object_find((uintptr_t)addr, OBJECT_ANNOTATED, 0);
	if (o)
		object_forget(o);
}

void __tsan_mutex_destroy(void *addr, unsigned int flags)
{
	__tsan_mutex_create(addr, flags);
}

void __tsan_mutex_pre_lock(void *addr, unsigned int flags)
{
	struct thread *t = eng.cur;

	if (t && !(flags & FLAG_TRY_LOCK))
		t->wants = lock_object(addr);
}

void __tsan_mutex_post_lock(void *addr, unsigned int flags, int recursion)
{
	struct thread *t = eng.cur;
	struct object *o;
	bool shared = flags & FLAG_READ_LOCK;

	(void)recursion;
	if (!t)
		return;
	t->wants = NULL;
	if (flags & FLAG_TRY_LOCK_FAILED)
		return;
	o = lock_object(addr);
	coverage_take(t, o, call_site(t, PC));
	sync_hold(t, o, PC, shared);
	if (shared)
		o->readers |= t->bit;
	else
		o->owner = t->id;
}

int __tsan_mutex_pre_unlock(void *addr, unsigned int flags)
{
	struct thread *t = eng.cur;
	struct object *o;

	if (!t)
		return 0;
	o = lock_object(addr);
	sync_unhold(t, o);
	coverage_leave(t, o, call_site(t, PC));
	if (flags & FLAG_READ_LOCK)
		o->readers &= ~t->bit;
	else
		o->owner = -1;
	return 0;
}

void __tsan_mutex_post_unlock(void *addr, unsigned int flags)
{
	(void)addr;
	(void)flags;
}

void __tsan_mutex_pre_signal(void *addr, unsigned int flags)
{
	(void)addr;
	(void)flags;
}

void __tsan_mutex_post_signal(void *addr, unsigned int flags)
{
	(void)addr;
	(void)flags;
}

void __tsan_mutex_pre_divert(void *addr, unsigned int flags)
{
	(void)addr;
	(void)flags;
}

void __tsan_mutex_post_divert(void *addr, unsigned int flags)
{
	(void)addr;
	(void)flags;
}
