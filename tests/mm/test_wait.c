// SPDX-License-Identifier: GPL-2.0-or-later
#include "mm/exit.h"
#include "mm/wait.h"
#include "tests/mm/machine_util.h"

TestSuite(wait, .timeout = 60);

static struct wait_queue_head q;
static atomic_t woken;
static int condition;

static void boot_bare(void)
{
	const struct boot_params params = { .nr_cpus = 4, .ram_frames = 8192 };

	set_finding_sink(note_finding);
	cr_assert_eq(start_kernel(&params), 0);
	init_waitqueue_head(&q);
}

static void stop_bare(void)
{
	stop_kernel();
	expect_no_finding();
}

static void start(void (*fn)(void *), int nr)
{
	while (nr--)
		cr_assert_gt(kernel_thread(fn, NULL, SIGCHLD), 0);
}

static void reap(int nr)
{
	while (nr--)
		cr_expect_gt(sys_wait4(-1, NULL, 0), 0);
}

static void wait_once(struct wait_queue_entry *wait, bool exclusive)
{
	if (exclusive)
		prepare_to_wait_exclusive(&q, wait, TASK_UNINTERRUPTIBLE);
	else
		prepare_to_wait(&q, wait, TASK_INTERRUPTIBLE);
	schedule();
	finish_wait(&q, wait);
	atomic_inc(&woken);
}

static void wait_shared(void *arg)
{
	DEFINE_WAIT(wait);

	(void)arg;
	wait_once(&wait, false);
}

static void wait_exclusive(void *arg)
{
	DEFINE_WAIT(wait);

	(void)arg;
	wait_once(&wait, true);
}

/* wake_up(): all that are not exclusive, and one that is. */
Test(wait, exclusive)
{
	boot_bare();
	start(wait_exclusive, 3);
	sched_wait_quiet();
	start(wait_shared, 2);
	sched_wait_quiet();
	cr_expect(waitqueue_active(&q));
	wake_up(&q);
	sched_wait_quiet();
	cr_expect_eq(atomic_read(&woken), 3);
	wake_up(&q);
	sched_wait_quiet();
	cr_expect_eq(atomic_read(&woken), 4);
	wake_up_all(&q);
	sched_wait_quiet();
	cr_expect_eq(atomic_read(&woken), 5);
	cr_expect_not(waitqueue_active(&q));
	reap(5);
	stop_bare();
}

Test(wait, interruptible_only)
{
	boot_bare();
	start(wait_exclusive, 1);
	start(wait_shared, 1);
	sched_wait_quiet();
	wake_up_interruptible(&q);
	sched_wait_quiet();
	cr_expect_eq(atomic_read(&woken), 1);
	wake_up(&q);
	reap(2);
	stop_bare();
}

static void wait_for_condition(void *arg)
{
	(void)arg;
	wait_event(&q, READ_ONCE(condition));
	atomic_inc(&woken);
}

/* A wake-up without the condition sends the sleeper back. */
Test(wait, condition)
{
	boot_bare();
	start(wait_for_condition, 1);
	for (int i = 0; i < 3; i++) {
		sched_wait_quiet();
		wake_up(&q);
	}
	sched_wait_quiet();
	cr_expect_eq(atomic_read(&woken), 0);
	WRITE_ONCE(condition, 1);
	wake_up(&q);
	reap(1);
	cr_expect_eq(atomic_read(&woken), 1);
	stop_bare();
}

Test(wait, interrupted)
{
	boot_bare();
	set_tsk_thread_flag(current, TIF_SIGPENDING);
	cr_expect_eq(wait_event_interruptible(&q, condition), -EINTR);
	cr_expect_eq(task_state(current), TASK_RUNNING);
	cr_expect_not(waitqueue_active(&q));
	condition = 1;
	cr_expect_eq(wait_event_interruptible(&q, condition), 0);
	clear_tsk_thread_flag(current, TIF_SIGPENDING);
	stop_bare();
}

#define PAIRS 8
#define ROUNDS 300
static struct wait_queue_head court[PAIRS];
static int ball[PAIRS];

static void play(void *arg)
{
	int pair = (int)(long)arg / 2, side = (int)(long)arg % 2;

	for (int i = 0; i < ROUNDS; i++) {
		wait_event(&court[pair], READ_ONCE(ball[pair]) % 2 == side);
		__atomic_fetch_add(&ball[pair], 1, __ATOMIC_SEQ_CST);
		wake_up(&court[pair]);
	}
}

/* Must not hang: each wake-up counts.  Must not be odd: nobody goes twice. */
Test(wait, no_lost_wake_up)
{
	boot_bare();
	for (long i = 0; i < 2 * PAIRS; i++) {
		init_waitqueue_head(&court[i / 2]);
		if (i % 2)
			for (long side = i - 1; side <= i; side++)
				cr_assert_gt(kernel_thread(play, (void *)side,
							   SIGCHLD), 0);
	}
	reap(2 * PAIRS);
	for (int i = 0; i < PAIRS; i++)
		cr_expect_eq(ball[i], 2 * ROUNDS);
	stop_bare();
}
