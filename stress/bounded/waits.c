// SPDX-License-Identifier: GPL-2.0-or-later
/* Bounded scenarios of parents and tracers who wait for their children. */
#include <errno.h>
#include <signal.h>
#include <sys/wait.h>

#include "locking/report.h"
#include "mm/cpu.h"
#include "mm/entry.h"
#include "mm/exit.h"
#include "mm/ptrace.h"
#include "mm/signal.h"
#include "mm/sys.h"
#include "stress/bounded/bounded.h"

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

/* ---- a tracer of a leader who is not the last ------------------------------------------ */

static void two_exit(void *arg)
{
	bounded_thread(bounded_exits, arg);
	bounded_exits(arg);
}

/* The tracer may take it first; then it is the father's, once. */
static void waits_for_leader(void *arg)
{
	pid_t pid;

	tracee = bounded_clone(SIGCHLD, two_exit, arg);
	complete(&tracee_runs);
	pid = SYSCALL(sys_wait4(-1, NULL, 0));
	if (pid != tracee && tracee > 0)
		report_finding(FINDING_STRUCTURE, "the only child is %d, the"
			       " wait for it says %d", tracee, pid);
	bounded_exit();
}

static void traces_leader(void *arg)
{
	int status = 0;

	(void)arg;
	if (!SYSCALL(sys_ptrace(PTRACE_ATTACH, tracee, 0)))
		while (SYSCALL(sys_wait4(tracee, &status, 0)) == tracee &&
		       WIFSTOPPED(status))
			SYSCALL(sys_ptrace(PTRACE_CONT, tracee, 0));
	bounded_exit();
}

static void trace_leader(void)
{
	bounded_spawn(waits_for_leader, NULL);
	wait_for_completion(&tracee_runs);
	if (tracee > 0)
		bounded_spawn(traces_leader, NULL);
}

const struct bounded_ops bounded_trace_leader = {
	.name = "trace-leader",
	.why = "a traced leader and his thread exit, tracer and father wait",
	.items = "PROC-7 EXIT-5",
	.cpus = 3,
	.body = trace_leader,
};

/* ---- a tracer of a thread that executes --------------------------------------------------- */

static pid_t executor; /* set before tracee_runs is complete */

static void execs_beside_leader(void *arg)
{
	executor = SYSCALL(sys_gettid());
	complete(&tracee_runs);
	bounded_yield();
	bounded_exec(bounded_exits, arg);
	bounded_exit();
}

static void trace_exec_main(void *arg)
{
	if (bounded_thread(execs_beside_leader, arg) < 0)
		execs_beside_leader(arg);
	bounded_pause(arg);
}

/* It gets another pid: his wait is for any. */
static void traces_executor(void *arg)
{
	bool told = bounded_pick(2);
	int status = 0;
	pid_t pid;

	(void)arg;
	if (SYSCALL(sys_ptrace(PTRACE_ATTACH, executor, 0)))
		bounded_exit();
	while ((pid = SYSCALL(sys_wait4(-1, &status, 0))) > 0 &&
	       WIFSTOPPED(status)) {
		if (told)
			SYSCALL(sys_ptrace(PTRACE_SETOPTIONS, pid,
					   PTRACE_O_TRACEEXEC));
		SYSCALL(sys_ptrace(PTRACE_CONT, pid, 0));
	}
	bounded_exit();
}

/* With its old pid it loses its tracer, who has to hear of it. */
static void trace_exec(void)
{
	pid_t pid = bounded_spawn(trace_exec_main, NULL), tracer;

	wait_for_completion(&tracee_runs);
	tracer = bounded_spawn(traces_executor, NULL);
	if (bounded_pick(2))
		kill_proc(pid, SIGKILL);
	bounded_status(tracer);
	kill_proc(pid, SIGKILL);
}

const struct bounded_ops bounded_trace_exec = {
	.name = "trace-exec",
	.why = "a traced thread that does not lead its group executes",
	.items = "B-11 EXEC-3 PROC-7",
	.cpus = 2,
	.body = trace_exec,
};

/* ---- a father who wants no zombies ------------------------------------------------------------ */

/* He may want to hear of his tracee, although he was born not to. */
static void traces_sibling(void *arg)
{
	const struct k_sigaction action = { .handler = K_SIG_DFL };
	int status = 0;

	(void)arg;
	if (bounded_pick(2))
		SYSCALL(sys_sigaction(SIGCHLD, &action, NULL));
	if (!SYSCALL(sys_ptrace(PTRACE_ATTACH, tracee, 0)))
		while (SYSCALL(sys_wait4(tracee, &status, 0)) == tracee &&
		       WIFSTOPPED(status))
			SYSCALL(sys_ptrace(PTRACE_CONT, tracee, 0));
	bounded_exit();
}

/* They are gone when they have exited, also those that others have traced. */
static void ignores_children(void *arg)
{
	const struct k_sigaction action = { .handler = K_SIG_IGN };
	pid_t pid;

	SYSCALL(sys_sigaction(SIGCHLD, &action, NULL));
	tracee = bounded_clone(SIGCHLD, bounded_exits, arg);
	bounded_clone(SIGCHLD, traces_sibling, arg);
	pid = SYSCALL(sys_wait4(-1, NULL, 0));
	if (pid != -ECHILD)
		report_finding(FINDING_STRUCTURE, "who ignores SIGCHLD is given"
			       " child %d", pid);
	bounded_exit();
}

static void child_ignored(void)
{
	bounded_spawn(ignores_children, NULL);
}

const struct bounded_ops bounded_child_ignored = {
	.name = "child-ignored",
	.why = "a father ignores SIGCHLD, one child traces the other",
	.items = "PROC-7 EXIT-5",
	.cpus = 2,
	.body = child_ignored,
};

/* ---- the signal of a child's end --------------------------------------------------------------- */

static struct completion executed = COMPLETION_INITIALIZER(executed);

/* Told by another signal than its father's new program knows of. */
static void exits_late(void *arg)
{
	(void)arg;
	wait_for_completion(&executed);
	bounded_exit();
}

static void waits_as_new(void *arg)
{
	(void)arg;
	complete(&executed);
	SYSCALL(sys_wait4(-1, NULL, 0));
	bounded_exit();
}

static void executes_as_father(void *arg)
{
	bounded_clone(SIGUSR1, exits_late, arg);
	bounded_exec(waits_as_new, arg);
	bounded_exit();
}

static void exit_signalled(void)
{
	int status = bounded_status(bounded_spawn(executes_as_father, NULL));

	complete(&executed); /* the exec may have failed */
	if (status == SIGUSR1)
		report_finding(FINDING_STRUCTURE, "a new program is killed by a"
			       " signal that the old one has wanted");
}

const struct bounded_ops bounded_exit_signalled = {
	.name = "exit-signalled",
	.why = "a child exits, its father has executed another program",
	.items = "EXIT-5 EXEC-3",
	.cpus = 2,
	.body = exit_signalled,
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
