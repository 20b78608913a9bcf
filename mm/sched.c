// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * sched.c - sleeping and waking
 *
 * No wake-up is lost (PRIM-26):
 *
 *	sleeper				waker
 *	  state = X (exchange)		  condition = true
 *	  condition?			  state & X? (read-modify-write)
 *	  schedule(): under rq.lock:	  under rq.lock: state X -> RUNNING,
 *	  state still X? sleep		  and if asleep: make runnable
 */
#include "mm/carrier.h"
#include "mm/runqueue.h"
#include "mm/sched.h"

/* ---- schedule() ------------------------------------------------------- */

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

static int default_wait_kind(int state)
{
	if (state == TASK_RUNNING)
		return LWAIT_CPU;
	return state & TASK_UNINTERRUPTIBLE ? LWAIT_OTHER : LWAIT_IDLE;
}

void schedule_at(int kind, const void *object, lwait_blocker_t blocker,
		 void *arg, const struct lock_site *site)
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
		rq_enqueue(me);
	} else {
		me->nvcsw++;
		rq_deactivate(me);
	}
	lwait_begin_on((enum lwait_kind)kind, object, site, blocker, arg);
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
	else
		seam_yield(); /* whom we wait for has a CPU of its own */
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

/* ---- waking ----------------------------------------------------------- */

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
	rq_lock();
	woken = state_to_running(p, states);
	if (woken && !p->on_rq) {
		c = p->carrier;
		claimed = rq_activate(p);
		rq.stats.wakeups++;
	}
	rq_unlock();
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
	rq_lock();
	claimed = rq_activate(p);
	rq_unlock();
	local_irq_restore(flags);
	if (claimed)
		carrier_grant(c, claimed);
}

void schedule_tail(void)
{
	cpu_take(current, this_cpu());
}

bool task_curr(const struct task_struct *p)
{
	return READ_ONCE(p->cpu) != NULL;
}

int sched_nr_active(void)
{
	return READ_ONCE(rq.nr_active);
}

/* ---- the freezer's question ------------------------------------------- */

void sched_wait_quiet(void)
{
	struct task_struct *me = current;

	might_sleep();
	rq_lock_irq();
	mm_bug_on(rq.quiet_waiter, "two tasks wait for quiet");
	if (rq_is_quiet(1)) {
		rq_unlock_irq();
		return;
	}
	rq.quiet_waiter = me;
	rq_deactivate(me);
	lwait_begin(LWAIT_OTHER, &rq, NULL, LOCK_SITE());
	switch_away(me);
	lwait_end();
}

void sched_get_stats(struct sched_stats *stats)
{
	rq_lock();
	*stats = rq.stats;
	rq_unlock();
}
