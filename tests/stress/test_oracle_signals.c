// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A group of two threads that sleep.  What the kernel keeps of its signals and
 * stops is changed by hand, and the census must say so.
 */
#include "tests/stress/census_util.h"

static pid_t process, second;
static struct task_struct *leader;
LATCH(group_runs);

static void has_a_thread(void *arg)
{
	second = new_thread(pause_forever, NULL);
	reach(group_runs);
	pause_forever(arg);
}

static void boot(void)
{
	life_boot();
	process = spawn(has_a_thread, NULL);
	await(group_runs);
	until_task_state(process, TASK_INTERRUPTIBLE);
	until_task_state(second, TASK_INTERRUPTIBLE);
	leader = get_task(process);
	census_boot();
}

static void stop(void)
{
	census_stop();
	put_task_struct(leader);
	kill_proc(process, SIGKILL);
	cr_expect_eq(status_of(process), SIGKILL);
	life_stop();
}

TestSuite(oracle_signals, .init = boot, .fini = stop, .timeout = 30);

static void expect_finding(const char *text)
{
	saw(text);
	cr_expect_str_empty(census());
}

Test(oracle_signals, a_group_at_rest_is_clean)
{
	cr_expect_str_empty(census());
}

Test(oracle_signals, a_thread_that_has_not_been_told)
{
	leader->pending.signal = SIGMASK(SIGUSR1);
	census();
	leader->pending.signal = 0;
	expect_finding("lost-wakeup: pid ");
}

Test(oracle_signals, a_blocked_signal_may_wait)
{
	leader->pending.signal = SIGMASK(SIGUSR1);
	leader->blocked = SIGMASK(SIGUSR1);
	cr_expect_str_empty(census());
	leader->pending.signal = 0;
	leader->blocked = 0;
}

Test(oracle_signals, a_group_that_has_not_been_told)
{
	leader->signal->shared_pending.signal = SIGMASK(SIGUSR1);
	census();
	/* One of the group is enough. */
	set_tsk_thread_flag(leader, TIF_SIGPENDING);
	saw("lost-wakeup: nobody of group");
	cr_expect_str_empty(census());
	clear_tsk_thread_flag(leader, TIF_SIGPENDING);
	leader->signal->shared_pending.signal = 0;
}

Test(oracle_signals, a_stop_that_waits_for_nobody)
{
	leader->signal->group_stop_count = 1;
	census();
	leader->signal->group_stop_count = 0;
	expect_finding("waits for 1 threads, 0 of them are there");
}

Test(oracle_signals, a_thread_stopped_without_its_group)
{
	kill_proc(process, SIGSTOP);
	until_task_state(process, TASK_STOPPED);
	until_task_state(second, TASK_STOPPED);
	cr_expect_str_empty(census());
	leader->signal->flags = 0;
	census();
	leader->signal->flags = SIGNAL_STOP_STOPPED;
	expect_finding(" is stopped in group");
}

Test(oracle_signals, a_dumper_who_has_gone)
{
	leader->signal->group_exit_task = current;
	census();
	leader->signal->group_exit_task = NULL;
	expect_finding("DUMP-2: the thread that is to dump");
}
