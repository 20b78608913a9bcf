/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * carrier.h - the host threads that carry tasks
 *
 * A carrier is reserved when a task is made, so that a task that exists can
 * always run.  It parks on its grant word; the scheduler starts or resumes
 * its task by setting it.  When the task is over the carrier returns to the
 * pool and is the next one to be reserved.
 */
#ifndef MM_CARRIER_H
#define MM_CARRIER_H

#include <pthread.h>

#include "mm/mm_types.h"

struct lthread;

struct carrier {
	int granted; /* (a) futex word: 1 when a CPU was handed over */
	struct task_struct *task; /* set by carrier_start(), by granted */
	struct cpu *cpu; /* the CPU handed over, by granted */
	struct lthread *lthread; /* (r), (c) once the thread runs */
	struct carrier *next_free; /* pool lock */
	struct carrier *next_all; /* pool lock */
	pthread_t thread; /* (c) */
	bool adopted; /* (c) thread of the program, not of the pool */
};

/**
 * carrier_reserve() - a host thread for a new task
 *
 * Context: may sleep; fails under fault injection and at the host's limits.
 * Return: carrier, or NULL.
 */
struct carrier *carrier_reserve(void);

/**
 * carrier_release() - give back a carrier that was not started
 * @c: carrier, NULL allowed
 *
 * Context: any.
 */
void carrier_release(struct carrier *c);

/**
 * carrier_start() - tie a reserved carrier to its task
 * @c: carrier
 * @task: runs when it is granted its first CPU
 *
 * Context: before wake_up_new_task().
 */
void carrier_start(struct carrier *c, struct task_struct *task);

/**
 * carrier_adopt() - make the calling host thread a carrier
 * @task: task it carries
 *
 * Context: boot.
 * Return: carrier, or NULL.
 */
struct carrier *carrier_adopt(struct task_struct *task);

/**
 * carrier_disown() - undo carrier_adopt()
 * @c: carrier of the calling thread
 *
 * Context: shutdown.
 */
void carrier_disown(struct carrier *c);

/**
 * carrier_grant() - let the carrier's task go on, on a CPU
 * @c: carrier
 * @cpu: CPU
 *
 * Context: any; @c may be running, or gone to its next task, on return.
 */
void carrier_grant(struct carrier *c, struct cpu *cpu);

/**
 * carrier_wait() - sleep until carrier_grant()
 * @c: carrier of the calling thread
 *
 * Context: the scheduler; the caller has no CPU.
 * Return: the CPU handed over.
 */
struct cpu *carrier_wait(struct carrier *c);

/**
 * carrier_finish() - the task is over: go back to the pool
 *
 * Touches no task.  Context: a carrier thread without CPU.
 */
void carrier_finish(void) __noreturn;

/**
 * carrier_prefill() - have threads ready
 * @nr: how many to have in the pool
 *
 * Context: any.
 * Return: number of carriers that exist.
 */
unsigned int carrier_prefill(unsigned int nr);

/**
 * carrier_pool_exit() - end all pooled threads
 *
 * Context: no task is left that uses one.  Joins them.
 */
void carrier_pool_exit(void);

struct carrier_stats {
	unsigned int created; /* threads that exist */
	unsigned int in_use; /* reserved or running */
	unsigned int peak; /* most in use at a time */
	unsigned long failures; /* reservations refused by the host */
	size_t stack_size; /* bytes of host stack each */
};

/**
 * carrier_get_stats() - copy the counters
 * @stats: where to
 *
 * Context: any.
 */
void carrier_get_stats(struct carrier_stats *stats);

#endif /* MM_CARRIER_H */
