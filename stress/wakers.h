/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who has to wake whom: edges of the wait-for graph that only mm/ knows. */
#ifndef STRESS_WAKERS_H
#define STRESS_WAKERS_H

#include "locking/waitgraph.h"

struct task_struct;

/**
 * wakers_find() - who is to wake each futex sleeper
 * @known: filled in; for wakers_free()
 *
 * A futex belongs to nobody, but two sleeps tell whose end they wait for:
 * that on the word which a thread of the same mm clears when it dies
 * (EXIT-10), and that on a word which held the pid of such a thread, as locks
 * of user programs do.  Of the other sleepers the note says that no waker is
 * known.
 *
 * Context: any; tries R(tasklist_lock) and bucket locks, never waits for them.
 *	What is found holds as long as nobody runs.
 * Return: 0, -EBUSY: tasklist_lock is taken, or -ENOMEM; without 0, @known is
 *	empty.
 */
int wakers_find(struct wait_edges *known);

/**
 * wakers_thread_of() - the host thread that runs a task
 * @p: task; a zombie's carrier may have another one already
 *
 * Context: R(tasklist_lock), or @p is otherwise kept.
 * Return: thread, or NULL: @p is dead or has not run yet.
 */
struct lthread *wakers_thread_of(const struct task_struct *p);

/** wakers_free() - give back what wakers_find() has filled in */
void wakers_free(struct wait_edges *known);

/**
 * wakers_note() - what is known of one sleep
 * @known: from wakers_find()
 * @t: the sleeper
 * @seq: number of its wait
 *
 * Context: any.
 * Return: note, or NULL: it is no futex that @t sleeps on.
 */
const char *wakers_note(const struct wait_edges *known,
			const struct lthread *t, unsigned int seq);

#endif
