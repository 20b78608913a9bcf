// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * mmu_context.c - switch_mm(), one instruction at a time
 *
 * switch_mm() on CPU c			flush_tlb_others()
 *   state = OK				  (has changed a PTE)
 *   active_mm = next			  read the mask
 *   set bit c of next		(A)	  IPI to those in it
 *   load page tables		(B)
 *   clear bit c of prev	(C)
 *
 * (A) before (B), TLB-20: bit and mask meet in read-modify-writes of one
 * word.  Either the flusher finds the bit and sends the IPI, or (A) comes
 * later and (B), with every walk after it, sees the changed PTE.
 *
 * (B) before (C): a CPU that has tables loaded is in their mm's mask, so
 * nobody frees tables that the CPU may still walk without asking it.  2.6.11
 * does (C) first.
 *
 * State before active_mm before the bit, TLB-21: an IPI for the old mm in
 * between flushes or is ignored, but never leaves the new tables.
 */
#include "mm/mmu.h"
#include "mm/mmu_context.h"

#include "mm/cpu.h"
#include "mm/fork.h"
#include "mm/ldt.h"

/* Steps: each is one instruction of the CPU, an IPI comes before or after. */
static void step_state_ok(struct cpu *cpu)
{
	unsigned long flags;

	local_irq_save(flags);
	cpu->tlbstate.state = TLBSTATE_OK;
	local_irq_restore(flags);
}

static void step_active_mm(struct cpu *cpu, struct mm_struct *next)
{
	unsigned long flags;

	local_irq_save(flags);
	cpu->tlbstate.active_mm = next;
	local_irq_restore(flags);
}

static void step_load_cr3(struct cpu *cpu, struct mm_struct *next)
{
	unsigned long flags;

	local_irq_save(flags);
	load_cr3(cpu, next);
	mmu_speculate(cpu);
	local_irq_restore(flags);
}

static void step_load_ldt(struct cpu *cpu, struct mm_struct *next)
{
	unsigned long flags;

	local_irq_save(flags);
	load_LDT_nolock(cpu, next);
	local_irq_restore(flags);
}

/* TLB-3, first case. */
static void switch_to_other(struct cpu *cpu, struct mm_struct *prev,
			    struct mm_struct *next)
{
	/*
	 * IPIs for prev are lost from the second step on; the CPU is in the
	 * kernel and makes no access to prev's addresses until (B) (TLB-23).
	 */
	step_state_ok(cpu);
	step_active_mm(cpu, next);
	cpu_test_and_set(cpu->id, &next->cpu_vm_mask);
	step_load_cr3(cpu, next);
	/* Release: accesses through the old tables come before it. */
	clear_bit_unlock((unsigned int)cpu->id, prev->cpu_vm_mask.bits);
	if (READ_ONCE(prev->context.ldt) != READ_ONCE(next->context.ldt))
		step_load_ldt(cpu, next);
}

/*
 * TLB-3, second case, TLB-22.  State OK comes first: an IPI after it flushes;
 * one before it left the mm and cleared the bit, which the test detects.
 */
static void switch_to_same(struct cpu *cpu, struct mm_struct *mm)
{
	step_state_ok(cpu);
	BUG_ON(cpu->tlbstate.active_mm != mm);
	if (cpu_test_and_set(cpu->id, &mm->cpu_vm_mask))
		return;
	step_load_cr3(cpu, mm);
	step_load_ldt(cpu, mm);
}

void switch_mm(struct mm_struct *prev, struct mm_struct *next)
{
	struct cpu *cpu = this_cpu();

	if (prev != next)
		switch_to_other(cpu, prev, next);
	else
		switch_to_same(cpu, next);
}

void enter_lazy_tlb(void)
{
	struct cpu *cpu = this_cpu();
	unsigned long flags;

	local_irq_save(flags);
	if (cpu->tlbstate.state == TLBSTATE_OK)
		cpu->tlbstate.state = TLBSTATE_LAZY;
	local_irq_restore(flags);
}

void use_mm(struct mm_struct *mm)
{
	struct task_struct *tsk = current;
	struct mm_struct *old;

	mm_bug_on(tsk->mm, "pid %d borrows an mm while it has one", tsk->pid);
	task_lock(tsk);
	WRITE_ONCE(tsk->flags, tsk->flags | PF_BORROWED_MM);
	old = tsk->active_mm;
	mmgrab(mm);
	WRITE_ONCE(tsk->mm, mm);
	tsk->active_mm = mm;
	activate_mm(old, mm);
	task_unlock(tsk);
	mmdrop(old);
}

void unuse_mm(struct mm_struct *mm)
{
	struct task_struct *tsk = current;

	mm_bug_on(tsk->mm != mm, "pid %d gives back mm %lu, has another",
		  tsk->pid, mm->mm_id);
	task_lock(tsk);
	WRITE_ONCE(tsk->flags, tsk->flags & ~(unsigned long)PF_BORROWED_MM);
	WRITE_ONCE(tsk->mm, NULL);
	enter_lazy_tlb();
	task_unlock(tsk);
}
