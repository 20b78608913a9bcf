// SPDX-License-Identifier: GPL-2.0-or-later
/* sched_init.c - idle tasks, the hooks of locking/, and the first task */
#include <errno.h>
#include <string.h>

#include "mm/carrier.h"
#include "mm/fork.h"
#include "mm/mmu_context.h"
#include "mm/runqueue.h"
#include "mm/sched.h"

/* ---- idle CPUs -------------------------------------------------------- */

/* The task on this CPU has no mm of its own: let it borrow init_mm's. */
static void leave_lazy_mm(struct task_struct *p)
{
	struct mm_struct *old = p->active_mm;

	if (old == &init_mm)
		return;
	mmgrab(&init_mm);
	switch_mm(old, &init_mm);
	enter_lazy_tlb();
	p->active_mm = &init_mm;
	mmdrop(old);
}

/* Run the idle task of @cpu, which has been claimed, on this thread. */
static void idle_leave(struct cpu *cpu)
{
	struct task_struct *me = current, *next;
	struct cpu *my_cpu = this_cpu();

	current_cpu = cpu;
	current_task = cpu->idle;
	leave_lazy_mm(cpu->idle);
	rq_lock_irq();
	next = rq_dequeue();
	if (next) {
		context_switch(cpu, cpu->idle, next);
		cpu_hand_over(cpu, next);
	} else {
		cpu_become_idle(cpu);
	}
	current_cpu = my_cpu;
	current_task = me;
}

void sched_idle_leave_all(void)
{
	if (!current->mm)
		leave_lazy_mm(current);
	for (int id = 0; id < nr_cpu_ids; id++) {
		bool claimed;

		rq_lock_irq();
		claimed = cpu_isset(id, &rq.idle);
		if (claimed)
			rq_claim_cpu(id);
		rq_unlock_irq();
		if (claimed)
			idle_leave(cpu_of(id));
	}
}

/* ---- hooks of locking/ ------------------------------------------------ */

/*
 * A lock puts the thread to sleep: the task leaves its CPU.  Its state is
 * RUNNING, so that no wake-up meant for somebody else's sleep finds it.
 */
static void hook_sleep(void)
{
	struct task_struct *me = current;

	if (!this_cpu())
		return;
	__set_task_state(me, TASK_RUNNING);
	rq_lock_irq();
	me->nvcsw++;
	rq_deactivate(me);
	cds_list_add(&me->run_list, &rq.blocked);
	cpu_leave(me, false);
	current_task = me;
}

static void hook_wake(void)
{
	struct task_struct *me = current;
	struct carrier *c;
	struct cpu *cpu;

	if (!me || this_cpu())
		return;
	c = me->carrier;
	rq_lock();
	cds_list_del_init(&me->run_list);
	cpu = rq_activate(me);
	rq_unlock();
	cpu_take(me, cpu ? cpu : carrier_wait(c));
}

static void hook_irq_disable(void) __no_lock_analysis
{
	if (current_cpu)
		cpu_irq_lock(current_cpu);
}

static void hook_irq_enable(void) __no_lock_analysis
{
	if (current_cpu)
		cpu_irq_unlock(current_cpu);
}

static const struct sched_hooks hooks = {
	.sleep = hook_sleep,
	.wake = hook_wake,
	.irq_disable = hook_irq_disable,
	.irq_enable = hook_irq_enable,
};

/* ---- boot ------------------------------------------------------------- */

/* The idle task runs, lazily on init_mm (spec 2.1: CPU bring-up). */
static int make_idle(struct cpu *cpu)
{
	struct task_struct *idle = fork_idle(cpu->id);

	if (IS_ERR(idle))
		return (int)PTR_ERR(idle);
	cpu->idle = idle;
	cpu->curr = idle;
	idle->cpu = cpu;
	idle->mm = NULL;
	idle->active_mm = &init_mm;
	mmgrab(&init_mm);
	cpu->tlbstate.state = TLBSTATE_LAZY;
	return 0;
}

static void free_idle(struct cpu *cpu)
{
	struct task_struct *idle = cpu->idle;

	if (!idle)
		return;
	cpu->idle = NULL;
	if (idle->active_mm)
		mmdrop(idle->active_mm);
	idle->active_mm = NULL;
	fork_free_task(idle);
}

/* The caller's thread runs @init on CPU 0, in place of the idle task. */
static int install_init(struct task_struct *init)
{
	struct cpu *cpu = cpu_of(0);

	init->carrier = carrier_adopt(init);
	if (!init->carrier)
		return -ENOMEM;
	sched_fork(init);
	init->on_rq = 1;
	init->cpu = cpu;
	init->last_cpu = 0;
	init->active_mm = cpu->idle->active_mm;
	cpu->idle->active_mm = NULL;
	cpu->idle->cpu = NULL;
	cpu->curr = init;
	rq.nr_active = 1;
	current_task = init;
	return 0;
}

int sched_init(struct task_struct *init)
{
	struct cpu *cpu;
	int err;

	memset(&rq, 0, sizeof(rq));
	raw_spin_lock_init(&rq.lock);
	CDS_INIT_LIST_HEAD(&rq.queue);
	CDS_INIT_LIST_HEAD(&rq.blocked);
	for_each_online_cpu(cpu) {
		err = make_idle(cpu);
		if (err)
			goto out_free_idle;
		if (cpu->id) {
			cpu_set(cpu->id, &rq.idle);
			rq.nr_idle++;
		}
	}
	err = install_init(init);
	if (err)
		goto out_free_idle;
	set_sched_hooks(&hooks);
	return 0;

out_free_idle:
	for_each_online_cpu(cpu)
		free_idle(cpu);
	return err;
}

void sched_exit(void)
{
	struct task_struct *init = current;
	struct cpu *cpu;

	sched_wait_quiet();
	sched_idle_leave_all();
	for_each_online_cpu(cpu)
		free_idle(cpu);
	set_sched_hooks(NULL);
	mmdrop(init->active_mm);
	init->active_mm = NULL;
	init->cpu = NULL;
	carrier_disown(init->carrier);
	init->carrier = NULL;
}
