// SPDX-License-Identifier: GPL-2.0-or-later
/* Processes that somebody stopped and nobody continues. */
#include "stress/job_control.h"
#include "tests/mm/life_util.h"

TestSuite(job_control, .timeout = 30, .init = life_boot, .fini = life_stop);

static void stops_itself(void *arg)
{
	(void)arg;
	SYSCALL(sys_kill(sys_getpid(), SIGSTOP));
	user_exit(5);
}

Test(job_control, second_look_continues)
{
	pid_t pid = spawn(stops_itself, NULL);

	until_task_state(pid, TASK_STOPPED);
	job_control_look();
	until_task_state(pid, TASK_STOPPED);
	job_control_look();
	cr_expect_eq(status_of(pid), 5 << 8);
}

/* Whoever stopped it may still mean to continue it. */
Test(job_control, first_look_does_not)
{
	pid_t pid = spawn(stops_itself, NULL);
	struct task_struct *p = get_task(pid);

	until_state(p, TASK_STOPPED);
	job_control_look();
	cr_expect(task_state(p) & TASK_STOPPED);
	cr_expect_not(p->signal->flags & SIGNAL_STOP_CONTINUED);
	put_task_struct(p);
	kill_proc(pid, SIGKILL);
	cr_expect_eq(status_of(pid), SIGKILL);
}
