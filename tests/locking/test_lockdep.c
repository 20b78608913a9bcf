// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Every misuse here is made by one thread, so none of it can hang: the
 * validator must see what could go wrong, not what did.
 */
#include "locking/rwlock.h"
#include "locking/rwsem.h"
#include "locking/semaphore.h"
#include "tests/locking/util.h"

DEFINE_LOCK_CLASS(class_a, "A");
DEFINE_LOCK_CLASS(class_b, "B");
DEFINE_LOCK_CLASS(class_c, "C");
DEFINE_LOCK_CLASS(class_rw, "RW");
DEFINE_LOCK_CLASS(class_sem, "SEM");

static spinlock_t a, a2, b, c;
static rwlock_t rw;
static struct rw_semaphore sem, sem2;
static struct semaphore mutex;

static void setup(void)
{
	capture_findings();
	spin_lock_init(&a, &class_a);
	spin_lock_init(&a2, &class_a);
	spin_lock_init(&b, &class_b);
	spin_lock_init(&c, &class_c);
	rwlock_init(&rw, &class_rw);
	init_rwsem(&sem, &class_sem);
	init_rwsem(&sem2, &class_sem);
	init_MUTEX(&mutex, &class_c);
}

TestSuite(lockdep, .timeout = 20, .init = setup, .fini = assert_no_leaks);

static void nest(spinlock_t *outer, spinlock_t *inner)
{
	spin_lock(outer);
	spin_lock(inner);
	spin_unlock(inner);
	spin_unlock(outer);
}

Test(lockdep, inversion_names_both_places)
{
	const int line = __LINE__ + 4;
	char where[64];

	spin_lock(&a);
	spin_lock(&b);
	spin_unlock(&b);
	spin_unlock(&a);
	assert_nothing_found();
	nest(&b, &a);
	assert_found(FINDING_LOCK_ORDER, "A taken at");
	snprintf(where, sizeof(where), "test_lockdep.c:%d)", line);
	cr_assert(strstr(captured[0].text, where), "%s", captured[0].text);
	nest(&b, &a);
	cr_assert_eq(captures(), 1, "one pair is one finding");
}

Test(lockdep, order_is_transitive)
{
	nest(&a, &b);
	nest(&b, &c);
	assert_nothing_found();
	nest(&c, &a);
	assert_found(FINDING_LOCK_ORDER, "A taken at");
	cr_assert(strstr(captured[0].text, "-> B"));
	cr_assert(strstr(captured[0].text, "-> C"));
}

Test(lockdep, documented_order_counts)
{
	lock_order(&class_a, &class_b);
	lock_order(&class_b, &class_sem);
	assert_nothing_found();
	nest(&a, &b);
	assert_nothing_found();
	nest(&b, &a);
	assert_found(FINDING_LOCK_ORDER, "inside B");
}

Test(lockdep, documenting_a_contradiction_is_found)
{
	lock_order(&class_a, &class_b);
	lock_order(&class_b, &class_a);
	assert_found(FINDING_LOCK_ORDER, "A taken at");
	lockdep_reset();
	nest(&b, &a);
	cr_assert_eq(captures(), 1, "forgotten");
}

static void nest_trylock(spinlock_t *outer, spinlock_t *inner)
{
	spin_lock(outer);
	if (spin_trylock(inner))
		spin_unlock(inner);
	spin_unlock(outer);
}

Test(lockdep, trylock_learns_no_order)
{
	nest(&a, &b);
	nest_trylock(&b, &a);
	assert_nothing_found();
}

Test(lockdep, same_class_needs_nested)
{
	spin_lock(&a);
	spin_lock_nested(&a2, 1);
	spin_unlock(&a2);
	spin_unlock(&a);
	assert_nothing_found();
	nest(&a, &a2);
	assert_found(FINDING_LOCK_ORDER, "without _nested");
}

static void read_twice(rwlock_t *l) __no_lock_analysis
{
	read_lock(l);
	read_lock(l);
	read_unlock(l);
	read_unlock(l);
}

Test(lockdep, rwlock_may_be_read_twice)
{
	read_twice(&rw);
	assert_nothing_found();
}

static void rwsem_read_twice(struct rw_semaphore *s) __no_lock_analysis
{
	down_read(s);
	down_read(s);
	up_read(s);
	up_read(s);
}

