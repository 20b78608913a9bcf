// SPDX-License-Identifier: GPL-2.0-or-later
/* cpu.c - the emulated CPUs, and calling a function on all of them */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "mm/cpu.h"
#include "mm/fork_mm.h"
#include "mm/lock_classes.h"
#include "mm/pgtable.h"

int nr_cpu_ids = 1;
struct cpu *cpus;
__thread struct cpu *current_cpu;
__thread struct task_struct *current_task;

/* The single global cross-CPU call. */
static DEFINE_SPINLOCK(call_lock, &call_class);

void cpu_irq_lock_slow(struct cpu *cpu)
{
	lwait_begin(LWAIT_IPI, cpu, NULL, LOCK_SITE());
	raw_spin_lock(&cpu->irq_lock);
	lwait_end();
}

static void cpu_setup(struct cpu *cpu, int id)
{
	memset(cpu, 0, sizeof(*cpu));
	raw_spin_lock_init(&cpu->irq_lock);
	cpu->id = id;
	cpu->tlbstate.active_mm = &init_mm;
	cpu->tlb.cr3 = swapper_pg_dir;
	cpu->tlb.loaded_mm = &init_mm;
	for (int i = 0; i < TLB_ENTRIES; i++)
		cpu->tlb.entry[i].vpn = TLB_NO_VPN;
}

int cpus_init(int nr)
{
	if (nr < 1 || nr > NR_CPUS)
		return -EINVAL;
	cpus = aligned_alloc(64, (size_t)nr * sizeof(*cpus));
	if (!cpus)
		return -ENOMEM;
	nr_cpu_ids = nr;
	for (int id = 0; id < nr; id++)
		cpu_setup(&cpus[id], id);
	return 0;
}

void cpus_exit(void)
{
	struct cpu *cpu;

	for_each_online_cpu(cpu)
		drain_pages(cpu);
	current_cpu = NULL;
	free(cpus);
	cpus = NULL;
}

static void call_one(struct cpu *cpu, cpu_fn_t fn, void *arg)
{
	cpu_irq_lock(cpu);
	fn(cpu, arg);
	cpu_irq_unlock(cpu);
}

void smp_call_function(cpu_fn_t fn, void *arg)
{
	struct cpu *cpu;

	BUG_ON(irqs_disabled());
	spin_lock(&call_lock);
	for_each_online_cpu(cpu)
		if (cpu != this_cpu())
			call_one(cpu, fn, arg);
	spin_unlock(&call_lock);
}

void on_each_cpu(cpu_fn_t fn, void *arg)
{
	struct cpu *cpu;

	BUG_ON(irqs_disabled());
	spin_lock(&call_lock);
	for_each_online_cpu(cpu)
		call_one(cpu, fn, arg);
	spin_unlock(&call_lock);
}
