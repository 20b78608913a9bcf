// SPDX-License-Identifier: GPL-2.0-or-later
/* Bounded scenarios of tracers, and of two dumps at once. */
#include <errno.h>
#include <signal.h>

#include "locking/report.h"
#include "mm/cpu.h"
#include "mm/entry.h"
#include "mm/exit.h"
#include "mm/fork.h"
#include "mm/ptrace.h"
#include "mm/signal.h"
#include "mm/sys.h"
#include "stress/bounded/bounded.h"

/* ---- two core signals ------------------------------------------------------------ */

static void raises(void *arg)
{
	SYSCALL(sys_tgkill(sys_getpid(), sys_gettid(), (int)(long)arg));
	bounded_pause(NULL);
}

static void two_dumps_main(void *arg)
{
	(void)arg;
	if (bounded_thread(raises, (void *)(long)SIGILL) < 0)
		raises((void *)(long)SIGILL);
	raises((void *)(long)SIGABRT);
}

/* One of them dumps, and its signal is the status (DUMP-7, DEF-14). */
static void two_dumps(void)
{
	int status = bounded_status(bounded_spawn(two_dumps_main, NULL));

	if (status != (SIGILL | 0x80) && status != (SIGABRT | 0x80))
		report_finding(FINDING_STRUCTURE, "DUMP-7: two threads died of"
			       " core signals, the status is %#x", status);
}

const struct bounded_ops bounded_two_dumps = {
	.name = "two-dumps",
	.why = "two threads raise core signals at once",
	.items = "B-13 DUMP-7 DEF-14",
	.cpus = 2,
	.body = two_dumps,
};

/* ---- two core signals in two groups that share their memory --------------------------- */

#define PRCTLS 2

static void wants_dumps(void *arg)
{
	(void)arg;
	for (int i = 0; i < PRCTLS; i++)
		SYSCALL(sys_prctl(PR_SET_DUMPABLE, 1));
	bounded_pause(NULL);
}

static void dump_groups_main(void *arg)
{
	(void)arg;
	bounded_clone(CLONE_VM | SIGCHLD, raises, (void *)(long)SIGILL);
	bounded_thread(wants_dumps, NULL);
	raises((void *)(long)SIGABRT);
}

/* Each dies of its own core signal, or is killed by the other one's dump. */
static void dump_groups(void)
{
	bounded_spawn(dump_groups_main, NULL);
}

const struct bounded_ops bounded_dump_groups = {
	.name = "dump-groups",
	.why = "two groups with one memory dump, a thread allows dumps",
	.items = "B-13 DUMP-7 DUMP-32",
	.cpus = 3,
	.body = dump_groups,
};

/* ---- a tracer against a dump -------------------------------------------------------- */

static struct completion tracee_runs = COMPLETION_INITIALIZER(tracee_runs);

static void tracee_main(void *arg)
{
	(void)arg;
	complete(&tracee_runs);
	bounded_thread(bounded_pause, NULL);
	bounded_dump();
	bounded_pause(NULL);
}

static void tracer_main(void *arg)
{
	pid_t pid = (pid_t)(long)arg;

	SYSCALL(sys_ptrace(PTRACE_ATTACH, pid, 0));
	SYSCALL(sys_ptrace(PTRACE_SETOPTIONS, pid, PTRACE_O_TRACEEXIT));
	if (bounded_pick(2))
		SYSCALL(sys_ptrace(PTRACE_CONT, pid, 0));
	else
		SYSCALL(sys_ptrace(PTRACE_DETACH, pid, SIGCONT));
	/* Its end lets the tracee go, whatever it is stopped for. */
	bounded_exit();
}

static void trace_dump(void)
{
	pid_t pid = bounded_spawn(tracee_main, NULL);

	wait_for_completion(&tracee_runs);
	bounded_status(bounded_spawn(tracer_main, (void *)(long)pid));
	/* A stop may be left: of the attaching, or of the group. */
	kill_proc(pid, SIGCONT);
	kill_proc(pid, SIGKILL);
}

const struct bounded_ops bounded_trace_dump = {
	.name = "trace-dump",
	.why = "a tracer comes and goes while its tracee dumps core",
	.items = "DUMP-34 PROC-7",
	.cpus = 2,
	.body = trace_dump,
};

/* ---- a father who traces his child, and dies -------------------------------------- */

/* Set before he exits. */
static pid_t child;
static int last_signal = SIGTERM;

/* He lets it go with a signal, or dies, before it has stopped or later. */
static void traces_child(void *arg)
{
	unsigned int way;

	child = bounded_clone(SIGCHLD, bounded_pause, arg);
	if (child < 0 || SYSCALL(sys_ptrace(PTRACE_ATTACH, child, 0)))
		bounded_exit();
	way = bounded_pick(3);
	if (way)
		SYSCALL(sys_wait4(child, NULL, 0));
	if (way == 2) {
		SYSCALL(sys_ptrace(PTRACE_DETACH, child, SIGINT));
		last_signal = SIGINT;
	}
	bounded_exit();
}

/* It is nobody's tracee then: a signal ends it, and is shown to nobody. */
static void trace_father(void)
{
	int status;

	bounded_status(bounded_spawn(traces_child, NULL));
	if (child < 0)
		return;
	if (last_signal == SIGTERM)
		kill_proc(child, SIGTERM);
	kill_proc(child, SIGCONT); /* the stop of the attaching may be left */
	status = bounded_status(child);
	if (status != last_signal)
		report_finding(FINDING_STRUCTURE, "a child whose tracer is gone"
			       " has status %#x after signal %d", status,
			       last_signal);
}

const struct bounded_ops bounded_trace_father = {
	.name = "trace-father",
	.why = "a father traces his child, and exits",
	.items = "PROC-7 EXIT-5",
	.cpus = 2,
	.body = trace_father,
};

/* ---- two tracers, and a father who dies ------------------------------------------- */

static struct completion orphan_runs = COMPLETION_INITIALIZER(orphan_runs);
static pid_t orphan; /* set before orphan_runs is complete */

static void father_main(void *arg)
{
	(void)arg;
	orphan = bounded_clone(SIGCHLD, bounded_pause, NULL);
	complete(&orphan_runs);
	bounded_exit();
}

static void attaches(void *arg)
{
	SYSCALL(sys_ptrace(PTRACE_ATTACH, (pid_t)(long)arg, 0));
	bounded_exit();
}

static void attach_orphan(void)
{
	bounded_spawn(father_main, NULL);
	wait_for_completion(&orphan_runs);
	if (orphan < 0)
		return;
	for (int i = 0; i < 2; i++)
		bounded_spawn(attaches, (void *)(long)orphan);
	kill_proc(orphan, SIGKILL);
}

const struct bounded_ops bounded_attach_orphan = {
	.name = "attach-orphan",
	.why = "two tracers attach to a child whose father exits",
	.items = "PROC-7 LOCK-4",
	.cpus = 3,
	.body = attach_orphan,
};
