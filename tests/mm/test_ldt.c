// SPDX-License-Identifier: GPL-2.0-or-later
/* Local descriptor tables: FORK-40 to FORK-46. */
#include "mm/ldt.h"
#include "tests/mm/vma_util.h"

static long kmallocs;

static void ldt_boot(void)
{
	boot_machine();
	kmallocs = kmalloc_live();
	draw("WWWWWWWWWWWWWWWWWW");
}

TestSuite(ldt, .init = ldt_boot, .fini = stop_machine, .timeout = 60);

static struct task_struct half_built;

static long set_entry(unsigned int nr, uint32_t base)
{
	struct user_desc_arg desc = {
		.entry_number = nr, .base_addr = base, .limit = 0xfff,
	};

	cr_assert_eq(copy_to_user(AT(0), &desc, sizeof(desc)), 0ul);
	return sys_modify_ldt(1, AT(0), sizeof(desc));
}

static uint64_t entry_on_cpu(unsigned int nr)
{
	struct cpu *cpu = this_cpu();
	uint64_t entry = 0;
	int err;

	cpu_irq_lock(cpu);
	err = ldt_read_entry(cpu, nr, &entry);
	cpu_irq_unlock(cpu);
	return err ? (uint64_t)err : entry;
}

/* FORK-41: sizes grow by 512 entries and the processor sees them at once. */
Test(ldt, fork_41_grow)
{
	struct mm_struct *mm = current->mm;
	uint64_t first;

	cr_expect_eq(entry_on_cpu(0), (uint64_t)-EFAULT);
	cr_expect_eq(set_entry(1, 0x12345678), 0);
	cr_expect_eq(mm->context.size, 512);
	first = entry_on_cpu(1);
	cr_expect_eq(first >> 56, 0x12ul);
	cr_expect_eq((first >> 16) & 0xffffff, 0x345678ul);
	cr_expect_eq(set_entry(512, 0x1000), 0);
	cr_expect_eq(mm->context.size, 1024);
	cr_expect_eq(entry_on_cpu(1), first);
	cr_expect_eq(entry_on_cpu(2), 0ul);
	cr_expect_eq(kmalloc_live(), kmallocs + 1); /* the old one is freed */
	cr_expect_eq(set_entry(LDT_ENTRIES, 0), -EINVAL);
	cr_expect_eq(sys_modify_ldt(1, AT(0), 3), -EINVAL);
	cr_expect_eq(sys_modify_ldt(1, AT(100),
				    sizeof(struct user_desc_arg)), -EFAULT);
	cr_expect_eq(sys_modify_ldt(7, AT(0), 0), -ENOSYS);
}

Test(ldt, read_back)
{
	uint64_t words[4] = { 1, 1, 1, 1 };

	cr_expect_eq(sys_modify_ldt(0, AT(1), sizeof(words)), 0);
	cr_assert_eq(set_entry(2, 0x1000), 0);
	cr_expect_eq(sys_modify_ldt(0, AT(1), sizeof(words)),
		     (long)sizeof(words));
	cr_assert_eq(copy_from_user(words, AT(1), sizeof(words)), 0ul);
	cr_expect_eq(words[0], 0ul);
	cr_expect_eq(words[2], entry_on_cpu(2));
	touch(3, 5); /* behind the table: zeroes */
	cr_expect_eq(sys_modify_ldt(0, AT(2), 512 * 8 + 16), 512 * 8 + 16);
	cr_expect_eq(peek(3), 0ul);
	cr_expect_eq(sys_modify_ldt(0, AT(100), 16), -EFAULT);
}

/* FORK-40, FORK-41: a fork gets a table of its own with the same entries. */
Test(ldt, fork_40_copy)
{
	struct mm_struct *mm, *parent = current->mm;

	cr_assert_eq(set_entry(5, 0x5000), 0);
	cr_assert_eq(copy_mm(0, &half_built), 0);
	mm = half_built.mm;
	cr_expect_neq(mm->context.ldt, parent->context.ldt);
	cr_expect_eq(mm->context.size, parent->context.size);
	cr_expect_eq(mm->context.ldt[5], parent->context.ldt[5]);
	mmput(mm);
	cr_expect_eq(kmalloc_live(), kmallocs + 1);
}

/* DEF-5: an empty LDT is empty, whatever the structure held before. */
Test(ldt, fork_45_nothing_inherited)
{
	struct mm_struct *mm = mm_alloc();

	mm->context.ldt = (uint64_t *)AT(0);
	mm->context.size = 0;
	cr_expect_eq(init_new_context(mm, current->mm), 0);
	cr_expect_null(mm->context.ldt);
	mmput(mm);
}

/* DEF-6: exec asks for a context without a parent. */
Test(ldt, fork_46_exec)
{
	struct mm_struct *mm = mm_alloc();

	cr_assert_eq(set_entry(5, 0x5000), 0);
	cr_expect_eq(init_new_context(mm, NULL), 0);
	cr_expect_eq(mm->context.size, 0);
	mmput(mm);
}

/* FORK-42, DEF-7: no memory for the table. */
Test(ldt, fork_42_failure)
{
	struct mm_struct *mm = mm_alloc();

	cr_assert_eq(set_entry(5, 0x5000), 0);
	fault_inject_arm(1);
	cr_expect_eq(init_new_context(mm, current->mm), -ENOMEM);
	fault_inject_disarm();
	cr_expect_eq(mm->context.size, 0);
	mmput(mm);
	fault_inject_arm(1);
	cr_expect_eq(sys_modify_ldt(1, AT(0), sizeof(struct user_desc_arg)),
		     0); /* no growth, no allocation */
	fault_inject_disarm();
}

/* FORK-41: no memory for a larger table: the old one stays, with its entries. */
Test(ldt, fork_41_growth_fails)
{
	struct mm_struct *mm = current->mm;
	uint64_t first;

	cr_assert_eq(set_entry(5, 0x5000), 0);
	first = entry_on_cpu(5);
	fault_inject_arm(1);
	cr_expect_eq(set_entry(600, 0x6000), -ENOMEM);
	cr_expect_eq(fault_inject_hits(), 1);
	fault_inject_disarm();
	cr_expect_eq(mm->context.size, 512);
	cr_expect_eq(entry_on_cpu(5), first);
	cr_expect_eq(kmalloc_live(), kmallocs + 1);
	fault_inject_arm(2);
	cr_expect_eq(set_entry(600, 0x6000), 0);
	cr_expect_eq(fault_inject_hits(), 0, "one allocation");
	fault_inject_disarm();
	cr_expect_eq(mm->context.size, 1024);
	cr_expect_eq(kmalloc_live(), kmallocs + 1);
}
