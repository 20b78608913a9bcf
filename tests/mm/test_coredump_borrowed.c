// SPDX-License-Identifier: GPL-2.0-or-later
/* A dumping mm that a worker has borrowed. */
#include "mm/mmu_context.h"
#include "tests/mm/core_util.h"

TestSuite(coredump_borrowed, .timeout = 30, .init = life_boot,
	  .fini = life_stop);

static struct mm_struct *lent_mm;
LATCH(mm_is_borrowed);
LATCH(worker_may_go);

static void borrowing_worker(void *arg)
{
	(void)arg;
	use_mm(lent_mm);
	reach(mm_is_borrowed);
	await(worker_may_go);
	unuse_mm(lent_mm);
}

LATCH(mm_is_offered);

static void lends_its_mm(void *arg)
{
	lent_mm = current->mm;
	reach(mm_is_offered);
	await(mm_is_borrowed);
	raise_signal((int)(long)arg);
}

/* DEF-11: a worker that uses the mm never parks; the dump must not wait. */
Test(coredump_borrowed, DEF_11_borrower_is_not_waited_for)
{
	pid_t worker, pid = spawn(lends_its_mm, (void *)(long)SIGABRT);

	await(mm_is_offered);
	worker = kernel_thread(borrowing_worker, NULL, SIGCHLD);
	cr_assert_eq(status_of(pid), DUMPED(SIGABRT));
	cr_assert_eq(atomic_long_read(&core_stats.waited_for), 0);
	reach(worker_may_go);
	cr_assert_eq(status_of(worker), 0);
}
