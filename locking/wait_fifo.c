// SPDX-License-Identifier: GPL-2.0-or-later
/*
 *   waiter, under the lock            waker, under the lock
 *     wait_word = WAIT, woken = false   woken = true
 *   unlock                            unlock
 *     sleep while wait_word == WAIT     lthread_wake(): wait_word = GO
 *   lock
 *
 * woken makes sure that there is one waker per sleep.  Between the waker's
 * unlock and its lthread_wake() the waiter cannot return, and afterwards the
 * waker touches only the word in the waiter's record, which stays.
 */
#include "locking/wait_fifo.h"

void wait_fifo_init(struct wait_fifo *q)
{
	raw_spin_lock_init(&q->lock);
	CDS_INIT_LIST_HEAD(&q->waiters);
}

void wait_fifo_add(struct wait_fifo *q, struct wait_fifo_entry *e)
{
	e->thread = lthread_self();
	e->woken = true; /* not asleep yet */
	cds_list_add_tail(&e->node, &q->waiters);
}

void wait_fifo_sleep(struct wait_fifo *q, struct wait_fifo_entry *e)
{
	lthread_prepare_wait(e->thread);
	e->woken = false;
	raw_spin_unlock(&q->lock);
	lthread_wait(e->thread);
	raw_spin_lock(&q->lock);
}

struct lthread *wait_fifo_pick(struct wait_fifo *q)
{
	struct wait_fifo_entry *e;

	cds_list_for_each_entry(e, &q->waiters, node) {
		if (e->woken)
			continue;
		e->woken = true;
		return e->thread;
	}
	return NULL;
}
