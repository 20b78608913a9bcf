// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * ptrace: groups are traced, stopped, continued, killed and dumped, by
 * several at once; two threads die of two signals (DUMP-7, DUMP-34, DUMP-35).
 */
#include <errno.h>
#include <signal.h>
#include <sys/wait.h>

#include "mm/cpu.h"
#include "mm/entry.h"
#include "mm/exit.h"
#include "mm/ptrace.h"
#include "mm/signal.h"
#include "mm/sys.h"
#include "stress/actions.h"

#define TRACEES 2

/* ---- who is traced --------------------------------------------------------- */

static void dies_of_a_signal(struct stress_user *u)
{
	act_touch(u, rng_below(&u->rng, 6));
	act_dump(u);
	prog_exit(u, 0, false);
}

/* B-13: each thread raises a core signal of its own. */
static void two_dumpers(struct stress_user *u)
{
	act_start_crew(u, 2, dies_of_a_signal, 1);
	dies_of_a_signal(u);
}

static void tracee(struct stress_user *u)
{
	if (rng_chance(&u->rng, 1, 3))
		SYSCALL(sys_ptrace(PTRACE_TRACEME, 0, 0));
	act_start_crew(u, 1, prog_idle, 20);
	for (int i = 0; i < 30 && !world_stopping(); i++) {
		act_touch(u, 1);
		SYSCALL(sys_getpid());
	}
	if (rng_chance(&u->rng, 1, 2))
		two_dumpers(u);
	act_group_exit(u);
}

/* ---- who traces ------------------------------------------------------------ */

static void trace_step(struct stress_user *u, pid_t pid)
{
	static const int signals[] = { 0, 0, SIGCONT, SIGSTOP, SIGABRT };
	static const unsigned long options[] = {
		PTRACE_O_TRACEEXIT, PTRACE_O_TRACECLONE, 0,
	};
	int sig = signals[rng_below(&u->rng, ARRAY_SIZE(signals))];

	switch (rng_below(&u->rng, 8)) {
	case 0:
		if (!SYSCALL(sys_ptrace(PTRACE_ATTACH, pid, 0)))
			stress_count(EV_ATTACH);
		break;
	case 1:
		SYSCALL(sys_ptrace(PTRACE_DETACH, pid, (unsigned long)sig));
		break;
	case 2:
		SYSCALL(sys_ptrace(PTRACE_SETOPTIONS, pid, options[
				   rng_below(&u->rng, ARRAY_SIZE(options))]));
		break;
	case 3:
		if (rng_chance(&u->rng, 1, 8))
			SYSCALL(sys_ptrace(PTRACE_KILL, pid, 0));
		break;
	default:
		SYSCALL(sys_ptrace(PTRACE_CONT, pid, (unsigned long)sig));
	}
}

static void signal_step(struct stress_user *u, pid_t pid)
{
	static const int signals[] = {
		SIGSTOP, SIGCONT, SIGCONT, SIGTSTP, SIGCONT, SIGKILL,
	};
	int sig = signals[rng_below(&u->rng, ARRAY_SIZE(signals))];

	if (sig == SIGKILL && !rng_chance(&u->rng, 1, 6))
		sig = SIGCONT;
	SYSCALL(sys_kill(pid, sig));
}

/* Reports stops, and reaps. */
static bool still_there(struct stress_user *u, pid_t pid)
{
	int status;
	pid_t got = SYSCALL(sys_wait4(pid, &status, WNOHANG | WUNTRACED));

	(void)u;
	if (got == -ECHILD)
		return false;
	if (got == pid && (status & 0xff) == 0x7f) {
		stress_count(EV_STOP);
		return true;
	}
	return got != pid;
}

/* Another process interferes. */
static void meddler(struct stress_user *u)
{
	pid_t pid = (pid_t)u->scratch;

	for (int i = 0; i < 25 && !world_stopping(); i++) {
		if (rng_chance(&u->rng, 1, 2))
			trace_step(u, pid);
		else
			signal_step(u, pid);
		act_touch(u, 1);
	}
	/* Its tracees are let go when it dies. */
	prog_exit(u, 0, true);
}

static void trace_one(struct stress_user *u)
{
	pid_t pid = prog_fork(u, tracee);
	bool there = pid > 0;

	if (!there)
		return;
	u->nr_children--; /* waited for here */
	u->scratch = (uintptr_t)pid;
	prog_fork(u, meddler);
	for (int i = 0; i < 40 && there && !world_stopping(); i++) {
		trace_step(u, pid);
		if (rng_chance(&u->rng, 1, 4))
			signal_step(u, pid);
		there = still_there(u, pid);
	}
	/* Whatever it is stopped by, this ends it. */
	for (int i = 0; i < 1000 && there; i++) {
		SYSCALL(sys_kill(pid, SIGKILL));
		there = still_there(u, pid);
		act_touch(u, 1);
	}
	prog_reap(u, true);
}

static void family(struct stress_user *u)
{
	for (int i = 0; i < TRACEES && !world_stopping(); i++) {
		trace_one(u);
		if (prog_fork(u, two_dumpers) > 0)
			prog_reap(u, true);
	}
	while (u->nr_children && prog_reap(u, true))
		;
	act_group_exit(u);
}

const struct stress_ops ptrace_ops = {
	.name = "ptrace",
	.why = "tracing, stops and continuations against dumps and kills",
	.items = "B-13",
	.family = family,
};
