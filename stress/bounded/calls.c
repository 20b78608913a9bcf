// SPDX-License-Identifier: GPL-2.0-or-later
/* A bounded scenario of small system calls beside the end of their process. */
#include <signal.h>
#include <sys/wait.h>

#include "locking/report.h"
#include "mm/cpu.h"
#include "mm/entry.h"
#include "mm/exit.h"
#include "mm/fork.h"
#include "mm/signal.h"
#include "mm/sys.h"
#include "mm/uaccess.h"
#include "stress/bounded/bounded.h"

#define CALLS 3
#define VFORK_PAGE 1
#define WRITTEN 20

/* ---- limits --------------------------------------------------------------------- */

/* Set in pairs of equal values, so nobody reads a pair that is not one. */
static void expect_pair(void)
{
	struct rlimit limit;

	SYSCALL(sys_getrlimit(RLIMIT_CORE, &limit));
	if (limit.rlim_cur != limit.rlim_max)
		report_finding(FINDING_DATA,
			       "a limit of %llu was set together"
			       " with a maximum of %llu",
			       (unsigned long long)limit.rlim_cur,
			       (unsigned long long)limit.rlim_max);
}

static void limits(void)
{
	const rlim_t value = bounded_pick(2) ? RLIM_INFINITY : 0;
	const struct rlimit limit = { value, value };

	if (SYSCALL(sys_setrlimit(RLIMIT_CORE, &limit)))
		report_finding(FINDING_BUG, "setrlimit() fails");
	expect_pair();
}

/* ---- signals ---------------------------------------------------------------------- */

static __thread bool is_blocked; /* SIGUSR1, whatever else goes on */

static void handles(int sig)
{
	if (is_blocked && sig == SIGUSR1)
		report_finding(FINDING_STRUCTURE,
			       "signal %d is delivered to a"
			       " thread that has blocked it",
			       sig);
}

static void expect_mask(ksigset_t mask, ksigset_t want)
{
	if (mask != want)
		report_finding(FINDING_STRUCTURE,
			       "a thread blocks %#llx,"
			       " expected %#llx",
			       (unsigned long long)mask,
			       (unsigned long long)want);
}

static void inherits_mask(void *arg)
{
	ksigset_t mask;

	(void)arg;
	SYSCALL(sys_sigprocmask(SIG_BLOCK, NULL, &mask));
	expect_mask(mask, SIGMASK(SIGUSR1));
	bounded_exit();
}

/* SIGKILL is not to be blocked. */
static void blocks(void)
{
	const ksigset_t set = SIGMASK(SIGUSR1) | SIGMASK(SIGKILL);
	ksigset_t old;

	SYSCALL(sys_sigprocmask(SIG_BLOCK, &set, &old));
	is_blocked = true;
	expect_mask(old, 0);
	bounded_clone(SIGCHLD, inherits_mask, NULL);
	is_blocked = false;
	SYSCALL(sys_sigprocmask(SIG_UNBLOCK, &set, &old));
	expect_mask(old, SIGMASK(SIGUSR1));
}

/* ---- vfork ------------------------------------------------------------------------- */

/* In the memory of its parent, who waits. */
static void borrows(void *arg)
{
	bounded_put(VFORK_PAGE, WRITTEN);
	if (bounded_pick(2))
		bounded_execs(arg);
	bounded_exit();
}

/* What a child has done that was not killed its parent sees at once. */
static void vforks(void)
{
	uint64_t seen = 0;
	int status = 1;
	pid_t pid;

	bounded_put(VFORK_PAGE, 0);
	pid = SYSCALL(sys_vfork(borrows, NULL));
	user_read64(BOUNDED_DATA + VFORK_PAGE * PAGE_SIZE, &seen);
	if (pid > 0 && SYSCALL(sys_wait4(pid, &status, 0)) == pid &&
	    WIFEXITED(status) && seen != WRITTEN)
		report_finding(FINDING_DATA,
			       "FORK-3: vfork() returns before"
			       " its child has ended or executed");
}

/* ---- who may be dumped -------------------------------------------------------------- */

static void expects_secret(void *arg)
{
	(void)arg;
	if (SYSCALL(sys_prctl(PR_GET_DUMPABLE, 0)))
		report_finding(FINDING_STRUCTURE,
			       "a process that must not be dumped has a child"
			       " that may be");
	bounded_exit();
}

/* A dump in progress refuses, and has dumpable 0 itself (DEF-12). */
static void keeps_secret(void)
{
	SYSCALL(sys_prctl(PR_SET_DUMPABLE, 0));
	bounded_clone(SIGCHLD, expects_secret, NULL);
}

/* ---- beside the end ------------------------------------------------------------------ */

static void (*const calls[])(void) = { limits, blocks, vforks, keeps_secret };

static void makes_calls(void *arg)
{
	(void)arg;
	for (int i = 0; i < CALLS; i++)
		calls[bounded_pick(ARRAY_SIZE(calls))]();
	bounded_exit();
}

static void inherits_limits(void *arg)
{
	(void)arg;
	expect_pair();
	bounded_exit();
}

static void dumps(void *arg)
{
	bounded_dump();
	bounded_pause(arg);
}

static void exits_group(void *arg)
{
	(void)arg;
	syscall_enter();
	sys_exit_group(0);
}

static const bounded_fn_t ends[] = {
	bounded_execs,
	bounded_exits,
	dumps,
	exits_group,
};

static void small_calls_main(void *arg)
{
	const struct k_sigaction action = { .handler = handles };
	const struct rlimit limit = { RLIM_INFINITY, RLIM_INFINITY };
	pid_t tid;

	SYSCALL(sys_sigaction(SIGUSR1, &action, NULL));
	SYSCALL(sys_sigaction(SIGUSR2, &action, NULL));
	SYSCALL(sys_setrlimit(RLIMIT_CORE, &limit));
	bounded_arrive();
	tid = bounded_thread(makes_calls, NULL);
	SYSCALL(sys_tgkill(sys_getpid(), tid, SIGUSR1));
	SYSCALL(sys_tgkill(sys_getpid(), tid, SIGUSR2));
	bounded_clone(SIGCHLD, inherits_limits, NULL);
	expect_pair();
	ends[bounded_pick(ARRAY_SIZE(ends))](arg);
}

static void small_calls(void)
{
	static const int signals[] = { SIGUSR1, SIGTERM, SIGKILL };
	pid_t pid = bounded_spawn(small_calls_main, NULL);

	bounded_arrive();
	kill_proc(pid, signals[bounded_pick(ARRAY_SIZE(signals))]);
}

const struct bounded_ops bounded_small_calls = {
	.name = "small-calls",
	.why = "limits, masks, vfork and prctl beside exec, exit, dump and kill",
	.items = "FORK-3 FORK-14 EXEC-3 DUMP-1",
	.cpus = 3,
	.arrivals = 2,
	.own_start = true,
	.body = small_calls,
};
