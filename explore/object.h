/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Objects: every address on which threads synchronise (an atomic location,
 * a mutex, a futex word, a thread to join) has one in the execution in which
 * it is first used.  Found through the shadow cell of the address.
 */
#ifndef EXPLORE_OBJECT_H
#define EXPLORE_OBJECT_H

#include <stdint.h>

#include "explore/clock.h"
#include "explore/engine.h"
#include "explore/race.h"

#define EX_MAX_OBJECTS (1u << 20)

enum object_kind {
	OBJECT_ATOMIC,
	OBJECT_MUTEX,
	OBJECT_RWLOCK,
	OBJECT_COND,
	OBJECT_SEM,
	OBJECT_BARRIER,
	OBJECT_ONCE,
	OBJECT_SPIN,
	OBJECT_THREAD,
	OBJECT_FUTEX,
	OBJECT_RCU,
	OBJECT_ANNOTATED, /* a lock known by __tsan_mutex_* only */
};

/* What comes before @rel is cleared at the first use. */
struct object {
	uint32_t id; /* in order of first use, from 1; the same in a replay */
	uint32_t next; /* another object at the same 8 bytes, or 0 */
	uintptr_t addr;
	uint8_t kind;
	uint8_t size; /* of an atomic location */
	uint8_t type; /* of a mutex: PTHREAD_MUTEX_* */
	int8_t owner; /* thread id, or -1 */
	uint32_t count; /* recursion, semaphore value, barrier limit */
	uint64_t pending; /* threads whose next operation needs it free */
	uint64_t rpending; /* the same, shared */
	uint64_t waiters; /* threads asleep on a condition or a futex */
	uint64_t readers; /* threads holding it shared */
	uint64_t queue; /* ticket of the youngest sleeper */
	uint64_t hash; /* happens-before class: last write */
	uint64_t rhash; /* and the reads since */
	uint32_t store_head; /* C11: youngest store in the store pool, or 0 */
	uint32_t last_event; /* DPOR: youngest event, or 0 */
	uint32_t last_waker; /* lost wake-ups: thread, pc, step */
	uintptr_t last_wake_pc;
	uint64_t last_wake_step;
	uintptr_t owner_pc;
	uint32_t left_pc; /* who wrote or unlocked it last, for coverage */
	uint8_t left_tid;
	struct vclock rel; /* what acquiring it adds */
	struct vclock rd_rel; /* rwlock: what read unlocks released */
};

/** object_lookup() - object_get() where the first object is another one. */
struct object *object_lookup(uintptr_t addr, enum object_kind kind,
			     unsigned int size);

/**
 * object_get() - the object at @addr, made at its first use
 * @size: of an atomic location, 0 otherwise
 *
 * Context: program under test.
 * Return: never NULL.
 */
static inline struct object *object_get(uintptr_t addr, enum object_kind kind,
					unsigned int size)
{
	const struct cell *c = race_cell(addr);
	struct object *o = &eng.objects[c->obj];

	if (likely(c->stamp == eng.exec && c->obj && o->addr == addr &&
		   o->kind == kind && o->size == size))
		return o;
	return object_lookup(addr, kind, size);
}

/** object_find() - Return: the object at @addr, or NULL; as object_get(). */
struct object *object_find(uintptr_t addr, enum object_kind kind,
			   unsigned int size);

/** object_forget() - the synchronisation object at @addr was destroyed. */
void object_forget(struct object *obj);

/** object_kind_name() - Return: a word for messages. */
const char *object_kind_name(enum object_kind kind);

/** object_acquire() - @t learns what was released through @obj. */
static inline void object_acquire(struct thread *t, const struct object *obj)
{
	vclock_join(&t->hb, &obj->rel);
}

/** object_release() - @obj carries what @t did, and what it carried. */
static inline void object_release(struct thread *t, struct object *obj)
{
	vclock_join(&obj->rel, &t->hb);
	thread_epoch(t);
}

/** object_release_only() - @obj carries what @t did and nothing else. */
static inline void object_release_only(struct thread *t, struct object *obj)
{
	vclock_release(&obj->rel, &t->hb, t->id);
	thread_epoch(t);
}

#endif
