/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Counting semaphores: PRIM-16.  FIFO wake-up, but a newcomer may take the
 * unit before the woken waiter does, which then sleeps again.
 */
#ifndef LOCKING_SEMAPHORE_H
#define LOCKING_SEMAPHORE_H

#include "locking/annotate.h"
#include "locking/lockdep.h"
#include "locking/wait_fifo.h"

/*
 * Key: (w) under wait.lock   (c) constant
 */
struct __capability("semaphore") semaphore {
	struct wait_fifo wait;
	int count;	/* (w) units left */
	bool mutex;	/* (c) one unit: it has an owner */
	struct lock_map map; /* used if mutex */
};

/**
 * sema_init() - make a semaphore
 * @sem: semaphore
 * @n: units, 0 or more
 * @class: its lock class
 *
 * Context: the only user.
 */
void sema_init(struct semaphore *sem, int n, struct lock_class *class);

/**
 * init_MUTEX() - make a semaphore of one unit that is used as a mutex
 * @sem: semaphore
 * @class: its lock class
 *
 * The validator follows its owner and its order.
 *
 * Context: the only user.
 */
void init_MUTEX(struct semaphore *sem, struct lock_class *class);

/**
 * down() - take a unit
 * @sem: semaphore
 *
 * Context: may sleep, uninterruptibly.
 */
#define down(sem) down_at((sem), LOCK_SITE())
void down_at(struct semaphore *sem, const struct lock_site *site)
	__acquires(sem);

/**
 * down_trylock() - take a unit if there is one
 * @sem: semaphore
 *
 * Context: any.
 * Return: 0 if taken, 1 if not: the kernel's convention for this one.
 */
#define down_trylock(sem) down_trylock_at((sem), LOCK_SITE())
int down_trylock_at(struct semaphore *sem, const struct lock_site *site)
	__try_acquires(0, sem);

/**
 * up() - give a unit back and wake the first waiter
 * @sem: semaphore
 *
 * Context: any.
 */
#define up(sem) up_at((sem), LOCK_SITE())
void up_at(struct semaphore *sem, const struct lock_site *site)
	__releases(sem);

#endif
