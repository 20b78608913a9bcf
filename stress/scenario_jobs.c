// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * jobs: a shell stops and continues its jobs, groups of threads that clone,
 * execute, exit and dump meanwhile, and a neighbour signals them, too.
 *
 * Threads count in user mode, for their process.  Of a job that was reported
 * as stopped nobody counts on, unless there is something new to be reported.
 */
#include <signal.h>
#include <sys/wait.h>

#include "locking/report.h"
#include "mm/cpu.h"
#include "mm/entry.h"
#include "mm/exit.h"
#include "mm/pid.h"
#include "mm/signal.h"
#include "mm/sys.h"
#include "stress/actions.h"

#define JOBS 3
#define STOPS 8
#define MOST_TICKS 60

static int ticks[PID_MAX]; /* (a) by process */

/* ---- jobs -------------------------------------------------------------------- */

static void tick(void)
{
	pid_t pid = (pid_t)SYSCALL(sys_getpid());

	__atomic_fetch_add(&ticks[pid], 1, __ATOMIC_RELAXED);
}

/* Whoever is woken for it may not want it any more. */
static void tick_undisturbed(struct stress_user *u)
{
	const ksigset_t set = SIGMASK(SIGTSTP) | SIGMASK(SIGTTIN);

	SYSCALL(sys_sigprocmask(SIG_BLOCK, &set, NULL));
	for (int i = 0; i < 4; i++)
		tick();
	act_touch(u, 1);
	SYSCALL(sys_sigprocmask(SIG_UNBLOCK, &set, NULL));
}

static void executed(struct stress_user *u);

static void do_something(struct stress_user *u)
{
	switch (rng_below(&u->rng, 40)) {
	case 0:
		prog_clone(u, prog_brief, THREAD_FLAGS, 0);
		break;
	case 1:
		SYSCALL(sys_tgkill(sys_getpid(), sys_gettid(), SIGTTOU));
		break;
	case 2:
		if (rng_chance(&u->rng, 1, 4))
			prog_exec(u, &world.small_image, executed);
		break;
	case 3:
		if (rng_chance(&u->rng, 1, 8))
			act_dump(u);
		break;
	case 4:
	case 5:
		tick_undisturbed(u);
		break;
	default:
		act_touch(u, 1);
	}
}

static void tick_on(struct stress_user *u)
{
	unsigned int nr = rng_below(&u->rng, MOST_TICKS);

	for (unsigned int i = 0; i < nr && !world_stopping(); i++) {
		tick();
		do_something(u);
	}
}

static void executed(struct stress_user *u)
{
	tick_on(u);
	prog_exit(u, 0, true);
}

static void thread(struct stress_user *u)
{
	tick_on(u);
	prog_exit(u, 0, false);
}

static void handles(int sig)
{
	(void)sig;
	for (int i = 0; i < 4; i++)
		tick();
}

static void job(struct stress_user *u)
{
	const struct k_sigaction action = { .handler = handles };

	if (rng_chance(&u->rng, 1, 4))
		SYSCALL(sys_sigaction(SIGTSTP, &action, NULL));
	act_start_crew(u, 1 + rng_below(&u->rng, 3), thread, 1);
	tick_on(u);
	if (rng_chance(&u->rng, 1, 3))
		prog_exit(u, 0, false);
	act_group_exit(u);
}

/* ---- the shell ------------------------------------------------------------------ */

static const int stop_signals[] = { SIGSTOP, SIGSTOP, SIGTSTP, SIGTTIN };

static void signal_job(struct stress_user *u, pid_t pid, int sig)
{
	if (rng_chance(&u->rng, 1, 4))
		SYSCALL(sys_tgkill(pid, pid, sig));
	else
		SYSCALL(sys_kill(pid, sig));
}

static void stop_job(struct stress_user *u, pid_t pid)
{
	signal_job(u, pid, stop_signals[rng_below(&u->rng,
						  ARRAY_SIZE(stop_signals))]);
	if (rng_chance(&u->rng, 1, 3))
		signal_job(u, pid, SIGCONT);
}

