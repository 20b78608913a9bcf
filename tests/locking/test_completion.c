// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>

#include "locking/completion.h"
#include "tests/locking/util.h"

DEFINE_LOCK_CLASS(spin_class, "spin");
static DEFINE_SPINLOCK(lock, &spin_class);
static DECLARE_COMPLETION(event);

TestSuite(completion, .timeout = 20, .init = capture_findings,
	  .fini = assert_no_leaks);

/* PRIM-13: signalled before anybody waits. */
Test(completion, early_signal_is_not_lost)
{
	cr_assert_not(completion_done(&event));
	complete(&event);
	complete(&event);
	cr_assert(completion_done(&event));
	wait_for_completion(&event);
	cr_assert(try_wait_for_completion(&event));
	cr_assert_not(try_wait_for_completion(&event));
}

static atomic_t through;

static void *wait_here(void *arg)
{
	wait_for_completion(&event);
	atomic_inc(&through);
	return arg;
}

/* PRIM-12: one complete() is one waiter; complete_all() is all, for good. */
Test(completion, one_and_all)
{
	pthread_t t[6];

	for (int i = 0; i < 6; i++)
		t[i] = run(wait_here, NULL);
	wait_until(nr_waiting(LWAIT_COMPLETION) == 6);
	complete(&event);
	wait_until(atomic_read(&through) == 1);
	wait_until(nr_waiting(LWAIT_COMPLETION) == 5);
	complete_all(&event);
	for (int i = 0; i < 6; i++)
		join(t[i]);
	wait_for_completion(&event);
	wait_for_completion(&event);
	cr_assert(completion_done(&event));
	reinit_completion(&event);
	cr_assert_not(completion_done(&event));
	assert_nothing_found();
}

static struct completion *posted;

static void *complete_posted(void *rounds)
{
	for (long i = 0; i < (long)rounds; i++) {
		struct completion *c;

		wait_until((c = xchg(&posted, NULL)));
		if (i & 1)
			complete_all(c);
		else
			complete(c);
	}
	return NULL;
}

/*
 * PRIM-14: the waiter frees the completion the moment it returns, while the
 * completer may still be on its way out.  With an access after the unlock
 * the completer hits freed memory: ASan sees it, and so does the pattern.
 */
Test(completion, memory_may_go_at_once)
{
	const long rounds = 3000;
	pthread_t t = run(complete_posted, (void *)rounds);

	for (long i = 0; i < rounds; i++) {
		struct completion *c = malloc(sizeof(*c));

		init_completion(c);
		smp_store_release(&posted, c);
		wait_for_completion(c);
		memset(c, 0x5a, sizeof(*c));
		for (size_t b = 0; b < sizeof(*c); b++)
			cr_assert_eq(((unsigned char *)c)[b], 0x5a);
		free(c);
	}
	join(t);
}

Test(completion, waiting_under_a_spinlock_is_found)
{
	complete(&event);
	spin_lock(&lock);
	wait_for_completion(&event);
	spin_unlock(&lock);
	assert_found(FINDING_ATOMIC_SLEEP, "1 spinlocks");
}

/* DEF-12's pattern: set up again while somebody waits. */
Test(completion, reinit_under_a_waiter_is_found)
{
	pthread_t t = run(wait_here, NULL);

	wait_until(nr_waiting(LWAIT_COMPLETION) == 1);
	reinit_completion(&event);
	assert_found(FINDING_LOST_WAKEUP, "under waiters");
	complete(&event);
	join(t);
}

static long data;

static void *publish(void *arg)
{
	data = 42;
	complete(&event);
	return arg;
}

Test(completion, orders_data)
{
	pthread_t t = run(publish, NULL);

	wait_for_completion(&event);
	cr_assert_eq(data, 42);
	join(t);
}
