// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * sched.c - emulated CPUs and the tasks that hold them
 *
 * A task is running (on_rq, cpu set), queued for a CPU (on_rq, no cpu), or
 * asleep.  It sleeps in schedule(), or inside a lock of locking/, which tells
 * us through the hooks; only the former is woken by try_to_wake_up().
 *
 * A CPU changes hands in one of three ways:
 *
 *	task -> task	the leaving thread does context_switch(), grants the
 *			CPU, and the other runs finish_task_switch()
 *	task -> idle	the leaving thread does both, the latter on behalf of
 *			the idle task, before the CPU counts as idle
 *	idle -> task	whoever makes the task runnable claims the CPU; the
 *			task itself does both on its own thread
 *
 * rq.lock is held with the interrupt lock of the caller's CPU and is the
 * innermost of all: a raw lock, so that it can be taken inside the waits of
 * locking/.  Nobody writes another CPU's tlbstate except as its IPI.
 *
 * No wake-up is lost (PRIM-26):
 *
 *	sleeper				waker
 *	  state = X (exchange)		  condition = true
 *	  condition?			  state & X? (read-modify-write)
 *	  schedule(): under rq.lock:	  under rq.lock: state X -> RUNNING,
 *	  state still X? sleep		  and if asleep: make runnable
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "locking/thread.h"
#include "mm/carrier.h"
#include "mm/fork.h"
#include "mm/mmu_context.h"
#include "mm/sched.h"

static struct {
	raw_spinlock_t lock; /* irq */
	cpumask_t idle; /* under lock: CPUs that may be claimed */
	int nr_idle; /* under lock: bits in idle */
	struct cds_list_head queue; /* under lock: FIFO, task->run_list */
	struct cds_list_head blocked; /* under lock: asleep inside locking/ */
	int nr_queued; /* under lock, (r) */
	int nr_active; /* under lock, (r): running or queued */
	int next_victim; /* under lock: CPU to be asked for its CPU next */
	unsigned long last_kick; /* under lock: jiffies */
	struct task_struct *quiet_waiter; /* under lock */
	struct sched_stats stats; /* under lock */
} rq = { .lock = RAW_SPINLOCK_UNLOCKED };

static void rq_lock_irq(void) __acquires(&rq.lock)
{
	local_irq_disable();
	raw_spin_lock(&rq.lock);
}

static void rq_unlock_irq(void) __releases(&rq.lock)
{
	raw_spin_unlock(&rq.lock);
	local_irq_enable();
}

/* ---- the switch -------------------------------------------------------------- */

/*
 * TLB-1.  The caller holds @cpu, so that the steps of switch_mm() are its
 * own; @next is asleep, queued or new and changes nothing itself.
 */
static void context_switch(struct cpu *cpu, struct task_struct *prev,
			   struct task_struct *next) __must_hold(&rq.lock)
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

/* ---- who gets a CPU; rq.lock held ---------------------------------------- */

static struct task_struct *dequeue_first(void) __must_hold(&rq.lock)
{
	struct task_struct *p;

	if (cds_list_empty(&rq.queue))
		return NULL;
	p = cds_list_first_entry(&rq.queue, struct task_struct, run_list);
	cds_list_del_init(&p->run_list);
	WRITE_ONCE(rq.nr_queued, rq.nr_queued - 1);
	rq.stats.handovers++;
	return p;
}

static void enqueue_last(struct task_struct *p) __must_hold(&rq.lock)
{
	cds_list_add_tail(&p->run_list, &rq.queue);
	WRITE_ONCE(rq.nr_queued, rq.nr_queued + 1);
	rq.stats.queue_max = max(rq.stats.queue_max,
				 (unsigned long)rq.nr_queued);
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

static void claim_cpu(int id) __must_hold(&rq.lock)
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
	claim_cpu(id);
	return cpu_of(id);
}

/*
 * A sleeping task becomes runnable.  Return: the CPU claimed for it, which
 * the caller passes on after the unlock, or NULL if it has been queued.
 */
static struct cpu *activate(struct task_struct *p) __must_hold(&rq.lock)
{
	struct cpu *cpu;

	p->on_rq = 1;
	WRITE_ONCE(rq.nr_active, rq.nr_active + 1);
	cpu = claim_idle_cpu(p);
	if (cpu)
		return cpu;
	enqueue_last(p);
	kick_a_cpu();
	return NULL;
}

