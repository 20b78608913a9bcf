// SPDX-License-Identifier: GPL-2.0-or-later
#include <linux/sched.h>

#include "locking/completion.h"
#include "locking/rwsem.h"
#include "mm/exit.h"
#include "mm/mmu_context.h"
#include "mm/wait.h"
#include "tests/mm/machine_util.h"

TestSuite(sched, .timeout = 60);

DEFINE_LOCK_CLASS(sem_class, "a test's semaphore");

static void reap(int nr)
{
	while (nr--)
		cr_expect_gt(sys_wait4(-1, NULL, 0), 0);
}

/* Init here has an mm; a thread of its must not share it. */
static void start(void (*fn)(void *), void *arg)
{
	cr_assert_gt(kernel_thread(fn, arg, SIGCHLD), 0);
}

/*
 * kernel_thread() shares the caller's mm (FORK-1): boot a machine whose init
 * has none, so that these tasks are kernel threads in every respect.
 */
static void boot_bare(int nr_cpus)
{
	const struct boot_params params = {
		.nr_cpus = nr_cpus, .ram_frames = 8192, .max_threads = 500,
	};

	set_finding_sink(note_finding);
	cr_assert_eq(start_kernel(&params), 0);
}

static void stop_bare(void)
{
	stop_kernel();
	expect_no_finding();
}

/* ---- order and state -------------------------------------------------- */

static int log_text[16], nr_logged;

static void log_number(void *arg)
{
	log_text[nr_logged++] = (int)(long)arg;
}

/* One CPU: whoever queues first runs first, and nobody runs beside us. */
Test(sched, one_cpu_is_fifo)
{
	boot_bare(1);
	for (long i = 0; i < 5; i++)
		start(log_number, (void *)i);
	cr_expect_eq(nr_logged, 0);
	yield();
	reap(5);
	for (int i = 0; i < 5; i++)
		cr_expect_eq(log_text[i], i);
	stop_bare();
}

static struct task_struct *sleeper;
static DECLARE_COMPLETION(asleep);
static int rounds;

static void sleep_twice(void *arg)
{
	(void)arg;
	sleeper = current;
	for (int i = 0; i < 2; i++) {
		set_current_state(TASK_UNINTERRUPTIBLE);
		complete(&asleep);
		schedule();
		rounds++;
	}
}

/* try_to_wake_up() wakes from the states asked for only. */
Test(sched, states)
{
	boot_bare(2);
	start(sleep_twice, NULL);
	for (int i = 0; i < 2; i++) {
		wait_for_completion(&asleep);
		sched_wait_quiet();
		cr_expect_eq(rounds, i);
		cr_expect_not(wake_up_state(sleeper, TASK_INTERRUPTIBLE));
		cr_expect(wake_up_state(sleeper, TASK_UNINTERRUPTIBLE));
	}
	reap(1);
	cr_expect_eq(rounds, 2);
	stop_bare();
}

/* Between set_current_state() and schedule() a wake-up is not lost. */
Test(sched, wake_up_before_sleep)
{
	boot_bare(2);
	set_current_state(TASK_UNINTERRUPTIBLE);
	cr_expect(wake_up_process(current));
	schedule();
	cr_expect_eq(task_state(current), TASK_RUNNING);
	stop_bare();
}

/* An interruptible sleep does not begin with a signal pending. */
Test(sched, signal_pending)
{
	boot_bare(2);
	set_tsk_thread_flag(current, TIF_SIGPENDING);
	set_current_state(TASK_INTERRUPTIBLE);
	schedule();
	cr_expect_eq(task_state(current), TASK_RUNNING);
	clear_tsk_thread_flag(current, TIF_SIGPENDING);
	stop_bare();
}

Test(sched, time_slice)
{
	boot_bare(1);
	start(log_number, NULL);
	for (int i = 0; i < DEF_TIME_SLICE - 1; i++)
		sched_tick_slice();
	cr_expect_not(need_resched());
	sched_tick_slice();
	cr_expect(need_resched());
	cr_expect(cond_resched());
	cr_expect_not(need_resched());
	reap(1);
	stop_bare();
}

/* ---- lazy mms (TLB-1, TLB-2, TLB-5, TLB-6) ---------------------------- */

static int lazy_count(struct mm_struct *mm)
{
	return atomic_read(&mm->mm_count);
}

static struct mm_struct *borrowed;
static int count_inside;

static void look_at_active_mm(void *arg)
{
	(void)arg;
	borrowed = current->active_mm;
	count_inside = lazy_count(borrowed);
	cr_expect_null(current->mm);
}

