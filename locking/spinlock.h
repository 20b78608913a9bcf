/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Spinlocks: PRIM-18, PRIM-19, CPR-5.  Unfair, not recursive.  A waiter looks
 * a few times and then parks on the lock word, keeping its emulated CPU; so a
 * lock with many more waiters than host cores does not collapse.
 *
 * raw_spinlock_t is the lock without validator and names, for locks beneath
 * the validator: interrupt locks of CPUs, internal locks of locking/.
 */
#ifndef LOCKING_SPINLOCK_H
#define LOCKING_SPINLOCK_H

#include "locking/annotate.h"
#include "locking/irqflags.h"
#include "locking/lockdep.h"

/*
 * word: 0 free, 1 held, 2 held and perhaps somebody is parked.  "Perhaps" is
 * the harmless way of being wrong; 1 with somebody parked is not.
 */
typedef struct __capability("raw_spinlock") raw_spinlock {
	int word;
} raw_spinlock_t;

#define RAW_SPINLOCK_UNLOCKED { .word = 0 }
#define DEFINE_RAW_SPINLOCK(name) raw_spinlock_t name = RAW_SPINLOCK_UNLOCKED

static inline void raw_spin_lock_init(raw_spinlock_t *l)
{
	WRITE_ONCE(l->word, 0);
}

/**
 * raw_spin_lock_slow() - wait for the lock
 * @l: lock
 *
 * Context: after the fast path failed.
 */
void raw_spin_lock_slow(raw_spinlock_t *l);

/* Return: whether taken.  A full barrier if so. */
static inline bool raw_spin_trylock(raw_spinlock_t *l)
	__try_acquires(true, l) __no_lock_analysis
{
	int free = 0;

	return __atomic_compare_exchange_n(&l->word, &free, 1, false,
					   __ATOMIC_SEQ_CST,
					   __ATOMIC_RELAXED);
}

static inline void raw_spin_lock(raw_spinlock_t *l)
	__acquires(l) __no_lock_analysis
{
	if (unlikely(!raw_spin_trylock(l)))
		raw_spin_lock_slow(l);
}

/* PRIM-14 rests on this: nothing of *l is touched after the exchange. */
static inline void raw_spin_unlock(raw_spinlock_t *l)
	__releases(l) __no_lock_analysis
{
	if (unlikely(__atomic_exchange_n(&l->word, 0, __ATOMIC_RELEASE) == 2))
		seam_futex_wake(&l->word, 1);
}

static inline bool raw_spin_is_locked(const raw_spinlock_t *l)
{
	return READ_ONCE(l->word) != 0;
}

typedef struct __capability("spinlock") spinlock {
	raw_spinlock_t raw;
	int waiters;	/* threads past the fast path; atomic */
	struct lock_map map;
} spinlock_t;

#define SPINLOCK_UNLOCKED(class) \
	{ .raw = RAW_SPINLOCK_UNLOCKED, .map = LOCK_MAP_INIT(class) }
#define DEFINE_SPINLOCK(name, class) spinlock_t name = SPINLOCK_UNLOCKED(class)

/**
 * spin_lock_init() - make a free lock
 * @l: lock
 * @class: its lock class
 *
 * Context: the only user.
 */
void spin_lock_init(spinlock_t *l, struct lock_class *class);

/**
 * spin_lock_destroy() - the lock's memory is going to be reused
 * @l: lock; held is a finding
 *
 * Context: the only user.
 */
#define spin_lock_destroy(l) spin_lock_destroy_at((l), LOCK_SITE())
void spin_lock_destroy_at(spinlock_t *l, const struct lock_site *site);

/**
 * spin_lock() - take the lock
 * @l: lock
 *
 * spin_lock_nested() is for a second lock of the same class, @sub larger than
 * the first one's (which is 0).
 *
 * Context: any; no sleeping until spin_unlock().  A full barrier (PRIM-18).
 */
#define spin_lock(l) spin_lock_at((l), 0, LOCK_SITE())
#define spin_lock_nested(l, sub) spin_lock_at((l), (sub), LOCK_SITE())
void spin_lock_at(spinlock_t *l, int sub, const struct lock_site *site)
	__acquires(l);

/**
 * spin_trylock() - take the lock if it is free
 * @l: lock
 *
 * Context: any.
 * Return: whether taken.
 */
#define spin_trylock(l) spin_trylock_at((l), LOCK_SITE())
bool spin_trylock_at(spinlock_t *l, const struct lock_site *site)
	__try_acquires(true, l);

/**
 * spin_unlock() - give the lock back
 * @l: lock, held by the caller
 *
 * Context: releases; nothing of *@l is touched after the store that frees it.
 */
#define spin_unlock(l) spin_unlock_at((l), LOCK_SITE())
void spin_unlock_at(spinlock_t *l, const struct lock_site *site)
	__releases(l);

#define spin_lock_irq(l) do {						\
	local_irq_disable();						\
	spin_lock(l);							\
} while (0)

#define spin_unlock_irq(l) do {						\
	spin_unlock(l);							\
	local_irq_enable();						\
} while (0)

#define spin_lock_irqsave(l, flags) do {				\
	local_irq_save(flags);						\
	spin_lock(l);							\
} while (0)

#define spin_unlock_irqrestore(l, flags) do {				\
	spin_unlock(l);							\
	local_irq_restore(flags);					\
} while (0)

/* Whether anybody holds @l; a snapshot. */
static inline bool spin_is_locked(const spinlock_t *l)
{
	return raw_spin_is_locked(&l->raw);
}

/**
 * spin_unlock_wait() - return after having seen the lock free (PRIM-19)
 * @l: lock, not held by the caller
 *
 * Takes nothing: others may hold it on return.  Who held it when the call
 * began has released it, and what he did is visible (ORD-6, with a full
 * barrier before the call).
 *
 * Context: any.
 */
#define spin_unlock_wait(l) spin_unlock_wait_at((l), LOCK_SITE())
void spin_unlock_wait_at(spinlock_t *l, const struct lock_site *site);

/* Whether somebody waits for @l, which the caller holds (CPR-5). */
static inline bool spin_needbreak(const spinlock_t *l)
{
	return READ_ONCE(l->waiters) > 0;
}

/**
 * cond_resched_lock() - let a waiter have the lock for a while (CPR-5)
 * @l: lock, held by the caller before and after
 *
 * Context: the caller may lose what the lock protects.
 * Return: whether the lock was dropped.
 */
#define cond_resched_lock(l) cond_resched_lock_at((l), LOCK_SITE())
bool cond_resched_lock_at(spinlock_t *l, const struct lock_site *site)
	__must_hold(l);

#endif
