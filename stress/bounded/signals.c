// SPDX-License-Identifier: GPL-2.0-or-later
/* Bounded scenarios of signals against exit, core dumps, fork and sleeps. */
#include <errno.h>
#include <linux/sched.h>
#include <signal.h>

#include "locking/report.h"
#include "mm/cpu.h"
#include "mm/entry.h"
#include "mm/exit.h"
#include "mm/fork.h"
#include "mm/munmap.h"
#include "mm/process.h"
#include "mm/sched.h"
#include "mm/signal.h"
#include "mm/sys.h"
#include "mm/uaccess.h"
#include "stress/bounded/bounded.h"

#define TID_WORD BOUNDED_DATA
#define THREAD_FLAGS (CLONE_VM | CLONE_SIGHAND | CLONE_THREAD)

/* ---- the status of a group that exits ------------------------------------------ */

#define EXIT_STATUS (3 << 8)
#define LOOKS 6 /* how often the leader looks whether the thread is gone */

static struct completion begun = COMPLETION_INITIALIZER(begun);
static int exit_seen; /* (a) the thread, and so the exit, is known to be over */

static void exits_group(void *arg)
{
	(void)arg;
	SYSCALL(sys_getpid());
	syscall_enter();
	sys_exit_group(EXIT_STATUS >> 8);
}

/* The exit has begun: nothing that comes later changes how it ends. */
static void act_late(void)
{
	switch (bounded_pick(3)) {
	case 0:
		bounded_dump();
		break;
	case 1:
		SYSCALL(sys_kill(sys_getpid(), SIGCONT));
		break;
	default:
		break;
	}
}

static void exit_status_main(void *arg)
{
	struct kernel_clone_args args = {
		.flags = THREAD_FLAGS | CLONE_CHILD_CLEARTID,
		.entry = exits_group, .child_tid = TID_WORD,
	};
	uint32_t tid = 1;
	pid_t pid;

	(void)arg;
	bounded_put(0, 1);
	complete(&begun);
	syscall_enter();
	pid = sys_clone(&args);
	exit_to_user();
	if (pid < 0)
		exits_group(NULL);
	/* Loads of a page that is there: no way into the kernel to die on. */
	for (int i = 0; i < LOOKS && tid; i++)
		if (user_read32(TID_WORD, &tid))
			break;
	if (!tid) {
		WRITE_ONCE(exit_seen, 1);
		act_late();
	}
	bounded_pause(NULL);
}

static void exit_status(void)
{
	pid_t pid = bounded_spawn(exit_status_main, NULL);
	int status;

	wait_for_completion(&begun);
	kill_proc(pid, SIGCONT);
	if (READ_ONCE(exit_seen))
		kill_proc(pid, SIGKILL);
	status = bounded_status(pid);
	if (status != EXIT_STATUS)
		report_finding(FINDING_STRUCTURE, "EXIT-4: a group that left by"
			       " exit_group() ended with status %#x, expected"
			       " %#x", status, EXIT_STATUS);
}

const struct bounded_ops bounded_exit_status = {
	.name = "exit-status",
	.why = "exit_group() against signals that come too late to matter",
	.items = "EXIT-4 DUMP-35",
	.cpus = 2,
	.body = exit_status,
};

/* ---- stop and continue against a dump ------------------------------------------ */

#define TURNS 4 /* that init leaves to the group */

static struct completion about_to_dump = COMPLETION_INITIALIZER(about_to_dump);

static void dumps(void *arg)
{
	(void)arg;
	bounded_dump();
	bounded_pause(NULL);
}

static void dump_stop_main(void *arg)
{
	bool leader_dumps = bounded_pick(2);

	(void)arg;
	complete(&about_to_dump);
	if (bounded_thread(leader_dumps ? bounded_pause : dumps, NULL) < 0)
		leader_dumps = true;
	if (leader_dumps)
		dumps(NULL);
	bounded_pause(NULL);
}

/* It does not go on because of the SIGCONT: that may come much later. */
static void dump_stop(void)
{
	pid_t pid = bounded_spawn(dump_stop_main, NULL);

	wait_for_completion(&about_to_dump);
	kill_proc(pid, SIGSTOP);
	if (bounded_pick(2))
		for (int i = 0; i < TURNS; i++)
			yield();
	kill_proc(pid, SIGCONT);
}

const struct bounded_ops bounded_dump_stop = {
	.name = "dump-stop",
	.why = "a group is stopped and continued while it dumps core",
	.items = "DUMP-35 DEF-13",
	.cpus = 2,
	.body = dump_stop,
};

/* ---- children that begin stopped, against a dump ------------------------------- */

static void clones_stopped(void *arg)
{
	static const unsigned long flags[] = {
		CLONE_VM | CLONE_STOPPED | SIGCHLD,
		THREAD_FLAGS | CLONE_STOPPED,
	};

	(void)arg;
	bounded_clone(flags[bounded_pick(ARRAY_SIZE(flags))], bounded_pause,
		      NULL);
	bounded_pause(NULL);
}

static void stopped_child_main(void *arg)
{
	(void)arg;
	if (bounded_thread(clones_stopped, NULL) < 0)
		bounded_exit();
	bounded_dump();
}

static void stopped_child(void)
{
	bounded_spawn(stopped_child_main, NULL);
}

