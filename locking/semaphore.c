// SPDX-License-Identifier: GPL-2.0-or-later
/* Counting semaphores: PRIM-16. */
#include "locking/semaphore.h"
#include "locking/tsan_annotate.h"

void sema_init(struct semaphore *sem, int n, struct lock_class *class)
{
	wait_fifo_init(&sem->wait);
	sem->count = n;
	sem->mutex = false;
	lock_map_init(&sem->map, class);
}

void init_MUTEX(struct semaphore *sem, struct lock_class *class)
{
	sema_init(sem, 1, class);
	sem->mutex = true;
	tsan_lock_create(sem);
}

/* Queue, and compete whenever woken. */
static void wait_for_unit(struct semaphore *sem, const struct lock_site *site)
	__must_hold(&sem->wait.lock)
{
	struct wait_fifo_entry e;

	lwait_begin(LWAIT_SEMAPHORE, &sem->map, lock_map_class(&sem->map),
		    site);
	wait_fifo_add(&sem->wait, &e);
	do {
		tsan_pre_divert(sem);
		wait_fifo_sleep(&sem->wait, &e);
		tsan_post_divert(sem);
	} while (sem->count <= 0);
	cds_list_del(&e.node);
	lwait_end();
}

static void take_unit(struct semaphore *sem, const struct lock_site *site)
{
	raw_spin_lock(&sem->wait.lock);
	if (sem->count <= 0)
		wait_for_unit(sem, site);
	sem->count--;
	raw_spin_unlock(&sem->wait.lock);
}

void __no_lock_analysis down_at(struct semaphore *sem,
				const struct lock_site *site)
{
	might_sleep_at(site);
	if (!sem->mutex) {
		take_unit(sem, site);
		return;
	}
	lock_acquire(&sem->map, 0, site);
	tsan_pre_lock(sem);
	take_unit(sem, site);
	tsan_post_lock(sem);
	lock_acquired(&sem->map, 0, site);
}

static bool try_take_unit(struct semaphore *sem)
{
	bool ok;

	raw_spin_lock(&sem->wait.lock);
	ok = sem->count > 0;
	if (ok)
		sem->count--;
	raw_spin_unlock(&sem->wait.lock);
	return ok;
}

int __no_lock_analysis down_trylock_at(struct semaphore *sem,
				       const struct lock_site *site)
{
	bool ok;

	if (!sem->mutex)
		return !try_take_unit(sem);
	tsan_pre_trylock(sem);
	ok = try_take_unit(sem);
	tsan_post_trylock(sem, ok);
	if (ok)
		lock_acquired(&sem->map, LOCK_HOW_TRY, site);
	return !ok;
}

static void give_unit(struct semaphore *sem)
{
	struct lthread *t;

	raw_spin_lock(&sem->wait.lock);
	sem->count++;
	t = wait_fifo_pick(&sem->wait);
	raw_spin_unlock(&sem->wait.lock);
	if (t)
		lthread_wake(t);
}

void __no_lock_analysis up_at(struct semaphore *sem,
			      const struct lock_site *site)
{
	if (!sem->mutex) {
		give_unit(sem);
		return;
	}
	lock_release(&sem->map, 0, site);
	tsan_pre_unlock(sem);
	give_unit(sem);
	tsan_post_unlock(sem);
}
