// SPDX-License-Identifier: GPL-2.0-or-later
/* Bounded scenarios of group stops: against exit, clone, SIGCONT and tracers. */
#include <signal.h>
#include <sys/wait.h>

#include "locking/report.h"
#include "mm/cpu.h"
#include "mm/entry.h"
#include "mm/exit.h"
#include "mm/ptrace.h"
#include "mm/sched.h"
#include "mm/signal.h"
#include "stress/bounded/bounded.h"

static void exits_group(void *arg)
{
	(void)arg;
	syscall_enter();
	sys_exit_group(0);
}

/* ---- a stop against the end of the group -------------------------------------- */

static struct completion group_runs = COMPLETION_INITIALIZER(group_runs);

/* Leader or thread ends the group, by exit_group() or by exec. */
static void stop_exit_main(void *arg)
{
	static const bounded_fn_t ends[] = { exits_group, bounded_execs };
	bounded_fn_t end = ends[bounded_pick(2)];
	bool thread_ends = bounded_pick(2);

	(void)arg;
	/* With a third one the end may come before all of them have stopped. */
	if (bounded_pick(2))
		bounded_thread(bounded_pause, NULL);
	complete(&group_runs);
	if (bounded_thread(thread_ends ? end : bounded_pause, NULL) > 0 &&
	    thread_ends)
		bounded_pause(NULL);
	end(NULL);
}

/*
 * Either all of the group stop, and init is told, or all of it end: nobody
 * stays stopped in a group that has begun to die.
 */
static void stop_exit(void)
{
	pid_t pid = bounded_spawn(stop_exit_main, NULL);
	int status = 0;

	wait_for_completion(&group_runs);
	kill_proc(pid, SIGSTOP);
	if (sys_wait4(pid, &status, WUNTRACED) == pid && WIFSTOPPED(status)) {
		kill_proc(pid, SIGKILL);
		bounded_status(pid);
	}
}

const struct bounded_ops bounded_stop_exit = {
	.name = "stop-exit",
	.why = "a group is stopped while it exits, or while a thread executes",
	.items = "EXIT-4 EXEC-3",
	.cpus = 2,
	.body = stop_exit,
};

/* ---- a stop against clone -------------------------------------------------------- */

#define TICKS 4

static int ticks; /* (a) counted in user mode, by all threads */

static void count_ticks(void)
{
	for (int i = 0; i < TICKS; i++) {
		__atomic_fetch_add(&ticks, 1, __ATOMIC_RELAXED);
		bounded_yield();
	}
}

static void counts(void *arg)
{
	count_ticks();
	bounded_pause(arg);
}

static void counts_and_exits(void *arg)
{
	(void)arg;
	count_ticks();
	bounded_exit();
}

static pid_t second; /* thread; set before group_runs is complete */

/* The second thread may have begun the stop when the third is made. */
static void stop_clone_main(void *arg)
{
	second = bounded_thread(counts, NULL);
	complete(&group_runs);
	bounded_thread(counts, NULL);
	counts(arg);
}

/* The group has stopped, and somebody has been told: nobody of it runs. */
static void expect_standstill(void)
{
	int seen = READ_ONCE(ticks);

	for (int i = 0; i < TICKS; i++)
		yield();
	if (READ_ONCE(ticks) != seen)
		report_finding(FINDING_STRUCTURE, "a thread of a group that has"
			       " stopped runs on: %d, then %d", seen,
			       READ_ONCE(ticks));
}

static void stop_clone(void)
{
	pid_t pid = bounded_spawn(stop_clone_main, NULL);
	int status = 0;

	wait_for_completion(&group_runs);
	sys_tgkill(pid, second > 0 ? second : pid, SIGSTOP);
	if (sys_wait4(pid, &status, WUNTRACED) == pid && WIFSTOPPED(status)) {
		expect_standstill();
		if (bounded_pick(2)) {
			kill_proc(pid, SIGCONT);
			if (sys_wait4(pid, &status, WCONTINUED) != pid ||
			    !WIFCONTINUED(status))
				report_finding(FINDING_STRUCTURE, "a group that"
					       " was continued has status %#x",
					       status);
		}
		kill_proc(pid, SIGKILL);
		bounded_status(pid);
	}
}

const struct bounded_ops bounded_stop_clone = {
	.name = "stop-clone",
	.why = "a group is stopped while it gets more threads",
	.items = "FORK-12",
	.cpus = 2,
	.body = stop_clone,
};

/* ---- a stop against its continuation ----------------------------------------------- */

static void handles(int sig)
{
	(void)sig;
}

static void stop_continue_main(void *arg)
{
	const struct k_sigaction action = { .handler = handles };

	SYSCALL(sys_sigaction(SIGTTIN, &action, NULL));
	second = bounded_thread(counts_and_exits, NULL);
	complete(&group_runs);
	counts_and_exits(arg);
}

/*
 * Whatever has come of the stop, SIGCONT ends it, also for a thread that has
 * taken it and not acted on it yet; a stop signal with a handler is no stop.
 */
static void stop_continue(void)
{
	pid_t pid = bounded_spawn(stop_continue_main, NULL);
	int status;

	wait_for_completion(&group_runs);
	kill_proc(pid, SIGTSTP);
	kill_proc(pid, SIGCONT);
	sys_tgkill(pid, second, SIGTTIN);
	status = bounded_status(pid);
	if (status)
		report_finding(FINDING_STRUCTURE, "a group that was continued"
			       " has status %#x", status);
}

