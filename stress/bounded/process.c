// SPDX-License-Identifier: GPL-2.0-or-later
/* Processes of bounded scenarios: how they begin, together, and how they end. */
#include "stress/bounded/bounded.h"

#include <signal.h>
#include <sys/mman.h>

#include "locking/atomic.h"
#include "locking/completion.h"
#include "locking/report.h"
#include "mm/entry.h"
#include "mm/exec.h"
#include "mm/exit.h"
#include "mm/fault_inject.h"
#include "mm/fork.h"
#include "mm/sched.h"
#include "mm/signal.h"
#include "mm/validate.h"

/* No clone or exec here makes as many allocations. */
#define MAX_ALLOCS 40
#define MAX_PROGRAMS 16 /* different ones a thread starts */

struct program {
	bounded_fn_t entry;
	void *arg;
	const char *name; /* of the host thread */
};

static const struct exec_segment data_segment = {
	.start = BOUNDED_DATA, .len = BOUNDED_PAGES * PAGE_SIZE,
	.prot = PROT_READ | PROT_WRITE,
};

/* Each thread keeps what it starts: others read it, nobody writes it again. */
static struct program *new_program(const struct program *p)
{
	static __thread struct program programs[MAX_PROGRAMS];

	for (int i = 0; i < MAX_PROGRAMS; i++) {
		if (!programs[i].entry)
			programs[i] = *p;
		if (programs[i].entry == p->entry && programs[i].arg == p->arg)
			return &programs[i];
	}
	BUG();
}

static atomic_t arrived;
static DECLARE_COMPLETION(all_arrived);

static int nr_arrivals(void)
{
	return bounded_current->arrivals ? bounded_current->arrivals : 1;
}

static bool have_arrived(void)
{
	return atomic_read(&arrived) >= nr_arrivals();
}

void bounded_arrive(void)
{
	if (have_arrived())
		return;
	if (atomic_inc_return(&arrived) < nr_arrivals()) {
		wait_for_completion(&all_arrived);
		return;
	}
	if (nr_arrivals() > 1)
		complete_all(&all_arrived);
	if (bounded_ready)
		bounded_ready();
}

/* The program of a clone. */
static void run_program(void *arg)
{
	const struct program *prog = arg;

	lthread_name_host(prog->name);
	prog->entry(prog->arg);
}

/* EXEC-3: de_thread() has left nothing behind in what it shared. */
static void check_group(void)
{
	const struct signal_struct *sig = current->signal;

	syscall_enter();
	spin_lock_irq(&current->sighand->siglock);
	/* Unless a signal has come since, which sets the same fields. */
	if (!current->pending.signal && !sig->shared_pending.signal &&
	    (sig->notify_count || sig->group_exit_task ||
	     (sig->flags & SIGNAL_GROUP_EXIT)))
		report_finding(FINDING_STRUCTURE, "EXEC-3: the group of a new"
			       " program has flags %#x, and pid %d waits for %d"
			       " threads", sig->flags, sig->group_exit_task ?
			       sig->group_exit_task->pid : 0,
			       sig->notify_count);
	spin_unlock_irq(&current->sighand->siglock);
	exit_to_user();
}

/* The exec has not failed, so the allocation that should have does not. */
static void start_program(void *arg)
{
	fault_inject_disarm();
	check_group();
	run_program(arg);
}

/* The same for the first program of a process. */
static void start_first_program(void *arg)
{
	fault_inject_disarm();
	if (!bounded_current->own_start)
		bounded_arrive();
	run_program(arg);
}

static struct exec_image image_of(struct program *prog, bounded_fn_t entry)
{
	return (struct exec_image){
		.name = "bounded", .segments = &data_segment,
		.nr_segments = 1, .entry = entry, .arg = prog,
	};
}

static void exec_program(void *arg)
{
	struct exec_image image = image_of(arg, start_first_program);
	int err = sys_execve(&image);

	report_finding(FINDING_BUG, "exec of the first program: error %d", err);
}

pid_t bounded_spawn_as(const char *name, bounded_fn_t entry, void *arg)
{
	const struct program prog = { entry, arg, name };
	pid_t pid = kernel_thread(exec_program, new_program(&prog), SIGCHLD);

	mm_bug_on(pid <= 0, "kernel_thread: error %d", pid);
	return pid;
}

void bounded_reap(void)
{
	int status;

	while (sys_wait4(-1, &status, 0) > 0)
		;
}

int bounded_status(pid_t pid)
{
	int status = 0;
	pid_t ret = sys_wait4(pid, &status, 0);

	mm_bug_on(ret != pid, "wait for pid %d: %d", pid, ret);
	return status;
}

unsigned int bounded_pick(unsigned int n)
{
	return bounded_choose ? bounded_choose(n) : 0;
}

/*
 * One of the next allocations of the caller fails, or none: not before all have
 * arrived that others wait for.
 */
static void may_fail_alloc(void)
{
	if ((bounded_fail_alloc || bounded_current->fail_alloc) && have_arrived())
		fault_inject_arm(bounded_pick(MAX_ALLOCS));
}

pid_t bounded_clone_as(const char *name, unsigned long flags,
		       bounded_fn_t entry, void *arg)
{
	const struct program prog = { entry, arg, name };
	struct kernel_clone_args args = {
		.flags = flags, .entry = run_program, .arg = new_program(&prog),
	};
	pid_t pid;

	may_fail_alloc();
	syscall_enter();
	pid = sys_clone(&args);
	fault_inject_disarm();
	exit_to_user();
	return pid;
}

void bounded_exit(void)
{
	syscall_enter();
	sys_exit(0);
}

int bounded_exec_as(const char *name, bounded_fn_t entry, void *arg)
{
	const struct program prog = { entry, arg, name };
	struct exec_image image = image_of(new_program(&prog), start_program);
	int err;

	may_fail_alloc();
	syscall_enter();
	err = sys_execve(&image);
	fault_inject_disarm();
	exit_to_user();
	return err;
}

void bounded_dump(void)
{
	SYSCALL(sys_tgkill(current->tgid, current->pid, SIGABRT));
}

void bounded_yield(void)
{
	syscall_enter();
	yield();
	exit_to_user();
}

void bounded_validate(void)
{
	struct mm_struct *mm = current->mm;

	syscall_enter();
	down_write(&mm->mmap_sem);
	validate_mm(mm);
	up_write(&mm->mmap_sem);
	exit_to_user();
}
