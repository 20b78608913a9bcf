// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Judges core dumps where they are written: why there is one, and whether
 * everybody else who uses the address space is parked (DUMP-6).
 */
#include <signal.h>

#include "locking/report.h"
#include "mm/cpu.h"
#include "mm/fork.h"
#include "stress/oracle.h"
#include "stress/user.h"

/* Walking the task list for each dump must not become the main load. */
#define FULL_RATE_TASKS 500

/*
 * Is @p another task with @mm of its own?  None of those may join or leave
 * any more, but a worker may borrow the mm or give it back meanwhile: its mm
 * and its flag change together under task_lock (TLB-30).
 */
static bool shares_mm(struct task_struct *p, struct mm_struct *mm)
{
	bool shares;

	if (p == current || READ_ONCE(p->mm) != mm)
		return false;
	task_lock(p);
	shares = p->mm == mm && !(READ_ONCE(p->flags) & PF_BORROWED_MM);
	task_unlock(p);
	return shares;
}

/*
 * INV-26, DUMP-17: when the dump is written, every other task with this mm
 * has been found by the scan, killed, and has come to exit_mm().
 */
static void check_all_parked(void)
{
	struct mm_struct *mm = current->mm;
	struct task_struct *leader, *p;

	read_lock(&tasklist_lock);
	for_each_process_thread(leader, p) {
		if (!shares_mm(p, mm) || (READ_ONCE(p->flags) & PF_EXITING))
			continue;
		report_finding(FINDING_STRUCTURE, "INV-26: pid %d of group %d"
			       " uses mm %lu and is not exiting, while pid %d"
			       " writes its core dump; core_waiters %d",
			       p->pid, p->tgid, mm->mm_id, current->pid,
			       READ_ONCE(mm->core_waiters));
	}
	read_unlock(&tasklist_lock);
}

/*
 * B-10: a vfork child is among them.  B-20: whoever completed startup_done is
 * still on its way to core_done, while the dumper has left that frame.
 */
static void look_at_the_parked(void)
{
	struct task_struct *leader, *p;
	bool victim = false, awake = false;
	unsigned int wait;

	read_lock(&tasklist_lock);
	for_each_process_thread(leader, p) {
		const struct stress_user *u;

		if (!shares_mm(p, current->mm))
			continue;
		u = p->program;
		victim |= u && u->vforked;
		awake |= !parked_for_dump(p, &wait);
	}
	read_unlock(&tasklist_lock);
	if (victim)
		stress_count(COVER_B10_VICTIM);
	if (awake)
		stress_count(COVER_B20_DUMP_STACK);
}

static int drop_write(struct core_sink *sink, const void *buf, size_t len)
{
	(void)sink;
	(void)buf;
	(void)len;
	return 0;
}

static void drop_close(struct core_sink *sink, bool ok)
{
	(void)sink;
	(void)ok;
}

static struct core_sink drop_sink = {
	.write = drop_write, .close = drop_close,
};

struct core_sink *judge_dump(struct task_struct *tsk, int signr)
{
	struct stress_user *u = tsk->program;
	unsigned int tasks = (unsigned int)READ_ONCE(nr_threads);
	struct core_sink *sink;

	/* A program that does everything right must not get these. */
	if ((signr == SIGSEGV || signr == SIGBUS) && u && !u->may_fault)
		report_finding(FINDING_DATA, "a correct access was refused:"
			       " signal %d for user %u, pid %d, at %#lx, mm"
			       " %lu, slot %u, %u forks from the ancestor",
			       signr, u->serial, tsk->pid, tsk->fault_addr,
			       tsk->mm->mm_id, u->slot, u->depth);
	if (u && u->vforked)
		stress_count(COVER_B10_DUMPER);
	if (!u) { /* a bounded scenario, which counts nothing */
		check_all_parked();
	} else if (rng_below(&u->rng, max(tasks, 1u)) < FULL_RATE_TASKS) {
		look_at_the_parked();
		check_all_parked();
	}
	sink = judged_core_sink(tsk->pid);
	return sink ? sink : &drop_sink;
}