static void deactivate(struct task_struct *p) __must_hold(&rq.lock)
{
	p->on_rq = 0;
	WRITE_ONCE(rq.nr_active, rq.nr_active - 1);
}

/*
 * Do only @active tasks run?  A CPU whose thread still finishes a switch is
 * not idle, and a task inside locking/ that has been granted what it waits
 * for is about to go on: the grant comes before its waker's next sleep.
 */
static bool is_quiet(int active) __must_hold(&rq.lock)
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
	if (!*waiter || !is_quiet(0))
		return NULL;
	rq.quiet_waiter = NULL;
	return activate(*waiter);
}

/* ---- leaving and taking a CPU -------------------------------------------- */

static void become_idle(struct cpu *cpu) __releases(&rq.lock)
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

static void hand_over(struct cpu *cpu, struct task_struct *next)
	__releases(&rq.lock)
{
	struct carrier *c = next->carrier;

	rq_unlock_irq();
	current_cpu = NULL;
	current_task = NULL;
	carrier_grant(c, cpu);
}

/*
 * @prev gives its CPU to the first in the queue or to the idle task.  If it
 * is dead it may be freed at any time from the unlock on.
 */
static void leave_cpu(struct task_struct *prev, bool dead)
	__releases(&rq.lock)
{
	struct cpu *cpu = this_cpu();
	struct task_struct *next = dequeue_first();

	cpu->prev_dead = dead ? prev : NULL;
	if (!next) {
		context_switch(cpu, prev, cpu->idle);
		if (!cpu->prev_mm && !dead) {
			become_idle(cpu);
			return;
		}
		current_task = cpu->idle;
		finish_task_switch(cpu);
		rq_lock_irq();
		prev = cpu->idle;
		next = dequeue_first();
		if (!next) {
			become_idle(cpu);
			return;
		}
	}
	context_switch(cpu, prev, next);
	hand_over(cpu, next);
}

/* @me has been granted @cpu, by hand-over or claimed from the idle task. */
static void take_cpu(struct task_struct *me, struct cpu *cpu)
{
	current_cpu = cpu;
	current_task = me;
	rq_lock_irq();
	if (cpu->curr != me)
		context_switch(cpu, cpu->idle, me);
	me->last_cpu = cpu->id;
	finish_task_switch(cpu);
}

/* ---- schedule() ------------------------------------------------------------------ */

/* Return: whether current wants to go on running. */
static bool stays_runnable(struct task_struct *p) __must_hold(&rq.lock)
{
	int state = task_state(p);

	if (p->flags & PF_DEAD)
		return false;
	if ((state & TASK_INTERRUPTIBLE) && signal_pending(p)) {
		__set_task_state(p, TASK_RUNNING);
		return true;
	}
	return state == TASK_RUNNING;
}

/* Context: rq.lock; does not return if @me is dead. */
static void switch_away(struct task_struct *me) __releases(&rq.lock)
{
	struct carrier *c = me->carrier;
	bool dead = me->flags & PF_DEAD;

	leave_cpu(me, dead);
	if (dead)
		carrier_finish();
	take_cpu(me, carrier_wait(c));
}

static int default_wait_kind(int state)
{
	if (state == TASK_RUNNING)
		return LWAIT_CPU;
	return state & TASK_UNINTERRUPTIBLE ? LWAIT_OTHER : LWAIT_IDLE;
}

void schedule_on(int kind, const void *object)
{
	struct task_struct *me = current;

	might_sleep();
	clear_thread_flag(TIF_NEED_RESCHED);
	rq_lock_irq();
	if (stays_runnable(me)) {
		if (!rq.nr_queued) {
			rq_unlock_irq();
			return;
		}
		me->nivcsw++;
		enqueue_last(me);
	} else {
		me->nvcsw++;
		deactivate(me);
	}
	lwait_begin((enum lwait_kind)kind, object, NULL, LOCK_SITE());
	switch_away(me);
	lwait_end();
}

void schedule(void)
{
	schedule_on(default_wait_kind(task_state(current)), NULL);
}

void yield(void)
{
	__set_current_state(TASK_RUNNING);
	if (READ_ONCE(rq.nr_queued))
		schedule();
}

bool cond_resched(void)
{
	if (likely(!need_resched()))
		return false;
	__set_current_state(TASK_RUNNING);
	schedule();
	return true;
}

