// SPDX-License-Identifier: GPL-2.0-or-later
#include "mm/mmu_context.h"
#include "tests/mm/machine_util.h"

TestSuite(mmu_context, .timeout = 20);

/* TLB-3, different mms. */
MACHINE_TEST(mmu_context, switch_to_another_mm)
{
	struct mm_struct *mm = current->mm;
	struct cpu *cpu = cpu_of(1);
	struct actor a;

	become(&a, 1, mm);
	switch_mm(&init_mm, mm);
	cr_expect_not(cpu_isset(1, &init_mm.cpu_vm_mask));
	cr_expect(cpu_isset(1, &mm->cpu_vm_mask));
	cr_expect_eq(cpu->tlbstate.state, TLBSTATE_OK);
	cr_expect_eq(cpu->tlbstate.active_mm, mm);
	cr_expect_eq(cpu->tlb.cr3, mm->pgd);
	come_back(&a);
	back_to_init_mm(1);
}

/* TLB-3, same mm, tables still loaded: nothing is flushed. */
MACHINE_TEST(mmu_context, back_to_the_same_mm)
{
	struct mm_struct *mm = current->mm;

	draw("W");
	touch(0, 1);
	enter_lazy_tlb();
	cr_expect_eq(this_cpu()->tlbstate.state, TLBSTATE_LAZY);
	switch_mm(mm, mm);
	cr_expect_eq(this_cpu()->tlbstate.state, TLBSTATE_OK);
	cr_expect(cached(0, AT(0)));
}

/* TLB-22: the CPU has left meanwhile; the test-and-set tells. */
MACHINE_TEST(mmu_context, back_after_leaving)
{
	struct mm_struct *mm = current->mm;
	unsigned long flags;

	enter_lazy_tlb();
	local_irq_save(flags);
	leave_mm(this_cpu());
	local_irq_restore(flags);
	cr_expect_not(cpu_isset(0, &mm->cpu_vm_mask));
	cr_expect_eq(this_cpu()->tlb.cr3, swapper_pg_dir);
	switch_mm(mm, mm);
	cr_expect(cpu_isset(0, &mm->cpu_vm_mask));
	cr_expect_eq(this_cpu()->tlb.cr3, mm->pgd);
}

/* TLB-4: only OK becomes LAZY, once is enough. */
MACHINE_TEST(mmu_context, lazy_twice)
{
	enter_lazy_tlb();
	enter_lazy_tlb();
	cr_expect_eq(this_cpu()->tlbstate.state, TLBSTATE_LAZY);
	cr_expect_eq(this_cpu()->tlb.cr3, current->mm->pgd);
	switch_mm(current->mm, current->mm);
}
