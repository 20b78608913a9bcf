/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * mmu_context.h - change the address space a CPU works in (TLB-3, TLB-4)
 *
 * The steps of switch_mm() are instructions of the emulated CPU: with
 * interrupts enabled an IPI may come between any two, never within one.  Each
 * is therefore made under the CPU's interrupt lock.
 */
#ifndef MM_MMU_CONTEXT_H
#define MM_MMU_CONTEXT_H

#include "mm/mm_types.h"

/**
 * switch_mm() - work in another address space from now on
 * @prev: active_mm until now
 * @next: the next one; may be the same, then it may have to be reloaded
 *
 * Context: a task on a CPU; interrupts on or off.
 */
void switch_mm(struct mm_struct *prev, struct mm_struct *next);

/* For exec_mmap() and use_mm(), which run with interrupts enabled. */
#define activate_mm(prev, next) switch_mm((prev), (next))

/**
 * enter_lazy_tlb() - keep the tables, but leave when told to flush (TLB-4)
 *
 * Context: a task on a CPU; interrupts on or off.
 */
void enter_lazy_tlb(void);

/**
 * use_mm() - a kernel thread works in a user's address space (TLB-30)
 * @mm: the caller knows that it is not torn down meanwhile (TLB-31)
 *
 * Takes an mm_count, no mm_users; get_task_mm() and core dumps look past the
 * thread.
 *
 * Context: a task without mm; takes task_lock; may run __mmdrop().
 */
void use_mm(struct mm_struct *mm);

/**
 * unuse_mm() - undo use_mm()
 * @mm: as then
 *
 * Its mm_count goes on as the thread's lazy reference (TLB-2).
 *
 * Context: does not sleep; takes task_lock.
 */
void unuse_mm(struct mm_struct *mm);

#endif /* MM_MMU_CONTEXT_H */