const struct bounded_ops bounded_stop_continue = {
	.name = "stop-continue",
	.why = "a group is stopped, and continued before all of it has stopped",
	.items = "DUMP-35",
	.cpus = 2,
	.body = stop_continue,
};

/* ---- a stop against the end of a tracer ------------------------------------------- */

static struct completion attached = COMPLETION_INITIALIZER(attached);
static struct completion may_leave = COMPLETION_INITIALIZER(may_leave);

static void stop_untraced_main(void *arg)
{
	second = bounded_thread(counts_and_exits, NULL);
	complete(&group_runs);
	bounded_thread(counts, NULL);
	counts(arg);
}

/* He has it stopped by a signal, or perhaps when it exits. */
static void leaves_tracee(void *arg)
{
	bool at_exit = bounded_pick(2);
	int status = 0;

	(void)arg;
	if (SYSCALL(sys_ptrace(PTRACE_ATTACH, second, 0)) ||
	    SYSCALL(sys_wait4(second, NULL, 0)) != second)
		at_exit = false; /* it has exited */
	if (at_exit) {
		SYSCALL(sys_ptrace(PTRACE_SETOPTIONS, second,
				   PTRACE_O_TRACEEXIT));
		SYSCALL(sys_ptrace(PTRACE_CONT, second, 0));
	}
	complete(&attached);
	if (at_exit && SYSCALL(sys_wait4(second, &status, 0)) == second &&
	    !WIFSTOPPED(status))
		report_finding(FINDING_STRUCTURE, "EXIT-1: a tracee exits"
			       " without a stop, status %#x", status);
	wait_for_completion(&may_leave);
	bounded_exit();
}

/* Who was stopped for his tracer is, when that has gone, with his group. */
static void stop_untraced(void)
{
	pid_t pid = bounded_spawn(stop_untraced_main, NULL), tracer;
	int status = 0;

	wait_for_completion(&group_runs);
	tracer = bounded_spawn(leaves_tracee, NULL);
	if (bounded_pick(2))
		wait_for_completion(&attached);
	/* The leader's: of the group's, the tracer might decide. */
	sys_tgkill(pid, pid, SIGSTOP);
	if (sys_wait4(pid, &status, WUNTRACED) != pid || !WIFSTOPPED(status))
		report_finding(FINDING_STRUCTURE, "a group that was sent SIGSTOP"
			       " has status %#x", status);
	complete(&may_leave);
	bounded_status(tracer);
	expect_standstill();
	kill_proc(pid, SIGKILL);
	bounded_status(pid);
}

const struct bounded_ops bounded_stop_untraced = {
	.name = "stop-untraced",
	.why = "a group is stopped while the tracer of one thread exits",
	.items = "PROC-7",
	.cpus = 2,
	.body = stop_untraced,
};

/* ---- a tracer who moves a stopped thread, and goes ---------------------------------- */

#define LOOKS 6

static void ticks_once(int sig)
{
	(void)sig;
	__atomic_fetch_add(&ticks, 1, __ATOMIC_RELAXED);
}

static void stop_kept_main(void *arg)
{
	const struct k_sigaction action = { .handler = ticks_once };

	SYSCALL(sys_sigaction(SIGUSR1, &action, NULL));
	second = bounded_thread(bounded_pause, NULL);
	complete(&group_runs);
	bounded_pause(arg);
}

/*
 * It stops for him once more: for the signal, before it handles it.  He looks
 * some times before he waits to be told.
 */
static void moves_tracee(void *arg)
{
	pid_t found = 0;

	if (!SYSCALL(sys_ptrace(PTRACE_ATTACH, second, 0))) {
		SYSCALL(sys_tgkill((pid_t)(long)arg, second, SIGUSR1));
		SYSCALL(sys_ptrace(PTRACE_CONT, second, 0));
		for (int i = 0; i < LOOKS && !found; i++)
			found = SYSCALL(sys_wait4(second, NULL, WNOHANG));
		if (!found)
			SYSCALL(sys_wait4(second, NULL, 0));
		if (bounded_pick(2)) {
			SYSCALL(sys_ptrace(PTRACE_DETACH, second, SIGUSR1));
			SYSCALL((expect_standstill(), 0));
		}
	}
	bounded_exit();
}

/* All of the group stand still again when he is gone. */
static void stop_kept(void)
{
	pid_t pid = bounded_spawn(stop_kept_main, NULL);
	int status = 0;

	wait_for_completion(&group_runs);
	kill_proc(pid, SIGSTOP);
	if (sys_wait4(pid, &status, WUNTRACED) != pid || !WIFSTOPPED(status))
		report_finding(FINDING_STRUCTURE, "a group that was sent SIGSTOP"
			       " has status %#x", status);
	bounded_status(bounded_spawn(moves_tracee, (void *)(long)pid));
	expect_standstill();
	kill_proc(pid, SIGKILL);
	bounded_status(pid);
}

const struct bounded_ops bounded_stop_kept = {
	.name = "stop-kept",
	.why = "a tracer goes when a thread of a stopped group stops for him",
	.items = "PROC-7",
	.cpus = 2,
	.body = stop_kept,
};
