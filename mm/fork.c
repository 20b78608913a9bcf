// SPDX-License-Identifier: GPL-2.0-or-later
/* fork.c - do_fork() and the ways into it; tasks that are there at boot */
#include "mm/fork.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "mm/carrier.h"
#include "mm/copy_process.h"
#include "mm/lock_classes.h"
#include "mm/pid.h"
#include "mm/ptrace.h"
#include "mm/sched.h"
#include "mm/signal.h"
#include "mm/slab.h"
#include "mm/user.h"
#include "mm/wait.h"

DEFINE_RWLOCK(tasklist_lock, &tasklist_class);
int nr_threads;
int max_threads;
unsigned long total_forks;

struct task_struct init_task;
static struct signal_struct init_signals;
static struct sighand_struct init_sighand;

void __put_task_struct(struct task_struct *p)
{
	free_uid(p->user);
	/* find_get_task() may be looking at it. */
	call_rcu(&p->rcu, free_task_rcu);
}

/* ---- do_fork() -------------------------------------------------------- */

/* FORK-3 step 2: the event a tracer wants to hear of, or 0. */
static int trace_event(unsigned long flags)
{
	unsigned long ptrace = READ_ONCE(current->ptrace);

	if (!ptrace || (flags & CLONE_UNTRACED))
		return 0;
	if (flags & CLONE_VFORK)
		return ptrace & PT_TRACE_VFORK ? PTRACE_EV_VFORK : 0;
	if ((flags & CSIGNAL) != SIGCHLD)
		return ptrace & PT_TRACE_CLONE ? PTRACE_EV_CLONE : 0;
	return ptrace & PT_TRACE_FORK ? PTRACE_EV_FORK : 0;
}

static void notify_tracer(int event)
{
	ptrace_notify((event << 8) | SIGTRAP);
}

/* FORK-3 steps 6 and 7; FORK-4: the child may be gone on return. */
static void start_child(struct task_struct *p, unsigned long flags)
{
	bool stopped = flags & CLONE_STOPPED;

	carrier_start(p->carrier, p);
	spin_lock_irq(&p->sighand->siglock);
	if (stopped || (READ_ONCE(p->ptrace) & PT_PTRACED)) {
		p->pending.signal |= SIGMASK(SIGSTOP);
		set_tsk_thread_flag(p, TIF_SIGPENDING);
	}
	/*
	 * DEF-15: a SIGKILL sent since publication found TASK_RUNNING and
	 * woke nobody.  One that comes after this section finds the state.
	 */
	if (sigkill_pending(p))
		stopped = false;
	if (stopped)
		__set_task_state(p, TASK_STOPPED);
	spin_unlock_irq(&p->sighand->siglock);
	if (!stopped)
		wake_up_new_task(p);
}

/* For the wait-for graph: who lets a vfork() parent go.  Carriers stay. */
static struct lthread *vfork_blocker(const struct lwait *w)
{
	const struct carrier *carrier = READ_ONCE(w->blocker_arg);

	return carrier ? READ_ONCE(carrier->lthread) : NULL;
}

/* FORK-3 step 9; ORD-4. */
static void wait_for_vfork(struct completion *vfork, struct carrier *carrier)
{
	wait_for_completion_on(vfork, vfork_blocker, carrier);
	if (READ_ONCE(current->ptrace) & PT_TRACE_VFORK_DONE)
		notify_tracer(PTRACE_EV_VFORK_DONE);
}

static pid_t __do_fork(struct fork_request *req)
{
	int event = trace_event(req->args.flags);
	struct completion vfork;
	struct carrier *carrier;
	struct task_struct *p;

	req->parent = current;
	req->pid = alloc_pidmap();
	if (req->pid < 0)
		return req->pid;
	if (event)
		req->args.flags |= CLONE_PTRACE;
	p = copy_process(req);
	if (IS_ERR(p)) {
		free_pidmap(req->pid);
		return (pid_t)PTR_ERR(p);
	}
	carrier = p->carrier;
	if (req->args.flags & CLONE_VFORK) {
		init_completion(&vfork);
		p->vfork_done = &vfork;
	}
	start_child(p, req->args.flags);
	if (event)
		notify_tracer(event);
	if (req->args.flags & CLONE_VFORK)
		wait_for_vfork(&vfork, carrier);
	return req->pid;
}

pid_t do_fork(const struct kernel_clone_args *args)
{
	struct fork_request req = { .args = *args, .kind = FORK_USER };

	return __do_fork(&req);
}

