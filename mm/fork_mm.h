/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fork_mm.h - address spaces: made, duplicated, counted, freed
 *
 * REF-1: mm_users counts those entitled to use the user address space; at 0
 * it is torn down.  REF-2: mm_count counts those entitled to touch structure
 * and pgd; all mm_users together hold one.
 */
#ifndef MM_FORK_MM_H
#define MM_FORK_MM_H

#include "mm/mm_types.h"
#include "mm/refcount.h"

extern struct mm_struct init_mm;

/**
 * fork_mm_init() - make the mm cache, init_mm and the list of mms
 *
 * Context: boot, after slab and pgd cache.
 * Return: 0 or -ENOMEM.
 */
int fork_mm_init(void);

/** fork_mm_exit() - undo fork_mm_init().  Context: nobody uses an mm. */
void fork_mm_exit(void);

/* Another user of the address space; REF-3 says who may. */
static inline void mmget(struct mm_struct *mm)
{
	ref_get(&mm->mm_users, "mm_users", mm);
}

/* Another reference to the structure; REF-3 says who may. */
static inline void mmgrab(struct mm_struct *mm)
{
	ref_get(&mm->mm_count, "mm_count", mm);
}

/**
 * __mmdrop() - free the structure (EXIT-24)
 * @mm: no references left; its address space is empty (INV-31)
 *
 * Context: must not sleep; interrupts enabled.
 */
void __mmdrop(struct mm_struct *mm);

/* Give back a reference to the structure; does not sleep. */
static inline void mmdrop(struct mm_struct *mm)
{
	if (unlikely(ref_put_and_test(&mm->mm_count, "mm_count", mm)))
		__mmdrop(mm);
}

/**
 * mmput() - give back the right to use the address space (EXIT-20)
 * @mm: may be freed on return
 *
 * The last user tears the address space down: AIO contexts, VMAs, mmlist.
 *
 * Context: may sleep; no mmap_sem, no spinlock held.
 */
void mmput(struct mm_struct *mm);

struct mm_stats {
	atomic_long_t outside_last; /* last mmput() by a reader from outside */
	atomic_long_t outside_lazy; /* of those: with CPUs lazily on the mm */
};

extern struct mm_stats mm_stats;

/**
 * mmput_outside() - mmput() of a reference taken by get_task_mm()
 * @mm: may be freed on return
 *
 * Counts how often the teardown is the reader's (PROC-10).
 *
 * Context: as mmput().
 */
void mmput_outside(struct mm_struct *mm);

/**
 * get_task_mm() - take a reference on a task's address space (PROC-1)
 * @task: kept alive by the caller
 *
 * Context: takes task_lock(@task).
 * Return: the mm, to be given to mmput(), or NULL if the task has none of
 *	its own.
 */
struct mm_struct *get_task_mm(struct task_struct *task);

/**
 * mm_alloc() - an empty address space for exec (FORK-34)
 *
 * Context: may sleep.
 * Return: an mm with mm_users and mm_count 1, or NULL.
 */
struct mm_struct *mm_alloc(void);

/**
 * copy_mm() - give a child its address space (FORK-30 to FORK-32)
 * @clone_flags: CLONE_VM shares the caller's
 * @tsk: the child, in no list yet
 *
 * Context: may sleep; takes W(current->mm->mmap_sem) without CLONE_VM.
 * Return: 0, or -Exxx with tsk->mm NULL and nothing left behind.
 */
int copy_mm(unsigned long clone_flags, struct task_struct *tsk);

/**
 * mm_release() - the task stops using its mm (EXIT-10)
 * @tsk: current
 * @mm: its mm or NULL
 *
 * Ends a vfork() parent's wait; clears and wakes clear_child_tid.
 *
 * Context: may sleep and fault; no mmap_sem held.
 */
void mm_release(struct task_struct *tsk, struct mm_struct *mm);

/**
 * mm_for_each() - visit every mm there is, init_mm and dying ones included
 * @fn: called under mm_list_lock: must not sleep nor drop references;
 *	false ends the walk
 * @arg: for @fn
 *
 * Context: takes mm_list_lock, a leaf.
 */
void mm_for_each(bool (*fn)(struct mm_struct *mm, void *arg), void *arg);

/**
 * nr_mms() - how many mms exist besides init_mm
 *
 * Context: takes mm_list_lock.
 * Return: number, dying ones included.
 */
unsigned long nr_mms(void);

#endif /* MM_FORK_MM_H */
