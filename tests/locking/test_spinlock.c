// SPDX-License-Identifier: GPL-2.0-or-later
#include "locking/spinlock.h"
#include "tests/locking/util.h"

DEFINE_LOCK_CLASS(spin_class, "spin");
static DEFINE_SPINLOCK(lock, &spin_class);

TestSuite(spinlock, .timeout = 20, .init = capture_findings,
	  .fini = assert_no_leaks);

static long counter;
static int returned;

static void *count(void *arg)
{
	for (int i = 0; i < 2000; i++) {
		spin_lock(&lock);
		counter++;
		spin_unlock(&lock);
	}
	return arg;
}

/* Many more threads than host cores. */
Test(spinlock, excludes)
{
	pthread_t t[32];

	for (int i = 0; i < 32; i++)
		t[i] = run(count, NULL);
	for (int i = 0; i < 32; i++)
		join(t[i]);
	cr_assert_eq(counter, 32 * 2000);
	cr_assert_not(spin_is_locked(&lock));
	assert_nothing_found();
}

Test(spinlock, trylock)
{
	if (!spin_trylock(&lock))
		cr_assert_fail("free, but not taken");
	else {
		cr_assert(spin_is_locked(&lock));
		spin_unlock(&lock);
	}
	assert_nothing_found();
}

static void *try_to_take(void *arg)
{
	if (spin_trylock(&lock)) {
		spin_unlock(&lock);
		cr_assert_fail("taken past its holder");
	}
	return arg;
}

Test(spinlock, trylock_fails_on_a_held_lock)
{
	spin_lock(&lock);
	join(run(try_to_take, NULL));
	spin_unlock(&lock);
}

static void *unlock_wait(void *arg)
{
	spin_unlock_wait(&lock);
	WRITE_ONCE(returned, 1);
	return arg;
}

/* PRIM-19, parked: nobody else is there to wake it. */
Test(spinlock, unlock_wait_sees_the_release)
{
	pthread_t t;

	spin_unlock_wait(&lock);
	spin_lock(&lock);
	t = run(unlock_wait, NULL);
	wait_until(READ_ONCE(lock.raw.word) == 2);
	cr_assert_eq(READ_ONCE(returned), 0);
	spin_unlock(&lock);
	join(t);
	cr_assert_not(spin_is_locked(&lock));
	assert_nothing_found();
}

/*
 * An observer and a locker are parked together.  Whichever of them the unlock
 * wakes, the other must go too: the observer passes the wake-up on.
 */
Test(spinlock, unlock_wait_eats_no_wakeup)
{
	for (int i = 0; i < 50; i++) {
		pthread_t t[2];

		spin_lock(&lock);
		t[0] = run(unlock_wait, NULL);
		t[1] = run(count, NULL);
		wait_until(nr_waiting(LWAIT_SPINLOCK) == 2);
		spin_unlock(&lock);
		join(t[0]);
		join(t[1]);
	}
}

static void *take_once(void *arg)
{
	spin_lock(&lock);
	WRITE_ONCE(returned, 1);
	spin_unlock(&lock);
	return arg;
}

/* CPR-5: not dropped without a waiter, dropped with one. */
Test(spinlock, cond_resched_lock_lets_the_waiter_in)
{
	pthread_t t;

	spin_lock(&lock);
	cr_assert_not(cond_resched_lock(&lock));
	t = run(take_once, NULL);
	wait_until(spin_needbreak(&lock));
	cr_assert(cond_resched_lock(&lock));
	while (!READ_ONCE(returned))
		cond_resched_lock(&lock);
	spin_unlock(&lock);
	join(t);
	assert_nothing_found();
}

Test(spinlock, irq_variants)
{
	unsigned long flags;

	spin_lock_irqsave(&lock, flags);
	cr_assert(irqs_disabled());
	spin_unlock_irqrestore(&lock, flags);
	cr_assert_not(irqs_disabled());
	spin_lock_irq(&lock);
	cr_assert(irqs_disabled());
	spin_unlock_irq(&lock);
	cr_assert_not(irqs_disabled());
}
