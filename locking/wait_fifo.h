/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A FIFO of exclusive waiters under a raw lock, as semaphores and completions
 * have it: the first one not yet woken is woken, and competes again for what
 * it wants; until it has got it, it keeps its place.
 */
#ifndef LOCKING_WAIT_FIFO_H
#define LOCKING_WAIT_FIFO_H

#include <urcu/list.h>

#include "locking/annotate.h"
#include "locking/spinlock.h"

struct wait_fifo {
	raw_spinlock_t lock;
	struct cds_list_head waiters; /* under lock */
};

#define WAIT_FIFO_INIT(q) {						\
	.lock = RAW_SPINLOCK_UNLOCKED,					\
	.waiters = CDS_LIST_HEAD_INIT((q).waiters),			\
}

/* On the waiter's stack; under the queue's lock. */
struct wait_fifo_entry {
	struct cds_list_head node;
	struct lthread *thread;
	bool woken;	/* a wake-up is on its way, or has come */
};

/**
 * wait_fifo_init() - make an empty queue
 * @q: queue
 *
 * Context: the only user.
 */
void wait_fifo_init(struct wait_fifo *q);

/**
 * wait_fifo_add() - the calling thread enters at the end
 * @q: queue
 * @e: its entry
 *
 * Context: @q->lock held.
 */
void wait_fifo_add(struct wait_fifo *q, struct wait_fifo_entry *e)
	__must_hold(&q->lock);

/**
 * wait_fifo_sleep() - sleep until woken once
 * @q: queue
 * @e: entry of the calling thread
 *
 * Context: @q->lock held, dropped during the sleep.  May sleep.
 */
void wait_fifo_sleep(struct wait_fifo *q, struct wait_fifo_entry *e)
	__must_hold(&q->lock);

/**
 * wait_fifo_pick() - choose the first waiter that has not been woken
 * @q: queue
 *
 * Context: @q->lock held.  The caller must lthread_wake() the result; it may
 *	drop the lock before, and must not touch @q afterwards.
 * Return: thread or NULL.
 */
struct lthread *wait_fifo_pick(struct wait_fifo *q) __must_hold(&q->lock);

/**
 * wait_fifo_empty() - does nobody wait
 * @q: queue
 *
 * Context: @q->lock held.
 * Return: whether the queue is empty.
 */
static inline bool wait_fifo_empty(struct wait_fifo *q)
	__must_hold(&q->lock)
{
	return cds_list_empty(&q->waiters);
}

#endif
