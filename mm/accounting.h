/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * accounting.h - commit accounting and the limits on an address space
 *
 * Every VM_ACCOUNT VMA and every shmem object has charged its pages to
 * vm_committed_space.  CPUs keep small residues so that the global counter
 * is not contended; the sum of both is exact when all are quiet (INV-30).
 */
#ifndef MM_ACCOUNTING_H
#define MM_ACCOUNTING_H

#include "mm/mm_types.h"

/* The CPU's uncommitted part; owned by the task that holds the CPU. */
struct vm_acct_residue {
	long pages; /* (r) written by the CPU's task only */
};

extern atomic_long_t vm_committed_space;

/* Most pages that may be committed; 0 means no limit. */
extern unsigned long sysctl_overcommit_limit;

/**
 * vm_acct_memory() - charge or (negative) return pages
 * @pages: number of pages, any sign
 *
 * Folds the CPU's residue into the global counter when its magnitude
 * exceeds max(16, 2 x CPUs) (spec 0.10).
 *
 * Context: a task on a CPU; takes no lock, does not sleep.
 */
void vm_acct_memory(long pages);

static inline void vm_unacct_memory(long pages)
{
	vm_acct_memory(-pages);
}

/**
 * vm_enough_memory() - charge pages if the limit allows
 * @pages: pages wanted, >= 0
 *
 * The charge is made first and taken back on refusal (FORK-52 step 1).
 *
 * Context: a task on a CPU; does not sleep.
 * Return: 0 with @pages charged, or -ENOMEM with nothing changed.
 */
int vm_enough_memory(long pages) __must_check;

/**
 * vm_committed_total() - global counter plus all residues
 *
 * Context: any; exact only when all accounting is stopped (INV-57).
 * Return: pages committed.
 */
long vm_committed_total(void);

/**
 * vm_acct_drain() - fold every residue into the global counter
 *
 * Context: boot, or all other tasks stopped.
 */
void vm_acct_drain(void);

/**
 * rlimit_pages() - one of the caller's limits in whole pages
 * @resource: RLIMIT_*
 *
 * Context: a task; unlocked read of its own group's limits.
 * Return: pages, ULONG_MAX >> PAGE_SHIFT for no limit.
 */
unsigned long rlimit_pages(unsigned int resource);

/**
 * may_expand_vm() - RLIMIT_AS test
 * @mm: caller's mm
 * @pages: pages to add
 *
 * Context: R or W(mmap_sem).
 * Return: whether total_vm + @pages stays within the limit.
 */
bool may_expand_vm(struct mm_struct *mm, unsigned long pages);

/**
 * may_lock_vm() - RLIMIT_MEMLOCK test
 * @mm: caller's mm
 * @pages: pages to add to locked_vm
 *
 * Context: R or W(mmap_sem).
 * Return: whether locked_vm + @pages stays within the limit.
 */
bool may_lock_vm(struct mm_struct *mm, unsigned long pages);

/**
 * vm_stat_account() - move the per-kind statistics of an mm
 * @mm: whose counters
 * @flags: vm_flags of the pages
 * @file: vm_file of the pages, or NULL
 * @pages: pages to add, may be negative
 *
 * Touches shared_vm, exec_vm, stack_vm, reserved_vm, and not total_vm: a
 * caller that drops whole VMAs adjusts total_vm itself (DEF-2).
 *
 * Context: W(mmap_sem), or a child under construction; stack growth (R) of a
 *          private anonymous VMA touches stack_vm only (DEF-19).
 */
void vm_stat_account(struct mm_struct *mm, unsigned long flags,
		     struct file *file, long pages);

/**
 * update_mem_hiwater() - keep the most that an mm has had
 * @mm: built, or caller's own
 *
 * The marks of a mm that fork is still building are 0: the one state of its
 * that others can read without a lock (mm_is_built()).
 *
 * Context: any; unlocked reads and writes, of which one may get lost.
 */
void update_mem_hiwater(struct mm_struct *mm);

/**
 * mm_is_built() - is fork or exec through with the layout of an mm?
 * @mm: alive
 *
 * Context: any; a snapshot.
 */
static inline bool mm_is_built(const struct mm_struct *mm)
{
	return READ_ONCE(mm->hiwater_vm) != 0;
}

#endif /* MM_ACCOUNTING_H */