static void detached_thread(void (*fn)(void *))
{
	struct mm_struct *mm = current->mm;
	pid_t pid;

	/* Without CLONE_VM the thread would get a copy of init's mm. */
	current->mm = NULL;
	pid = kernel_thread(fn, NULL, SIGCHLD);
	current->mm = mm;
	cr_assert_gt(pid, 0);
}

/* On one CPU the thread comes after us: it borrows our mm, and returns it. */
Test(sched, kernel_thread_borrows)
{
	const struct boot_params params = {
		.nr_cpus = 1, .ram_frames = 8192,
	};
	struct mm_struct *mm;
	int before;

	set_finding_sink(note_finding);
	cr_assert_eq(start_kernel(&params), 0);
	enter_new_mm();
	mm = current->mm;
	before = lazy_count(mm);
	detached_thread(look_at_active_mm);
	reap(1);
	cr_expect_eq(borrowed, mm);
	cr_expect_eq(count_inside, before + 1);
	cr_expect_eq(lazy_count(mm), before);
	cr_expect_eq(this_cpu()->tlbstate.state, TLBSTATE_OK);
	cr_expect(cpu_isset(0, &mm->cpu_vm_mask));
	stop_machine();
}

/* An idle CPU keeps the mm of the task that left it, with one mm_count. */
MACHINE_TEST(sched, idle_cpu_keeps_the_mm)
{
	struct mm_struct *mm = current->mm;
	int before = lazy_count(mm);

	detached_thread(look_at_active_mm);
	reap(1);
	sched_wait_quiet();
	cr_expect_eq(lazy_count(mm) - before,
		     cpu_of(!smp_processor_id())->idle->active_mm == mm);
	sched_idle_leave_all();
	cr_expect_eq(lazy_count(mm), before);
	cr_expect_eq(cpu_of(!smp_processor_id())->idle->active_mm, &init_mm);
}

/* ---- sleeping in locks ------------------------------------------------ */

static struct rw_semaphore sem;
static int inside;

static void take_sem(void *arg)
{
	(void)arg;
	for (int i = 0; i < 200; i++) {
		down_write(&sem);
		cr_expect_eq(inside++, 0);
		if (i % 3 == 0)
			yield();
		inside--;
		up_write(&sem);
	}
}

/* A task blocked in a lock leaves its CPU: with one CPU all get through. */
static void many_in_one_lock(int nr_cpus)
{
	boot_bare(nr_cpus);
	init_rwsem(&sem, &sem_class);
	for (int i = 0; i < 10; i++)
		start(take_sem, NULL);
	reap(10);
	stop_bare();
}

Test(sched, blocked_task_leaves_its_cpu)
{
	many_in_one_lock(1);
}

Test(sched, locks_on_many_cpus)
{
	many_in_one_lock(64);
}

/* A wake-up meant for another sleep does not end a wait for a lock. */
static struct task_struct *blocked;

static void block_in_sem(void *arg)
{
	(void)arg;
	blocked = current;
	complete(&asleep);
	down_read(&sem);
	rounds++;
	up_read(&sem);
}

Test(sched, lock_waiter_is_not_woken)
{
	boot_bare(2);
	init_rwsem(&sem, &sem_class);
	down_write(&sem);
	start(block_in_sem, NULL);
	wait_for_completion(&asleep);
	sched_wait_quiet();
	cr_expect_not(wake_up_process(blocked));
	cr_expect_eq(rounds, 0);
	up_write(&sem);
	reap(1);
	cr_expect_eq(rounds, 1);
	stop_bare();
}

/* ---- quiet ------------------------------------------------------------ */

static struct wait_queue_head queue;
static int turn, stop;

static void play(void *arg)
{
	int side = (int)(long)arg;

	for (int i = 0; i < 300; i++) {
		wait_event(&queue, READ_ONCE(turn) % 2 == side);
		__atomic_fetch_add(&turn, 1, __ATOMIC_SEQ_CST);
		wake_up_all(&queue);
	}
	wait_event(&queue, READ_ONCE(stop));
}

/* Returns when the two have played to the end and sleep; not before. */
Test(sched, quiet)
{
	boot_bare(4);
	init_waitqueue_head(&queue);
	start(play, (void *)0);
	start(play, (void *)1);
	sched_wait_quiet();
	cr_expect_eq(turn, 600);
	cr_expect_eq(sched_nr_active(), 1);
	stop = 1;
	wake_up_all(&queue);
	reap(2);
	stop_bare();
}
