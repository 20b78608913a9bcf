// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * workqueue.c - queues of work items and the kernel threads that do them
 *
 * Every insertion has a number, and so has every completion; items of one
 * worker end in the order in which they were inserted.  A flush notes the
 * last insertion and waits until as many have ended:
 *
 *	queue_work()		worker			flush_workqueue()
 *	  lock: insert++
 *				lock: take it off	lock: needed = insert
 *				pending = 0		queue on work_done
 *				func()			removed < needed: sleep
 *				lock: removed++
 *				wake work_done		removed >= needed
 *
 * pending is cleared before func() runs, so that work queued meanwhile is not
 * lost but done once more.
 */
#include "mm/workqueue.h"

#include <errno.h>

#include "mm/carrier.h"
#include "mm/cpu.h"
#include "mm/kthread.h"
#include "mm/lock_classes.h"
#include "mm/sched.h"
#include "mm/slab.h"
#include "mm/wait.h"

#define MAX_WORKERS 8

struct cpu_workqueue_struct {
	spinlock_t lock; /* irq */
	unsigned long insert_sequence; /* under lock: items ever queued */
	unsigned long remove_sequence; /* under lock: items ever finished */
	struct cds_list_head worklist; /* under lock: work_struct.entry */
	struct wait_queue_head work_done;
	struct kthread *thread; /* (c) */
};

struct workqueue_struct {
	const char *name; /* (c) */
	int nr_workers; /* (c) */
	struct cpu_workqueue_struct cwq[MAX_WORKERS];
};

void init_work(struct work_struct *work, void (*func)(void *data), void *data)
{
	work->pending = 0;
	CDS_INIT_LIST_HEAD(&work->entry);
	work->func = func;
	work->data = data;
}

/* ---- the worker ----------------------------------------------------------- */

/* Do items until there is none. */
static void run_workqueue(struct cpu_workqueue_struct *cwq)
{
	spin_lock_irq(&cwq->lock);
	while (!cds_list_empty(&cwq->worklist)) {
		struct work_struct *work =
			cds_list_first_entry(&cwq->worklist,
					     struct work_struct, entry);
		void (*func)(void *data) = work->func;
		void *data = work->data;

		cds_list_del(&work->entry);
		spin_unlock_irq(&cwq->lock);
		/* From here on the owner may queue it again, or free it. */
		clear_bit_unlock(0, &work->pending);
		func(data);
		spin_lock_irq(&cwq->lock);
		cwq->remove_sequence++;
		wake_up_all(&cwq->work_done);
	}
	spin_unlock_irq(&cwq->lock);
}

static bool has_work(struct cpu_workqueue_struct *cwq)
{
	bool has;

	spin_lock_irq(&cwq->lock);
	has = !cds_list_empty(&cwq->worklist);
	spin_unlock_irq(&cwq->lock);
	return has;
}

static void worker_thread(void *data)
{
	struct cpu_workqueue_struct *cwq = data;

	for (;;) {
		set_current_state(TASK_INTERRUPTIBLE);
		if (has_work(cwq)) {
			__set_current_state(TASK_RUNNING);
			run_workqueue(cwq);
		} else if (kthread_should_stop()) {
			break;
		} else {
			schedule_on(LWAIT_IDLE, cwq);
		}
	}
	__set_current_state(TASK_RUNNING);
}

/* ---- users ---------------------------------------------------------------- */

bool queue_work(struct workqueue_struct *wq, struct work_struct *work)
{
	struct cpu_workqueue_struct *cwq =
		&wq->cwq[smp_processor_id() % wq->nr_workers];
	unsigned long flags;

	if (test_and_set_bit(0, &work->pending))
		return false;
	spin_lock_irqsave(&cwq->lock, flags);
	cds_list_add_tail(&work->entry, &cwq->worklist);
	cwq->insert_sequence++;
	spin_unlock_irqrestore(&cwq->lock, flags);
	wake_up_process(kthread_task(cwq->thread));
	return true;
}

/* For the wait-for graph: the thread that has to get on with it. */
static struct lthread *worker_of(const struct lwait *w)
{
	const struct cpu_workqueue_struct *cwq = w->blocker_arg;
	const struct carrier *c = READ_ONCE(kthread_task(cwq->thread)->carrier);

	return c ? READ_ONCE(c->lthread) : NULL;
}

static bool sequence_reached(struct cpu_workqueue_struct *cwq,
			     unsigned long needed)
{
	bool reached;

	spin_lock_irq(&cwq->lock);
	reached = (long)(needed - cwq->remove_sequence) <= 0;
	spin_unlock_irq(&cwq->lock);
	return reached;
}

static void flush_one(struct cpu_workqueue_struct *cwq)
{
	unsigned long needed;
	DEFINE_WAIT(wait);

	if (kthread_task(cwq->thread) == current) {
		run_workqueue(cwq);
		return;
	}
	spin_lock_irq(&cwq->lock);
	needed = cwq->insert_sequence;
	spin_unlock_irq(&cwq->lock);
	for (;;) {
		prepare_to_wait(&cwq->work_done, &wait, TASK_UNINTERRUPTIBLE);
		if (sequence_reached(cwq, needed))
			break;
		schedule_blocked(LWAIT_WORK, cwq, worker_of, cwq);
	}
	finish_wait(&cwq->work_done, &wait);
}

void flush_workqueue(struct workqueue_struct *wq)
{
	might_sleep();
	for (int i = 0; i < wq->nr_workers; i++)
		flush_one(&wq->cwq[i]);
}

struct lthread *workqueue_lthread(const struct workqueue_struct *wq)
{
	const struct lwait w = {
		.blocker_arg = (void *)(uintptr_t)&wq->cwq[0],
	};

	return worker_of(&w);
}

/* ---- life ----------------------------------------------------------------- */

static int start_worker(struct workqueue_struct *wq,
			struct cpu_workqueue_struct *cwq)
{
	struct kthread *k;

	spin_lock_init(&cwq->lock, &cwq_class);
	CDS_INIT_LIST_HEAD(&cwq->worklist);
	init_waitqueue_head(&cwq->work_done);
	k = kthread_run(worker_thread, cwq, wq->name);
	if (IS_ERR(k)) {
		spin_lock_destroy(&cwq->lock);
		return (int)PTR_ERR(k);
	}
	cwq->thread = k;
	return 0;
}

static void stop_workers(struct workqueue_struct *wq)
{
	for (int i = 0; i < wq->nr_workers; i++) {
		kthread_stop(wq->cwq[i].thread);
		spin_lock_destroy(&wq->cwq[i].lock);
	}
	kfree(wq);
}

struct workqueue_struct *create_workqueue(const char *name, int nr_workers)
{
	struct workqueue_struct *wq;

	mm_bug_on(nr_workers < 1 || nr_workers > MAX_WORKERS,
		  "%d workers, 1 to %d are possible", nr_workers, MAX_WORKERS);
	wq = kzalloc(sizeof(*wq), GFP_KERNEL);
	if (!wq)
		return ERR_PTR(-ENOMEM);
	wq->name = name;
	for (int i = 0; i < nr_workers; i++) {
		int err = start_worker(wq, &wq->cwq[i]);

		if (err) {
			stop_workers(wq);
			return ERR_PTR(err);
		}
		wq->nr_workers++;
	}
	return wq;
}

void destroy_workqueue(struct workqueue_struct *wq)
{
	if (!wq)
		return;
	flush_workqueue(wq);
	stop_workers(wq);
}
