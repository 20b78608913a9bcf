// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/mm/vma_util.h"

TestSuite(accounting, .init = boot_machine, .fini = stop_machine,
	  .timeout = 30);

/* Residues fold into the global counter beyond max(16, 2 x CPUs). */
Test(accounting, residues)
{
	vm_acct_memory(16);
	cr_expect_eq(atomic_long_read(&vm_committed_space), 0);
	cr_expect_eq(vm_committed_total(), 16);
	vm_acct_memory(1);
	cr_expect_eq(atomic_long_read(&vm_committed_space), 17);
	vm_unacct_memory(5);
	cr_expect_eq(vm_committed_total(), 12);
	vm_acct_drain();
	cr_expect_eq(atomic_long_read(&vm_committed_space), 12);
	vm_unacct_memory(12);
}

/* A refused charge is taken back; an injected failure is one. */
Test(accounting, refusal)
{
	sysctl_overcommit_limit = 20;
	cr_expect_eq(vm_enough_memory(20), 0);
	cr_expect_eq(vm_enough_memory(1), -ENOMEM);
	cr_expect_eq(vm_committed_total(), 20);
	vm_unacct_memory(20);
	sysctl_overcommit_limit = 0;
	fault_inject_arm(1);
	cr_expect_eq(vm_enough_memory(1), -ENOMEM);
	fault_inject_disarm();
	cr_expect_eq(vm_committed_total(), 0);
}

/* DEF-2: the kinds of pages, and not total_vm. */
Test(accounting, statistics)
{
	struct mm_struct *mm = current->mm;
	static struct file file;

	vm_stat_account(mm, VM_READ | VM_EXEC, &file, 3);
	vm_stat_account(mm, VM_READ | VM_WRITE | VM_EXEC, &file, 4);
	vm_stat_account(mm, VM_WRITE | VM_GROWSDOWN, NULL, 5);
	vm_stat_account(mm, VM_IO, NULL, 6);
	cr_expect_eq(mm->shared_vm, 7);
	cr_expect_eq(mm->exec_vm, 3);
	cr_expect_eq(atomic_long_read(&mm->stack_vm), 5);
	cr_expect_eq(mm->reserved_vm, 6);
	cr_expect_eq(atomic_long_read(&mm->total_vm), 0);
}

/* The most there ever was; less does not lower it. */
Test(accounting, high_water_marks)
{
	struct mm_struct *mm = current->mm;

	mm->rss = 9;
	atomic_long_set(&mm->total_vm, 20);
	update_mem_hiwater(mm);
	mm->rss = 4;
	atomic_long_set(&mm->total_vm, 30);
	update_mem_hiwater(mm);
	cr_expect_eq(mm->hiwater_rss, 9);
	cr_expect_eq(mm->hiwater_vm, 30);
	mm->rss = 0;
	atomic_long_set(&mm->total_vm, 0);
}
