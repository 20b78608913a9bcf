// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/mm/life_util.h"

#include "locking/waitgraph.h"
#include "mm/kthread.h"
#include "mm/workqueue.h"

TestSuite(workqueue, .timeout = 30, .init = life_boot, .fini = life_stop);

/* ---- daemons -------------------------------------------------------------- */

LATCH(daemon_runs);
static struct task_struct *daemon_task;

static void sleeps_until_stopped(void *data)
{
	daemon_task = current;
	cr_assert_null(current->mm);
	cr_assert_eq(current->parent, &init_task);
	reach(daemon_runs);
	for (;;) {
		set_current_state(TASK_INTERRUPTIBLE);
		if (kthread_should_stop())
			break;
		schedule_on(LWAIT_IDLE, data);
	}
	__set_current_state(TASK_RUNNING);
}

/* It is nobody's child, and no signal disturbs it. */
Test(workqueue, daemon)
{
	struct kthread *k = kthread_run(sleeps_until_stopped, NULL, "a daemon");
	int status;

	cr_assert(!IS_ERR(k));
	await(daemon_runs);
	cr_assert_eq(kthread_task(k), daemon_task);
	cr_assert_str_eq(daemon_task->comm, "a daemon");
	cr_assert_eq(sys_wait4(-1, &status, 0), -ECHILD);
	until_state(daemon_task, TASK_INTERRUPTIBLE);
	cr_assert_eq(kill_proc(daemon_task->pid, SIGKILL), 0);
	sched_wait_quiet();
	cr_assert_eq(task_state(daemon_task), TASK_INTERRUPTIBLE);
	kthread_stop(k);
	sched_wait_quiet();
	cr_assert_eq(nr_threads, base_threads);
}

/* Stopped before it ever sleeps. */
Test(workqueue, stop_at_once)
{
	for (int i = 0; i < 50; i++) {
		struct kthread *k = kthread_run(sleeps_until_stopped, NULL,
						"short");

		cr_assert(!IS_ERR(k));
		kthread_stop(k);
	}
}

static void starts_a_daemon(void *arg)
{
	struct kthread *k = kthread_run(sleeps_until_stopped, NULL, "child's");

	(void)arg;
	user_assert(!IS_ERR(k));
	kthread_stop(k);
	/* EXIT-19: the daemon has let go of our mm. */
	user_assert(atomic_read(&current->mm->mm_users) == 1);
}

Test(workqueue, EXIT_19_daemon_of_a_user_task)
{
	cr_assert_eq(status_of(spawn(starts_a_daemon, NULL)), 0);
}

/* ---- work ----------------------------------------------------------------- */

static atomic_t done;
LATCH(in_work);
LATCH(work_may_end);

static void counts(void *data)
{
	(void)data;
	atomic_inc(&done);
}

static void blocks(void *data)
{
	(void)data;
	reach(in_work);
	await(work_may_end);
	atomic_inc(&done);
}

Test(workqueue, flush_waits_for_what_was_queued)
{
	struct workqueue_struct *wq = create_workqueue("test", 2);
	struct work_struct work[20];

	cr_assert(!IS_ERR(wq));
	for (int i = 0; i < 20; i++) {
		init_work(&work[i], counts, NULL);
		cr_assert(queue_work(wq, &work[i]));
	}
	flush_workqueue(wq);
	cr_assert_eq(atomic_read(&done), 20);
	destroy_workqueue(wq);
	destroy_workqueue(NULL);
}

static struct workqueue_struct *shared_wq;

static void flushes(void *arg)
{
	(void)arg;
	flush_workqueue(shared_wq);
	cr_assert_eq(atomic_read(&done), 2);
}

/* Queued twice while it waits: done once.  Queued while it runs: again. */
Test(workqueue, requeued_while_it_runs)
{
	struct work_struct first, again;
	char text[2048];
	pid_t pid;

	shared_wq = create_workqueue("test", 1);
	init_work(&first, blocks, NULL);
	init_work(&again, counts, NULL);
	cr_assert(queue_work(shared_wq, &first));
	await(in_work);
	cr_assert(queue_work(shared_wq, &again));
	cr_assert_not(queue_work(shared_wq, &again));
	pid = kernel_thread(flushes, NULL, SIGCHLD);
	/* The graph says that it waits for the worker. */
	do
		yield();
	while (waitgraph_text(text, sizeof(text), 0) < 1 ||
	       !strstr(text, "mm/workqueue.c"));
	cr_expect(strstr(text, "waits for work"), "%s", text);
	reach(work_may_end);
	status_of(pid);
	reach(work_may_end);
	cr_assert(queue_work(shared_wq, &first));
	flush_workqueue(shared_wq);
	cr_assert_eq(atomic_read(&done), 3);
	destroy_workqueue(shared_wq);
}

static void flushes_own_queue(void *data)
{
	(void)data;
	await(work_may_end); /* until the other one is queued */
	flush_workqueue(shared_wq);
	cr_assert_eq(atomic_read(&done), 1, "the item behind was not done");
}

/* A worker that flushes its own queue does the rest itself. */
Test(workqueue, worker_flushes)
{
	struct work_struct flush, behind;

	shared_wq = create_workqueue("test", 1);
	init_work(&flush, flushes_own_queue, NULL);
	init_work(&behind, counts, NULL);
	queue_work(shared_wq, &flush);
	queue_work(shared_wq, &behind);
	reach(work_may_end);
	flush_workqueue(shared_wq);
	destroy_workqueue(shared_wq);
}

Test(workqueue, every_allocation)
{
	int n;

	for (n = 1;; n++) {
		struct workqueue_struct *wq;

		fault_inject_arm((unsigned long)n);
		wq = create_workqueue("test", 3);
		if (!fault_inject_hits()) {
			fault_inject_disarm();
			destroy_workqueue(wq);
			break;
		}
		fault_inject_disarm();
		cr_assert(IS_ERR(wq), "n = %d", n);
		sched_wait_quiet();
		cr_assert_eq(nr_threads, base_threads, "n = %d", n);
	}
	cr_assert_geq(n, 7);
}
