/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Completions: PRIM-12..14.  May live on the waiter's stack: the last access
 * of complete() is its release of the internal lock, which the waiter takes
 * before it returns.
 */
#ifndef LOCKING_COMPLETION_H
#define LOCKING_COMPLETION_H

#include "locking/lockdep.h"
#include "locking/wait_fifo.h"

/*
 * Key: (w) under wait.lock
 */
struct completion {
	struct wait_fifo wait;
	unsigned int done;		/* (w) */
};

#define COMPLETION_INITIALIZER(name) {					\
	.wait = WAIT_FIFO_INIT((name).wait),				\
}
#define DECLARE_COMPLETION(name) \
	struct completion name = COMPLETION_INITIALIZER(name)
#define DECLARE_COMPLETION_ONSTACK(name) DECLARE_COMPLETION(name)

/**
 * init_completion() - make an event that has not happened
 * @c: completion
 *
 * Context: the only user.
 */
void init_completion(struct completion *c);

/**
 * reinit_completion() - take the event back, before the next use
 * @c: completion; waiters are a finding, they would be lost (PRIM-13)
 *
 * Context: nobody else uses @c.
 */
#define reinit_completion(c) reinit_completion_at((c), LOCK_SITE())
void reinit_completion_at(struct completion *c, const struct lock_site *site);

/**
 * complete() - let one waiter go, now or when it comes
 * @c: completion; may be gone on return
 *
 * Context: any.  What precedes it is visible to the waiter.
 */
void complete(struct completion *c);

/**
 * complete_all() - let all go, now and later
 * @c: completion; may be gone on return
 *
 * Context: any.
 */
void complete_all(struct completion *c);

/**
 * wait_for_completion() - sleep until the event has happened
 * @c: completion
 *
 * Context: may sleep, uninterruptibly.
 */
#define wait_for_completion(c) \
	wait_for_completion_at((c), NULL, NULL, LOCK_SITE())

/**
 * wait_for_completion_on() - wait_for_completion() with somebody to blame
 * @c: completion
 * @blocker: tells the wait-for graph who must act; see lwait_blocker_t
 * @arg: for @blocker, as w->blocker_arg
 *
 * Context: may sleep, uninterruptibly.
 */
#define wait_for_completion_on(c, blocker, arg) \
	wait_for_completion_at((c), (blocker), (arg), LOCK_SITE())
void wait_for_completion_at(struct completion *c, lwait_blocker_t blocker,
			    void *arg, const struct lock_site *site);

/**
 * try_wait_for_completion() - consume the event if it has happened
 * @c: completion
 *
 * Context: any.
 * Return: whether it had.
 */
bool try_wait_for_completion(struct completion *c);

/**
 * completion_done() - has it happened
 * @c: completion
 *
 * Context: any.  If true, the completer is past its last access.
 * Return: whether a waiter would go through.
 */
bool completion_done(struct completion *c);

#endif
