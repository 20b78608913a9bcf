// SPDX-License-Identifier: GPL-2.0-or-later
/* wait.c - wait queues; see wait.h for the protocol */
#include "mm/lock_classes.h"
#include "mm/sched.h"
#include "mm/wait.h"

void init_waitqueue_head(struct wait_queue_head *q)
{
	spin_lock_init(&q->lock, &waitqueue_class);
	CDS_INIT_LIST_HEAD(&q->waiters);
}

static void add_entry(struct wait_queue_head *q, struct wait_queue_entry *wait)
	__must_hold(&q->lock)
{
	/* Non-exclusive ones in front: all of them are always woken. */
	if (wait->exclusive)
		cds_list_add_tail(&wait->node, &q->waiters);
	else
		cds_list_add(&wait->node, &q->waiters);
}

void remove_wait_queue(struct wait_queue_head *q,
		       struct wait_queue_entry *wait)
{
	unsigned long flags;

	spin_lock_irqsave(&q->lock, flags);
	cds_list_del_init(&wait->node);
	spin_unlock_irqrestore(&q->lock, flags);
}

static void prepare(struct wait_queue_head *q, struct wait_queue_entry *wait,
		    int state, bool exclusive)
{
	unsigned long flags;

	spin_lock_irqsave(&q->lock, flags);
	if (cds_list_empty(&wait->node)) {
		wait->exclusive = exclusive;
		add_entry(q, wait);
	}
	set_current_state(state);
	spin_unlock_irqrestore(&q->lock, flags);
}

void prepare_to_wait(struct wait_queue_head *q, struct wait_queue_entry *wait,
		     int state)
{
	prepare(q, wait, state, false);
}

void prepare_to_wait_exclusive(struct wait_queue_head *q,
			       struct wait_queue_entry *wait, int state)
{
	prepare(q, wait, state, true);
}

void finish_wait(struct wait_queue_head *q, struct wait_queue_entry *wait)
{
	__set_current_state(TASK_RUNNING);
	remove_wait_queue(q, wait);
}

void __wake_up(struct wait_queue_head *q, unsigned int states,
	       int nr_exclusive)
{
	struct wait_queue_entry *wait, *next;
	unsigned long flags;

	spin_lock_irqsave(&q->lock, flags);
	cds_list_for_each_entry_safe(wait, next, &q->waiters, node) {
		/* The entry is gone once its task has left finish_wait(). */
		if (try_to_wake_up(wait->task, states) && wait->exclusive &&
		    !--nr_exclusive)
			break;
	}
	spin_unlock_irqrestore(&q->lock, flags);
}

bool waitqueue_active(struct wait_queue_head *q)
{
	unsigned long flags;
	bool active;

	spin_lock_irqsave(&q->lock, flags);
	active = !cds_list_empty(&q->waiters);
	spin_unlock_irqrestore(&q->lock, flags);
	return active;
}
