// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * oom_kill.c - the last resort
 *
 * out_of_memory()                    victim's threads, sharers of the mm
 *   R(tasklist_lock): choose, pin
 *   the mm, mark and kill              die; the last mmput() frees
 *   unlock, mmdrop()
 *
 * PROC-8 takes an mm_users reference, as 2.6.11 does, and so the last mmput()
 * may be its own (REF-5): wherever somebody is short of memory, with an
 * mmap_sem held or in an AIO worker, which then waits for itself in
 * exit_aio().  All we want of the mm is that it stays the same one: mm_count
 * will do (docs/defects.md).
 *
 * A victim that dumps core waits for its sharers, and they for the dump: all
 * of them are marked, so the dumper may use the reserve and gets through.
 */
#include "mm/oom_kill.h"

#include <signal.h>

#include "mm/cpu.h"
#include "mm/fork.h"
#include "mm/fork_mm.h"
#include "mm/pid.h"
#include "mm/sched.h"
#include "mm/signal.h"

static struct {
	atomic_long_t kills, sharers, waits, dumping;
} stats;

void oom_get_stats(struct oom_stats *out)
{
	out->kills = (unsigned long)atomic_long_read(&stats.kills);
	out->sharers = (unsigned long)atomic_long_read(&stats.sharers);
	out->waits = (unsigned long)atomic_long_read(&stats.waits);
	out->dumping = (unsigned long)atomic_long_read(&stats.dumping);
}

/*
 * Pages a task's address space has, 0 if it is nobody's own or init's.  The
 * lock keeps task->mm from going away; the number is a snapshot.
 */
static long badness(struct task_struct *p)
{
	long points = 0;

	if (p->pid <= 1 || (READ_ONCE(p->flags) & PF_KTHREAD))
		return 0;
	task_lock(p);
	if (p->mm && !(READ_ONCE(p->flags) & PF_BORROWED_MM))
		points = max(atomic_long_read(&p->mm->total_vm), 1L);
	task_unlock(p);
	return points;
}

/* Has it been killed for its memory, and not yet let go of it? */
static bool is_dying_victim(struct task_struct *p)
{
	bool dying;

	if (!test_tsk_thread_flag(p, TIF_MEMDIE))
		return false;
	task_lock(p);
	dying = p->mm != NULL;
	task_unlock(p);
	return dying;
}

/*
 * 2.6.11 also waits for any task that is exiting; one parked by a core dump
 * would be waited for by the dumper.  Return: the worst one, or NULL; *dying
 * if there is a victim already.
 */
static struct task_struct *select_bad_process(bool *dying)
	__must_hold_shared(&tasklist_lock)
{
	struct task_struct *leader, *p, *chosen = NULL;
	long most = 0;

	for_each_process_thread(leader, p) {
		long points;

		if (is_dying_victim(p)) {
			*dying = true;
			return NULL;
		}
		points = badness(p);
		/* swapoff wants the memory of all others: it goes first. */
		if (points && (READ_ONCE(p->flags) & PF_SWAPOFF))
			return p;
		if (points > most) {
			most = points;
			chosen = p;
		}
	}
	return chosen;
}

static void __oom_kill_task(struct task_struct *p)
	__must_hold_shared(&tasklist_lock)
{
	set_tsk_thread_flag(p, TIF_MEMDIE);
	force_sig_specific(SIGKILL, p);
}

/* Whoever else uses the mm: its memory comes back with the last of them. */
static void kill_sharers(struct mm_struct *mm, struct task_struct *victim)
	__must_hold_shared(&tasklist_lock)
{
	struct task_struct *leader, *p;

	for_each_process_thread(leader, p) {
		/* Unlocked: who is missed dies with the next kill. */
		if (p == victim || READ_ONCE(p->mm) != mm ||
		    (READ_ONCE(p->flags) & (PF_KTHREAD | PF_BORROWED_MM)))
			continue;
		/* Its threads, too: the victim may be on its way out alone. */
		if (p->tgid != victim->tgid)
			atomic_long_inc(&stats.sharers);
		__oom_kill_task(p);
	}
}

/* Return: the mm @p uses, kept by mm_count; NULL if it has let go of it. */
static struct mm_struct *pin_mm(struct task_struct *p)
{
	struct mm_struct *mm;

	task_lock(p);
	mm = p->mm;
	if (mm)
		mmgrab(mm);
	task_unlock(p);
	return mm;
}

bool out_of_memory(void)
{
	struct mm_struct *mm = NULL;
	struct task_struct *p;
	bool dying = false;

	read_lock(&tasklist_lock);
	p = select_bad_process(&dying);
	if (p)
		mm = pin_mm(p);
	if (mm) {
		atomic_long_inc(&stats.kills);
		if (!READ_ONCE(mm->dumpable))
			atomic_long_inc(&stats.dumping);
		__oom_kill_task(p);
		kill_sharers(mm, p);
	}
	read_unlock(&tasklist_lock);
	if (dying)
		atomic_long_inc(&stats.waits);
	if (!mm)
		return dying || p; /* @p left its mm just now */
	mmdrop(mm);
	return true;
}
