// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * runqueue.c - how a CPU changes hands
 *
 * In one of three ways:
 *
 *	task -> task	the leaving thread does context_switch(), grants the
 *			CPU, and the other runs finish_task_switch()
 *	task -> idle	the leaving thread does both, the latter on behalf of
 *			the idle task, before the CPU counts as idle
 *	idle -> task	whoever makes the task runnable claims the CPU; the
 *			task itself does both on its own thread
 */
#include "mm/carrier.h"
#include "mm/fork.h"
#include "mm/mmu_context.h"
#include "mm/runqueue.h"

struct runqueue rq = { .lock = RAW_SPINLOCK_UNLOCKED };

/* ---- the switch ------------------------------------------------------- */

void context_switch(struct cpu *cpu, struct task_struct *prev,
		    struct task_struct *next)
{
	struct mm_struct *oldmm = prev->active_mm;

	if (!next->mm) {
		next->active_mm = oldmm;
		mmgrab(oldmm);
		enter_lazy_tlb();
		rq.stats.lazy_borrows++;
	} else {
		switch_mm(oldmm, next->mm);
	}
	if (!prev->mm) {
		prev->active_mm = NULL;
		cpu->prev_mm = oldmm;
	}
	cpu->curr = next;
	WRITE_ONCE(prev->cpu, NULL);
	WRITE_ONCE(next->cpu, cpu);
	if (prev == cpu->idle || next == cpu->idle)
		rq.stats.idle_switches++;
	else
		rq.stats.switches++;
}

/*
 * TLB-5, EXIT-3.  What the switch left behind is taken under rq.lock, used
 * after it: the mm goes when this CPU no longer uses its tables (TLB-6), a
 * dead task when nobody runs on its behalf any more.
 */
static void finish_task_switch(struct cpu *cpu) __releases(&rq.lock)
{
	struct mm_struct *mm = cpu->prev_mm;
	struct task_struct *dead = cpu->prev_dead;

	cpu->prev_mm = NULL;
	cpu->prev_dead = NULL;
	rq_unlock_irq();
	if (mm)
		mmdrop(mm);
	if (dead)
		put_task_struct(dead);
}

/* ---- who gets a CPU; rq.lock held ------------------------------------- */

struct task_struct *rq_dequeue(void)
{
	struct task_struct *p;

	if (cds_list_empty(&rq.queue))
		return NULL;
	p = cds_list_first_entry(&rq.queue, struct task_struct, run_list);
	cds_list_del_init(&p->run_list);
	WRITE_ONCE(rq.nr_queued, rq.nr_queued - 1);
	return p;
}

void rq_enqueue(struct task_struct *p)
{
	cds_list_add_tail(&p->run_list, &rq.queue);
	WRITE_ONCE(rq.nr_queued, rq.nr_queued + 1);
}

/* Once a jiffy somebody is asked to give way to those who wait. */
static void kick_a_cpu(void) __must_hold(&rq.lock)
{
	unsigned long now = jiffies;

	if (now == rq.last_kick)
		return;
	rq.last_kick = now;
	rq.next_victim = (rq.next_victim + 1) % nr_cpu_ids;
	set_tsk_thread_flag(cpu_of(rq.next_victim)->curr, TIF_NEED_RESCHED);
}

void rq_claim_cpu(int id)
{
	cpu_clear(id, &rq.idle);
	rq.nr_idle--;
}

/* An idle CPU, the last one of @p if possible; NULL if there is none. */
static struct cpu *claim_idle_cpu(const struct task_struct *p)
	__must_hold(&rq.lock)
{
	int id = p->last_cpu;

	if (!cpu_isset(id, &rq.idle))
		id = cpumask_next(-1, &rq.idle);
	if (id >= nr_cpu_ids)
		return NULL;
	rq_claim_cpu(id);
	return cpu_of(id);
}

struct cpu *rq_activate(struct task_struct *p)
{
	struct cpu *cpu;

	p->on_rq = 1;
	WRITE_ONCE(rq.nr_active, rq.nr_active + 1);
	cpu = claim_idle_cpu(p);
	if (cpu)
		return cpu;
	rq_enqueue(p);
	kick_a_cpu();
	return NULL;
}

void rq_deactivate(struct task_struct *p)
{
	p->on_rq = 0;
	WRITE_ONCE(rq.nr_active, rq.nr_active - 1);
}

bool rq_is_quiet(int active)
{
	struct task_struct *p;

	if (rq.nr_active != active || rq.nr_idle != nr_cpu_ids - active)
		return false;
	cds_list_for_each_entry(p, &rq.blocked, run_list) {
		struct lthread *t = p->carrier->lthread;

		if (smp_load_acquire(&t->wait_word) != LTHREAD_WAIT)
			return false;
	}
	return true;
}

/* The last CPU has gone idle: has the freezer been waiting for this? */
static struct cpu *claim_for_quiet(struct task_struct **waiter)
	__must_hold(&rq.lock)
{
	*waiter = rq.quiet_waiter;
	if (!*waiter || !rq_is_quiet(0))
		return NULL;
	rq.quiet_waiter = NULL;
	return rq_activate(*waiter);
}

/* ---- leaving and taking a CPU ----------------------------------------- */

void cpu_become_idle(struct cpu *cpu)
{
	struct task_struct *waiter;
	struct cpu *claimed;

	cpu_set(cpu->id, &rq.idle);
	rq.nr_idle++;
	claimed = claim_for_quiet(&waiter);
	rq_unlock_irq();
	current_cpu = NULL;
	current_task = NULL;
	if (claimed)
		carrier_grant(waiter->carrier, claimed);
}

void cpu_hand_over(struct cpu *cpu, struct task_struct *next)
{
	struct carrier *c = next->carrier;

	rq_unlock_irq();
	current_cpu = NULL;
	current_task = NULL;
	carrier_grant(c, cpu);
}

void cpu_leave(struct task_struct *prev, bool dead)
{
	struct cpu *cpu = this_cpu();
	struct task_struct *next = rq_dequeue();

	cpu->prev_dead = dead ? prev : NULL;
	if (!next) {
		context_switch(cpu, prev, cpu->idle);
		if (!cpu->prev_mm && !dead) {
			cpu_become_idle(cpu);
			return;
		}
		current_task = cpu->idle;
		finish_task_switch(cpu);
		rq_lock_irq();
		prev = cpu->idle;
		next = rq_dequeue();
		if (!next) {
			cpu_become_idle(cpu);
			return;
		}
	}
	context_switch(cpu, prev, next);
	cpu_hand_over(cpu, next);
}

void cpu_take(struct task_struct *me, struct cpu *cpu)
{
	current_cpu = cpu;
	current_task = me;
	rq_lock_irq();
	if (cpu->curr != me)
		context_switch(cpu, cpu->idle, me);
	me->last_cpu = cpu->id;
	finish_task_switch(cpu);
}

void switch_away(struct task_struct *me)
{
	struct carrier *c = me->carrier;
	bool dead = me->flags & PF_DEAD;

	cpu_leave(me, dead);
	if (dead)
		carrier_finish();
	cpu_take(me, carrier_wait(c));
}
