// SPDX-License-Identifier: GPL-2.0-or-later
/* Bounded scenarios of job control: stops, waits, and tracers that stay. */
#include <errno.h>
#include <signal.h>
#include <sys/wait.h>

#include "locking/report.h"
#include "mm/cpu.h"
#include "mm/entry.h"
#include "mm/exit.h"
#include "mm/ptrace.h"
#include "mm/sched.h"
#include "mm/signal.h"
#include "stress/bounded.h"

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

static void counts(void *arg)
{
	for (int i = 0; i < TICKS; i++) {
		__atomic_fetch_add(&ticks, 1, __ATOMIC_RELAXED);
		bounded_yield();
	}
	bounded_pause(arg);
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

/* Once init has been told that the group is stopped, nobody runs. */
static void stop_clone(void)
{
	pid_t pid = bounded_spawn(stop_clone_main, NULL);
	int status = 0, seen;

	wait_for_completion(&group_runs);
	sys_tgkill(pid, second > 0 ? second : pid, SIGSTOP);
	if (sys_wait4(pid, &status, WUNTRACED) == pid && WIFSTOPPED(status)) {
		seen = READ_ONCE(ticks);
		for (int i = 0; i < TICKS; i++)
			yield();
		if (READ_ONCE(ticks) != seen)
			report_finding(FINDING_STRUCTURE, "a thread of a group"
				       " that has stopped runs on: %d, then %d",
				       seen, READ_ONCE(ticks));
		if (bounded_pick(2))
			kill_proc(pid, SIGCONT);
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

/* ---- a tracer that stays, a father who waits --------------------------------------- */

static struct completion tracee_runs = COMPLETION_INITIALIZER(tracee_runs);
static struct completion traced = COMPLETION_INITIALIZER(traced);
static pid_t tracee; /* set before tracee_runs is complete */

/* An event for its tracer, if that has come so far. */
static void execs_for_tracer(void *arg)
{
	for (int i = 0; i < 2; i++)
		bounded_yield();
	bounded_exec(bounded_pause, NULL);
	bounded_pause(arg);
}

/* He is told of the end by whoever has it last: child, or tracer. */
static void father_main(void *arg)
{
	tracee = bounded_clone(SIGCHLD, execs_for_tracer, arg);
	complete(&tracee_runs);
	while (SYSCALL(sys_wait4(-1, NULL, 0)) > 0)
		;
	bounded_exit();
}

static void decide(void)
{
	switch (bounded_pick(3)) {
	case 0:
		SYSCALL(sys_ptrace(PTRACE_SETOPTIONS, tracee,
				   PTRACE_O_TRACEEXEC));
		SYSCALL(sys_ptrace(PTRACE_CONT, tracee, 0));
		break;
	case 1:
		SYSCALL(sys_ptrace(PTRACE_DETACH, tracee, 0));
		break;
	default:
		break; /* it stays stopped */
	}
}

/* A SIGKILL from elsewhere ends each of its waits. */
static void tracer_main(void *arg)
{
	int status = 0;

	(void)arg;
	if (SYSCALL(sys_ptrace(PTRACE_ATTACH, tracee, 0))) {
		complete(&traced);
		bounded_exit();
	}
	while (SYSCALL(sys_wait4(tracee, &status, 0)) == tracee &&
	       WIFSTOPPED(status)) {
		complete(&traced);
		decide();
	}
	complete(&traced); /* it may have died by itself */
	bounded_exit();
}

static void trace_kill(void)
{
	bounded_spawn(father_main, NULL);
	wait_for_completion(&tracee_runs);
	if (tracee < 0)
		return;
	bounded_spawn(tracer_main, NULL);
	wait_for_completion(&traced);
	kill_proc(tracee, SIGKILL);
}

const struct bounded_ops bounded_trace_kill = {
	.name = "trace-kill",
	.why = "a tracee is killed while its tracer and its father wait for it",
	.items = "PROC-7 EXIT-2",
	.cpus = 3,
	.body = trace_kill,
};

/* ---- two waiters, one zombie ----------------------------------------------------------- */

static struct completion waited = COMPLETION_INITIALIZER(waited);
static int reaped; /* (a) */

static void reap_one(void)
{
	if (SYSCALL(sys_wait4(-1, NULL, 0)) > 0)
		__atomic_fetch_add(&reaped, 1, __ATOMIC_RELAXED);
}

static void reaps_beside(void *arg)
{
	(void)arg;
	reap_one();
	complete(&waited);
	bounded_exit();
}

static void wait_twice_main(void *arg)
{
	bool born = bounded_clone(SIGCHLD, bounded_exits, NULL) > 0;

	(void)arg;
	if (bounded_thread(reaps_beside, NULL) < 0)
		complete(&waited);
	reap_one();
	wait_for_completion(&waited);
	if (READ_ONCE(reaped) != born)
		report_finding(FINDING_STRUCTURE, "%d children were reaped %d"
			       " times", born, READ_ONCE(reaped));
	bounded_exit();
}

static void wait_twice(void)
{
	bounded_spawn(wait_twice_main, NULL);
}

const struct bounded_ops bounded_wait_twice = {
	.name = "wait-twice",
	.why = "two threads wait for the same child",
	.items = "EXIT-5",
	.cpus = 2,
	.body = wait_twice,
};
