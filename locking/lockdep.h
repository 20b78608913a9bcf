/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The lock validator.  It knows lock classes and the order in which they
 * nest (documented with lock_order(), or learnt), keeps a shadow of who holds
 * each lock, and reports
 *
 *   - an order that contradicts an earlier one, with both places,
 *   - two locks of one class without a _nested variant, a lock taken twice,
 *   - a lock granted while the shadow says that it cannot be,
 *   - unlocking by somebody else, freeing what is held,
 *   - sleeping under a spinlock or with interrupts off.
 *
 * A lock calls lock_acquire() before it may wait, lock_acquired() when it
 * owns, lock_release() before it gives up.  A trylock that failed calls
 * nothing.  -DLOCK_VALIDATOR=0 compiles all of it out.
 */
#ifndef LOCKING_LOCKDEP_H
#define LOCKING_LOCKDEP_H

#include "locking/report.h"
#include "locking/thread.h"

#ifndef LOCK_VALIDATOR
#define LOCK_VALIDATOR 1
#endif

#define LOCK_MAX_CLASSES 64

/* One kind of lock, such as all page_table_locks; ids come on first use. */
struct lock_class {
	const char *name;
	int id;			/* 0: none yet; atomic */
};

/* Unused where the validator is compiled out and the class is static. */
#define DEFINE_LOCK_CLASS(class, text) \
	struct lock_class class __attribute__((unused)) = { .name = (text) }

/* How a lock is taken; the sort of lock is constant at each caller. */
enum lock_how {
	LOCK_HOW_READ = 1,	/* else for writing */
	LOCK_HOW_TRY = 2,	/* did not wait: no order to learn */
	LOCK_HOW_SPIN = 4,	/* nobody may sleep under it */
	LOCK_HOW_RECURSIVE = 8,	/* readers may nest: PRIM-20 */
};

#define LOCK_HOW_NESTED(sub) ((unsigned int)(sub) << 8)

#if LOCK_VALIDATOR

/*
 * Shadow of one lock, embedded as .map.  Changed by holders only; relaxed
 * accesses, so that it adds no order to the lock it watches.
 */
struct lock_map {
	struct lock_class *class;
	struct lthread *owner;		/* writer, or NULL */
	const struct lock_site *site;	/* where the last holder took it */
	unsigned long since;		/* jiffies, of the same */
	int readers;
};

#define LOCK_MAP_INIT(c) { .class = (c) }
#define lock_map_class(map) ((map)->class)

/**
 * lock_map_init() - a lock comes into being, free
 * @map: its shadow
 * @class: its class
 *
 * Context: the only user.
 */
void lock_map_init(struct lock_map *map, struct lock_class *class);

/**
 * lock_map_name() - what the lock is called
 * @map: where a map would be; any readable memory
 *
 * Context: any.
 * Return: the name of the class, or NULL if it is not the map of a lock that
 * was ever taken.
 */
const char *lock_map_name(const struct lock_map *map);

/**
 * lock_map_destroy() - a lock ceases to be; held is a finding
 * @map: its shadow
 * @site: where
 *
 * Context: the only user.
 */
void lock_map_destroy(struct lock_map *map, const struct lock_site *site);

/**
 * lock_acquire() - the calling thread is going to take a lock
 * @map: its shadow
 * @how: enum lock_how, with LOCK_HOW_NESTED()
 * @site: where
 *
 * Checks recursion and order; learns the order.  Not for trylocks.
 *
 * Context: any.  Takes no lock on the fast path.
 */
void lock_acquire(struct lock_map *map, unsigned int how,
		  const struct lock_site *site);

/**
 * lock_acquired() - the calling thread has got it
 * @map: its shadow
 * @how: enum lock_how
 * @site: where
 *
 * Context: the lock is held.
 */
void lock_acquired(struct lock_map *map, unsigned int how,
		   const struct lock_site *site);

/**
 * lock_release() - the calling thread is going to give it back
 * @map: its shadow
 * @how: LOCK_HOW_READ or 0, and LOCK_HOW_SPIN
 * @site: where
 *
 * Context: the lock is still held.
 */
void lock_release(struct lock_map *map, unsigned int how,
		  const struct lock_site *site);

