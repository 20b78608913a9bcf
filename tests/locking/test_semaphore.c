// SPDX-License-Identifier: GPL-2.0-or-later
#include "locking/semaphore.h"
#include "tests/locking/util.h"

DEFINE_LOCK_CLASS(mutex_class, "mutex");
DEFINE_LOCK_CLASS(units_class, "units");

static struct semaphore mutex, units;
static atomic_t inside, most;
static long counter;

static void setup(void)
{
	capture_findings();
	init_MUTEX(&mutex, &mutex_class);
	sema_init(&units, 3, &units_class);
}

TestSuite(semaphore, .timeout = 20, .init = setup, .fini = assert_no_leaks);

static void *use_both(void *arg)
{
	for (int i = 0; i < 500; i++) {
		int n;

		down(&mutex);
		counter++;
		up(&mutex);
		down(&units);
		n = atomic_inc_return(&inside);
		if (n > atomic_read(&most))
			atomic_set(&most, n);
		atomic_dec(&inside);
		up(&units);
	}
	return arg;
}

Test(semaphore, mutex_excludes_and_units_are_counted)
{
	pthread_t t[16];

	for (int i = 0; i < 16; i++)
		t[i] = run(use_both, NULL);
	for (int i = 0; i < 16; i++)
		join(t[i]);
	cr_assert_eq(counter, 16 * 500);
	cr_assert_leq(atomic_read(&most), 3);
	/* Those who slept took one unit each, and gave it back. */
	cr_assert_eq(mutex.count, 1);
	cr_assert_eq(units.count, 3);
	assert_nothing_found();
}

static int try_twice(struct semaphore *sem) __no_lock_analysis
{
	int first = down_trylock(sem), second = down_trylock(sem);

	up(sem);
	return first * 10 + second;
}

Test(semaphore, trylock_returns_0_for_taken)
{
	cr_assert_eq(try_twice(&mutex), 01);
	cr_assert_eq(try_twice(&units), 00);
	assert_nothing_found();
}

static atomic_t grants;

static void *take_in_turn(void *order)
{
	down(&mutex);
	WRITE_ONCE(*(int *)order, atomic_inc_return(&grants));
	up(&mutex);
	return NULL;
}

/* FIFO, as long as no newcomer comes (PRIM-16). */
Test(semaphore, wakes_in_order)
{
	pthread_t t[5];
	int order[5];

	down(&mutex);
	for (int i = 0; i < 5; i++) {
		t[i] = run(take_in_turn, &order[i]);
		wait_until(nr_waiting(LWAIT_SEMAPHORE) == i + 1);
	}
	up(&mutex);
	for (int i = 0; i < 5; i++)
		join(t[i]);
	for (int i = 0; i < 5; i++)
		cr_assert_eq(order[i], i + 1);
}

/* Somebody has been woken and has not looked yet. */
static bool wakeup_under_way(struct semaphore *sem)
{
	bool woken = false;

	raw_spin_lock(&sem->wait.lock);
	if (!wait_fifo_empty(&sem->wait))
		woken = cds_list_first_entry(&sem->wait.waiters,
					     struct wait_fifo_entry,
					     node)->woken;
	raw_spin_unlock(&sem->wait.lock);
	return woken;
}

/*
 * Barging, PRIM-16: the unit given back is taken again before the woken waiter
 * runs; the waiter must sleep on, and get the next one.
 */
Test(semaphore, newcomer_may_pass_a_woken_waiter)
{
	int order = 0, passed = 0;
	pthread_t t;

	down(&mutex);
	t = run(take_in_turn, &order);
	wait_until(nr_waiting(LWAIT_SEMAPHORE) == 1);
	for (int i = 0; i < 20; i++) {
		up(&mutex);
		if (down_trylock(&mutex)) {
			down(&mutex);
			break;
		}
		if (READ_ONCE(order))
			break; /* it was faster, and is through */
		passed++;
		wait_until(!wakeup_under_way(&mutex));
		cr_assert_eq(nr_waiting(LWAIT_SEMAPHORE), 1, "sleeps on");
	}
	up(&mutex);
	join(t);
	cr_assert_eq(order, 1);
	cr_log_info("%d times passed", passed);
	assert_nothing_found();
}

static void *give_unit(void *arg) __no_lock_analysis
{
	up(arg);
	return NULL;
}

static void wait_for_unit(void) __no_lock_analysis
{
	pthread_t t = run(give_unit, &units);

	down(&units);
	join(t);
}

/* A semaphore that is no mutex has no owner: anybody may give units. */
Test(semaphore, units_may_come_from_elsewhere)
{
	sema_init(&units, 0, &units_class);
	wait_for_unit();
	cr_assert_eq(units.count, 0);
	assert_nothing_found();
}
