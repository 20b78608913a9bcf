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

/* ---- on its way out ------------------------------------------------------- */

LATCH(dump_begins);
LATCH(worker_is_half_way);

/* Nobody waits for the lock of who is half way, and the file is not written. */
static bool dumper_is_elsewhere(struct task_struct *worker)
{
	return !__atomic_load_n(&worker->alloc_lock.waiters,
				__ATOMIC_SEQ_CST) &&
	       !atomic_long_read(&core_stats.dumps);
}

/* As unuse_mm(), with a pause in the middle. */
static void leave_slowly(struct task_struct *tsk)
{
	task_lock(tsk);
	WRITE_ONCE(tsk->flags, tsk->flags & ~(unsigned long)PF_BORROWED_MM);
	reach(worker_is_half_way);
	while (dumper_is_elsewhere(tsk))
		seam_cpu_relax();
	WRITE_ONCE(tsk->mm, NULL);
	enter_lazy_tlb();
	task_unlock(tsk);
}

static void leaving_worker(void *arg)
{
	(void)arg;
	use_mm(lent_mm);
	reach(mm_is_borrowed);
	await(dump_begins);
	leave_slowly(current);
}

/* Between the killing of the mm's users and the writing of the file. */
static struct core_sink *to_file_half_way(struct task_struct *tsk, int signr)
{
	reach(dump_begins);
	await(worker_is_half_way);
	return to_file(tsk, signr);
}

/*
 * TLB-30.  Pointer and flag change together under task_lock.  Without it in
 * task_uses_mm() the dumper sees a state that is none:
 *
 * worker: unuse_mm()                dumper: elf_core_dump()
 *   takes task_lock
 *   clears PF_BORROWED_MM
 *                                   1. counts the threads: the worker uses
 *                                      the mm and has not borrowed it
 *   mm = NULL
 *                                   2. notes them: there is one less
 *
 * The last entry of the file had been written by nobody (2), or was the
 * worker's.  With the lock the dumper waits at 1.
 */
Test(coredump_borrowed, TLB_30_who_leaves_is_no_thread_of_the_dump)
{
	pid_t worker, pid = spawn(lends_its_mm, (void *)(long)SIGABRT);

	open_core();
	set_core_sink_factory(to_file_half_way);
	await(mm_is_offered);
	worker = kernel_thread(leaving_worker, NULL, SIGCHLD);
	cr_assert_eq(status_of(pid), DUMPED(SIGABRT));
	cr_assert_eq(status_of(worker), 0);
	cr_expect_eq(run_tool("test $(eu-readelf -n %s | grep -c PRSTATUS)"
			      " = 1"), 0);
	close_core();
}
