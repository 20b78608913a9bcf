// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * exit.c - a task stops being one
 *
 *	exit_mm() of p				do_coredump() of D, same mm M
 *						W(mmap_sem)
 *						  p->mm == M: ++core_waiters
 *						  SIGKILL p
 *	R(mmap_sem)				release W
 *	  core_waiters != 0			sleep on core_startup_done
 *	W(mmap_sem): --core_waiters
 *	  0: complete(core_startup_done)	wake, dump
 *	sleep on core_done			complete_all(core_done)
 *	R(mmap_sem) + task_lock: p->mm = NULL
 *
 * p leaves M only under R(mmap_sem), so the scan under W sees it either as a
 * member, then p comes to the test later, or not at all (DUMP-18).
 */
#include "mm/accounting.h"
#include "mm/exit.h"
#include "mm/files.h"
#include "mm/fork.h"
#include "mm/mempolicy.h"
#include "mm/mmu_context.h"
#include "mm/process.h"
#include "mm/ptrace.h"
#include "mm/signal.h"
#include "mm/vma.h"

struct acct_totals acct_totals;

/* The accounting record of a group that dies (EXIT-1 step 3). */
static void acct_process(struct task_struct *tsk)
{
	struct mm_struct *mm = tsk->mm;
	unsigned long pages = 0;

	if (mm) {
		down_read(&mm->mmap_sem);
		for (struct vm_area_struct *vma = mm->mmap; vma;
		     vma = vma->vm_next)
			pages += (vma->vm_end - vma_start(vma)) >> PAGE_SHIFT;
		up_read(&mm->mmap_sem);
	}
	atomic_long_inc(&acct_totals.records);
	atomic_long_add((long)pages, &acct_totals.vsize);
}

/* Whom a parked task waits for: nobody can be named without locks. */
static void park_for_core_dump(struct mm_struct *mm)
{
	/* EXIT-15 step 4: the counter changes under W only. */
	down_write(&mm->mmap_sem);
	if (!--mm->core_waiters)
		complete(mm->core_startup_done);
	up_write(&mm->mmap_sem);

	wait_for_completion(&mm->core_done);
}

void exit_mm(struct task_struct *tsk)
{
	struct mm_struct *mm = tsk->mm;

	mm_release(tsk, mm);
	if (!mm)
		return;
	/*
	 * EXIT-16: who reads tsk->mm under R or W(mmap_sem) of this mm, or
	 * under task_lock, sees it change as a whole.
	 */
	down_read(&mm->mmap_sem);
	if (mm->core_waiters) {
		up_read(&mm->mmap_sem);
		park_for_core_dump(mm);
		down_read(&mm->mmap_sem);
	}
	mmgrab(mm);
	mm_bug_on(mm != tsk->active_mm, "pid %d: mm %p, active_mm %p",
		  tsk->pid, (void *)mm, (void *)tsk->active_mm);
	task_lock(tsk);
	/* Partner: the first look of zap_threads(), for other mms. */
	WRITE_ONCE(tsk->mm, NULL);
	up_read(&mm->mmap_sem); /* EXIT-17 */
	enter_lazy_tlb();
	task_unlock(tsk);
	mmput(mm);
}

void do_exit(long code)
{
	struct task_struct *tsk = current;

	might_sleep();
	mm_bug_on(tsk->pid <= 1, "pid %d exits with code %ld", tsk->pid, code);

	/* EXIT-1, in its order. */
	if (READ_ONCE(tsk->ptrace) & PT_TRACE_EXIT)
		ptrace_notify(SIGTRAP | PTRACE_EV_EXIT << 8);
	exit_signals(tsk);
	if (tsk->mm)
		update_mem_hiwater(tsk->mm);
	if (ref_put_and_test(&tsk->signal->live, "signal live", tsk->signal))
		acct_process(tsk);
	exit_mm(tsk);
	exit_files(tsk);
	exit_thread();
	exit_notify(tsk, code);
	mpol_free(tsk->mempolicy);
	tsk->mempolicy = NULL;

	/* EXIT-3: finish_task_switch() drops the reference of the CPU. */
	WRITE_ONCE(tsk->flags, tsk->flags | PF_DEAD);
	schedule();
	report_fatal("dead task came back");
}

void do_group_exit(long code)
{
	struct signal_struct *sig = current->signal;

	/* EXIT-4: the first one decides the code and kills the others. */
	read_lock(&tasklist_lock);
	spin_lock_irq(&current->sighand->siglock);
	if (sig->flags & SIGNAL_GROUP_EXIT) {
		code = sig->group_exit_code;
	} else if (!thread_group_empty(current)) {
		sig->group_exit_code = (int)code;
		zap_other_threads(current);
	}
	spin_unlock_irq(&current->sighand->siglock);
	read_unlock(&tasklist_lock);
	do_exit(code);
}

void sys_exit(int code)
{
	do_exit((code & 0xff) << 8);
}

void sys_exit_group(int code)
{
	do_group_exit((code & 0xff) << 8);
}

void daemonize(const char *name)
{
	struct task_struct *tsk = current;
	ksigset_t all = ~(ksigset_t)0;

	task_lock(tsk);
	for (size_t i = 0; i < sizeof(tsk->comm); i++) {
		tsk->comm[i] = i < sizeof(tsk->comm) - 1 ? *name : '\0';
		name += *name != '\0';
	}
	task_unlock(tsk);
	lthread_name_host(tsk->comm);
	exit_mm(tsk);
	/* EXIT-13: nothing of the old image is to be written later. */
	tsk->clear_child_tid = 0;
	sys_sigprocmask(SIG_SETMASK, &all, NULL);
}