pid_t sys_fork(void (*entry)(void *arg), void *arg)
{
	struct kernel_clone_args args = {
		.flags = SIGCHLD, .entry = entry, .arg = arg,
		.program = current->program,
	};

	return do_fork(&args);
}

pid_t sys_vfork(void (*entry)(void *arg), void *arg)
{
	struct kernel_clone_args args = {
		.flags = CLONE_VFORK | CLONE_VM | SIGCHLD,
		.entry = entry, .arg = arg, .program = current->program,
	};

	return do_fork(&args);
}

pid_t sys_clone(const struct kernel_clone_args *args)
{
	return do_fork(args);
}

pid_t kernel_thread(void (*fn)(void *arg), void *arg, unsigned long flags)
{
	struct fork_request req = {
		.args = {
			.flags = flags | CLONE_VM | CLONE_UNTRACED,
			.entry = fn, .arg = arg,
		},
		.kind = FORK_KTHREAD,
	};

	return __do_fork(&req);
}

void __unhash_process(struct task_struct *p)
{
	WRITE_ONCE(nr_threads, nr_threads - 1);
	if (thread_group_leader(p))
		cds_list_del(&p->tasks);
	cds_list_del(&p->sibling);
	detach_pid(p, PIDTYPE_TGID);
	detach_pid(p, PIDTYPE_PID);
}

/* ---- Boot ------------------------------------------------------------- */

struct task_struct *fork_boot_task(void)
{
	struct fork_request req = {
		.kind = FORK_BOOT, .parent = &init_task,
	};
	struct task_struct *p;

	req.pid = alloc_pidmap();
	if (req.pid < 0)
		return ERR_PTR(req.pid);
	p = copy_process(&req);
	if (IS_ERR(p))
		free_pidmap(req.pid);
	else
		strcpy(p->comm, "init");
	return p;
}

struct task_struct *fork_idle(int cpu)
{
	struct fork_request req = {
		.kind = FORK_IDLE, .parent = &init_task,
	};
	struct task_struct *p = copy_process(&req);

	if (IS_ERR(p)) /* DEF-27: a failure is never NULL */
		return p;
	p->real_parent = &init_task;
	p->parent = &init_task;
	snprintf(p->comm, sizeof(p->comm), "swapper/%d", cpu);
	return p;
}

void fork_free_task(struct task_struct *p)
{
	if (p->pid) {
		write_lock_irq(&tasklist_lock);
		__unhash_process(p);
		write_unlock_irq(&tasklist_lock);
	}
	uncopy_process(p);
}

/* Pid 0: parent of all, in no list, on no CPU. */
static void init_init_task(void)
{
	struct task_struct *p = &init_task;

	memset(p, 0, sizeof(*p));
	memset(&init_signals, 0, sizeof(init_signals));
	memset(&init_sighand, 0, sizeof(init_sighand));
	init_task_locks(p);
	atomic_set(&p->usage, 2);
	p->flags = PF_KTHREAD;
	p->group_leader = p;
	p->real_parent = p;
	p->parent = p;
	p->active_mm = &init_mm;
	p->user = &root_user;
	p->rng = 1;
	strcpy(p->comm, "swapper");
	spin_lock_init(&init_sighand.siglock, &siglock_class);
	atomic_set(&init_sighand.count, 1);
	p->sighand = &init_sighand;
	atomic_set(&init_signals.count, 1);
	atomic_set(&init_signals.live, 1);
	init_waitqueue_head(&init_signals.wait_chldexit);
	for (int i = 0; i < RLIM_NLIMITS; i++)
		init_signals.rlim[i] = (struct rlimit){ RLIM_INFINITY,
							RLIM_INFINITY };
	init_signals.rlim[RLIMIT_STACK].rlim_cur = 8UL << 20;
	p->signal = &init_signals;
}

int fork_init(int threads)
{
	int err;

	err = copy_process_init();
	if (err)
		return err;
	err = fork_mm_init();
	if (err) {
		copy_process_exit();
		return err;
	}
	max_threads = threads ? threads : max((int)(nr_managed_pages / 16), 20);
	nr_threads = 0;
	total_forks = 0;
	init_init_task();
	return 0;
}

void fork_exit(void)
{
	if (nr_threads)
		report_finding(FINDING_LEAK, "%d tasks left", nr_threads);
	fork_mm_exit();
	copy_process_exit();
}
