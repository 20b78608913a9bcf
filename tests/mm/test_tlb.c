// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * CPU 1 is acted by the test itself (machine_util.h): it runs a task of init's
 * mm, or none, in whatever state a rule is about.
 */
#include "mm/mmu.h"
#include "mm/mmu_context.h"
#include "tests/mm/machine_util.h"

TestSuite(tlb, .timeout = 20);

#define mask_has(cpu) cpu_isset((cpu), &current->mm->cpu_vm_mask)

/* CPU 1 runs a task of init's mm and has read page 0. */
static void run_on_cpu1(void)
{
	struct mm_struct *mm = current->mm;
	struct actor a;
	uint64_t v;

	become(&a, 1, mm);
	switch_mm(cpu_of(1)->tlbstate.active_mm, mm);
	user_read64(AT(0), &v);
	come_back(&a);
}

/* And then its idle task, which keeps the tables lazily. */
static void lazy_on_cpu1(void)
{
	struct actor a;

	run_on_cpu1();
	become(&a, 1, NULL);
	enter_lazy_tlb();
	come_back(&a);
}

static unsigned long ipis(void)
{
	struct tlb_stats stats;

	tlb_get_stats(&stats);
	return stats.ipis;
}

/* What the CPUs were at when the IPIs came. */
static void expect_met(unsigned long lazy, unsigned long switching)
{
	struct tlb_stats stats;

	tlb_get_stats(&stats);
	cr_expect_eq(stats.lazy_ipis, lazy);
	cr_expect_eq(stats.switch_ipis, switching);
}

static void map_two_pages(void)
{
	draw("WW");
	touch(0, 1);
	touch(1, 2);
}

static void flush_mm(void)
{
	spin_lock(&current->mm->page_table_lock);
	flush_tlb_mm(current->mm);
	spin_unlock(&current->mm->page_table_lock);
}

static void flush_page(uaddr_t addr)
{
	struct vm_area_struct vma = { .vm_mm = current->mm };

	spin_lock(&current->mm->page_table_lock);
	flush_tlb_page(&vma, addr);
	spin_unlock(&current->mm->page_table_lock);
}

/* TLB-10: alone, no interrupt is sent. */
MACHINE_TEST(tlb, local_flush)
{
	unsigned long before = ipis();

	map_two_pages();
	cr_expect(cached(0, AT(0)));
	flush_mm();
	cr_expect_not(cached(0, AT(0)));
	cr_expect_not(cached(0, AT(1)));
	cr_expect_eq(ipis(), before);
}

MACHINE_TEST(tlb, one_page)
{
	map_two_pages();
	flush_page(AT(1));
	cr_expect(cached(0, AT(0)));
	cr_expect_not(cached(0, AT(1)));
}

/* TLB-12: a CPU in state OK flushes and stays in the mask. */
MACHINE_TEST(tlb, remote_user_flushes)
{
	map_two_pages();
	run_on_cpu1();
	cr_expect(cached(1, AT(0)));
	flush_mm();
	cr_expect_not(cached(1, AT(0)));
	cr_expect(mask_has(1));
	cr_expect_eq(cpu_of(1)->tlb.loaded_mm, current->mm);
	cr_expect_eq(ipis(), 1);
	back_to_init_mm(1);
}

/* TLB-12, TLB-13: a lazy CPU leaves: bit clear, tables unloaded, name kept. */
MACHINE_TEST(tlb, remote_lazy_leaves)
{
	map_two_pages();
	lazy_on_cpu1();
	flush_mm();
	cr_expect_not(cached(1, AT(0)));
	cr_expect_not(mask_has(1));
	cr_expect_eq(cpu_of(1)->tlb.cr3, swapper_pg_dir);
	cr_expect_eq(cpu_of(1)->tlbstate.active_mm, current->mm);
	flush_mm();
	cr_expect_eq(ipis(), 1, "a CPU that has left is not interrupted");
	expect_met(1, 0);
	back_to_init_mm(1);
}