/**
 * lock_downgrade() - a writer is going to become a reader
 * @map: shadow
 * @site: where
 *
 * Context: the lock is held for writing.
 */
void lock_downgrade(struct lock_map *map, const struct lock_site *site);

/**
 * lock_order() - document that @inner may be taken inside @outer
 * @outer: class
 * @inner: class
 *
 * Context: any; a contradiction to what is known is a finding.
 */
#define lock_order(outer, inner) lock_order_at((outer), (inner), LOCK_SITE())
void lock_order_at(struct lock_class *outer, struct lock_class *inner,
		   const struct lock_site *site);

/** lockdep_reset() - forget every order learnt or documented; for tests. */
void lockdep_reset(void);

/**
 * lock_is_held() - does the calling thread hold it
 * @map: shadow
 *
 * Context: any.
 * Return: 0 no, 1 for reading, 2 for writing.
 */
int lock_is_held(const struct lock_map *map);

/**
 * might_sleep_at() - report if the calling thread must not sleep here
 * @site: where
 *
 * Context: any.
 */
void might_sleep_at(const struct lock_site *site);

/**
 * lock_innermost_enter() - a raw lock has been taken, the innermost of all
 *
 * Until lock_innermost_leave() every lock with a class is a finding.
 *
 * Context: any.
 */
static inline void lock_innermost_enter(void)
{
	lthread_self()->innermost++;
}

/** lock_innermost_leave() - it is about to be released. */
static inline void lock_innermost_leave(void)
{
	lthread_self()->innermost--;
}

/**
 * locks_held_text() - describe the locks a thread holds, a line each
 * @t: any thread; a snapshot if it runs
 * @buf: where to
 * @size: bytes of @buf, at least 1
 *
 * Context: any.
 * Return: how many locks.
 */
int locks_held_text(const struct lthread *t, char *buf, size_t size);

/**
 * lock_assert_at() - a finding unless the lock is held as it should be
 * @map: shadow
 * @at_least: as lock_is_held()
 * @at_most: as lock_is_held()
 * @site: where
 *
 * Context: any.
 */
void lock_assert_at(const struct lock_map *map, int at_least, int at_most,
		    const struct lock_site *site);

/* @l: any lock with a .map */
#define lockdep_assert_held(l) lock_assert_at(&(l)->map, 1, 2, LOCK_SITE())
#define lockdep_assert_held_read(l) \
	lock_assert_at(&(l)->map, 1, 1, LOCK_SITE())
#define lockdep_assert_held_write(l) \
	lock_assert_at(&(l)->map, 2, 2, LOCK_SITE())
#define lockdep_assert_not_held(l) \
	lock_assert_at(&(l)->map, 0, 0, LOCK_SITE())
#define might_sleep() might_sleep_at(LOCK_SITE())

#else /* !LOCK_VALIDATOR */

struct lock_map {
};

#define LOCK_MAP_INIT(c) { }
#define lock_map_class(map) ((void)(map), (struct lock_class *)NULL)
#define lock_map_init(map, class) ((void)(map), (void)(class))
#define lock_map_name(map) ((void)(map), (const char *)NULL)
#define lock_map_destroy(map, site) ((void)(map), (void)(site))
#define lock_acquire(map, how, site) \
	((void)(map), (void)(how), (void)(site))
#define lock_acquired(map, how, site) \
	((void)(map), (void)(how), (void)(site))
#define lock_release(map, how, site) \
	((void)(map), (void)(how), (void)(site))
#define lock_downgrade(map, site) ((void)(map), (void)(site))
#define lock_order(outer, inner) ((void)(outer), (void)(inner))
#define lockdep_reset() ((void)0)
#define might_sleep_at(site) ((void)(site))
#define lock_innermost_enter() ((void)0)
#define lock_innermost_leave() ((void)0)
#define lockdep_assert_held(l) ((void)(l))
#define lockdep_assert_held_read(l) ((void)(l))
#define lockdep_assert_held_write(l) ((void)(l))
#define lockdep_assert_not_held(l) ((void)(l))
#define might_sleep() ((void)0)

static inline int locks_held_text(const struct lthread *t, char *buf,
				  size_t size)
{
	(void)t;
	(void)size;
	buf[0] = '\0';
	return 0;
}

#endif

#endif
