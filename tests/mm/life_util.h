/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the tests of task life share: a machine, user programs in processes of
 * their own, and latches.  A test is init, pid 1.  User programs are host
 * functions; they talk to the test through completions and plain variables
 * ordered by them.
 */
#ifndef TESTS_MM_LIFE_UTIL_H
#define TESTS_MM_LIFE_UTIL_H

#include <criterion/criterion.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "locking/completion.h"
#include "locking/report.h"
#include "mm/boot.h"
#include "mm/cpu.h"
#include "mm/coredump.h"
#include "mm/entry.h"
#include "mm/exec.h"
#include "mm/exit.h"
#include "mm/fault_inject.h"
#include "mm/fork.h"
#include "mm/futex.h"
#include "mm/mmap.h"
#include "mm/pid.h"
#include "mm/ptrace.h"
#include "mm/sched.h"
#include "mm/signal.h"
#include "mm/slab.h"
#include "mm/sys.h"
#include "mm/uaccess.h"
#include "tests/support/fini.h"

#define DATA 0x10000000UL /* 64 pages, read and write, in every program */
#define DATA_PAGES 64
#define THREAD_FLAGS (CLONE_VM | CLONE_SIGHAND | CLONE_THREAD)

#define LATCH(name) static DECLARE_COMPLETION(name)
#define reach(latch) complete(&(latch))
#define await(latch) wait_for_completion(&(latch))

static inline void print_finding(const struct finding *f)
{
	fprintf(stderr, "%s:%d: %s: %s\n", f->site->file, f->site->line,
		finding_kind_name(f->kind), f->text);
}

/* A test file that needs them defines this before. */
#ifndef LIFE_AIO_WORKERS
#define LIFE_AIO_WORKERS 0
#endif

static int base_threads;
static long base_mms;

static inline void life_boot(void)
{
	static const struct boot_params params = {
		.nr_cpus = 4, .ram_frames = 16384, .seed = 1,
		.aio_workers = LIFE_AIO_WORKERS,
	};

	set_finding_sink(print_finding);
	cr_assert_eq(start_kernel(&params), 0);
	base_threads = nr_threads;
	base_mms = (long)nr_mms();
}

/* INV-50, INV-52, INV-59: what there was at boot is all there is. */
static inline void life_stop(void)
{
	int status;

	while (sys_wait4(-1, &status, 0) > 0)
		;
	sched_wait_quiet();
	sched_idle_leave_all();
	fini_assert(nr_threads == base_threads, "%d threads left",
		    nr_threads - base_threads);
	fini_assert((long)nr_mms() == base_mms, "%ld address spaces left",
		    (long)nr_mms() - base_mms);
	stop_kernel();
	fini_assert(!findings_count(NR_FINDING_KINDS), "there were findings");
}

/* ---- programs ------------------------------------------------------------- */

struct program {
	void (*entry)(void *arg);
	void *arg;
};

static const struct exec_segment data_segment = {
	.start = DATA, .len = DATA_PAGES * PAGE_SIZE,
	.prot = PROT_READ | PROT_WRITE,
};

static inline struct exec_image image_of(void (*entry)(void *), void *arg)
{
	return (struct exec_image){
		.name = "prog", .segments = &data_segment, .nr_segments = 1,
		.entry = entry, .arg = arg,
	};
}

static inline void exec_program(void *arg)
{
	struct program prog = *(struct program *)arg;
	struct exec_image image = image_of(prog.entry, prog.arg);
	int err;

	kfree(arg);
	err = sys_execve(&image);
	report_fatal("exec of a test program failed: %d", err);
}

/* A new process, child of the caller, running @entry(@arg).  Its pid. */
static inline pid_t spawn(void (*entry)(void *), void *arg)
{
	struct program *prog = kmalloc(sizeof(*prog), GFP_KERNEL);
	pid_t pid;

	cr_assert_not_null(prog);
	*prog = (struct program){ entry, arg };
	pid = kernel_thread(exec_program, prog, SIGCHLD);
	cr_assert_gt(pid, 0, "kernel_thread: %d", pid);
	return pid;
}

static inline pid_t user_clone(unsigned long flags, void (*entry)(void *),
			       void *arg)
{
	struct kernel_clone_args args = {
		.flags = flags, .entry = entry, .arg = arg,
	};

	return SYSCALL(sys_clone(&args));
}

static inline pid_t new_thread(void (*entry)(void *), void *arg)
{
	pid_t pid = user_clone(THREAD_FLAGS, entry, arg);

	mm_bug_on(pid <= 0, "clone: %d", pid);
	return pid;
}

static inline void user_exit(int code)
{
	syscall_enter();
	sys_exit(code);
}

static inline void user_exit_group(int code)
{
	syscall_enter();
	sys_exit_group(code);
}

static inline void user_pause(void)
{
	(void)SYSCALL(sys_pause());
}

static inline void pause_forever(void *arg)
{
	(void)arg;
	for (;;)
		user_pause();
}

/* The wait status of @pid; the caller is its parent. */
static inline int status_of(pid_t pid)
{
	int status = -1;
	pid_t got = sys_wait4(pid, &status, 0);

	cr_assert_eq(got, pid, "wait4(%d): %d", pid, got);
	return status;
}

/* Fails the run from inside a program, where cr_assert() cannot unwind. */
#define user_assert(cond) \
	mm_bug_on(!(cond), "in a test program: %s", #cond)

/* Until @p->state is one of @states; it is on its way there. */
static inline void until_state(struct task_struct *p, int states)
{
	while (!(task_state(p) & states))
		yield();
}

static inline struct task_struct *get_task(pid_t pid)
{
	struct task_struct *p = find_get_task(pid);

	mm_bug_on(!p, "no task %d", pid);
	return p;
}

static inline void until_task_state(pid_t pid, int states)
{
	struct task_struct *p = get_task(pid);

	until_state(p, states);
	put_task_struct(p);
}

static inline bool is_zombie(struct task_struct *p)
{
	bool zombie;

	read_lock(&tasklist_lock);
	zombie = task_exit_state(p) == EXIT_ZOMBIE;
	read_unlock(&tasklist_lock);
	return zombie;
}

#endif /* TESTS_MM_LIFE_UTIL_H */
