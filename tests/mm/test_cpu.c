// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/mm/machine_util.h"

TestSuite(cpu, .timeout = 20);

static int visited[2];

static void visit(struct cpu *cpu, void *arg)
{
	visited[cpu->id] += *(int *)arg;
	cr_expect(raw_spin_is_locked(&cpu->irq_lock));
}

MACHINE_TEST(cpu, calls)
{
	int one = 1, ten = 10;

	smp_call_function(visit, &one);
	cr_expect_eq(visited[smp_processor_id()], 0);
	on_each_cpu(visit, &ten);
	cr_expect_eq(visited[0] + visited[1], 21);
}

/* local_irq_disable() is the interrupt lock of the CPU we are on. */
MACHINE_TEST(cpu, interrupts)
{
	unsigned long flags, nested;

	local_irq_save(flags);
	cr_expect(raw_spin_is_locked(&this_cpu()->irq_lock));
	local_irq_save(nested);
	local_irq_restore(nested);
	cr_expect(raw_spin_is_locked(&this_cpu()->irq_lock));
	local_irq_restore(flags);
	cr_expect_not(raw_spin_is_locked(&this_cpu()->irq_lock));
}

static DEFINE_PER_CPU(int, number);

MACHINE_TEST(cpu, variables)
{
	per_cpu(number, 0) = 5;
	per_cpu(number, 1) = 6;
	cr_expect_eq(__get_cpu_var(number), 5 + smp_processor_id());
}
