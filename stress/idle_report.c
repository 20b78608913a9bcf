// SPDX-License-Identifier: GPL-2.0-or-later
/* idle_report.c - the sleepers that nobody has to wake */
#include "stress/idle_report.h"

#include <errno.h>
#include <stdio.h>

#include "locking/thread.h"
#include "mm/carrier.h"
#include "mm/fork.h"
#include "mm/sched.h"
#include "stress/wakers.h"

/* A zombie's carrier may have another task already. */
static bool sleeps_idle(const struct task_struct *p, unsigned long min_age,
			struct lwait *w, unsigned int *seq)
{
	const struct lthread *t;

	if (!p->carrier || READ_ONCE(p->exit_state) ||
	    READ_ONCE(p->flags) & PF_KTHREAD)
		return false;
	t = smp_load_acquire(&p->carrier->lthread);
	return t && lwait_snapshot(t, w, seq) && w->kind == LWAIT_IDLE &&
	       time_after_eq(jiffies, w->since + min_age);
}

/* Whole lines only.  Return: characters added. */
static size_t add_line(char *buf, size_t size, const struct task_struct *p,
		       const struct lwait *w, const char *note)
{
	int n = snprintf(buf, size, "  pid %d (%s) sleeps in %s() at "
			 SITE_FMT " for %lu ms%s%s\n", p->pid, p->comm,
			 w->site ? w->site->func : "?", SITE_ARGS(w->site),
			 jiffies_to_ms(jiffies - w->since),
			 note ? ":\n    " : "", note ? note : "");

	if (n > 0 && (size_t)n < size)
		return (size_t)n;
	buf[0] = '\0';
	return 0;
}

int idle_tasks_text(char *buf, size_t size, unsigned long min_age)
{
	struct task_struct *leader, *p;
	struct wait_edges known;
	unsigned int seq;
	struct lwait w;
	size_t len = 0;
	int nr = 0;

	buf[0] = '\0';
	wakers_find(&known);
	if (!read_trylock(&tasklist_lock)) {
		wakers_free(&known);
		return -EBUSY;
	}
	for_each_process_thread(leader, p) {
		if (!sleeps_idle(p, min_age, &w, &seq))
			continue;
		len += add_line(buf + len, size - len, p, &w,
				wakers_note(&known, p->carrier->lthread, seq));
		nr++;
	}
	read_unlock(&tasklist_lock);
	wakers_free(&known);
	return nr;
}