/* Return: the status of what is new, 0 for nothing; *there says if it lives. */
static int news_of(pid_t pid, int options, bool *there)
{
	int status = 0;
	pid_t got = SYSCALL(sys_wait4(pid, &status, options));

	*there = !got || (got == pid && (WIFSTOPPED(status) ||
					 WIFCONTINUED(status)));
	return got == pid ? status : 0;
}

/*
 * The kernel takes the group for stopped, and its leader, who reports that,
 * has not begun to exit.  An exec or the end of the group may have forgotten
 * that it was continued.
 */
static bool is_stopped(pid_t pid)
{
	bool stopped = false;
	struct task_struct *p;

	read_lock(&tasklist_lock);
	p = find_task_by_pid(pid);
	if (p && p->sighand) {
		spin_lock_irq(&p->sighand->siglock);
		stopped = (p->signal->flags & SIGNAL_STOP_STOPPED) &&
			  !(READ_ONCE(p->flags) & PF_EXITING);
		spin_unlock_irq(&p->sighand->siglock);
	}
	read_unlock(&tasklist_lock);
	return stopped;
}

/* So long that whoever can run has run. */
static void let_others_run(struct stress_user *u)
{
	if (prog_fork(u, prog_brief) > 0)
		prog_reap(u, true);
	act_touch(u, 4);
}

/* Return: whether it is there. */
static bool expect_standstill(struct stress_user *u, pid_t pid)
{
	int seen = __atomic_load_n(&ticks[pid], __ATOMIC_RELAXED), now;
	bool stopped, there;

	let_others_run(u);
	now = __atomic_load_n(&ticks[pid], __ATOMIC_RELAXED);
	if (now == seen)
		return true;
	stopped = SYSCALL(is_stopped(pid));
	if (!news_of(pid, WNOHANG | WUNTRACED | WCONTINUED, &there) && there &&
	    stopped)
		report_finding(FINDING_STRUCTURE, "pid %d, reported as stopped,"
			       " runs on: %d ticks, then %d", pid, seen, now);
	return there;
}

/* Return: whether it is there. */
static bool look_after(struct stress_user *u, pid_t pid)
{
	bool there;
	int status = news_of(pid, WUNTRACED, &there);

	if (!there || !WIFSTOPPED(status))
		return there;
	stress_count(EV_STOP);
	if (!expect_standstill(u, pid))
		return false;
	signal_job(u, pid, SIGCONT);
	news_of(pid, WUNTRACED | WCONTINUED, &there);
	return there;
}

/* Another process interferes. */
static void neighbour(struct stress_user *u)
{
	static const int signals[] = { SIGCONT, SIGCONT, SIGTSTP, SIGSTOP };
	pid_t pid = (pid_t)u->scratch;

	for (int i = 0; i < 2 * STOPS && !world_stopping(); i++) {
		signal_job(u, pid, signals[rng_below(&u->rng,
						     ARRAY_SIZE(signals))]);
		act_touch(u, 2);
	}
	SYSCALL(sys_kill(pid, SIGCONT));
	prog_exit(u, 0, true);
}

static void run_job(struct stress_user *u)
{
	pid_t pid = prog_fork(u, job);
	bool there = pid > 0;

	if (!there)
		return;
	u->nr_children--; /* waited for here */
	u->scratch = (uintptr_t)pid;
	if (rng_chance(&u->rng, 1, 3))
		prog_fork(u, neighbour);
	for (int i = 0; i < STOPS && there && !world_stopping(); i++) {
		stop_job(u, pid);
		there = look_after(u, pid);
	}
	if (there)
		SYSCALL(sys_kill(pid, SIGKILL));
	while (there)
		news_of(pid, 0, &there);
	while (u->nr_children && prog_reap(u, true))
		;
}

static void family(struct stress_user *u)
{
	for (int i = 0; i < JOBS && !world_stopping(); i++)
		run_job(u);
	act_group_exit(u);
}

const struct stress_ops jobs_ops = {
	.name = "jobs",
	.why = "jobs are stopped and continued as they clone, execute and dump",
	.items = "B-11 B-13",
	.family = family,
};
