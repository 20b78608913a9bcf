/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * wait.h - wait queues
 *
 *	sleeper					waker
 *	prepare_to_wait(): queue, set state	make the condition true
 *	condition?  no: schedule()		wake_up(): dequeue lock, wake
 *	finish_wait()
 *
 * Queue and state come before the test of the condition, so a waker that
 * comes after the test finds the sleeper (PRIM-26).
 */
#ifndef MM_WAIT_H
#define MM_WAIT_H

#include "mm/sched.h"

#define DEFINE_WAIT(name)						\
	struct wait_queue_entry name = {				\
		.task = current,					\
		.node = CDS_LIST_HEAD_INIT((name).node),		\
	}

/**
 * init_waitqueue_head() - make an empty queue
 * @q: queue
 *
 * Context: the only user.
 */
void init_waitqueue_head(struct wait_queue_head *q);

/**
 * remove_wait_queue() - take an entry off
 * @q: queue
 * @wait: entry of @q
 *
 * Context: any; takes @q->lock (irq).  No waker uses @wait afterwards.
 */
void remove_wait_queue(struct wait_queue_head *q,
		       struct wait_queue_entry *wait);

/**
 * prepare_to_wait() - queue the entry unless it is, set the task's state
 * @q: queue
 * @wait: entry of current
 * @state: TASK_INTERRUPTIBLE or TASK_UNINTERRUPTIBLE
 *
 * Context: no spinlock; takes @q->lock (irq).
 */
void prepare_to_wait(struct wait_queue_head *q, struct wait_queue_entry *wait,
		     int state);

/** prepare_to_wait_exclusive() - as above; wake_up() wakes one of these. */
void prepare_to_wait_exclusive(struct wait_queue_head *q,
			       struct wait_queue_entry *wait, int state);

/**
 * finish_wait() - TASK_RUNNING again, off the queue
 * @q: queue
 * @wait: entry
 *
 * Context: as prepare_to_wait().
 */
void finish_wait(struct wait_queue_head *q, struct wait_queue_entry *wait);

/**
 * __wake_up() - wake sleepers
 * @q: queue
 * @states: mask of states
 * @nr_exclusive: stop after so many exclusive ones; 0 wakes all
 *
 * Context: any; takes @q->lock (irq), in it the runqueue lock.
 */
void __wake_up(struct wait_queue_head *q, unsigned int states,
	       int nr_exclusive);

#define wake_up(q) __wake_up((q), TASK_NORMAL, 1)
#define wake_up_all(q) __wake_up((q), TASK_NORMAL, 0)
#define wake_up_interruptible(q) __wake_up((q), TASK_INTERRUPTIBLE, 1)

/**
 * waitqueue_active() - is anybody queued
 * @q: queue
 *
 * Context: any; a snapshot, ordered by the caller.
 * Return: whether the queue is not empty.
 */
bool waitqueue_active(struct wait_queue_head *q);

#define wait_event(q, condition) do {					\
	DEFINE_WAIT(__wait);						\
	for (;;) {							\
		prepare_to_wait((q), &__wait, TASK_UNINTERRUPTIBLE);	\
		if (condition)						\
			break;						\
		schedule_on(LWAIT_OTHER, (q));				\
	}								\
	finish_wait((q), &__wait);					\
} while (0)

/* Value: 0, or -EINTR if a signal came first. */
#define wait_event_interruptible(q, condition) ({			\
	DEFINE_WAIT(__wait);						\
	int __ret = 0;							\
	for (;;) {							\
		prepare_to_wait((q), &__wait, TASK_INTERRUPTIBLE);	\
		if (condition)						\
			break;						\
		if (signal_pending(current)) {				\
			__ret = -EINTR;					\
			break;						\
		}							\
		schedule_on(LWAIT_OTHER, (q));				\
	}								\
	finish_wait((q), &__wait);					\
	__ret; })

#endif /* MM_WAIT_H */
