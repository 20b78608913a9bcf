// SPDX-License-Identifier: GPL-2.0-or-later
/* pid.c - process numbers and the table of tasks */
#include "mm/pid.h"

#include <errno.h>

#include "mm/fault_inject.h"
#include "mm/fork.h"

static DECLARE_BITMAP(pidmap, PID_MAX); /* (a) numbers in use; 0 always */
static int last_pid; /* (r) where the next search starts */
static atomic_t pids_used; /* (a) */

/* (T) to change, RCU to read. */
static struct task_struct *pid_table[PID_MAX];

/* A clear bit in [from, to) becomes ours.  Return: it, or 0. */
static int pidmap_take(unsigned int from, unsigned int to)
{
	unsigned int nr = find_next_zero_bit(pidmap, to, from);

	while (nr < to && test_and_set_bit(nr, pidmap))
		nr = find_next_zero_bit(pidmap, to, nr + 1);
	return nr < to ? (int)nr : 0;
}

int alloc_pidmap(void)
{
	unsigned int start = (unsigned int)READ_ONCE(last_pid) + 1;
	int nr = 0;

	if (should_fail_alloc())
		return -EAGAIN;
	if (start < PID_MAX)
		nr = pidmap_take(start, PID_MAX);
	if (!nr)
		nr = pidmap_take(RESERVED_PIDS, min(start, PID_MAX + 0u));
	if (!nr)
		return -EAGAIN;
	WRITE_ONCE(last_pid, nr);
	atomic_inc(&pids_used);
	return nr;
}

void free_pidmap(int nr)
{
	mm_bug_on(!test_and_clear_bit((unsigned int)nr, pidmap),
		  "pid %d freed twice", nr);
	atomic_dec(&pids_used);
}

int nr_pids(void)
{
	return atomic_read(&pids_used);
}

void attach_pid(struct task_struct *p, enum pid_type type, int nr)
{
	if (type == PIDTYPE_PID)
		rcu_assign_pointer(pid_table[nr], p);
	else if (p->group_leader != p)
		cds_list_add_tail(&p->thread_group,
				  &p->group_leader->thread_group);
}

void detach_pid(struct task_struct *p, enum pid_type type)
{
	if (type == PIDTYPE_PID) {
		rcu_assign_pointer(pid_table[p->pid], NULL);
		free_pidmap(p->pid);
	} else {
		cds_list_del(&p->thread_group);
		CDS_INIT_LIST_HEAD(&p->thread_group);
	}
}

void switch_exec_pids(struct task_struct *leader, struct task_struct *thread)
{
	pid_t tid = thread->pid;

	detach_pid(thread, PIDTYPE_TGID);
	detach_pid(leader, PIDTYPE_TGID);
	WRITE_ONCE(thread->pid, leader->pid);
	WRITE_ONCE(leader->pid, tid);
	WRITE_ONCE(leader->tgid, tid);
	attach_pid(thread, PIDTYPE_PID, thread->pid);
	attach_pid(leader, PIDTYPE_PID, tid);
}

struct task_struct *find_task_by_pid(pid_t nr)
{
	if (nr <= 0 || nr >= PID_MAX)
		return NULL;
	return rcu_dereference(pid_table[nr]);
}

struct task_struct *find_get_task(pid_t nr)
{
	struct task_struct *p;

	rcu_read_lock();
	p = find_task_by_pid(nr);
	if (p && !atomic_inc_not_zero(&p->usage))
		p = NULL;
	rcu_read_unlock();
	return p;
}

int pid_init(void)
{
	last_pid = 0;
	set_bit(0, pidmap);
	return 0;
}

void pid_exit(void)
{
	unsigned int nr;

	for_each_set_bit(nr, pidmap, PID_MAX)
		if (nr)
			report_finding(FINDING_LEAK, "pid %u left", nr);
	for (nr = 0; nr < BITS_TO_LONGS(PID_MAX); nr++)
		WRITE_ONCE(pidmap[nr], 0);
	atomic_set(&pids_used, 0);
}
