// SPDX-License-Identifier: GPL-2.0-or-later
/* The census: freeze, collect, check, thaw; tasks and CPUs. */
#include "stress/oracle.h"

#include <stdlib.h>
#include <time.h>

#include "locking/report.h"
#include "mm/cpu.h"
#include "mm/fork.h"
#include "mm/freezer.h"
#include "mm/pgtable.h"
#include "mm/swap.h"
#include "mm/tlb.h"
#include "mm/validate.h"
#include "stress/shadow.h"
#include "stress/user.h"

static uint64_t now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000ull + ts.tv_nsec / 1000000;
}

static bool collect_mm(struct mm_struct *mm, void *arg)
{
	struct census *c = arg;

	if (mm == &init_mm)
		return true;
	if (c->nr < c->room)
		c->mms[c->nr++] = mm;
	return true;
}

/* Whether @mm has areas and users: else nobody may look inside. */
static bool mm_is_live(const struct mm_struct *mm)
{
	return atomic_read(&mm->mm_users) > 0;
}

/* INV-29: @p runs on the mm it has; nobody is frozen half way in exec. */
static void check_active_mm(const struct task_struct *p)
{
	if (p->mm && !(READ_ONCE(p->flags) & PF_BORROWED_MM) &&
	    p->active_mm != p->mm)
		report_finding(FINDING_STRUCTURE, "INV-29: pid %d has mm %lu,"
			       " and mm %lu loaded", p->pid, p->mm->mm_id,
			       p->active_mm ? p->active_mm->mm_id : 0);
}

/* INV-27: the task list is whole. */
static void census_tasks(void)
{
	struct task_struct *leader, *p;
	int linked = 0;

	read_lock(&tasklist_lock);
	for_each_process_thread(leader, p) {
		linked++;
		check_active_mm(p);
	}
	if (linked != READ_ONCE(nr_threads))
		report_finding(FINDING_STRUCTURE, "INV-27: nr_threads is %d,"
			       " expected %d linked tasks",
			       READ_ONCE(nr_threads), linked);
	read_unlock(&tasklist_lock);
}

/* INV-23: a CPU that may use an mm's LDT has the one there is. */
static void check_ldt(struct cpu *cpu)
{
	const struct mm_struct *mm = cpu->tlbstate.active_mm;
	const uint64_t *table = NULL;
	int size;

	if (mm == &init_mm || !cpu_isset(cpu->id, &mm->cpu_vm_mask))
		return;
	size = READ_ONCE(mm->context.size);
	if (size)
		table = READ_ONCE(mm->context.ldt);
	cpu_irq_lock(cpu);
	if (cpu->ldt != table || cpu->ldt_size != size)
		report_finding(FINDING_TLB, "INV-23: CPU %d has an LDT of %d"
			       " entries at %p loaded, expected that of mm %lu:"
			       " %d entries at %p", cpu->id, cpu->ldt_size,
			       (const void *)cpu->ldt, mm->mm_id, size,
			       (const void *)table);
	cpu_irq_unlock(cpu);
}

static void check_cpu(struct cpu *cpu)
{
	const struct task_struct *p = cpu->curr;
	struct mm_struct *loaded = READ_ONCE(cpu->tlb.loaded_mm);
	struct mm_struct *active;
	int state;

	cpu_irq_lock(cpu);
	active = cpu->tlbstate.active_mm;
	state = cpu->tlbstate.state;
	cpu_irq_unlock(cpu);
	if (active != p->active_mm && state == TLBSTATE_OK)
		report_finding(FINDING_TLB, "INV-23: CPU %d tracks mm %lu, its"
			       " task has mm %lu", cpu->id,
			       active ? active->mm_id : 0,
			       p->active_mm ? p->active_mm->mm_id : 0);
	if (state == TLBSTATE_OK && active && active != &init_mm &&
	    !cpu_isset(cpu->id, &active->cpu_vm_mask))
		report_finding(FINDING_TLB, "INV-23: CPU %d runs on mm %lu but"
			       " is not in its cpu_vm_mask", cpu->id,
			       active->mm_id);
	if (state == TLBSTATE_LAZY && p->mm)
		report_finding(FINDING_TLB, "INV-23: CPU %d is lazy, its task"
			       " has mm %lu", cpu->id, p->mm->mm_id);
	if (loaded && loaded != &init_mm &&
	    !cpu_isset(cpu->id, &loaded->cpu_vm_mask))
		report_finding(FINDING_TLB, "TLB-24: CPU %d has the page"
			       " tables of mm %lu loaded but is not in its"
			       " cpu_vm_mask", cpu->id, loaded->mm_id);
	if (loaded && atomic_read(&loaded->mm_count) < 1)
		report_finding(FINDING_TLB, "INV-24: CPU %d has the page"
			       " tables of mm %lu loaded, mm_count %d",
			       cpu->id, loaded->mm_id,
			       atomic_read(&loaded->mm_count));
}

static void census_cpus(void)
{
	struct cpu *cpu;

	for_each_online_cpu(cpu) {
		check_cpu(cpu);
		check_ldt(cpu);
	}
}

/* INV-4, 5, 6, 12, 13, 17, 20, 21, and translations against page tables. */
static void validate_one(struct mm_struct *mm)
{
	if (!mm_is_live(mm) || !down_write_trylock(&mm->mmap_sem))
		return;
	validate_mm(mm);
	up_write(&mm->mmap_sem);
	tlb_verify_mm(mm);
}

static void validate_some(struct census *c, uint64_t seed,
			  unsigned int budget_ms)
{
	uint64_t end = now_ms() + budget_ms;
	unsigned int first = c->nr ? seed % c->nr : 0;

	for (unsigned int i = 0; i < c->nr; i++) {
		if (now_ms() > end) {
			c->skipped = c->nr - i;
			return;
		}
		validate_one(c->mms[(first + i) % c->nr]);
	}
}

/* What needs to know all address spaces, and who holds them. */
static void check_all(struct census *c, uint64_t seed, unsigned int budget_ms)
{
	struct shadow s;

	mm_for_each(collect_mm, c);
	if (shadow_make(&s, c)) {
		census_refs(&s);
		census_pages(c, &s);
		shadow_free(&s);
	}
	census_vmas(c);
	census_rmap(c, seed, budget_ms);
	census_files(c);
	validate_some(c, seed, budget_ms);
}

void census_look(uint64_t seed, unsigned int budget_ms)
{
	struct census c = { 0 };

	rcu_barrier();
	lru_add_drain_all(); /* queued pages are held by nobody else */
	census_waits();
	census_signals();
	census_deadlocks();
	census_joiners();
	census_tasks();
	census_cpus();
	pgd_list_check(); /* INV-22 */
	c.room = nr_mms() + 16;
	c.mms = calloc(c.room, sizeof(struct mm_struct *));
	if (c.mms) {
		check_all(&c, seed, budget_ms);
		free(c.mms);
	}
	prog_collect();
	stress_count(EV_FREEZE);
}

void census_run(uint64_t seed, unsigned int budget_ms)
{
	freeze_tasks();
	census_look(seed, budget_ms);
	thaw_tasks();
}
