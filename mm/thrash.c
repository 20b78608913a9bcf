// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * thrash.c - the swap token (spec 0.10)
 *
 * Who faults pages in from swap may take the token from a holder that has not
 * done so lately, or has had it for long enough.  The holder is a plain
 * pointer: mmput() gives the token back before the mm goes.
 */
#include "mm/thrash.h"

#include "locking/time.h"
#include "mm/fork_mm.h"
#include "mm/lock_classes.h"
#include "mm/sched.h"

static DEFINE_SPINLOCK(swap_token_lock, &token_class);
struct mm_struct *swap_token_mm = &init_mm;
unsigned long swap_token_default_timeout;
static unsigned long swap_token_timeout; /* under swap_token_lock */
static unsigned long swap_token_check; /* swap_token_lock to write, (r) */

int thrash_init(void)
{
	WRITE_ONCE(swap_token_mm, &init_mm);
	swap_token_default_timeout = 0;
	swap_token_timeout = swap_token_check = 0;
	return 0;
}

/* The holder loses the token; timed out, it has to wait for its next turn. */
static bool take_from(struct mm_struct *holder, unsigned long now)
	__must_hold(&swap_token_lock)
{
	bool idle = !READ_ONCE(holder->recent_pagein);

	if (!idle && !time_after(now, swap_token_timeout)) {
		WRITE_ONCE(holder->recent_pagein, false);
		return false;
	}
	WRITE_ONCE(holder->swap_token_time,
		   idle ? now : now + swap_token_default_timeout);
	return true;
}

void grab_swap_token(void)
{
	struct mm_struct *mm = current->mm;
	unsigned long now = jiffies;

	if (!mm || !swap_token_default_timeout)
		return;
	if (has_swap_token(mm)) {
		WRITE_ONCE(mm->recent_pagein, true);
		return;
	}
	if (!time_after(now, READ_ONCE(swap_token_check)) ||
	    time_after(READ_ONCE(mm->swap_token_time), now) ||
	    !spin_trylock(&swap_token_lock))
		return;
	WRITE_ONCE(swap_token_check, now + SWAP_TOKEN_CHECK_INTERVAL);
	if (take_from(swap_token_mm, now)) {
		swap_token_timeout = now + swap_token_default_timeout;
		WRITE_ONCE(swap_token_mm, mm);
	}
	spin_unlock(&swap_token_lock);
}

void put_swap_token(struct mm_struct *mm)
{
	if (!has_swap_token(mm))
		return;
	spin_lock(&swap_token_lock);
	if (swap_token_mm == mm) {
		WRITE_ONCE(swap_token_mm, &init_mm);
		WRITE_ONCE(swap_token_check, jiffies);
	}
	spin_unlock(&swap_token_lock);
}
