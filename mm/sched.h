/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sched.h - who runs on which emulated CPU
 *
 * A task is a host thread that must hold a CPU.  One runqueue lock (irq), a
 * set of idle CPUs and a first-in first-out queue of tasks that want one.
 * The task that leaves a CPU does the data work of context_switch() for the
 * one that comes; the latter runs finish_task_switch() on its own thread, or
 * the leaving thread runs it on behalf of the idle task.
 */
#ifndef MM_SCHED_H
#define MM_SCHED_H

#include "mm/cpu.h"
#include "mm/mm_types.h"

#define DEF_TIME_SLICE 20 /* returns to user mode before a yield */

/* ---- thread flags ----------------------------------------------------- */

static inline void set_tsk_thread_flag(struct task_struct *p, int flag)
{
	set_bit((unsigned int)flag, &p->ti_flags);
}

static inline void clear_tsk_thread_flag(struct task_struct *p, int flag)
{
	clear_bit((unsigned int)flag, &p->ti_flags);
}

static inline bool test_tsk_thread_flag(const struct task_struct *p, int flag)
{
	return test_bit((unsigned int)flag, &p->ti_flags);
}

#define set_thread_flag(flag) set_tsk_thread_flag(current, (flag))
#define clear_thread_flag(flag) clear_tsk_thread_flag(current, (flag))
#define test_thread_flag(flag) test_tsk_thread_flag(current, (flag))

static inline bool signal_pending(const struct task_struct *p)
{
	return test_tsk_thread_flag(p, TIF_SIGPENDING);
}

static inline bool need_resched(void)
{
	return test_thread_flag(TIF_NEED_RESCHED);
}

/* ---- task state ------------------------------------------------------- */

/* Before the task decides not to sleep, or is not visible: no order. */
#define __set_task_state(p, s) WRITE_ONCE((p)->state, (s))
#define __set_current_state(s) __set_task_state(current, (s))

/*
 * PRIM-26.  Store, then full barrier: what the task checks next is read after
 * it.  Partner: the read-modify-write of ->state in try_to_wake_up(); whoever
 * comes second sees what the first one did before.
 */
#define set_task_state(p, s) ((void)xchg(&(p)->state, (int)(s)))
#define set_current_state(s) set_task_state(current, (s))

static inline int task_state(const struct task_struct *p)
{
	return READ_ONCE(p->state);
}

/**
 * schedule() - give the CPU to somebody else unless current stays runnable
 *
 * A task whose state is not TASK_RUNNING sleeps until it is woken, except
 * that an interruptible one with a signal pending goes on.  With PF_DEAD it
 * does not return: the host thread goes back to its pool (EXIT-3).
 *
 * Context: no spinlock, interrupts enabled.
 */
void schedule(void);

/**
 * schedule_on() - schedule(), telling the wait-for graph why
 * @kind: enum lwait_kind
 * @object: what is waited for, for identification only
 *
 * Context: as schedule().
 */
#define schedule_on(kind, object) \
	schedule_at((kind), (object), NULL, NULL, LOCK_SITE())

/**
 * schedule_blocked() - schedule_on() with somebody to blame
 * @kind: enum lwait_kind
 * @object: what is waited for, for identification only
 * @blocker: tells the wait-for graph who must act, see lwait_blocker_t
 * @arg: for @blocker, as w->blocker_arg
 *
 * Context: as schedule().
 */
#define schedule_blocked(kind, object, blocker, arg) \
	schedule_at((kind), (object), (blocker), (arg), LOCK_SITE())

void schedule_at(int kind, const void *object, lwait_blocker_t blocker,
		 void *arg, const struct lock_site *site);

/**
 * try_to_wake_up() - make a sleeping task runnable
 * @p: task, kept alive by the caller
 * @states: mask of TASK_* in which it is to be woken
 *
 * Context: any; takes the runqueue lock.
 * Return: whether its state was one of @states.
 */
bool try_to_wake_up(struct task_struct *p, unsigned int states);

#define TASK_NORMAL (TASK_INTERRUPTIBLE | TASK_UNINTERRUPTIBLE)
#define TASK_ALL (TASK_NORMAL | TASK_STOPPED | TASK_TRACED)

/* Wake from any sleep, stopped included: the kernel's wake_up_process(). */
#define wake_up_process(p) try_to_wake_up((p), TASK_ALL)
#define wake_up_state(p, states) try_to_wake_up((p), (states))

/**
 * sched_fork() - scheduler's part of making a task
 * @p: copy of current, not yet visible
 *
 * Context: may sleep.
 */
void sched_fork(struct task_struct *p);

/**
 * wake_up_new_task() - start a task made by fork
 * @p: task with a carrier
 *
 * Context: takes the runqueue lock; what the caller did before is visible to
 *	the task's first instruction (ORD-5).
 */
void wake_up_new_task(struct task_struct *p);

/**
 * schedule_tail() - first step of a new task on its own thread
 *
 * Context: the task has just been given its first CPU.
 */
void schedule_tail(void);

/**
 * yield() - let those who wait for a CPU go first
 *
 * Context: as schedule(); state stays TASK_RUNNING.
 */
void yield(void);

/**
 * cond_resched() - schedule() if a reschedule is due
 *
 * Context: may sleep.
 * Return: whether it did.
 */
bool cond_resched(void);

/**
 * task_curr() - does @p hold a CPU
 * @p: task, kept alive by the caller
 *
 * Context: any; a snapshot.
 * Return: whether it does.
 */
bool task_curr(const struct task_struct *p);

/**
 * sched_tick_slice() - count a return to user mode against the time slice
 *
 * Context: current, at the boundary.  Sets TIF_NEED_RESCHED when it is used
 *	up and somebody waits for a CPU.
 */
void sched_tick_slice(void);

/**
 * sched_wait_quiet() - sleep until no other task runs or is runnable
 *
 * On return the caller is the only task that holds a CPU or wants one, and
 * no sleeper has been granted the lock or event it sleeps for.
 *
 * Context: as schedule(); one caller at a time.
 */
void sched_wait_quiet(void);

/**
 * sched_nr_active() - tasks that hold a CPU or want one
 *
 * Context: any; a snapshot.
 * Return: number of tasks, the caller included.
 */
int sched_nr_active(void);

/**
 * sched_idle_leave_all() - have idle CPUs and the caller drop lazy mms
 *
 * Idle CPUs keep dead address spaces alive as active_mm; this switches them to
 * init_mm, as running a kernel thread of init_mm there would (INV-50).
 *
 * Context: no spinlock, interrupts enabled; may run __mmdrop().
 */
void sched_idle_leave_all(void);

/**
 * sched_init() - idle tasks, runqueue, hooks; the caller becomes @init
 * @init: first task; its thread gets CPU 0
 *
 * Context: boot, after cpus_init() and fork_init().
 * Return: 0 or -ENOMEM.
 */
int sched_init(struct task_struct *init);

/** sched_exit() - undo sched_init().  Context: only @init is left. */
void sched_exit(void);

struct sched_stats {
	unsigned long switches; /* (q) of task to task */
	unsigned long idle_switches; /* (q) from or to the idle task */
	unsigned long wakeups; /* (q) */
	unsigned long lazy_borrows; /* (q) mm_count taken by TLB-1 */
};

/**
 * sched_get_stats() - copy the counters
 * @stats: where to
 *
 * Context: a thread without an emulated CPU (or its interrupts off); takes the
 * runqueue lock.
 */
void sched_get_stats(struct sched_stats *stats);

#endif /* MM_SCHED_H */