/* INV-34; harmless here only because no writer queues in between. */
Test(lockdep, rwsem_may_not_be_read_twice)
{
	rwsem_read_twice(&sem);
	assert_found(FINDING_LOCK, "INV-34");
}

Test(lockdep, two_rwsems_of_one_class_need_nested)
{
	down_read(&sem);
	down_read_nested(&sem2, 1);
	up_read(&sem2);
	up_read(&sem);
	assert_nothing_found();
	down_read(&sem);
	down_read(&sem2);
	up_read(&sem2);
	up_read(&sem);
	assert_found(FINDING_LOCK_ORDER, "without _nested");
}

/* spin_lock() would hang: ask the validator alone. */
Test(lockdep, recursion_is_found_before_it_hangs)
{
	spin_lock(&a);
	lock_acquire(&a.map, LOCK_HOW_SPIN, LOCK_SITE());
	spin_unlock(&a);
	assert_found(FINDING_LOCK, "taken twice");
}

static void *take_mutex(void *arg) __no_lock_analysis
{
	down(&mutex);
	return arg;
}

static void release_mutex(void) __no_lock_analysis
{
	up(&mutex);
}

Test(lockdep, release_by_another_thread)
{
	join(run(take_mutex, NULL));
	cr_assert_eq(captures(), 1, "the thread ended with the mutex held");
	release_mutex();
	cr_assert_eq(captures(), 2);
	cr_assert_eq(captured[1].kind, FINDING_LOCK);
	cr_assert(strstr(captured[1].text, "does not hold it"));
}

static void release_in_wrong_mode(void) __no_lock_analysis
{
	down_write(&sem);
	lock_release(&sem.map, LOCK_HOW_READ, LOCK_SITE());
}

Test(lockdep, release_in_the_other_mode)
{
	release_in_wrong_mode();
	assert_found(FINDING_LOCK, "other mode");
}

Test(lockdep, destroyed_while_held)
{
	spin_lock(&a);
	spin_lock_destroy(&a);
	spin_unlock(&a);
	assert_found(FINDING_LOCK, "destroyed while held");
}

/* The exclusion shadow: what a lock that lets two in would do. */
Test(lockdep, granted_twice)
{
	down_write(&sem);
	lock_acquired(&sem.map, LOCK_HOW_READ, LOCK_SITE());
	assert_found(FINDING_LOCK, "granted for reading while held by");
	lock_release(&sem.map, LOCK_HOW_READ, LOCK_SITE());
	up_write(&sem);
	cr_assert_eq(captures(), 1);
}

Test(lockdep, sleeping_under_a_spinlock)
{
	might_sleep();
	assert_nothing_found();
	spin_lock(&a);
	down_read(&sem);
	up_read(&sem);
	spin_unlock(&a);
	assert_found(FINDING_ATOMIC_SLEEP, "1 spinlocks held");
	cr_assert(strstr(captured[0].held, "  A "));
}

Test(lockdep, sleeping_with_irqs_off)
{
	local_irq_disable();
	might_sleep();
	local_irq_enable();
	might_sleep();
	assert_found(FINDING_ATOMIC_SLEEP, "irqs off");
}

Test(lockdep, sleeping_under_an_rwsem_is_fine)
{
	down_read(&sem);
	might_sleep();
	up_read(&sem);
	assert_nothing_found();
}

Test(lockdep, assertions)
{
	down_read(&sem);
	lockdep_assert_held(&sem);
	lockdep_assert_held_read(&sem);
	lockdep_assert_not_held(&a);
	assert_nothing_found();
	lockdep_assert_held_write(&sem);
	up_read(&sem);
	assert_found(FINDING_LOCK, "held for reading where");
	lockdep_assert_held(&sem);
	cr_assert_eq(captures(), 2);
	down_write(&sem);
	lockdep_assert_held_write(&sem);
	lockdep_assert_held(&sem);
	up_write(&sem);
	cr_assert_eq(captures(), 2);
}

Test(lockdep, locks_may_be_released_in_any_order)
{
	spin_lock(&a);
	spin_lock(&b);
	spin_unlock(&a);
	lockdep_assert_held(&b);
	lockdep_assert_not_held(&a);
	spin_unlock(&b);
	assert_nothing_found();
	might_sleep();
	assert_nothing_found();
}
