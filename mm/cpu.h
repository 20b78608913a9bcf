/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cpu.h - emulated CPUs, their interrupt lock, and calls across CPUs
 *
 * Whoever runs kernel or user code holds a CPU; this_cpu() is stable except
 * across a sleep.  The interrupt lock of a CPU is held by its own task while
 * interrupts are off and during each user access, and by the initiator of an
 * IPI, who runs the handler on the target's behalf.  Nobody waits for another
 * CPU's interrupt lock with his own interrupts off.
 */
#ifndef MM_CPU_H
#define MM_CPU_H

#include "mm/accounting.h"
#include "mm/mm_types.h"
#include "mm/page_alloc.h"
#include "mm/swap.h"
#include "mm/tlb.h"

struct cpu {
	/* what IPIs and user accesses need comes first */
	raw_spinlock_t irq_lock;
	int ldt_size; /* (I) entries, 0: the default LDT */
	uint64_t *ldt; /* (I) LDT loaded */
	struct tlb_state tlbstate; /* (I) */
	const struct mm_struct *ldt_mm; /* (I) whose, for the oracle */

	/* scheduler */
	int id; /* (c) */
	struct task_struct *idle; /* (c) */
	struct task_struct *curr; /* (q) */
	struct mm_struct *prev_mm; /* (q) write; taken by the next task */
	struct task_struct *prev_dead; /* (q) as prev_mm: sampled PF_DEAD */

	struct per_cpu_pages pcp; /* (I) */
	struct lru_pagevecs pagevecs; /* (o) the CPU's task */
	struct vm_acct_residue acct; /* (o) the CPU's task */
	unsigned int flush_checks; /* (o) counts flushes, for sampling */

	struct tlb tlb; /* (I) */
} __attribute__((aligned(64)));

extern struct cpu *cpus; /* (c) nr_cpu_ids of them */
extern __thread struct cpu *current_cpu; /* the CPU this host thread holds */
extern __thread struct task_struct *current_task;

/* The task that runs here; NULL on host threads outside the emulation. */
#define current current_task

/* The CPU the caller holds; NULL on host threads outside the emulation. */
static inline struct cpu *this_cpu(void)
{
	return current_cpu;
}

static inline int smp_processor_id(void)
{
	return current_cpu->id;
}

static inline struct cpu *cpu_of(int id)
{
	return &cpus[id];
}

/* Loop over CPUs: @cpu is a struct cpu pointer. */
#define for_each_online_cpu(cpu) \
	for ((cpu) = cpus; (cpu) < cpus + nr_cpu_ids; (cpu)++)

/* A variable per CPU, for modules that keep their own. */
#define DEFINE_PER_CPU(type, name) type per_cpu__##name[NR_CPUS]
#define DECLARE_PER_CPU(type, name) extern type per_cpu__##name[NR_CPUS]
#define per_cpu(name, id) (per_cpu__##name[id])
#define __get_cpu_var(name) per_cpu(name, smp_processor_id())

/**
 * cpus_init() - create CPUs, all of them lazily on init_mm
 * @nr: how many, 1 to NR_CPUS
 *
 * Context: boot.
 * Return: 0, -EINVAL or -ENOMEM.
 */
int cpus_init(int nr);

/** cpus_exit() - free them.  Context: nothing runs. */
void cpus_exit(void);

/** cpu_irq_lock_slow() - cpu_irq_lock() that has to wait. */
void cpu_irq_lock_slow(struct cpu *cpu) __acquires(&cpu->irq_lock);

/**
 * cpu_irq_lock() - take a CPU's interrupt lock for a user access or an IPI
 * @cpu: CPU
 *
 * Context: interrupts enabled, no other interrupt lock held.
 */
static inline void cpu_irq_lock(struct cpu *cpu) __acquires(&cpu->irq_lock)
{
	if (likely(raw_spin_trylock(&cpu->irq_lock)))
		return;
	cpu_irq_lock_slow(cpu);
}

/* For checkers that may be called with interrupts off. */
static inline bool cpu_irq_trylock(struct cpu *cpu)
	__try_acquires(true, &cpu->irq_lock)
{
	return raw_spin_trylock(&cpu->irq_lock);
}

static inline void cpu_irq_unlock(struct cpu *cpu) __releases(&cpu->irq_lock)
{
	raw_spin_unlock(&cpu->irq_lock);
}

/* Handler of a call across CPUs: runs for @cpu under its interrupt lock. */
typedef void (*cpu_fn_t)(struct cpu *cpu, void *arg);

/**
 * smp_call_function() - run @fn for every other CPU, one call at a time
 * @fn: must not sleep or take locks that are held with interrupts enabled
 * @arg: for @fn
 *
 * Context: a task on a CPU, interrupts enabled; takes call_lock.
 */
void smp_call_function(cpu_fn_t fn, void *arg);

/**
 * on_each_cpu() - run @fn for every CPU, this one included
 * @fn: as for smp_call_function()
 * @arg: for @fn
 *
 * Context: a task on a CPU, interrupts enabled; takes call_lock.
 */
void on_each_cpu(cpu_fn_t fn, void *arg);

#endif /* MM_CPU_H */
