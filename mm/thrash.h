/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * thrash.h - the swap token: one mm at a time is spared by reclaim
 *
 * With the default timeout of 0 the token stays with init_mm.
 */
#ifndef MM_THRASH_H
#define MM_THRASH_H

#include "mm/mm_types.h"

#define SWAP_TOKEN_CHECK_INTERVAL 200UL /* jiffies between two tries */

extern struct mm_struct *swap_token_mm; /* (r); no reference; swap_token_lock */
extern unsigned long swap_token_default_timeout; /* jiffies; 0: off */

/** thrash_init() - the token is init_mm's, off. Return: 0. */
int thrash_init(void);

/** has_swap_token() - whether @mm is spared; a snapshot. */
static inline bool has_swap_token(const struct mm_struct *mm)
{
	return READ_ONCE(swap_token_mm) == mm;
}

/**
 * grab_swap_token() - a fault had to read: ask for the token
 *
 * Context: a task; only tries swap_token_lock.
 */
void grab_swap_token(void);

/**
 * put_swap_token() - a dying mm gives the token up (EXIT-23)
 * @mm: without users
 *
 * Context: takes swap_token_lock if it has the token.
 */
void put_swap_token(struct mm_struct *mm);

#endif /* MM_THRASH_H */
