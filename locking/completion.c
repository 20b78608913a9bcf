// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Completions: PRIM-12..14.
 *
 *   complete()                        wait_for_completion()
 *     lock                              lock
 *     done++                            if done is 0: queue, sleep, again
 *     pick a waiter                     done--
 *     unlock       <- last access       unlock
 *     wake it by its own record         return, *c may go
 *
 * The waiter sees done only under the lock, so after complete()'s unlock.
 */
#include <limits.h>

#include "locking/completion.h"

void init_completion(struct completion *c)
{
	wait_fifo_init(&c->wait);
	c->done = 0;
}

void reinit_completion_at(struct completion *c, const struct lock_site *site)
{
	bool idle;

	raw_spin_lock(&c->wait.lock);
	idle = wait_fifo_empty(&c->wait);
	c->done = 0;
	raw_spin_unlock(&c->wait.lock);
	if (!idle)
		report_finding_at(FINDING_LOST_WAKEUP, site,
				  "completion %p set up again under waiters",
				  (void *)c);
}

void complete(struct completion *c)
{
	struct lthread *t;

	raw_spin_lock(&c->wait.lock);
	c->done++;
	t = wait_fifo_pick(&c->wait);
	raw_spin_unlock(&c->wait.lock);
	/* PRIM-14: *c may be gone. */
	if (t)
		lthread_wake(t);
}

void complete_all(struct completion *c)
{
	struct lthread *t;

	raw_spin_lock(&c->wait.lock);
	c->done += UINT_MAX / 2;
	while ((t = wait_fifo_pick(&c->wait)))
		lthread_wake(t);
	raw_spin_unlock(&c->wait.lock);
}

/* Queue, and compete whenever woken: PRIM-13. */
static void wait_until_done(struct completion *c, lwait_blocker_t blocker,
			    void *arg, const struct lock_site *site)
	__must_hold(&c->wait.lock)
{
	struct wait_fifo_entry e;

	lwait_begin_on(LWAIT_COMPLETION, c, site, blocker, arg);
	wait_fifo_add(&c->wait, &e);
	do {
		wait_fifo_sleep(&c->wait, &e);
	} while (!c->done);
	cds_list_del(&e.node);
	lwait_end();
}

void wait_for_completion_at(struct completion *c, lwait_blocker_t blocker,
			    void *arg, const struct lock_site *site)
{
	might_sleep_at(site);
	raw_spin_lock(&c->wait.lock);
	if (!c->done)
		wait_until_done(c, blocker, arg, site);
	c->done--;
	raw_spin_unlock(&c->wait.lock);
}

bool try_wait_for_completion(struct completion *c)
{
	bool done;

	raw_spin_lock(&c->wait.lock);
	done = c->done;
	if (done)
		c->done--;
	raw_spin_unlock(&c->wait.lock);
	return done;
}

bool completion_done(struct completion *c)
{
	bool done;

	raw_spin_lock(&c->wait.lock);
	done = c->done;
	raw_spin_unlock(&c->wait.lock);
	return done;
}
