/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the tests of the machine share: vma_util.h's booted machine, findings
 * that a test wants to see, and acting for another CPU.
 */
#ifndef TESTS_MM_MACHINE_UTIL_H
#define TESTS_MM_MACHINE_UTIL_H

#include <pthread.h>

#include "mm/pgtable.h"
#include "mm/sched.h"
#include "mm/tlb.h"
#include "tests/mm/vma_util.h"
#include "tests/support/leakcheck.h"

/*
 * A test on a machine of its own.  Not by .init and .fini: Criterion gives its
 * verdict before .fini, and what fails there does not count.
 */
#define MACHINE_TEST(suite, name)					\
	static void suite##_##name##_body(void);			\
	Test(suite, name)						\
	{								\
		boot_machine();						\
		suite##_##name##_body();				\
		stop_machine();						\
		cr_expect_eq(leaks_found(), 0);				\
	}								\
	static void suite##_##name##_body(void)

/* Nothing has been found but, once, this; forget it. */
#define expect_finding(kind, part) do {					\
	cr_expect_eq(findings_count(kind), 1, "%lu of this kind",	\
		     findings_count(kind));				\
	cr_expect_eq(findings_count(NR_FINDING_KINDS), 1, "%lu findings",\
		     findings_count(NR_FINDING_KINDS));			\
	cr_expect(strstr(last_finding, (part)), "%s", last_finding);	\
	findings_reset();						\
} while (0)

#define expect_no_finding()						\
	cr_expect_eq(findings_count(NR_FINDING_KINDS), 0, "%s",		\
		     last_finding)

/*
 * An idle CPU does nothing by itself, so that the test can act in its place:
 * between become() and come_back() the test's thread is that CPU, running a
 * task with this mm (NULL: a kernel thread, lazily on what is loaded).
 */
struct actor {
	struct task_struct task;
	struct cpu *home;
	struct task_struct *self;
};

static inline void become(struct actor *a, int cpu, struct mm_struct *mm)
{
	memset(&a->task, 0, sizeof(a->task));
	a->home = current_cpu;
	a->self = current_task;
	a->task.mm = mm;
	a->task.active_mm = mm ? mm : cpu_of(cpu)->tlbstate.active_mm;
	current_cpu = cpu_of(cpu);
	current_task = &a->task;
}

static inline void come_back(struct actor *a)
{
	current_cpu = a->home;
	current_task = a->self;
}

/* Put the idle CPU back on init_mm, as stop_machine() wants it. */
static inline void back_to_init_mm(int cpu)
{
	struct actor a;

	become(&a, cpu, NULL);
	if (cpu_of(cpu)->tlbstate.active_mm != &init_mm)
		switch_mm(cpu_of(cpu)->tlbstate.active_mm, &init_mm);
	enter_lazy_tlb();
	come_back(&a);
}

/* Whether the CPU has a translation of @addr. */
static inline bool cached(int cpu, uaddr_t addr)
{
	bool hit;

	cpu_irq_lock(cpu_of(cpu));
	hit = tlb_lookup(&cpu_of(cpu)->tlb, addr) != 0;
	cpu_irq_unlock(cpu_of(cpu));
	return hit;
}

#endif /* TESTS_MM_MACHINE_UTIL_H */
