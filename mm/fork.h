/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fork.h - tasks: made by do_fork(), listed, counted, freed */
#ifndef MM_FORK_H
#define MM_FORK_H

#include <linux/sched.h>

#include "mm/fork_mm.h"
#include "mm/mm_types.h"
#include "mm/refcount.h"

/* The child starts in TASK_STOPPED; today's headers reuse the bit. */
#ifndef CLONE_STOPPED
#define CLONE_STOPPED 0x02000000
#endif

/* Task lists, family links, pids, signal and sighand pointers: LOCK-3. */
extern rwlock_t tasklist_lock;

extern int nr_threads; /* (T) to change, (r): linked tasks */
extern int max_threads; /* (r) settable between runs */
extern unsigned long total_forks; /* (T) */

/* Pid 0: head of the task list; not itself linked, never freed. */
extern struct task_struct init_task;

/* PRIM-30; never together with W(tasklist_lock), LOCK-4. */
#define task_lock(p) spin_lock(&(p)->alloc_lock)
#define task_unlock(p) spin_unlock(&(p)->alloc_lock)

/**
 * fork_init() - caches, init_task and the mm side
 * @threads: initial max_threads; 0: a sixteenth of the frames
 *
 * Afterwards init_task is complete; the caller makes it current on CPU 0.
 *
 * Context: boot, after slab, pid and user.
 * Return: 0 or -ENOMEM.
 */
int fork_init(int threads);

/** fork_exit() - undo fork_init().  Context: all tasks are gone. */
void fork_exit(void);

/**
 * fork_boot_task() - make the task of the booting host thread, pid 1
 *
 * Linked and RUNNING, without mm and without carrier: the caller makes it
 * current.  fork_free_task() undoes it.
 *
 * Context: boot, nothing is current yet.
 * Return: the task or ERR_PTR(-Exxx).
 */
struct task_struct *fork_boot_task(void);

/**
 * fork_idle() - make the idle task of a CPU
 * @cpu: its number
 *
 * Not linked, without pid, mm and carrier.  fork_free_task() undoes it.
 *
 * Context: boot.
 * Return: the task or ERR_PTR(-Exxx).
 */
struct task_struct *fork_idle(int cpu);

/**
 * fork_free_task() - free a boot or idle task, which nobody ever reaps
 * @p: from fork_boot_task() or fork_idle(); runs nowhere
 *
 * Context: shutdown; may sleep.
 */
void fork_free_task(struct task_struct *p);

/**
 * do_fork() - make a child of the caller and let it run (FORK-3)
 * @args: what to copy, share and start
 *
 * Context: may sleep, with CLONE_VFORK until the child lets go of its mm.
 * Return: the child's pid or -Exxx with nothing changed but, perhaps, the
 *	word at args->parent_tid.
 */
pid_t do_fork(const struct kernel_clone_args *args);

/**
 * sys_fork() - fork(2): the child runs @entry(@arg) in a copy of the mm
 * @entry: child's user program
 * @arg: for @entry
 *
 * Context: system call.
 * Return: the child's pid or -Exxx.
 */
pid_t sys_fork(void (*entry)(void *arg), void *arg);

/**
 * sys_vfork() - vfork(2): the child borrows the mm, the caller waits
 * @entry: child's user program
 * @arg: for @entry
 *
 * Context: system call.
 * Return: the child's pid or -Exxx.
 */
pid_t sys_vfork(void (*entry)(void *arg), void *arg);

/**
 * sys_clone() - clone(2)
 * @args: as for do_fork()
 *
 * Context: system call.
 * Return: the child's pid or -Exxx.
 */
pid_t sys_clone(const struct kernel_clone_args *args);

/**
 * kernel_thread() - start a task without an address space (FORK-1)
 * @fn: runs in the child, which exits when it returns
 * @arg: for @fn
 * @flags: further CLONE_* flags
 *
 * A caller with an mm shares it with the thread, which must drop it.
 *
 * Context: may sleep.
 * Return: the thread's pid or -Exxx.
 */
pid_t kernel_thread(void (*fn)(void *arg), void *arg, unsigned long flags);

static inline void get_task_struct(struct task_struct *p)
{
	ref_get(&p->usage, "task usage", p);
}

/**
 * __put_task_struct() - free a task after a grace period
 * @p: no references left
 *
 * Context: any; does not sleep.
 */
void __put_task_struct(struct task_struct *p);

static inline void put_task_struct(struct task_struct *p)
{
	if (ref_put_and_test(&p->usage, "task usage", p))
		__put_task_struct(p);
}

/**
 * __unhash_process() - take a task out of lists and pid table (EXIT-5)
 * @p: linked task
 *
 * nr_threads--, pids, thread ring, leader list, sibling list; not the trace
 * link.
 *
 * Context: W(tasklist_lock), interrupts off.
 */
void __unhash_process(struct task_struct *p) __must_hold(&tasklist_lock);

/* The caller holds tasklist_lock for all of these. */
static inline bool thread_group_leader(const struct task_struct *p)
{
	return p->pid == p->tgid;
}

static inline bool thread_group_empty(struct task_struct *p)
{
	return cds_list_empty(&p->thread_group);
}

static inline struct task_struct *next_thread(const struct task_struct *p)
{
	return cds_list_entry(p->thread_group.next, struct task_struct,
			      thread_group);
}

/* Thread-group leaders, init_task excluded. */
#define for_each_process(p) \
	cds_list_for_each_entry(p, &init_task.tasks, tasks)

/* All threads: INV-27.  `break` leaves the inner loop only. */
#define for_each_thread(leader, t, once)				\
	for (bool once = ((t) = (leader), true); once;			\
	     (t) = next_thread(t), once = (t) != (leader))
#define for_each_process_thread(leader, t)				\
	for_each_process(leader)					\
		for_each_thread(leader, t, __more)

#endif /* MM_FORK_H */
