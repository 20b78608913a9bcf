// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Parents asleep in wait4().  A child's news are made by hand, and nobody is
 * woken: the census must say so, and only to those who want to know.
 */
#include "mm/pid.h"
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
	SYSCALL(sys_wait4(-1, NULL, options));
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

LATCH(zombie_made);

static void ends(void *unused)
{
	(void)unused;
	user_exit(0);
}

static void has_a_zombie(void *unused)
{
	pid_t zombie = user_clone(SIGCHLD, ends, NULL);

	while (!task_exit_state(find_task_by_pid(zombie)))
		yield();
	reach(zombie_made);
	pause_forever(unused);
}

/* Its leader is dead, and would have news to wait for. */
static void leaves_a_thread(void *unused)
{
	(void)unused;
	new_thread(has_a_zombie, NULL);
	syscall_enter();
	sys_exit(0);
}

static void waits_for_any(void *unused)
{
	(void)unused;
	waits(NULL);
}

/* A carrier that has gone on to a waiter says nothing about its zombie. */
Test(oracle_waits, a_zombie_does_not_wait)
{
	pid_t group = spawn(leaves_a_thread, NULL), waiter;
	struct task_struct *dead = get_task(group), *p;
	struct carrier *own;

	await(zombie_made);
	while (!task_exit_state(dead))
		yield();
	waiter = spawn(waits_for_any, NULL);
	await(child_runs);
	until_task_state(waiter, TASK_INTERRUPTIBLE);
	until_task_state(child, TASK_INTERRUPTIBLE);
	p = get_task(waiter);
	own = dead->carrier;
	dead->carrier = p->carrier;
	cr_expect_str_empty(census());
	dead->carrier = own;
	put_task_struct(p);
	put_task_struct(dead);
	for (int i = 0; i < 3; i++)
		kill_proc(i == 0 ? child : i == 1 ? waiter : group, SIGKILL);
	cr_expect_eq(status_of(waiter), SIGKILL);
	cr_expect_eq(status_of(group), SIGKILL);
}