const struct bounded_ops bounded_stopped_child = {
	.name = "stopped-child",
	.why = "clone of a stopped child against a core dump",
	.items = "B-1 FORK-6",
	.cpus = 2,
	.body = stopped_child,
};

/* ---- a sweep of SIGKILL against fork ---------------------------------------------- */

static struct completion family_runs = COMPLETION_INITIALIZER(family_runs);

static void forks_for_ever(void *arg)
{
	static const unsigned long flags[] = {
		SIGCHLD, CLONE_VM | SIGCHLD, THREAD_FLAGS,
		CLONE_STOPPED | SIGCHLD,
	};

	(void)arg;
	bounded_clone(flags[bounded_pick(ARRAY_SIZE(flags))], bounded_pause,
		      NULL);
	bounded_pause(NULL);
}

static void sweep_main(void *arg)
{
	(void)arg;
	SYSCALL((int)sys_ioperm(0, 8, true));
	complete(&family_runs);
	switch (bounded_pick(3)) {
	case 0:
		bounded_thread(forks_for_ever, NULL);
		break;
	case 1:
		bounded_thread(exits_group, NULL);
		break;
	default:
		break;
	}
	forks_for_ever(NULL);
}

/* FORK-13: who is there, or is being made, is killed, so init can reap all. */
static void sweep(void)
{
	bounded_spawn(sweep_main, NULL);
	wait_for_completion(&family_runs);
	sys_kill(-1, SIGKILL);
}

const struct bounded_ops bounded_sweep = {
	.name = "sweep",
	.why = "fork against a SIGKILL for every process",
	.items = "B-2 FORK-11 FORK-13",
	.cpus = 2,
	.fail_alloc = true,
	.body = sweep,
};

/* ---- the same, of a family that has signals to handle ------------------------------ */

static void handles(int sig)
{
	(void)sig;
}

/* Of the forker's memory, not of its group; keeps mmap_sem now and then. */
static void unmaps_beside(void *arg)
{
	(void)arg;
	for (unsigned int i = 1; i < BOUNDED_PAGES; i++)
		SYSCALL(sys_munmap(BOUNDED_DATA + i * PAGE_SIZE, PAGE_SIZE));
	bounded_pause(NULL);
}

static void sweep_signalled_main(void *arg)
{
	const struct k_sigaction action = { .handler = handles };

	(void)arg;
	SYSCALL(sys_sigaction(SIGUSR1, &action, NULL));
	bounded_clone(CLONE_VM | SIGCHLD, unmaps_beside, NULL);
	complete(&family_runs);
	bounded_clone(SIGCHLD, bounded_pause, NULL);
	bounded_pause(NULL);
}

static void sweep_signalled(void)
{
	pid_t pid = bounded_spawn(sweep_signalled_main, NULL);

	wait_for_completion(&family_runs);
	kill_proc(pid, SIGUSR1);
	sys_kill(-1, SIGKILL);
}

const struct bounded_ops bounded_sweep_signalled = {
	.name = "sweep-signalled",
	.why = "fork with a signal pending against a SIGKILL for everybody",
	.items = "B-2 FORK-13 FORK-13a",
	.cpus = 2,
	.body = sweep_signalled,
};

/* ---- a signal against the last moments of its target -------------------------------- */

static struct completion grandchild_runs =
	COMPLETION_INITIALIZER(grandchild_runs);
static pid_t grandchild; /* under grandchild_runs */

static void execs_or_exits(void *arg)
{
	(void)arg;
	grandchild = sys_getpid();
	complete(&grandchild_runs);
	if (bounded_pick(2))
		bounded_exec(bounded_exits, NULL);
	bounded_exit();
}

/* Reaps its child, which init is about to signal. */
static void reaps_child(void *arg)
{
	(void)arg;
	if (bounded_clone(bounded_pick(2) ? SIGCHLD :
			  CLONE_VM | CLONE_SIGHAND | SIGCHLD,
			  execs_or_exits, NULL) < 0) {
		grandchild = sys_getpid();
		complete(&grandchild_runs);
	}
	SYSCALL(sys_wait4(-1, NULL, 0));
	bounded_exit();
}

static void kill_reaped(void)
{
	bounded_spawn(reaps_child, NULL);
	wait_for_completion(&grandchild_runs);
	sys_kill(grandchild, SIGTERM);
	sys_tgkill(-1, grandchild, SIGTERM);
}

const struct bounded_ops bounded_kill_reaped = {
	.name = "kill-reaped",
	.why = "signals for a process that executes, exits and is reaped",
	.items = "EXIT-5 ORD-1",
	.cpus = 2,
	.body = kill_reaped,
};

/* ---- a signal against a sleep ----------------------------------------------------------- */

static struct completion soon_asleep = COMPLETION_INITIALIZER(soon_asleep);

static void sleeps(void *arg)
{
	(void)arg;
	complete(&soon_asleep);
	bounded_pause(NULL);
}

static void kill_sleeper(void)
{
	pid_t pid = bounded_spawn(sleeps, NULL);

	wait_for_completion(&soon_asleep);
	kill_proc(pid, SIGKILL);
}

const struct bounded_ops bounded_kill_sleeper = {
	.name = "kill-sleeper",
	.why = "SIGKILL for a task that is going to sleep",
	.items = "PRIM-26",
	.cpus = 2,
	.body = kill_sleeper,
};
