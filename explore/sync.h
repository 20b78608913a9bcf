/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Common to the files that model waiting: sync_*.c replace libc's functions
 * of the same names.  While the host runs they call the originals.
 */
#ifndef EXPLORE_SYNC_H
#define EXPLORE_SYNC_H

#include <errno.h>
#include <stdint.h>
#include <time.h>

#include "explore/atomics.h"
#include "explore/coverage.h"
#include "explore/engine.h"
#include "explore/heap.h"
#include "explore/host.h"
#include "explore/object.h"
#include "explore/race.h"
#include "explore/stuck.h"

/* Call site of the function that replaces libc's. */
#define CALLER ((uintptr_t)__builtin_return_address(0))

/**
 * sync_touch() - the object's memory is used: it must be alive
 *
 * Nobody can free a variable, so only heap memory is worth the look.
 */
static inline void sync_touch(const void *p, uintptr_t pc)
{
	if (unlikely(heap_owns((uintptr_t)p)))
		race_access((uintptr_t)p, 1, RACE_ATOMIC, pc);
}

/** sync_renew() - the object's memory is initialised or destroyed. */
static inline void sync_renew(const void *p, uintptr_t pc)
{
	race_access((uintptr_t)p, 1, RACE_WRITE, pc);
}

/** sync_drain() - an operation that empties the store buffer follows. */
static inline void sync_drain(struct thread *t)
{
	if (unlikely(eng.model->drain != NULL))
		eng.model->drain(t);
}

/**
 * sync_object() - the object of @kind at @p, for an operation at @pc
 *
 * Return: never NULL.
 */
struct object *sync_object(const void *p, enum object_kind kind,
			   uintptr_t pc);

/** sync_block() - @t waits, until t->deadline unless that is -1. */
void sync_block(struct thread *t);

/** sync_unblock() - the wait of @t is over, by a wake-up or a timeout. */
void sync_unblock(struct thread *t);

/** sync_timed_out() - note that @t's wait timed out. */
void sync_timed_out(struct thread *t);

/** sync_deadline() - set t->deadline from @abs, NULL for none. */
void sync_deadline(struct thread *t, clockid_t clock,
		   const struct timespec *abs);

/** sync_trylock() - own @o if it is free.  Return: 0, or EBUSY. */
int sync_trylock(struct thread *t, struct object *o, uintptr_t pc);

/** sync_unhold() - take @o from the locks of @t. */
void sync_unhold(struct thread *t, struct object *o);

/** sync_first_waiter() - Return: the longest sleeper on @o, never NULL. */
struct thread *sync_first_waiter(const struct object *o);

/** sync_note_wake() - remember for reports who woke sleepers on @o. */
void sync_note_wake(struct thread *t, struct object *o, uintptr_t pc);

/** sync_futex_wait() - futex semantics.  Return: 0, EAGAIN, ETIMEDOUT. */
int sync_futex_wait(struct thread *t, const void *word, uint32_t val,
		    uintptr_t pc);

/** sync_futex_wake() - wake at most @nr.  Return: how many. */
int sync_futex_wake(struct thread *t, const void *word, int nr,
		    uintptr_t pc);

/** sync_yield() - others first; @spin when nothing can have changed. */
void sync_yield(struct thread *t, bool spin, uintptr_t pc);

/** sync_sleep() - let @ns of virtual time pass. */
void sync_sleep(struct thread *t, int64_t ns, uintptr_t pc);

/** sync_clock() - virtual time of @clock in nanoseconds. */
int64_t sync_clock(clockid_t clock);

/** sync_keys_start() - @t has no values yet. */
void sync_keys_start(struct thread *t);

/** sync_keys_exit() - call the destructors of @t's values. */
void sync_keys_exit(struct thread *t);

/** sync_keys_begin() - a new execution has no keys. */
void sync_keys_begin(void);

/** sync_keys_keep() - prologue_keep() of keys and values. */
void sync_keys_keep(void);

/** sync_rcu_keep() - prologue_keep() of readers and callbacks. */
void sync_rcu_keep(void);

/** sync_rcu_resume() - what was kept is of this execution now. */
void sync_rcu_resume(void);

/** sync_hold() - add @o to the locks of @t. */
static inline void sync_hold(struct thread *t, struct object *o, uintptr_t pc,
			     bool shared)
{
	if (t->nr_held == EX_MAX_HELD)
		return;
	t->held[t->nr_held++] = (struct held_lock){ o, pc, shared };
}

/** sync_take() - @t, chosen, becomes the owner of the free @o. */
static inline void sync_take(struct thread *t, struct object *o, uintptr_t pc)
{
	o->owner = t->id;
	o->count = 1;
	o->owner_pc = pc;
	eng.runnable &= ~(o->pending & ~eng.timed);
	object_acquire(t, o);
	coverage_take(t, o, pc);
	sync_hold(t, o, pc, false);
	t->idle = 0;
}

/** sync_give() - @o is free again; what @t did is released with it. */
static inline void sync_give(struct thread *t, struct object *o)
{
	sync_unhold(t, o);
	coverage_leave(t, o, t->op.pc);
	o->owner = -1;
	o->count = 0;
	object_release_only(t, o);
	eng.runnable |= o->pending;
	engine_wrote(t);
}

/**
 * sync_lock() - wait for @o, then own it
 *
 * Return: 0, or ETIMEDOUT when t->deadline is set.
 */
static __always_inline int sync_lock(struct thread *t, struct object *o,
				     uintptr_t pc)
{
	sync_drain(t);
	o->pending |= t->bit;
	if (o->owner >= 0)
		sync_block(t);
	op_begin(t, OP_LOCK, o, pc);
	o->pending &= ~t->bit;
	if (unlikely(o->owner >= 0)) {
		sync_timed_out(t);
		sync_unblock(t);
		return ETIMEDOUT;
	}
	if (unlikely(t->deadline >= 0))
		sync_unblock(t);
	sync_take(t, o, pc);
	return 0;
}

/** sync_unlock() - free @o, which @t owns. */
static __always_inline void sync_unlock(struct thread *t, struct object *o,
					uintptr_t pc)
{
	sync_drain(t);
	op_begin(t, OP_UNLOCK, o, pc);
	sync_give(t, o);
}

#endif
