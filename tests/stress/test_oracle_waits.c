// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Parents asleep in wait4().  A child's news are made by hand, and nobody is
 * woken: the census must say so, and only to those who want to know.
 */
#include "mm/wait.h"
#include "tests/stress/census_util.h"

static pid_t child;
LATCH(child_runs);

static void boot(void)
{
	life_boot();
	census_boot();
}

static void stop(void)
{
	census_stop();
	life_stop();
}

TestSuite(oracle_waits, .init = boot, .fini = stop, .timeout = 30);

static void waits(void *arg)
{
	int options = (int)(long)arg;

	child = user_clone(SIGCHLD, pause_forever, NULL);
	reach(child_runs);
	SYSCALL(sys_wait4(child, NULL, options));
	user_exit(0);
}

/* What the census says when the child has been continued. */
static void continued_behind_his_back(pid_t parent, bool wanted)
{
	struct task_struct *p;

	await(child_runs);
	until_task_state(parent, TASK_INTERRUPTIBLE);
	until_task_state(child, TASK_INTERRUPTIBLE);
	cr_expect_str_empty(census());
	p = get_task(child);
	p->signal->flags |= SIGNAL_STOP_CONTINUED;
	census();
	p->signal->flags = 0;
	put_task_struct(p);
	cr_expect_eq(!!strstr(findings, "lost-wakeup: pid"), wanted, "%s",
		     findings);
	cr_expect_eq(!!strstr(findings, "sleeps in wait4() although its child"),
		     wanted);
	cr_expect_str_empty(census());
	kill_proc(parent, SIGKILL);
	kill_proc(child, SIGKILL);
	cr_expect_eq(status_of(parent), SIGKILL);
}

Test(oracle_waits, who_wants_to_know_and_sleeps)
{
	continued_behind_his_back(spawn(waits, (void *)WCONTINUED), true);
}

Test(oracle_waits, who_does_not_want_to_know)
{
	continued_behind_his_back(spawn(waits, NULL), false);
}
