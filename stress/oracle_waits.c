// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * oracle_waits.c - waits that nobody will end
 *
 * The world is frozen: every task is asleep.  A task parked in exit_mm()
 * needs a live dumper (DUMP-27), a vfork parent needs the child that owes it
 * the completion (FORK-20), and nobody sleeps in wait4() whose child has something
 * to report.  Sleepers that wait for each other, through locks,
 * completions, vfork and joins, are a deadlock however short they have waited.
 */
#include <string.h>

#include "locking/report.h"
#include "locking/thread.h"
#include "locking/waitgraph.h"
#include "mm/carrier.h"
#include "mm/exit.h"
#include "mm/fork.h"
#include "stress/oracle.h"
#include "stress/ptrmap.h"
#include "stress/wakers.h"

/* Whether @p sleeps on a completion, and on which, from where. */
static bool awaits_completion(const struct task_struct *p, struct lwait *w)
{
	const struct lthread *t = wakers_thread_of(p);
	unsigned int seq;

	return t && lwait_snapshot(t, w, &seq) && w->kind == LWAIT_COMPLETION;
}

bool parked_for_dump(const struct task_struct *p, unsigned int *wait)
{
	const struct lthread *t;
	struct lwait w;

	/* A thread that has just been made has no record yet. */
	t = p->carrier ? smp_load_acquire(&p->carrier->lthread) : NULL;
	return t && lwait_snapshot(t, &w, wait) &&
	       w.kind == LWAIT_COMPLETION && w.site &&
	       !strcmp(w.site->func, "park_for_core_dump");
}

/* By mm: a counts parked tasks, b those that have not begun to exit. */
static void count_sharer(struct ptrmap *mms, const struct task_struct *p)
{
	struct ptrmap_entry *e = p->mm ? ptrmap_get(mms, p->mm) : NULL;
	unsigned int wait;

	if (!e)
		return;
	if (parked_for_dump(p, &wait))
		e->a++;
	else if (!(READ_ONCE(p->flags) & PF_EXITING))
		e->b++;
}

/* By completion: a counts children that will complete it. */
static void count_vfork_child(struct ptrmap *events,
			      const struct task_struct *p)
{
	struct ptrmap_entry *e;

	if (!p->vfork_done)
		return;
	e = ptrmap_get(events, p->vfork_done);
	if (e)
		e->a++;
}

static void check_parked(struct ptrmap *mms)
{
	struct ptrmap_entry *e;

	ptrmap_for_each(mms, e) {
		const struct mm_struct *mm = e->key;

		if (e->a && !e->b)
			report_finding(FINDING_LOST_WAKEUP, "DUMP-27: %ld tasks"
				       " wait for the end of the dump of mm"
				       " %lu, but no dumper is left",
				       e->a, mm->mm_id);
	}
}

static void check_vfork_parent(struct ptrmap *events,
			       const struct task_struct *p)
{
	struct ptrmap_entry *e;
	struct lwait w;

	/* The site of the wait tells a vfork parent from other waiters. */
	if (!awaits_completion(p, &w) || !w.site ||
	    strcmp(w.site->func, "wait_for_vfork"))
		return;
	e = ptrmap_get(events, w.object);
	if (e && !e->a)
		report_finding(FINDING_LOST_WAKEUP, "FORK-20: pid %d waits for"
			       " its vfork child, but no task owes it the"
			       " completion %p", p->pid, w.object);
}

static void check_parent(struct task_struct *p)
	__must_hold_shared(&tasklist_lock)
{
	const struct lthread *t = wakers_thread_of(p);
	struct lwait w;
	unsigned int seq;
	pid_t child;

	if (!t || !lwait_snapshot(t, &w, &seq) || w.kind != LWAIT_IDLE ||
	    !w.site || strcmp(w.site->func, "sys_wait4"))
		return;
	child = wait4_has_news(p, w.object);
	if (child)
		report_finding(FINDING_LOST_WAKEUP, "pid %d sleeps in wait4()"
			       " although its child %d can be reported",
			       p->pid, child);
}

void census_deadlocks(void)
{
	struct wait_edges known;

	wakers_find(&known);
	waitgraph_cycles(0, &known);
	wakers_free(&known);
}

void census_waits(void)
{
	struct task_struct *leader, *p;
	struct ptrmap mms, events;

	if (!ptrmap_init(&mms))
		return;
	if (ptrmap_init(&events)) {
		read_lock(&tasklist_lock);
		for_each_process_thread(leader, p) {
			count_sharer(&mms, p);
			count_vfork_child(&events, p);
		}
		for_each_process_thread(leader, p) {
			check_vfork_parent(&events, p);
			check_parent(p);
		}
		read_unlock(&tasklist_lock);
		check_parked(&mms);
		ptrmap_free(&events);
	}
	ptrmap_free(&mms);
}
