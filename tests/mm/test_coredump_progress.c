// SPDX-License-Identifier: GPL-2.0-or-later
/* What meets a core dump in progress. */
#include "mm/proc_task_mmu.h"
#include "tests/mm/core_util.h"

TestSuite(coredump_progress, .timeout = 30, .init = life_boot,
	  .fini = life_stop);

/* ---- the file is being written ------------------------------------------ */

static pid_t parked_thread;

static void dies_with_one_thread(void *arg)
{
	parked_thread = new_thread(pause_forever, NULL);
	raise_signal((int)(long)arg);
}

/*
 * DUMP-6, DUMP-10: while the dump is written the others still have the mm,
 * and readers from outside are served; B-12 with stack growth.
 */
Test(coredump_progress, DUMP_6_readers_during_the_dump)
{
	struct task_struct *p;
	char maps[4096];
	uint64_t word = 0;
	pid_t pid;

	set_core_sink_factory(to_latched);
	pid = spawn(dies_with_one_thread, (void *)(long)SIGSEGV);
	await(dump_is_writing);

	p = get_task(parked_thread);
	task_lock(p);
	cr_assert_not_null(p->mm, "parked with its mm");
	task_unlock(p);
	cr_assert_eq(access_process_vm(p, DATA, &word, 8, false), 8);
	cr_assert_eq(access_process_vm(p, STACK_TOP - 50 * PAGE_SIZE, &word, 8,
				       true), 8, "the stack grows");
	cr_assert_gt(proc_pid_maps(pid, maps, sizeof(maps)), 0);
	put_task_struct(p);

	reach(dump_may_go_on);
	cr_assert_eq(status_of(pid), DUMPED(SIGSEGV));
}

/*
 * DEF-13: a group SIGCONT, and a SIGKILL, arriving during the dump.  With the
 * bug they clear GROUP_EXIT, and the status becomes SIGKILL's.
 */
Test(coredump_progress, DEF_13_signals_do_not_undo_the_group_exit)
{
	pid_t pid;

	set_core_sink_factory(to_latched);
	pid = spawn(dies_with_one_thread, (void *)(long)SIGSEGV);
	await(dump_is_writing);
	cr_assert_eq(sys_kill(pid, SIGCONT), 0);
	cr_assert_eq(sys_kill(pid, SIGKILL), 0);
	reach(dump_may_go_on);
	cr_assert_eq(status_of(pid), DUMPED(SIGSEGV));
}

/* ---- a group stop in progress --------------------------------------------- */

LATCH(thread_sleeps);
LATCH(dumper_is_there);
LATCH(dumper_may_die);
LATCH(thread_may_die);

static int sleep_until_dumped(void)
{
	reach(thread_sleeps);
	await(thread_may_die);
	return 0;
}

static void sleeps_through_a_dump(void *arg)
{
	SYSCALL(sleep_until_dumped());
	pause_forever(arg);
}

static int wait_to_die(void)
{
	await(thread_sleeps);
	reach(dumper_is_there);
	await(dumper_may_die);
	return 0;
}

static void dies_beside_a_sleeper(void *arg)
{
	(void)arg;
	new_thread(sleeps_through_a_dump, NULL);
	SYSCALL(wait_to_die());
	raise_signal(SIGSEGV);
}

/* As do_signal_stop() of a third thread, when the dumper is at mmap_sem. */
static void begin_group_stop(struct task_struct *p, struct mm_struct *mm)
{
	down_read(&mm->mmap_sem);
	reach(dumper_may_die);
	while (!READ_ONCE(mm->mmap_sem.nr_waiting))
		yield();
	spin_lock_irq(&p->sighand->siglock);
	p->signal->group_stop_count = 2;
	spin_unlock_irq(&p->sighand->siglock);
	up_read(&mm->mmap_sem);
}

static void until_dump_waits(struct mm_struct *mm)
{
	int waiters = 0;

	while (!waiters) {
		yield();
		down_read(&mm->mmap_sem);
		waiters = mm->core_waiters;
		up_read(&mm->mmap_sem);
	}
}

/*
 * T1: do_signal_stop()              T2: do_coredump()
 *                                     waits for W(mmap_sem)
 *   group_stop_count = 2
 *                                     flags = GROUP_EXIT, count = 0
 * T3: would look at the count for
 *   ever: nobody stops any more
 */
Test(coredump_progress, DUMP_5_group_stop_ends_when_the_dump_begins)
{
	pid_t pid = spawn(dies_beside_a_sleeper, NULL);
	struct task_struct *p = get_task(pid);
	struct mm_struct *mm;
	int count;

	await(dumper_is_there);
	mm = get_task_mm(p);
	begin_group_stop(p, mm);
	until_dump_waits(mm);
	spin_lock_irq(&p->sighand->siglock);
	count = p->signal->group_stop_count;
	spin_unlock_irq(&p->sighand->siglock);
	cr_expect_eq(count, 0, "group_stop_count %d during the dump", count);
	mmput(mm);
	put_task_struct(p);
	reach(thread_may_die);
	cr_assert_eq(status_of(pid), DUMPED(SIGSEGV));
}