void sched_tick_slice(void)
{
	if (--current->time_slice)
		return;
	current->time_slice = DEF_TIME_SLICE;
	if (READ_ONCE(rq.nr_queued))
		set_thread_flag(TIF_NEED_RESCHED);
}

/* ---- waking ------------------------------------------------------------------------ */

/* Change X to RUNNING if X is in @states.  Return: whether it did. */
static bool state_to_running(struct task_struct *p, unsigned int states)
{
	int old = task_state(p);

	do {
		if (!((unsigned int)old & states))
			return false;
	} while (!__atomic_compare_exchange_n(&p->state, &old, TASK_RUNNING,
					      false, __ATOMIC_SEQ_CST,
					      __ATOMIC_RELAXED));
	return true;
}

bool try_to_wake_up(struct task_struct *p, unsigned int states)
{
	struct cpu *claimed = NULL;
	struct carrier *c = NULL;
	unsigned long flags;
	bool woken;

	/* Partner of the exchange in set_current_state(). */
	if (!((unsigned int)__atomic_fetch_or(&p->state, 0, __ATOMIC_SEQ_CST) &
	      states))
		return false;
	local_irq_save(flags);
	raw_spin_lock(&rq.lock);
	woken = state_to_running(p, states);
	if (woken && !p->on_rq) {
		c = p->carrier;
		claimed = activate(p);
		rq.stats.wakeups++;
	}
	raw_spin_unlock(&rq.lock);
	local_irq_restore(flags);
	if (claimed)
		carrier_grant(c, claimed);
	return woken;
}

void sched_fork(struct task_struct *p)
{
	__set_task_state(p, TASK_RUNNING);
	p->cpu = NULL;
	p->on_rq = 0;
	p->last_cpu = current_cpu ? current_cpu->id : 0;
	CDS_INIT_LIST_HEAD(&p->run_list);
	p->time_slice = DEF_TIME_SLICE;
	clear_tsk_thread_flag(p, TIF_NEED_RESCHED);
}

void wake_up_new_task(struct task_struct *p)
{
	struct carrier *c = p->carrier;
	struct cpu *claimed;
	unsigned long flags;

	carrier_start(c, p);
	local_irq_save(flags);
	raw_spin_lock(&rq.lock);
	claimed = activate(p);
	raw_spin_unlock(&rq.lock);
	local_irq_restore(flags);
	if (claimed)
		carrier_grant(c, claimed);
}

void schedule_tail(void)
{
	take_cpu(current, this_cpu());
}

bool task_curr(const struct task_struct *p)
{
	return READ_ONCE(p->cpu) != NULL;
}

int sched_nr_active(void)
{
	return READ_ONCE(rq.nr_active);
}

/* ---- the freezer's question -------------------------------------------------- */

void sched_wait_quiet(void)
{
	struct task_struct *me = current;

	might_sleep();
	rq_lock_irq();
	mm_bug_on(rq.quiet_waiter, "two tasks wait for quiet");
	if (is_quiet(1)) {
		rq_unlock_irq();
		return;
	}
	rq.quiet_waiter = me;
	deactivate(me);
	lwait_begin(LWAIT_OTHER, &rq, NULL, LOCK_SITE());
	switch_away(me);
	lwait_end();
}

/* ---- idle CPUs ---------------------------------------------------------------------- */

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
	next = dequeue_first();
	if (next) {
		context_switch(cpu, cpu->idle, next);
		hand_over(cpu, next);
	} else {
		become_idle(cpu);
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
			claim_cpu(id);
		rq_unlock_irq();
		if (claimed)
			idle_leave(cpu_of(id));
	}
}

void sched_get_stats(struct sched_stats *stats)
{
	unsigned long flags;

	local_irq_save(flags);
	raw_spin_lock(&rq.lock);
	*stats = rq.stats;
	raw_spin_unlock(&rq.lock);
	local_irq_restore(flags);
}

/* ---- hooks of locking/ ---------------------------------------------------------- */

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
	deactivate(me);
	cds_list_add(&me->run_list, &rq.blocked);
	leave_cpu(me, false);
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
	raw_spin_lock(&rq.lock);
	cds_list_del_init(&me->run_list);
	cpu = activate(me);
	raw_spin_unlock(&rq.lock);
	take_cpu(me, cpu ? cpu : carrier_wait(c));
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

/* ---- boot ------------------------------------------------------------------------------ */

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
