/* SPDX-License-Identifier: GPL-2.0-or-later */
/* futex.h - sleeping on a word of user memory */
#ifndef MM_FUTEX_H
#define MM_FUTEX_H

#include <linux/futex.h>

#include "mm/mm_types.h"

/* What a word is called; a queued key holds one reference. */
struct futex_key {
	struct mm_struct *mm; /* private memory: mm_count; else NULL */
	struct inode *inode; /* shared memory: i_count */
	uint64_t offset; /* address, or bytes into the file */
};

/** futex_init() - set up the hash buckets. Return: 0 or -ENOMEM. */
int futex_init(void);

/** futex_exit() - check that nobody waits. */
void futex_exit(void);

/**
 * sys_futex() - wait, wake, move waiters
 * @uaddr: user address of a 4-byte word, aligned
 * @op: FUTEX_WAIT, FUTEX_WAKE, FUTEX_REQUEUE, FUTEX_CMP_REQUEUE
 * @val: expected value (WAIT), most waiters to wake (others)
 * @uaddr2: where to move the rest (REQUEUE)
 * @val2: most waiters to move (REQUEUE)
 * @val3: expected value (CMP_REQUEUE)
 *
 * Context: user task, no lock; takes R(mmap_sem); WAIT sleeps interruptibly.
 * Return: WAIT: 0, -EWOULDBLOCK, -EINTR; others: number of waiters woken and
 *         moved; -EFAULT, -EINVAL, -EAGAIN, -ENOSYS.
 */
int sys_futex(uaddr_t uaddr, int op, uint32_t val, uaddr_t uaddr2, int val2,
	      uint32_t val3);

/**
 * futex_wake() - wake waiters of a word
 * @uaddr: user address, aligned to 4
 * @nr_wake: most waiters to wake
 *
 * Context: user task, no lock; takes R(mmap_sem) and a bucket lock.
 * Return: number woken, -EFAULT, -EINVAL.
 */
int futex_wake(uaddr_t uaddr, int nr_wake);

/**
 * for_each_futex_waiter() - visit every queued waiter and its key, for audits
 * @fn: called with a bucket lock held; must not sleep
 * @arg: passed on
 *
 * Context: any; takes the bucket locks one after the other.
 */
void for_each_futex_waiter(void (*fn)(const struct futex_key *key,
				      const struct task_struct *waiter,
				      void *arg), void *arg);

#endif /* MM_FUTEX_H */
