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

#endif /* MM_MMU_CONTEXT_H */
