/* SPDX-License-Identifier: GPL-2.0-or-later */
/* futex.h - sleeping on a word of user memory */
#ifndef MM_FUTEX_H
#define MM_FUTEX_H

#include <linux/futex.h>

#include "mm/mm_types.h"

/*
 * FUTEX_FD: a file that becomes ready when the word is woken.  Its key stays
 * queued as long as it is open, whoever has it open, and with it the structure
 * of an mm whose process may be long gone (REF-2).
 */

/* What a word is called; a queued key holds one reference. */
struct futex_key {
	struct mm_struct *mm; /* private memory: mm_count; else NULL */
	struct inode *inode; /* shared memory: i_count */
	uint64_t offset; /* address, or bytes into the file */
};

/* A queued waiter as audits see it. */
struct futex_waiter {
	const struct futex_key *key;
	const struct task_struct *task; /* NULL: a futex file */
	const void *wait; /* object of the record of its sleep */
	uint32_t expected; /* what the word held when it queued */
	bool moved; /* by a requeue: expected is of another word */
};

struct futex_stats {
	atomic_long_t requeued; /* waiters moved to another word */
	atomic_long_t fds; /* futex files made */
	atomic_long_t fds_outlived; /* closed after the last mm_users */
	atomic_long_t fds_last_count; /* of those: their mm_count the last */
};

extern struct futex_stats futex_stats;

/**
 * futex_inode() - the inode all futex files share, for audits
 *
 * Context: any.
 * Return: inode, alive until futex_exit().
 */
struct inode *futex_inode(void);

/** futex_init() - set up the hash buckets. Return: 0 or -ENOMEM. */
int futex_init(void);

/** futex_exit() - check that nobody waits. */
void futex_exit(void);

/**
 * sys_futex() - wait, wake, move waiters
 * @uaddr: user address of a 4-byte word, aligned
 * @op: FUTEX_WAIT, FUTEX_WAKE, FUTEX_REQUEUE, FUTEX_CMP_REQUEUE, FUTEX_FD
 * @val: expected value (WAIT), most waiters to wake (others)
 * @uaddr2: where to move the rest (REQUEUE)
 * @val2: most waiters to move (REQUEUE)
 * @val3: expected value (CMP_REQUEUE)
 *
 * Context: user task, no lock; takes R(mmap_sem); WAIT sleeps interruptibly.
 * Return: WAIT: 0, -EWOULDBLOCK, -EINTR; FD: a descriptor; others: number of
 *	waiters woken and moved; -EFAULT, -EINVAL, -EAGAIN, -ENOSYS, -ENOMEM,
 *	-EMFILE.
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
 * futex_poll() - has the word of a futex file been woken
 * @fd: from FUTEX_FD
 * @wait: sleep until it is, or a signal comes
 *
 * Context: system call; sleeps interruptibly if @wait.
 * Return: 1 or 0, -EINTR, -EBADF, -EINVAL (another kind of file).
 */
int futex_poll(int fd, bool wait);

/**
 * for_each_futex_waiter() - visit every queued waiter and its key, for audits
 * @fn: called with a bucket lock held; must not sleep
 * @arg: passed on
 *
 * Context: any; tries the bucket locks one after the other, never waits: who
 *	has one may be what stands still.
 * Return: waiters that were left out, because their bucket is locked, are not
 *	known; number of such buckets, 0 if nobody runs.
 */
int for_each_futex_waiter(void (*fn)(const struct futex_waiter *waiter,
				     void *arg), void *arg);

#endif /* MM_FUTEX_H */
