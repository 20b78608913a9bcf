// SPDX-License-Identifier: GPL-2.0-or-later
/* The census: freeze, collect, check, thaw; and the oracle of references. */
#include "stress/oracle.h"

#include <stdlib.h>
#include <time.h>

#include "locking/report.h"
#include "mm/cpu.h"
#include "mm/fork.h"
#include "mm/freezer.h"
#include "mm/pgtable.h"
#include "mm/tlb.h"
#include "mm/validate.h"
#include "stress/ptrmap.h"
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

/* How many refer to an mm: a counts users, b lazy references. */
static void count_task(struct ptrmap *refs, const struct task_struct *p)
{
	struct ptrmap_entry *e;

	if (p->mm && !(READ_ONCE(p->flags) & PF_BORROWED_MM)) {
		e = ptrmap_get(refs, p->mm);
		if (e)
			e->a++;
	} else if (p->active_mm) {
		e = ptrmap_get(refs, p->active_mm);
		if (e)
			e->b++;
	}
}

static void count_signal(struct ptrmap *groups, const struct task_struct *p)
{
	struct ptrmap_entry *e;

	if (!p->signal)
		return;
	e = ptrmap_get(groups, p->signal);
	if (e)
		e->a++;
}

/* The new mm of an exec that waits in de_thread(): no task has it yet. */
static bool is_bprm_mm(const struct mm_struct *mm, int users, long tasks)
{
	return users == 1 && !tasks && !mm->mmap;
}

/* REF-2: besides these, each queued private futex key holds one mm_count. */
static void check_mm(struct mm_struct *mm, struct ptrmap *refs)
{
	struct ptrmap_entry *e = ptrmap_get(refs, mm);
	int users = atomic_read(&mm->mm_users);
	int count = atomic_read(&mm->mm_count);
	long least;

	if (!e)
		return;
	if (users != e->a && !is_bprm_mm(mm, users, e->a))
		report_finding(FINDING_REFCOUNT, "INV-2: mm %lu has mm_users"
			       " %d, expected %ld: the tasks that use it",
			       mm->mm_id, users, e->a);
	least = e->b + (users > 0);
	if (count < least || count > least + e->a)
		report_finding(FINDING_REFCOUNT, "INV-3: mm %lu has mm_count"
			       " %d, expected %ld (%d for mm_users, %ld lazy)"
			       " and at most one more for each of %ld tasks",
			       mm->mm_id, count, least, users > 0, e->b, e->a);
	if (!users && e->b)
		stress_count(COVER_B14_LAZY_LAST);
}

static void check_groups(struct ptrmap *groups)
{
	struct ptrmap_entry *e;

	ptrmap_for_each(groups, e) {
		const struct signal_struct *sig = e->key;

		if (atomic_read(&sig->count) != e->a)
			report_finding(FINDING_REFCOUNT, "INV-28: signal->count"
				       " is %d, expected %ld linked tasks of"
				       " the group", atomic_read(&sig->count),
				       e->a);
	}
}

static void count_all(struct ptrmap *refs, struct ptrmap *groups)
{
	struct task_struct *leader, *p;
	struct cpu *cpu;
	int linked = 0;

	read_lock(&tasklist_lock);
	for_each_process_thread(leader, p) {
		linked++;
		count_task(refs, p);
		count_signal(groups, p);
	}
	if (linked != READ_ONCE(nr_threads))
		report_finding(FINDING_STRUCTURE, "INV-27: nr_threads is %d,"
			       " expected %d linked tasks",
			       READ_ONCE(nr_threads), linked);
	read_unlock(&tasklist_lock);
	for_each_online_cpu(cpu)
		count_task(refs, cpu->idle);
}

void census_tasks(struct census *c)
{
	struct ptrmap refs, groups;

	if (!ptrmap_init(&refs))
		return;
	if (ptrmap_init(&groups)) {
		count_all(&refs, &groups);
		for (unsigned int i = 0; i < c->nr; i++)
			check_mm(c->mms[i], &refs);
		check_groups(&groups);
		ptrmap_free(&groups);
	}
	ptrmap_free(&refs);
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
	if (state == TLBSTATE_OK && active != &init_mm &&
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

void census_cpus(void)
{
	struct cpu *cpu;

	for_each_online_cpu(cpu)
		check_cpu(cpu);
}

/* INV-4, 5, 6, 12, 13, 20, 21, and translations against page tables. */
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

void census_run(uint64_t seed, unsigned int budget_ms)
{
	struct census c = { 0 };

	freeze_tasks();
	rcu_barrier();
	census_waits();
	c.room = nr_mms() + 16;
	c.mms = calloc(c.room, sizeof(struct mm_struct *));
	if (c.mms) {
		mm_for_each(collect_mm, &c);
		census_tasks(&c);
		census_cpus();
		pgd_list_check(); /* INV-22 */
		census_pages(&c);
		census_vmas(&c);
		validate_some(&c, seed, budget_ms);
		free(c.mms);
	}
	prog_collect();
	stress_count(EV_FREEZE);
	thaw_tasks();
}
