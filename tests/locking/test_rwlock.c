// SPDX-License-Identifier: GPL-2.0-or-later
#include "locking/rwlock.h"
#include "tests/locking/util.h"

DEFINE_LOCK_CLASS(rw_class, "rw");
static DEFINE_RWLOCK(lock, &rw_class);
static int wrote;
static long counter, mirror;

TestSuite(rwlock, .timeout = 20, .init = capture_findings,
	  .fini = assert_no_leaks);

static void *write_once(void *arg)
{
	write_lock(&lock);
	WRITE_ONCE(wrote, 1);
	write_unlock(&lock);
	return arg;
}

static void *read_once(void *arg)
{
	read_lock(&lock);
	cr_assert_eq(READ_ONCE(wrote), 0);
	read_unlock(&lock);
	return arg;
}

/* PRIM-20: new readers, and the same reader again, pass a waiting writer. */
Test(rwlock, readers_pass_a_waiting_writer)
{
	pthread_t writer;

	read_lock(&lock);
	writer = run(write_once, NULL);
	wait_until(nr_waiting(LWAIT_RWLOCK_WRITE) == 1);
	join(run(read_once, NULL));
	join(run(read_once, NULL));
	cr_assert_eq(READ_ONCE(wrote), 0);
	read_unlock(&lock);
	join(writer);
	cr_assert_eq(wrote, 1);
	cr_assert_not(rwlock_is_locked(&lock));
	assert_nothing_found();
}

Test(rwlock, trylocks)
{
	if (!read_trylock(&lock))
		cr_assert_fail("idle lock, no read");
	else
		read_unlock(&lock);
	if (!write_trylock(&lock)) {
		cr_assert_fail("idle lock, no write");
	} else {
		cr_assert(rwlock_is_locked(&lock));
		write_unlock(&lock);
	}
	assert_nothing_found();
}

static void *trylocks_fail(void *held_for_writing)
{
	if (write_trylock(&lock)) {
		write_unlock(&lock);
		cr_assert_fail("write past a holder");
	}
	if (read_trylock(&lock)) {
		read_unlock(&lock);
		cr_assert(!held_for_writing, "read past a writer");
	}
	return NULL;
}

Test(rwlock, trylocks_on_a_held_lock)
{
	read_lock(&lock);
	join(run(trylocks_fail, NULL));
	read_unlock(&lock);
	write_lock(&lock);
	join(run(trylocks_fail, &lock));
	write_unlock(&lock);
	assert_nothing_found();
}

static void *mix(void *arg)
{
	for (int i = 0; i < 1000; i++) {
		read_lock(&lock);
		cr_assert_eq(counter, mirror);
		read_unlock(&lock);
		write_lock(&lock);
		counter++;
		mirror++;
		write_unlock(&lock);
	}
	return arg;
}

Test(rwlock, excludes)
{
	pthread_t t[24];

	for (int i = 0; i < 24; i++)
		t[i] = run(mix, NULL);
	for (int i = 0; i < 24; i++)
		join(t[i]);
	cr_assert_eq(counter, 24 * 1000);
	assert_nothing_found();
}

static void *read_any(void *arg)
{
	read_lock(&lock);
	read_unlock(&lock);
	return arg;
}

/* Writers and readers wait behind a writer: all must get through. */
Test(rwlock, wakes_everybody)
{
	pthread_t t[8];

	for (int round = 0; round < 20; round++) {
		write_lock(&lock);
		for (int i = 0; i < 8; i++)
			t[i] = run(i & 1 ? write_once : read_any, NULL);
		wait_until(nr_waiting(LWAIT_RWLOCK_WRITE) == 4 &&
			   nr_waiting(LWAIT_RWLOCK_READ) == 4);
		write_unlock(&lock);
		for (int i = 0; i < 8; i++)
			join(t[i]);
	}
}

Test(rwlock, irq_variants)
{
	unsigned long flags;

	write_lock_irq(&lock);
	cr_assert(irqs_disabled());
	write_unlock_irq(&lock);
	read_lock_irqsave(&lock, flags);
	cr_assert(irqs_disabled());
	read_unlock_irqrestore(&lock, flags);
	cr_assert_not(irqs_disabled());
}
