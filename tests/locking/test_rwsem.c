// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The order of grants is proved with the queue itself: a thread is started
 * when the one before it is known to be queued, and each grant takes the next
 * number while the semaphore is held.
 */
#include "locking/rwsem.h"
#include "tests/locking/util.h"

#define MAX_ACTORS 8

DEFINE_LOCK_CLASS(sem_class, "sem");
static DECLARE_RWSEM(sem, &sem_class);

/* A thread that takes the semaphore and holds it until told to go. */
struct actor {
	bool read;
	pthread_t thread;
	int order;	/* when it was granted: 1, 2, ...; 0 not yet */
	int go;
};

static struct actor actors[MAX_ACTORS];
static atomic_t grants;

TestSuite(rwsem, .timeout = 30, .init = capture_findings,
	  .fini = assert_no_leaks);

static void hold(struct actor *a)
{
	WRITE_ONCE(a->order, atomic_inc_return(&grants));
	wait_until(smp_load_acquire(&a->go));
}

static void *act(void *arg)
{
	struct actor *a = arg;

	if (a->read) {
		down_read(&sem);
		hold(a);
		up_read(&sem);
	} else {
		down_write(&sem);
		hold(a);
		up_write(&sem);
	}
	return NULL;
}

/* One letter each, R or W; the main thread holds the semaphore. */
static void enqueue(const char *kinds)
{
	for (unsigned int i = 0; kinds[i]; i++) {
		actors[i].read = kinds[i] == 'R';
		actors[i].thread = run(act, &actors[i]);
		wait_until(rwsem_queue_len(&sem) == i + 1);
	}
}

static int granted(int i)
{
	return READ_ONCE(actors[i].order);
}

static void let_go(int i)
{
	smp_store_release(&actors[i].go, 1);
}

static void finish(int nr)
{
	for (int i = 0; i < nr; i++)
		let_go(i);
	for (int i = 0; i < nr; i++)
		join(actors[i].thread);
	cr_assert_not(rwsem_is_locked(&sem));
	assert_nothing_found();
}

/* PRIM-3, PRIM-5: R R W R; the last reader waits behind the writer. */
Test(rwsem, grants_readers_at_the_front_and_nobody_beyond)
{
	down_write(&sem);
	enqueue("RRWR");
	cr_assert_eq(rwsem_queue_max(&sem), 4);
	cr_assert_eq(rwsem_deepest_queue(), 4);
	up_write(&sem);
	wait_until(granted(0) && granted(1));
	cr_assert_eq(rwsem_queue_len(&sem), 2, "writer and reader stay");
	let_go(0);
	join(actors[0].thread);
	cr_assert_eq(rwsem_queue_len(&sem), 2, "one reader is left");
	let_go(1);
	wait_until(granted(2));
	cr_assert_eq(granted(2), 3);
	cr_assert_eq(rwsem_queue_len(&sem), 1, "a writer is granted alone");
	let_go(2);
	wait_until(granted(3));
	cr_assert_eq(granted(3), 4);
	let_go(3);
	join(actors[1].thread);
	join(actors[2].thread);
	join(actors[3].thread);
	assert_nothing_found();
}

Test(rwsem, writers_in_order)
{
	down_read(&sem);
	enqueue("WWWWWW");
	up_read(&sem);
	for (int i = 0; i < 6; i++) {
		wait_until(granted(i));
		cr_assert_eq(granted(i), i + 1);
		cr_assert_eq(rwsem_queue_len(&sem), 5 - (unsigned int)i);
		let_go(i);
	}
	finish(6);
}

/* PRIM-8 */
static void *trylocks_fail(void *arg)
{
	if (down_read_trylock(&sem)) {
		up_read(&sem);
		cr_assert_fail("past the queue");
	}
	if (down_write_trylock(&sem)) {
		up_write(&sem);
		cr_assert_fail("past a holder");
	}
	return arg;
}

/* PRIM-2: a reader behind a queued writer, though a reader is active. */
Test(rwsem, no_reader_passes_a_queued_writer)
{
	down_read(&sem);
	enqueue("WR");
	cr_assert_eq(granted(1), 0);
	join(run(trylocks_fail, NULL));
	up_read(&sem);
	wait_until(granted(0));
	cr_assert_eq(granted(1), 0);
	finish(2);
	cr_assert_eq(granted(1), 2);
}

/* PRIM-7 */
Test(rwsem, downgrade_lets_readers_at_the_front_in)
{
	down_write(&sem);
	enqueue("RRWR");
	downgrade_write(&sem);
	wait_until(granted(0) && granted(1));
	cr_assert_eq(rwsem_queue_len(&sem), 2);
	lockdep_assert_held_read(&sem);
	let_go(0);
	let_go(1);
	join(actors[0].thread);
	join(actors[1].thread);
	cr_assert_eq(granted(2), 0, "we still read");
	up_read(&sem);
	wait_until(granted(2));
	let_go(2);
	wait_until(granted(3));
	let_go(3);
	join(actors[2].thread);
	join(actors[3].thread);
	assert_nothing_found();
}

Test(rwsem, downgrade_leaves_a_writer_at_the_front)
{
	down_write(&sem);
	enqueue("WR");
	downgrade_write(&sem);
	cr_assert_eq(rwsem_queue_len(&sem), 2);
	up_read(&sem);
	wait_until(granted(0));
	finish(2);
}

Test(rwsem, trylocks)
{
	if (!down_write_trylock(&sem)) {
		cr_assert_fail("idle, but no write");
	} else {
		cr_assert(rwsem_is_locked(&sem));
		up_write(&sem);
	}
	if (!down_read_trylock(&sem))
		cr_assert_fail("idle, but no read");
	else
		up_read(&sem);
	cr_assert_not(rwsem_is_locked(&sem));
	assert_nothing_found();
}

static long counter, mirror;

static void *mix(void *arg)
{
	for (int i = 0; i < 500; i++) {
		down_read(&sem);
		cr_assert_eq(counter, mirror);
		up_read(&sem);
		down_write(&sem);
		counter++;
		mirror++;
		if (i % 4 == 0) {
			downgrade_write(&sem);
			cr_assert_eq(counter, mirror);
			up_read(&sem);
		} else {
			up_write(&sem);
		}
	}
	return arg;
}

Test(rwsem, excludes)
{
	pthread_t t[16];

	for (int i = 0; i < 16; i++)
		t[i] = run(mix, NULL);
	for (int i = 0; i < 16; i++)
		join(t[i]);
	cr_assert_eq(counter, 16 * 500);
	cr_assert_not(rwsem_is_locked(&sem));
	assert_nothing_found();
}

Test(rwsem, destroyed_while_held)
{
	down_read(&sem);
	destroy_rwsem(&sem);
	up_read(&sem);
	cr_assert_eq(captures(), 2, "the validator and the count");
	cr_assert_eq(captured[0].kind, FINDING_LOCK);
}

/* The validator's ticket check: a queue in the wrong order is noticed. */
Test(rwsem, grant_out_of_turn_is_found)
{
	down_write(&sem);
	enqueue("WW");
	raw_spin_lock(&sem.wait_lock);
	cds_list_move(sem.waiters.next->next, &sem.waiters);
	raw_spin_unlock(&sem.wait_lock);
	up_write(&sem);
	wait_until(granted(1));
	let_go(1);
	let_go(0);
	join(actors[0].thread);
	join(actors[1].thread);
	cr_assert_geq(captures(), 1);
	cr_assert(strstr(captured[0].text, "rwsem FIFO"));
}
