/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ldt.h - local descriptor tables: FORK-40 to FORK-46 */
#ifndef MM_LDT_H
#define MM_LDT_H

#include "mm/mm_types.h"

#define LDT_ENTRIES 8192
#define LDT_ENTRY_SIZE 8 /* bytes */

struct cpu;

/* Argument of sys_modify_ldt(1, ...): one descriptor. */
struct user_desc_arg {
	unsigned int entry_number; /* below LDT_ENTRIES */
	uint32_t base_addr;
	uint32_t limit;
};

/**
 * init_new_context() - give a new mm its LDT
 * @mm: not yet visible to anybody
 * @old_mm: mm to copy from (fork), or NULL for an empty LDT (exec)
 *
 * Context: may sleep; takes old_mm->context.sem; no mmap_sem held (LOCK-6).
 * Return: 0, or -ENOMEM with mm->context.size 0.
 */
int init_new_context(struct mm_struct *mm, struct mm_struct *old_mm);

/**
 * destroy_context() - free the LDT of a dying mm (FORK-43)
 * @mm: no references left
 *
 * Context: does not sleep.
 */
void destroy_context(struct mm_struct *mm);

/**
 * load_LDT_nolock() - load an mm's LDT, or the default one, into a CPU
 * @cpu: the current CPU
 * @mm: its address space
 *
 * Context: interrupts off or no preemption; context.sem not needed (ORD-30).
 */
void load_LDT_nolock(struct cpu *cpu, struct mm_struct *mm);

/**
 * load_default_LDT() - load the empty table
 * @cpu: the current CPU
 *
 * Context: as load_LDT_nolock().
 */
void load_default_LDT(struct cpu *cpu);

/**
 * sys_modify_ldt() - read (0) or change (1) the caller's LDT
 * @func: 0: copy the table to @ptr; 1: set one entry from a user_desc_arg
 * @ptr: user address
 * @bytecount: room at @ptr, or sizeof(struct user_desc_arg)
 *
 * Context: system call; takes context.sem, faults under it.
 * Return: bytes read, 0, or -EINVAL, -EFAULT, -ENOMEM, -ENOSYS.
 */
long sys_modify_ldt(int func, uaddr_t ptr, unsigned long bytecount);

/**
 * ldt_read_entry() - what the processor does with a selector
 * @cpu: the current CPU
 * @nr: entry number
 * @entry: out: the descriptor
 *
 * Context: the CPU's interrupt lock is held.
 * Return: 0, or -EFAULT beyond the loaded table (a general protection fault).
 */
int ldt_read_entry(struct cpu *cpu, unsigned int nr, uint64_t *entry);

#endif /* MM_LDT_H */
