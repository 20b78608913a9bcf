// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/mm/life_util.h"

TestSuite(signal, .timeout = 30, .init = life_boot, .fini = life_stop);

static atomic_t handled;
static ksigset_t blocked_in_handler;

static void count_signal(int sig)
{
	(void)sig;
	blocked_in_handler = current->blocked;
	atomic_inc(&handled);
}

static const struct k_sigaction counting = { .handler = count_signal };
static const struct k_sigaction ignoring = { .handler = K_SIG_IGN };

static void send_self(int sig)
{
	user_assert(!SYSCALL(sys_tgkill(current->tgid, current->pid, sig)));
}

/* ---- actions ---------------------------------------------------------------- */

static void die_of(void *arg)
{
	send_self((int)(long)arg);
	user_exit(1);
}

Test(signal, default_actions)
{
	static const struct { int sig, status; } rows[] = {
		{ SIGTERM, SIGTERM }, { SIGKILL, SIGKILL }, { SIGHUP, SIGHUP },
		{ SIGABRT, SIGABRT | 0x80 }, { SIGSEGV, SIGSEGV | 0x80 },
		{ SIGCHLD, 1 << 8 }, { SIGWINCH, 1 << 8 },
		{ SIGCONT, 1 << 8 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		cr_assert_eq(status_of(spawn(die_of,
					     (void *)(long)rows[i].sig)),
			     rows[i].status, "signal %d", rows[i].sig);
}

static void handles(void *arg)
{
	ksigset_t none = 0, usr1 = SIGMASK(SIGUSR1);

	(void)arg;
	SYSCALL(sys_sigaction(SIGUSR1, &counting, NULL));
	send_self(SIGUSR1);
	user_assert(atomic_read(&handled) == 1);
	user_assert(blocked_in_handler == SIGMASK(SIGUSR1));
	user_assert(current->blocked == 0);

	SYSCALL(sys_sigprocmask(SIG_SETMASK, &usr1, NULL));
	send_self(SIGUSR1);
	send_self(SIGUSR1);
	user_assert(atomic_read(&handled) == 1);
	SYSCALL(sys_sigprocmask(SIG_SETMASK, &none, NULL));
	user_assert(atomic_read(&handled) == 2); /* one bit, not two */

	SYSCALL(sys_sigaction(SIGUSR1, &ignoring, NULL));
	send_self(SIGUSR1);
	user_assert(atomic_read(&handled) == 2);
	user_assert(SYSCALL(sys_sigaction(SIGKILL, &ignoring, NULL)) ==
		    -EINVAL);
	user_exit(0);
}

Test(signal, handler_mask_and_ignore)
{
	cr_assert_eq(status_of(spawn(handles, NULL)), 0);
}

static void blocks_everything(void *arg)
{
	ksigset_t all = ~(ksigset_t)0;

	SYSCALL(sys_sigprocmask(SIG_SETMASK, &all, NULL));
	user_assert(!(current->blocked & SIG_KERNEL_ONLY_MASK));
	SYSCALL(sys_sigaction(SIGSEGV, &ignoring, NULL));
	if (arg)
		send_self(SIGKILL);
	/* A fault cannot be blocked or ignored away. */
	user_write64(4096, 1);
}

Test(signal, what_cannot_be_escaped)
{
	cr_assert_eq(status_of(spawn(blocks_everything, (void *)1L)), SIGKILL);
	cr_assert_eq(status_of(spawn(blocks_everything, NULL)),
		     SIGSEGV | 0x80);
}

/* ---- order (DUMP-1) --------------------------------------------------------- */

static void dequeues_in_order(void *arg)
{
	static const int order[] = { SIGQUIT, SIGUSR1, SIGHUP, SIGTERM };
	ksigset_t all = ~(ksigset_t)0, none = 0;

	(void)arg;
	SYSCALL(sys_sigprocmask(SIG_SETMASK, &all, NULL));
	read_lock(&tasklist_lock);
	group_send_sig_info(SIGHUP, current); /* 1, but shared */
	group_send_sig_info(SIGTERM, current);
	read_unlock(&tasklist_lock);
	send_self(SIGUSR1);
	send_self(SIGQUIT);
	spin_lock_irq(&current->sighand->siglock);
	for (size_t i = 0; i < ARRAY_SIZE(order); i++)
		user_assert(dequeue_signal(current, none) == order[i]);
	user_assert(!dequeue_signal(current, none));
	spin_unlock_irq(&current->sighand->siglock);
}

/* DUMP-1: private set before shared set, lowest number first. */
Test(signal, DUMP_1_order_of_dequeuing)
{
	cr_assert_eq(status_of(spawn(dequeues_in_order, NULL)), 0);
}

/* ---- groups ----------------------------------------------------------------- */

static pid_t thread_pid;
LATCH(threads_made);

static void three_threads(void *arg)
{
	(void)arg;
	new_thread(pause_forever, NULL);
	thread_pid = new_thread(pause_forever, NULL);
	reach(threads_made);
	pause_forever(NULL);
}

Test(signal, group_kill_kills_every_thread)
{
	pid_t pid = spawn(three_threads, NULL);

	await(threads_made);
	cr_assert_eq(sys_kill(thread_pid, SIGTERM), -ESRCH, "not a group");
	cr_assert_eq(sys_tgkill(pid + 1000, thread_pid, SIGTERM), -ESRCH);
	cr_assert_eq(sys_kill(pid, 0), 0);
	cr_assert_eq(sys_kill(pid, 65), -EINVAL);
	cr_assert_eq(sys_kill(pid, SIGTERM), 0);
	cr_assert_eq(status_of(pid), SIGTERM);
	cr_assert_eq(sys_kill(pid, SIGTERM), -ESRCH);
}

/* A signal to one thread ends all, if its action does. */
Test(signal, thread_signal_ends_the_group)
{
	pid_t pid = spawn(three_threads, NULL);

	await(threads_made);
	cr_assert_eq(sys_tgkill(pid, thread_pid, SIGTERM), 0);
	cr_assert_eq(status_of(pid), SIGTERM);
}

/* DUMP-2: a core signal to the group stops all but the dumper. */
Test(signal, DUMP_2_group_core_signal)
{
	pid_t pid = spawn(three_threads, NULL);

	await(threads_made);
	cr_assert_eq(sys_kill(pid, SIGQUIT), 0);
	cr_assert_eq(status_of(pid), SIGQUIT | 0x80);
	cr_assert_eq(atomic_long_read(&core_stats.waited_for), 2);
}

/* ---- stop and continue ------------------------------------------------------ */

Test(signal, stop_and_continue_the_group)
{
	pid_t pid = spawn(three_threads, NULL);
	int status;

	await(threads_made);
	for (int i = 0; i < 5; i++) {
		cr_assert_eq(sys_kill(pid, SIGSTOP), 0);
		cr_assert_eq(sys_wait4(pid, &status, WUNTRACED), pid);
		cr_assert(WIFSTOPPED(status) && WSTOPSIG(status) == SIGSTOP);
		until_task_state(thread_pid, TASK_STOPPED);
		until_task_state(pid, TASK_STOPPED);
		/* Reported once. */
		cr_assert_eq(sys_wait4(pid, &status, WUNTRACED | WNOHANG), 0);

		cr_assert_eq(sys_kill(pid, SIGCONT), 0);
		cr_assert_eq(sys_wait4(pid, &status, WCONTINUED), pid);
		cr_assert(WIFCONTINUED(status));
		until_task_state(thread_pid, TASK_INTERRUPTIBLE);
	}
	cr_assert_eq(sys_kill(pid, SIGSTOP), 0);
	cr_assert_eq(sys_wait4(pid, &status, WUNTRACED), pid);
	cr_assert_eq(sys_kill(pid, SIGKILL), 0);
	cr_assert_eq(status_of(pid), SIGKILL);
}

/* However often a tracer has it go on and stop again. */
Test(signal, a_thread_is_counted_once_for_a_group_stop)
{
	struct signal_struct *signal = current->signal;

	spin_lock_irq(&current->sighand->siglock);
	signal->group_stop_count = 2;
	current->stop_counted = true;
	cr_expect_not(leave_group_stop(current));
	cr_expect_not(leave_group_stop(current));
	cr_expect_eq(signal->group_stop_count, 1);
	current->stop_counted = true;
	cr_expect(leave_group_stop(current));
	cr_expect_eq(signal->flags, SIGNAL_STOP_STOPPED);
	signal->flags = 0;
	spin_unlock_irq(&current->sighand->siglock);
}

/* ---- init ------------------------------------------------------------------- */

/*
 * DEF-23: init takes no default actions: they are dropped when sent.  What is
 * forced upon it, as by the scan of a core dump, arrives and would be obeyed.
 */
Test(signal, DEF_23_init_gets_only_what_is_forced)
{
	cr_assert_eq(sys_kill(1, SIGKILL), 0);
	cr_assert_eq(sys_kill(1, SIGTERM), 0);
	cr_assert_not(signal_pending(current));
	read_lock(&tasklist_lock);
	force_sig_specific(SIGKILL, current);
	read_unlock(&tasklist_lock);
	cr_assert(signal_pending(current));
	spin_lock_irq(&current->sighand->siglock);
	cr_assert_eq(dequeue_signal(current, 0), SIGKILL);
	spin_unlock_irq(&current->sighand->siglock);
	cr_assert_not(signal_pending(current));
}

/* ---- interruptible sleeps ----------------------------------------------------- */

static void waits_in_vain(void *arg)
{
	pid_t pid;

	(void)arg;
	SYSCALL(sys_sigaction(SIGUSR1, &counting, NULL));
	pid = SYSCALL(sys_fork(pause_forever, NULL));
	reach(threads_made);
	user_assert(SYSCALL(sys_wait4(pid, NULL, 0)) == -EINTR);
	user_assert(atomic_read(&handled) == 1);
	user_assert(!SYSCALL(sys_kill(pid, SIGKILL)));
	user_assert(SYSCALL(sys_wait4(pid, NULL, 0)) == pid);
	user_exit(0);
}

Test(signal, wait4_is_interrupted)
{
	pid_t pid = spawn(waits_in_vain, NULL);

	await(threads_made);
	until_task_state(pid, TASK_INTERRUPTIBLE);
	cr_assert_eq(sys_kill(pid, SIGUSR1), 0);
	cr_assert_eq(status_of(pid), 0);
}
