/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reader-writer spinlocks with reader preference: PRIM-20.  Readers are
 * admitted while a writer waits, so a read lock may be taken recursively and
 * writers can starve.  Waiters look a few times, then park.
 */
#ifndef LOCKING_RWLOCK_H
#define LOCKING_RWLOCK_H

#include "locking/annotate.h"
#include "locking/irqflags.h"
#include "locking/lockdep.h"

typedef struct __capability("rwlock") rwlock {
	int word;	/* writer, parked flags, readers: see rwlock.c */
	struct lock_map map;
} rwlock_t;

#define RWLOCK_UNLOCKED(class) { .word = 0, .map = LOCK_MAP_INIT(class) }
#define DEFINE_RWLOCK(name, class) rwlock_t name = RWLOCK_UNLOCKED(class)

/**
 * rwlock_init() - make a free lock
 * @l: lock
 * @class: its lock class
 *
 * Context: the only user.
 */
void rwlock_init(rwlock_t *l, struct lock_class *class);

/**
 * rwlock_destroy() - the lock's memory is going to be reused
 * @l: lock; held is a finding
 *
 * Context: the only user.
 */
#define rwlock_destroy(l) rwlock_destroy_at((l), LOCK_SITE())
void rwlock_destroy_at(rwlock_t *l, const struct lock_site *site);

/**
 * read_lock() - share the lock with other readers
 * @l: lock; the caller may hold it for reading already
 *
 * Context: any; no sleeping until read_unlock().
 */
#define read_lock(l) read_lock_at((l), LOCK_SITE())
void read_lock_at(rwlock_t *l, const struct lock_site *site)
	__acquires_shared(l);

/**
 * read_trylock() - share the lock if no writer holds it
 * @l: lock
 *
 * Context: any.
 * Return: whether taken.
 */
#define read_trylock(l) read_trylock_at((l), LOCK_SITE())
bool read_trylock_at(rwlock_t *l, const struct lock_site *site)
	__try_acquires_shared(true, l);

/**
 * read_unlock() - undo one read_lock()
 * @l: lock
 *
 * Context: holds @l for reading.
 */
#define read_unlock(l) read_unlock_at((l), LOCK_SITE())
void read_unlock_at(rwlock_t *l, const struct lock_site *site)
	__releases_shared(l);

/**
 * write_lock() - take the lock alone
 * @l: lock
 *
 * Context: any; no sleeping until write_unlock().
 */
#define write_lock(l) write_lock_at((l), LOCK_SITE())
void write_lock_at(rwlock_t *l, const struct lock_site *site) __acquires(l);

/**
 * write_trylock() - take the lock if it is idle
 * @l: lock
 *
 * Context: any.
 * Return: whether taken.
 */
#define write_trylock(l) write_trylock_at((l), LOCK_SITE())
bool write_trylock_at(rwlock_t *l, const struct lock_site *site)
	__try_acquires(true, l);

/**
 * write_unlock() - give the lock back
 * @l: lock
 *
 * Context: holds @l for writing.
 */
#define write_unlock(l) write_unlock_at((l), LOCK_SITE())
void write_unlock_at(rwlock_t *l, const struct lock_site *site)
	__releases(l);

#define read_lock_irq(l) do {						\
	local_irq_disable();						\
	read_lock(l);							\
} while (0)

#define read_unlock_irq(l) do {						\
	read_unlock(l);							\
	local_irq_enable();						\
} while (0)

#define read_lock_irqsave(l, flags) do {				\
	local_irq_save(flags);						\
	read_lock(l);							\
} while (0)

#define read_unlock_irqrestore(l, flags) do {				\
	read_unlock(l);							\
	local_irq_restore(flags);					\
} while (0)

#define write_lock_irq(l) do {						\
	local_irq_disable();						\
	write_lock(l);							\
} while (0)

#define write_unlock_irq(l) do {					\
	write_unlock(l);						\
	local_irq_enable();						\
} while (0)

#define write_lock_irqsave(l, flags) do {				\
	local_irq_save(flags);						\
	write_lock(l);							\
} while (0)

#define write_unlock_irqrestore(l, flags) do {				\
	write_unlock(l);						\
	local_irq_restore(flags);					\
} while (0)

/* Whether anybody holds @l in any mode; a snapshot. */
bool rwlock_is_locked(const rwlock_t *l);

#endif
