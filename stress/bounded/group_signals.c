// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Bounded scenarios of a signal for a whole group, whose threads do something
 * else meanwhile: it must not get lost on the way to one who can take it.
 */
#include <signal.h>

#include "locking/report.h"
#include "mm/cpu.h"
#include "mm/entry.h"
#include "mm/exit.h"
#include "mm/signal.h"
#include "stress/bounded/bounded.h"

#define EXIT_STATUS (3 << 8)

static struct completion group_runs = COMPLETION_INITIALIZER(group_runs);

/* Or SIGKILL, which an exec that fails has for itself. */
static void expect_status(pid_t pid, int want)
{
	int status = bounded_status(pid);

	if (status != want && !(bounded_fail_alloc && status == SIGKILL))
		report_finding(FINDING_STRUCTURE, "a signalled group has status"
			       " %#x, expected %#x", status, want);
}

static void handles(int sig)
{
	(void)sig;
}

static void blocks_signal(void *sig)
{
	const ksigset_t set = SIGMASK((long)sig);

	SYSCALL(sys_sigprocmask(SIG_BLOCK, &set, NULL));
	bounded_pause(NULL);
}

static void exits_as_wanted(void *arg)
{
	(void)arg;
	syscall_enter();
	sys_exit_group(EXIT_STATUS >> 8);
}

static void exits_when_told(int sig)
{
	(void)sig;
	exits_as_wanted(NULL);
}

/* ---- a dump the whole group is told to make -------------------------------------- */

/* Whichever is chosen to dump, the thread that pauses can. */
static void dump_told_main(void *arg)
{
	static const bounded_fn_t ways[] = {
		bounded_pause, bounded_exits, blocks_signal,
	};
	const struct k_sigaction action = { .handler = handles };
	bounded_fn_t way = bounded_pause;

	(void)arg;
	SYSCALL(sys_sigaction(SIGUSR1, &action, NULL));
	if (bounded_thread(bounded_pause, NULL) > 0)
		way = ways[bounded_pick(ARRAY_SIZE(ways))];
	complete(&group_runs);
	bounded_thread(bounded_exits, NULL);
	way((void *)(long)SIGQUIT);
}

/* One dumps, the others stop for it, and none has stopped for ever. */
static void dump_told(void)
{
	pid_t pid = bounded_spawn(dump_told_main, NULL);
	bool stopped;

	wait_for_completion(&group_runs);
	stopped = bounded_pick(2);
	if (stopped)
		kill_proc(pid, SIGSTOP);
	else
		sys_tgkill(pid, pid, SIGUSR1);
	kill_proc(pid, SIGQUIT);
	if (stopped)
		kill_proc(pid, SIGCONT);
	expect_status(pid, SIGQUIT | 0x80);
}

const struct bounded_ops bounded_dump_told = {
	.name = "dump-told",
	.why = "a group is sent a core signal while it changes, or stops",
	.items = "DUMP-1 DUMP-2",
	.cpus = 2,
	.body = dump_told,
};

/* ---- a signal for a group whose thread executes ----------------------------------- */

/* The new program, or the old one if there is no memory for it. */
static void executes(void *program)
{
	bounded_exec((bounded_fn_t)program, NULL);
	((bounded_fn_t)program)(NULL);
}

static void one_executes(void *program)
{
	complete(&group_runs);
	if (bounded_thread(executes, program) > 0)
		bounded_pause(NULL);
	executes(program);
}

/* It ends the group before the exec, or the new program. */
static void exec_told(void)
{
	pid_t pid = bounded_spawn(one_executes, bounded_pause);
	int sig;

	wait_for_completion(&group_runs);
	sig = bounded_pick(2) ? SIGKILL : SIGTERM;
	kill_proc(pid, sig);
	expect_status(pid, sig);
}

const struct bounded_ops bounded_exec_told = {
	.name = "exec-told",
	.why = "a group is told to end while one of its threads executes",
	.items = "B-11 EXEC-3",
	.cpus = 2,
	.body = exec_told,
};

/* ---- the end of a stop for such a group -------------------------------------------- */

/* Whatever has become of the stop, it is over. */
static void exec_continued(void)
{
	pid_t pid = bounded_spawn(one_executes, exits_as_wanted);

	wait_for_completion(&group_runs);
	kill_proc(pid, SIGSTOP);
	kill_proc(pid, SIGCONT);
	expect_status(pid, EXIT_STATUS);
}

const struct bounded_ops bounded_exec_continued = {
	.name = "exec-continued",
	.why = "a group is stopped and continued while a thread executes",
	.items = "B-11 EXEC-3 DUMP-35",
	.cpus = 2,
	.body = exec_continued,
};

/* ---- a signal that one thread blocks ------------------------------------------------ */

static void signal_blocked_main(void *arg)
{
	const struct k_sigaction action = { .handler = exits_when_told };
	bool other_pauses = bounded_thread(bounded_pause, arg) > 0;

	SYSCALL(sys_sigaction(SIGUSR1, &action, NULL));
	complete(&group_runs);
	if (other_pauses)
		blocks_signal((void *)(long)SIGUSR1);
	bounded_pause(arg);
}

/* Whichever is woken for it, the thread that does not block it takes it. */
static void signal_blocked(void)
{
	pid_t pid = bounded_spawn(signal_blocked_main, NULL);

	wait_for_completion(&group_runs);
	kill_proc(pid, SIGUSR1);
	expect_status(pid, EXIT_STATUS);
}

const struct bounded_ops bounded_signal_blocked = {
	.name = "signal-blocked",
	.why = "a group is sent a signal while one of its threads blocks it",
	.items = "DUMP-1",
	.cpus = 2,
	.body = signal_blocked,
};

/* ---- a signal that a handler blocks -------------------------------------------------- */

static struct completion first_taken = COMPLETION_INITIALIZER(first_taken);
static struct completion second_taken = COMPLETION_INITIALIZER(second_taken);
static int taken; /* (a) */
static bool alone; /* before group_runs is complete */

/* Whoever has the first one waits until the other thread has the second. */
static void shares_signals(int sig)
{
	int before = __atomic_fetch_add(&taken, 1, __ATOMIC_ACQ_REL);

	(void)sig;
	if (before == 1)
		complete(&second_taken);
	if (before)
		return;
	complete(&first_taken);
	if (!alone)
		wait_for_completion(&second_taken);
	exits_as_wanted(NULL);
}

static void signal_handled_main(void *arg)
{
	const struct k_sigaction action = { .handler = shares_signals };

	SYSCALL(sys_sigaction(SIGUSR1, &action, NULL));
	alone = bounded_thread(bounded_pause, arg) <= 0;
	complete(&group_runs);
	bounded_pause(arg);
}

/* The second may come before the handler of the first has blocked it. */
static void signal_handled(void)
{
	pid_t pid = bounded_spawn(signal_handled_main, NULL);

	wait_for_completion(&group_runs);
	kill_proc(pid, SIGUSR1);
	kill_proc(pid, SIGUSR1);
	wait_for_completion(&first_taken);
	kill_proc(pid, SIGUSR1);
	expect_status(pid, EXIT_STATUS);
}

const struct bounded_ops bounded_signal_handled = {
	.name = "signal-handled",
	.why = "a group is sent a signal again while one of it handles the first",
	.items = "DUMP-1",
	.cpus = 2,
	.body = signal_handled,
};