/* TLB-23: an IPI for the old mm between active_mm and the load of tables. */
MACHINE_TEST(tlb, remote_switching)
{
	struct cpu *cpu = cpu_of(1);

	map_two_pages();
	run_on_cpu1();
	cpu->tlbstate.active_mm = &init_mm;
	flush_mm();
	expect_met(0, 1);
	cr_expect(cached(1, AT(0)), "the IPI is lost by design");
	cpu->tlbstate.active_mm = current->mm;
	flush_mm();
	expect_met(0, 1);
	back_to_init_mm(1);
}

/* TLB-14 */
MACHINE_TEST(tlb, flush_all)
{
	map_two_pages();
	lazy_on_cpu1();
	flush_tlb_all();
	cr_expect_not(cached(0, AT(0)));
	cr_expect_not(mask_has(1));
	cr_expect(mask_has(0));
	back_to_init_mm(1);
}

/* TLB-26: the last user, lazy on the mm it tears down, leaves by itself. */
MACHINE_TEST(tlb, own_lazy_mm)
{
	struct mm_struct *mm = current->mm;

	map_two_pages();
	current->mm = NULL;
	enter_lazy_tlb();
	spin_lock(&mm->page_table_lock);
	flush_tlb_mm(mm);
	spin_unlock(&mm->page_table_lock);
	cr_expect_not(cpu_isset(0, &mm->cpu_vm_mask));
	cr_expect_eq(this_cpu()->tlb.cr3, swapper_pg_dir);
	current->mm = mm;
	activate_mm(mm, mm);
	cr_expect(mask_has(0));
}

/* The frame's counter follows insertions, evictions and flushes. */
MACHINE_TEST(tlb, residency)
{
	unsigned long pfn;

	draw("W");
	touch(0, 1);
	pfn = pte_pfn(*mmu_walk(current->mm->pgd, AT(0)));
	cr_expect_eq(tlb_residency[pfn], 1);
	run_on_cpu1();
	cr_expect_eq(tlb_residency[pfn], 2);
	flush_mm();
	cr_expect_eq(tlb_residency[pfn], 0);
	back_to_init_mm(1);
}

/* ---- oracles: each is shown what it must find ---------------------------- */

/* EXIT-38: a frame freed while CPU 1 can still reach it. */
MACHINE_TEST(tlb, frame_freed_too_early)
{
	map_two_pages();
	run_on_cpu1();
	tlb_assert_frame_unmapped(
		pte_pfn(*mmu_walk(current->mm->pgd, AT(1))));
	cr_expect_eq(findings_count(FINDING_TLB), 2,
		     "CPU 0 has used page 1, CPU 1 has loaded it ahead");
	findings_reset();
	flush_page(AT(0));
	tlb_assert_frame_unmapped(
		pte_pfn(*mmu_walk(current->mm->pgd, AT(0))));
	expect_no_finding();
	back_to_init_mm(1);
}

/* A CPU that is missing in the mask keeps its translations. */
MACHINE_TEST(tlb, survivor_of_a_flush)
{
	map_two_pages();
	run_on_cpu1();
	cpu_clear(1, &current->mm->cpu_vm_mask);
	flush_mm();
	cr_expect_eq(findings_count(FINDING_TLB), 3,
		     "tables loaded without the bit, and two translations");
	findings_reset();
	cpu_set(1, &current->mm->cpu_vm_mask);
	back_to_init_mm(1);
}

/* A page table that lost RW while a writable translation is cached. */
MACHINE_TEST(tlb, verify)
{
	map_two_pages();
	cr_expect_eq(tlb_verify_mm(current->mm), 0);
	ptep_set_wrprotect(mmu_walk(current->mm->pgd, AT(0)));
	cr_expect_eq(tlb_verify_mm(current->mm), 1);
	expect_finding(FINDING_TLB, "does not grant");
	flush_mm();
	cr_expect_eq(tlb_verify_mm(current->mm), 0);
}

/* INV-24 */
MACHINE_TEST(tlb, pgd_freed_while_loaded)
{
	tlb_assert_pgd_unloaded(current->mm->pgd);
	expect_finding(FINDING_TLB, "CPU 0 has it loaded");
}
