// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Reader-writer spinlocks on one futex word (PRIM-20):
 *
 *   bit 0   a writer holds it
 *   bit 1   readers may be parked; set only while a writer holds it
 *   bit 2   writers may be parked
 *   3...    number of readers
 *
 * All sleep on the whole word, with the value in which they had their flag.
 * Readers sleep only while a writer holds the lock, and he wakes all when he
 * leaves; so whoever sleeps while no writer holds it is a writer, and the
 * last reader may wake just one.  A writer who has slept takes the lock with
 * bit 2 set: others may be parked.
 *
 * A release is one atomic operation; what follows uses only the address.
 */
#include <limits.h>

#include "locking/rwlock.h"
#include "locking/tsan_annotate.h"

#define WRITER 1
#define PARKED_R 2
#define PARKED_W 4
#define READER 8

#define READ_HOW (LOCK_HOW_SPIN | LOCK_HOW_READ | LOCK_HOW_RECURSIVE)

void rwlock_init(rwlock_t *l, struct lock_class *class)
{
	WRITE_ONCE(l->word, 0);
	lock_map_init(&l->map, class);
	tsan_lock_create(l);
}

void rwlock_destroy_at(rwlock_t *l, const struct lock_site *site)
{
	lock_map_destroy(&l->map, site);
	tsan_lock_destroy(l);
}

bool rwlock_is_locked(const rwlock_t *l)
{
	return READ_ONCE(l->word) & ~(PARKED_R | PARKED_W);
}

static bool try_read(rwlock_t *l)
{
	int word = READ_ONCE(l->word);

	do {
		if (word & WRITER)
			return false;
	} while (!__atomic_compare_exchange_n(&l->word, &word, word + READER,
					      false, __ATOMIC_SEQ_CST,
					      __ATOMIC_RELAXED));
	return true;
}

/* @parked: PARKED_W if the caller has slept, else 0. */
static bool try_write(rwlock_t *l, int parked)
{
	int word = READ_ONCE(l->word);

	do {
		if (word & ~(PARKED_R | PARKED_W))
			return false;
	} while (!__atomic_compare_exchange_n(&l->word, &word,
					      word | WRITER | parked, false,
					      __ATOMIC_SEQ_CST,
					      __ATOMIC_RELAXED));
	return true;
}

/* Sleep with @flag set in the word, as long as any of @busy is. */
static void park(rwlock_t *l, int flag, int busy)
{
	int word = READ_ONCE(l->word);

	if (!(word & busy))
		return;
	if (!(word & flag) &&
	    !__atomic_compare_exchange_n(&l->word, &word, word | flag, false,
					 __ATOMIC_RELAXED, __ATOMIC_RELAXED))
		return;
	seam_futex_wait(&l->word, word | flag, -1);
}

static void read_lock_slow(rwlock_t *l, const struct lock_site *site)
{
	lwait_begin(LWAIT_RWLOCK_READ, &l->map, lock_map_class(&l->map), site);
	for (int i = 0; !try_read(l); i++) {
		if (i < seam_spin_limit)
			seam_cpu_relax();
		else
			park(l, PARKED_R, WRITER);
	}
	lwait_end();
}

static void write_lock_slow(rwlock_t *l, const struct lock_site *site)
{
	int parked = 0;

	lwait_begin(LWAIT_RWLOCK_WRITE, &l->map, lock_map_class(&l->map),
		    site);
	for (int i = 0; !try_write(l, parked); i++) {
		if (i < seam_spin_limit) {
			seam_cpu_relax();
			continue;
		}
		park(l, PARKED_W, ~(PARKED_R | PARKED_W));
		parked = PARKED_W;
	}
	lwait_end();
}

void __no_lock_analysis read_lock_at(rwlock_t *l,
				     const struct lock_site *site)
{
	lock_acquire(&l->map, READ_HOW, site);
	tsan_pre_read_lock(l);
	if (unlikely(!try_read(l)))
		read_lock_slow(l, site);
	tsan_post_read_lock(l);
	lock_acquired(&l->map, READ_HOW, site);
}

bool __no_lock_analysis read_trylock_at(rwlock_t *l,
					const struct lock_site *site)
{
	bool ok;

	tsan_pre_read_trylock(l);
	ok = try_read(l);
	tsan_post_read_trylock(l, ok);
	if (ok)
		lock_acquired(&l->map, READ_HOW | LOCK_HOW_TRY, site);
	return ok;
}

void __no_lock_analysis read_unlock_at(rwlock_t *l,
				       const struct lock_site *site)
{
	int word;

	lock_release(&l->map, READ_HOW, site);
	tsan_pre_read_unlock(l);
	word = __atomic_sub_fetch(&l->word, READER, __ATOMIC_RELEASE);
	if (unlikely((word & PARKED_W) && word < READER))
		seam_futex_wake(&l->word, 1);
	tsan_post_read_unlock(l);
}

void __no_lock_analysis write_lock_at(rwlock_t *l,
				      const struct lock_site *site)
{
	lock_acquire(&l->map, LOCK_HOW_SPIN, site);
	tsan_pre_lock(l);
	if (unlikely(!try_write(l, 0)))
		write_lock_slow(l, site);
	tsan_post_lock(l);
	lock_acquired(&l->map, LOCK_HOW_SPIN, site);
}

bool __no_lock_analysis write_trylock_at(rwlock_t *l,
					 const struct lock_site *site)
{
	bool ok;

	tsan_pre_trylock(l);
	ok = try_write(l, 0);
	tsan_post_trylock(l, ok);
	if (ok)
		lock_acquired(&l->map, LOCK_HOW_SPIN | LOCK_HOW_TRY, site);
	return ok;
}

void __no_lock_analysis write_unlock_at(rwlock_t *l,
					const struct lock_site *site)
{
	int word;

	lock_release(&l->map, LOCK_HOW_SPIN, site);
	tsan_pre_unlock(l);
	word = __atomic_exchange_n(&l->word, 0, __ATOMIC_RELEASE);
	if (unlikely(word & (PARKED_R | PARKED_W)))
		seam_futex_wake(&l->word, word & PARKED_R ? INT_MAX : 1);
	tsan_post_unlock(l);
}
