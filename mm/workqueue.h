/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * workqueue.h - have a kernel thread do something later
 *
 * A work item is queued on one of the queue's workers and stays there; it may
 * be queued again as soon as its function has begun.
 */
#ifndef MM_WORKQUEUE_H
#define MM_WORKQUEUE_H

#include "mm/mm_types.h"

struct workqueue_struct;

struct work_struct {
	unsigned long pending; /* (a) bit 0: queued, function not begun */
	struct cds_list_head entry; /* lock of the worker's queue */
	void (*func)(void *data); /* (c) */
	void *data; /* (c) */
};

/**
 * init_work() - set an item up
 * @work: item, not queued
 * @func: called on a worker, may sleep
 * @data: for @func
 */
void init_work(struct work_struct *work, void (*func)(void *data),
	       void *data);

/**
 * create_workqueue() - a queue with its kernel threads
 * @name: of the threads
 * @nr_workers: 1 to 8; items are spread by the CPU they are queued from
 *
 * Context: a task; may sleep.
 * Return: queue or ERR_PTR(-Exxx).
 */
struct workqueue_struct *create_workqueue(const char *name, int nr_workers);

/**
 * destroy_workqueue() - flush, then end the threads
 * @wq: queue nobody uses any more; NULL allowed
 *
 * Context: may sleep.
 */
void destroy_workqueue(struct workqueue_struct *wq);

/**
 * queue_work() - have @work done
 * @wq: queue
 * @work: item; must live until its function has begun
 *
 * Context: any; takes the lock of a worker's queue (irq).  What the caller did
 *	before is visible to the function.
 * Return: false if it was queued already.
 */
bool queue_work(struct workqueue_struct *wq, struct work_struct *work);

/**
 * flush_workqueue() - wait for everything queued until now
 * @wq: queue
 *
 * Called by one of its own workers it does the worker's remaining items.
 *
 * Context: may sleep.  What the functions did is visible afterwards.
 */
void flush_workqueue(struct workqueue_struct *wq);

/**
 * workqueue_lthread() - the first worker's host thread, for wait-for edges
 * @wq: queue
 *
 * Context: any.
 * Return: thread, or NULL.
 */
struct lthread *workqueue_lthread(const struct workqueue_struct *wq);

#endif /* MM_WORKQUEUE_H */
