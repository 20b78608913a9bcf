// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Spinlocks on a futex word: 0 free, 1 held, 2 held and perhaps somebody is
 * parked.
 *
 *   unlock()                          slow path
 *     (A) old = xchg(word, 0)           (B) old = xchg(word, 2)
 *     if old == 2 wake one              if old == 0 it is ours
 *                                       (C) sleep while word == 2
 *
 * If (A) comes before (C) the sleep returns at once; if after, it finds the
 * 2 of (B) and wakes.  Who wakes takes the lock with 2: others may be parked.
 */
#include "locking/spinlock.h"
#include "locking/tsan_annotate.h"

/* The releases of the past are acquired, whichever way we get in. */
static bool __no_lock_analysis spin_a_while(raw_spinlock_t *l)
	__try_acquires(true, l)
{
	for (int i = 0; i < seam_spin_limit; i++) {
		if (READ_ONCE(l->word) == 0 && raw_spin_trylock(l))
			return true;
		seam_cpu_relax();
	}
	return false;
}

void __no_lock_analysis raw_spin_lock_slow(raw_spinlock_t *l)
{
	if (spin_a_while(l))
		return;
	while (__atomic_exchange_n(&l->word, 2, __ATOMIC_SEQ_CST))
		seam_futex_wait(&l->word, 2, -1);
}

void spin_lock_init(spinlock_t *l, struct lock_class *class)
{
	raw_spin_lock_init(&l->raw);
	WRITE_ONCE(l->waiters, 0);
	lock_map_init(&l->map, class);
	tsan_lock_create(l);
}

void spin_lock_destroy_at(spinlock_t *l, const struct lock_site *site)
{
	lock_map_destroy(&l->map, site);
	tsan_lock_destroy(l);
}

void __no_lock_analysis spin_lock_at(spinlock_t *l, int sub,
				     const struct lock_site *site)
{
	lock_acquire(&l->map, LOCK_HOW_SPIN | LOCK_HOW_NESTED(sub), site);
	tsan_pre_lock(l);
	if (unlikely(!raw_spin_trylock(&l->raw))) {
		lwait_begin(LWAIT_SPINLOCK, &l->map, lock_map_class(&l->map),
			    site);
		__atomic_fetch_add(&l->waiters, 1, __ATOMIC_RELAXED);
		raw_spin_lock_slow(&l->raw);
		__atomic_fetch_sub(&l->waiters, 1, __ATOMIC_RELAXED);
		lwait_end();
	}
	tsan_post_lock(l);
	lock_acquired(&l->map, LOCK_HOW_SPIN | LOCK_HOW_NESTED(sub), site);
}

bool __no_lock_analysis spin_trylock_at(spinlock_t *l,
					const struct lock_site *site)
{
	bool ok;

	tsan_pre_trylock(l);
	ok = raw_spin_trylock(&l->raw);
	tsan_post_trylock(l, ok);
	if (ok)
		lock_acquired(&l->map, LOCK_HOW_SPIN | LOCK_HOW_TRY, site);
	return ok;
}

void __no_lock_analysis spin_unlock_at(spinlock_t *l,
				       const struct lock_site *site)
{
	lock_release(&l->map, LOCK_HOW_SPIN, site);
	tsan_pre_unlock(l);
	raw_spin_unlock(&l->raw);
	tsan_post_unlock(l);
}

/*
 * Sleep until the lock has been seen free, as one of the parked.  We may
 * have eaten the wake-up of somebody who wants the lock: pass it on.
 */
static void park_until_unlocked(raw_spinlock_t *l)
{
	int word;

	while ((word = __atomic_load_n(&l->word, __ATOMIC_SEQ_CST)) != 0) {
		if (word == 2 ||
		    __atomic_compare_exchange_n(&l->word, &word, 2, false,
						__ATOMIC_RELAXED,
						__ATOMIC_RELAXED))
			seam_futex_wait(&l->word, 2, -1);
	}
	seam_futex_wake(&l->word, 1);
}

void spin_unlock_wait_at(spinlock_t *l, const struct lock_site *site)
{
	for (int i = 0; i <= seam_spin_limit; i++) {
		/* PRIM-19; pairs with the release in raw_spin_unlock(). */
		if (__atomic_load_n(&l->raw.word, __ATOMIC_SEQ_CST) == 0)
			return;
		seam_cpu_relax();
	}
	lwait_begin(LWAIT_SPINLOCK, &l->map, lock_map_class(&l->map), site);
	park_until_unlocked(&l->raw);
	lwait_end();
}

bool __no_lock_analysis cond_resched_lock_at(spinlock_t *l,
					     const struct lock_site *site)
{
	if (!spin_needbreak(l))
		return false;
	/* CPR-5: drop, relax, retake. */
	spin_unlock_at(l, site);
	seam_yield();
	spin_lock_at(l, 0, site);
	return true;
}
