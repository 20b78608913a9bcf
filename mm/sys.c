// SPDX-License-Identifier: GPL-2.0-or-later
/* sys.c - small system calls about the calling task */
#include <errno.h>

#include "mm/fork.h"
#include "mm/sched.h"
#include "mm/signal.h"
#include "mm/sys.h"

static int set_dumpable(struct mm_struct *mm, unsigned long arg)
{
	int err = 0;

	if (arg > 1)
		return -EINVAL;
	if (!mm)
		return -EINVAL;
	/*
	 * DEF-12: a dump that has begun must stay the only one.  R excludes
	 * do_coredump()'s W section: either it comes later and stores 0 after
	 * us, or it has counted this task in core_waiters, which stays
	 * non-zero until this task itself gets to exit_mm().
	 */
	down_read(&mm->mmap_sem);
	if (mm->core_waiters)
		err = -EBUSY;
	else
		WRITE_ONCE(mm->dumpable, (unsigned int)arg);
	up_read(&mm->mmap_sem);
	return err;
}

static int set_pdeath_signal(unsigned long sig)
{
	if (sig > NSIG_EMULATED)
		return -EINVAL;
	write_lock_irq(&tasklist_lock);
	current->pdeath_signal = (int)sig;
	write_unlock_irq(&tasklist_lock);
	return 0;
}

int sys_prctl(int option, unsigned long arg)
{
	switch (option) {
	case PR_GET_DUMPABLE:
		return current->mm ? (int)READ_ONCE(current->mm->dumpable) : 0;
	case PR_SET_DUMPABLE:
		return set_dumpable(current->mm, arg);
	case PR_GET_PDEATHSIG:
		return current->pdeath_signal;
	case PR_SET_PDEATHSIG:
		return set_pdeath_signal(arg);
	default:
		return -EINVAL;
	}
}

pid_t sys_getpid(void)
{
	return current->tgid;
}

pid_t sys_gettid(void)
{
	return current->pid;
}

pid_t sys_getppid(void)
{
	pid_t pid;

	read_lock(&tasklist_lock);
	pid = current->group_leader->real_parent->tgid;
	read_unlock(&tasklist_lock);
	return pid;
}

int sys_getrlimit(unsigned int resource, struct rlimit *rlim)
{
	struct task_struct *leader;

	if (resource >= RLIM_NLIMITS)
		return -EINVAL;
	/* Only current can stop being in this group (exec): no tasklist_lock. */
	leader = current->group_leader;
	task_lock(leader);
	*rlim = current->signal->rlim[resource];
	task_unlock(leader);
	return 0;
}

int sys_setrlimit(unsigned int resource, const struct rlimit *rlim)
{
	struct task_struct *leader;

	if (resource >= RLIM_NLIMITS || rlim->rlim_cur > rlim->rlim_max)
		return -EINVAL;
	leader = current->group_leader;
	task_lock(leader);
	/* The checks of mm/accounting.c read rlim_cur without the lock. */
	WRITE_ONCE(current->signal->rlim[resource].rlim_cur, rlim->rlim_cur);
	WRITE_ONCE(current->signal->rlim[resource].rlim_max, rlim->rlim_max);
	task_unlock(leader);
	return 0;
}
