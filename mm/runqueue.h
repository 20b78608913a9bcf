/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * runqueue.h - what the parts of the scheduler share; nobody else includes it
 *
 * A task is running (on_rq, cpu set), queued for a CPU (on_rq, no cpu), or
 * asleep.  It sleeps in schedule(), or inside a lock of locking/, which tells
 * us through the hooks; only the former is woken by try_to_wake_up().
 *
 * rq.lock is held with the interrupt lock of the caller's CPU and is the
 * innermost of all: a raw lock, so that it can be taken inside the waits of
 * locking/.  Nobody writes another CPU's tlbstate except as its IPI.
 */
#ifndef MM_RUNQUEUE_H
#define MM_RUNQUEUE_H

#include "mm/sched.h"

struct runqueue {
	raw_spinlock_t lock; /* irq */
	cpumask_t idle; /* under lock: CPUs that may be claimed */
	int nr_idle; /* under lock: bits in idle */
	struct cds_list_head queue; /* under lock: FIFO, task->run_list */
	struct cds_list_head blocked; /* under lock: asleep inside locking/ */
	int nr_queued; /* under lock, (r) */
	int nr_active; /* under lock, (r): running or queued */
	int next_victim; /* under lock: CPU to be asked for its CPU next */
	unsigned long last_kick; /* under lock: jiffies */
	struct task_struct *quiet_waiter; /* under lock */
	struct sched_stats stats; /* under lock */
};

extern struct runqueue rq;

/* Interrupts are off. */
static inline void rq_lock(void) __acquires(&rq.lock)
{
	raw_spin_lock(&rq.lock);
	lock_innermost_enter();
}

static inline void rq_unlock(void) __releases(&rq.lock)
{
	lock_innermost_leave();
	raw_spin_unlock(&rq.lock);
}

static inline void rq_lock_irq(void) __acquires(&rq.lock)
{
	local_irq_disable();
	rq_lock();
}

static inline void rq_unlock_irq(void) __releases(&rq.lock)
{
	rq_unlock();
	local_irq_enable();
}

/**
 * context_switch() - @cpu works for @next from now on (TLB-1)
 * @cpu: held by the caller: the steps of switch_mm() are its own
 * @prev: who held it, or its idle task
 * @next: asleep, queued or new: changes nothing itself
 *
 * Context: rq.lock.
 */
void context_switch(struct cpu *cpu, struct task_struct *prev,
		    struct task_struct *next) __must_hold(&rq.lock);

/**
 * rq_dequeue() - take the first task that waits for a CPU
 *
 * Context: rq.lock.
 * Return: task or NULL.
 */
struct task_struct *rq_dequeue(void) __must_hold(&rq.lock);

/**
 * rq_enqueue() - let a runnable task wait for a CPU, behind the others
 * @p: task
 *
 * Context: rq.lock.
 */
void rq_enqueue(struct task_struct *p) __must_hold(&rq.lock);

/**
 * rq_claim_cpu() - an idle CPU is spoken for
 * @id: its number
 *
 * Context: rq.lock.
 */
void rq_claim_cpu(int id) __must_hold(&rq.lock);

/**
 * rq_activate() - a sleeping task becomes runnable
 * @p: task
 *
 * Context: rq.lock.
 * Return: the CPU claimed for it, to be passed on by carrier_grant() after
 *	the unlock, or NULL if it has been queued.
 */
struct cpu *rq_activate(struct task_struct *p) __must_hold(&rq.lock);

/**
 * rq_deactivate() - a running task goes to sleep; its CPU is left next
 * @p: task
 *
 * Context: rq.lock.
 */
void rq_deactivate(struct task_struct *p) __must_hold(&rq.lock);

/**
 * rq_is_quiet() - do only @active tasks run
 * @active: 1 for the caller alone, 0 for nobody
 *
 * A CPU whose thread still finishes a switch is not idle, and a task inside
 * locking/ that has been granted what it waits for is about to go on: the
 * grant comes before its waker's next sleep.
 *
 * Context: rq.lock.
 * Return: whether it is so.
 */
bool rq_is_quiet(int active) __must_hold(&rq.lock);

/**
 * cpu_become_idle() - offer a CPU to whoever wants one
 * @cpu: held by the caller, who is its idle task; not afterwards
 *
 * Context: rq.lock, released.
 */
void cpu_become_idle(struct cpu *cpu) __releases(&rq.lock);

/**
 * cpu_hand_over() - pass a CPU to the task that it has been switched to
 * @cpu: held by the caller, not afterwards
 * @next: the task
 *
 * Context: rq.lock, released.
 */
void cpu_hand_over(struct cpu *cpu, struct task_struct *next)
	__releases(&rq.lock);

/**
 * cpu_leave() - give this CPU to the first in the queue or the idle task
 * @prev: current
 * @dead: it never runs again, and may be freed from the unlock on (EXIT-3)
 *
 * Context: rq.lock, released.
 */
void cpu_leave(struct task_struct *prev, bool dead) __releases(&rq.lock);

/**
 * cpu_take() - go on, on a CPU that has been granted
 * @me: the calling thread's task
 * @cpu: handed over to it, or claimed from the idle task
 *
 * Context: no CPU held; may run __mmdrop() and free a task.
 */
void cpu_take(struct task_struct *me, struct cpu *cpu);

/**
 * switch_away() - leave the CPU, sleep until granted one, take it
 * @me: current, deactivated or queued; does not return with PF_DEAD
 *
 * Context: rq.lock, released.
 */
void switch_away(struct task_struct *me) __releases(&rq.lock);

#endif /* MM_RUNQUEUE_H */
