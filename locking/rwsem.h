/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sleeping reader-writer semaphores with strict FIFO hand-over: PRIM-1..10.
 * The number of readers and waiters has no limit worth naming (PRIM-9 was
 * 65535 and 32766).
 */
#ifndef LOCKING_RWSEM_H
#define LOCKING_RWSEM_H

#include <urcu/list.h>

#include "locking/annotate.h"
#include "locking/lockdep.h"
#include "locking/spinlock.h"

/*
 * Key: (a) atomic   (w) under wait_lock
 */
struct __capability("rwsem") rw_semaphore {
	unsigned long count;		/* (a) layout in rwsem.c */
	raw_spinlock_t wait_lock;
	unsigned int nr_waiting;	/* (w) length of waiters */
	unsigned int max_waiting;	/* (w) the most there were */
	struct cds_list_head waiters;	/* (w) FIFO of struct rwsem_waiter */
	unsigned long next_ticket;	/* (w) of the next to queue */
	unsigned long next_grant;	/* (w) ticket to be granted next */
	struct lock_map map;
};

#define RWSEM_UNLOCKED(name, class) {					\
	.wait_lock = RAW_SPINLOCK_UNLOCKED,				\
	.waiters = CDS_LIST_HEAD_INIT((name).waiters),			\
	.map = LOCK_MAP_INIT(class),					\
}
#define DECLARE_RWSEM(name, class) \
	struct rw_semaphore name = RWSEM_UNLOCKED(name, class)

/**
 * init_rwsem() - make a free semaphore
 * @sem: semaphore
 * @class: its lock class
 *
 * Context: the only user.
 */
void init_rwsem(struct rw_semaphore *sem, struct lock_class *class);

/**
 * destroy_rwsem() - the semaphore's memory is going to be reused
 * @sem: semaphore; held or waited for is a finding
 *
 * Context: the only user.
 */
#define destroy_rwsem(sem) destroy_rwsem_at((sem), LOCK_SITE())
void destroy_rwsem_at(struct rw_semaphore *sem, const struct lock_site *site);

/**
 * down_read() - share the semaphore (PRIM-2..4)
 * @sem: semaphore, not held by the caller in any mode (INV-34)
 *
 * down_read_nested() is for a second semaphore of the same class, @sub larger
 * than the first one's, as with down_write_nested().
 *
 * Context: may sleep, uninterruptibly, behind all who queued before.
 */
#define down_read(sem) down_read_at((sem), 0, LOCK_SITE())
#define down_read_nested(sem, sub) down_read_at((sem), (sub), LOCK_SITE())
void down_read_at(struct rw_semaphore *sem, int sub,
		  const struct lock_site *site) __acquires_shared(sem);

/**
 * down_write() - take the semaphore alone (PRIM-2, PRIM-3)
 * @sem: semaphore, not held by the caller in any mode
 *
 * Context: may sleep, uninterruptibly, behind all who queued before.
 */
#define down_write(sem) down_write_at((sem), 0, LOCK_SITE())
#define down_write_nested(sem, sub) down_write_at((sem), (sub), LOCK_SITE())
void down_write_at(struct rw_semaphore *sem, int sub,
		   const struct lock_site *site) __acquires(sem);

/**
 * down_read_trylock() - share it if no writer is active and nobody queued
 * @sem: semaphore
 *
 * Context: any; never queues (PRIM-8).
 * Return: whether taken.
 */
#define down_read_trylock(sem) down_read_trylock_at((sem), LOCK_SITE())
bool down_read_trylock_at(struct rw_semaphore *sem,
			  const struct lock_site *site)
	__try_acquires_shared(true, sem);

/**
 * down_write_trylock() - take it if it is completely idle
 * @sem: semaphore
 *
 * Context: any; never queues (PRIM-8).
 * Return: whether taken.
 */
#define down_write_trylock(sem) down_write_trylock_at((sem), LOCK_SITE())
bool down_write_trylock_at(struct rw_semaphore *sem,
			   const struct lock_site *site)
	__try_acquires(true, sem);

/**
 * up_read() - leave; the last reader grants the front of the queue (PRIM-5)
 * @sem: semaphore
 *
 * Context: holds @sem for reading.  Does not sleep.
 */
#define up_read(sem) up_read_at((sem), LOCK_SITE())
void up_read_at(struct rw_semaphore *sem, const struct lock_site *site)
	__releases_shared(sem);

/**
 * up_write() - leave and grant the front of the queue (PRIM-5)
 * @sem: semaphore
 *
 * Context: holds @sem for writing.  Does not sleep.
 */
#define up_write(sem) up_write_at((sem), LOCK_SITE())
void up_write_at(struct rw_semaphore *sem, const struct lock_site *site)
	__releases(sem);

/**
 * downgrade_write() - stay as a reader, let queued readers in (PRIM-7)
 * @sem: semaphore
 *
 * Context: holds @sem for writing, afterwards for reading.
 */
#define downgrade_write(sem) downgrade_write_at((sem), LOCK_SITE())
void downgrade_write_at(struct rw_semaphore *sem,
			const struct lock_site *site)
	__releases(sem) __acquires_shared(sem);

/* Whether anybody holds or awaits @sem; a snapshot. */
static inline bool rwsem_is_locked(const struct rw_semaphore *sem)
{
	return READ_ONCE(sem->count) != 0;
}

/* How many wait for @sem; a snapshot. */
static inline unsigned int rwsem_queue_len(const struct rw_semaphore *sem)
{
	return READ_ONCE(sem->nr_waiting);
}

/* The longest queue @sem ever had. */
static inline unsigned int rwsem_queue_max(const struct rw_semaphore *sem)
{
	return READ_ONCE(sem->max_waiting);
}

/**
 * rwsem_deepest_queue() - the longest queue any semaphore ever had
 *
 * Context: any.
 * Return: a number of waiters.
 */
unsigned int rwsem_deepest_queue(void);

#endif
