// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/mm/life_util.h"

TestSuite(ptrace, .timeout = 30, .init = life_boot, .fini = life_stop);

LATCH(ready);
LATCH(go_on);

static void writes_and_pauses(void *arg)
{
	user_write64(DATA, (uint64_t)(long)arg);
	reach(ready);
	pause_forever(NULL);
}

/* ---- access_process_vm ------------------------------------------------------ */

/* PROC-5: across a page border, and through write protection. */
Test(ptrace, PROC_5_read_and_write_another_mm)
{
	pid_t pid = spawn(writes_and_pauses, (void *)0x55L);
	struct task_struct *p = get_task(pid);
	char out[5000], in[5000];
	uint64_t word;

	await(ready);
	cr_assert_eq(access_process_vm(p, DATA, &word, 8, false), 8);
	cr_assert_eq(word, 0x55ul);
	for (size_t i = 0; i < sizeof(out); i++)
		out[i] = (char)(i * 7);
	cr_assert_eq(access_process_vm(p, DATA + 4001, out, sizeof(out), true),
		     (int)sizeof(out));
	cr_assert_eq(access_process_vm(p, DATA + 4001, in, sizeof(in), false),
		     (int)sizeof(in));
	cr_assert_eq(memcmp(in, out, sizeof(in)), 0);
	/* Short at the end of the mapping, nothing outside. */
	cr_assert_eq(access_process_vm(p, DATA + DATA_PAGES * PAGE_SIZE - 100,
				       in, sizeof(in), false), 100);
	cr_assert_eq(access_process_vm(p, 4096, in, 8, false), 0);
	put_task_struct(p);
	sys_kill(pid, SIGKILL);
	cr_assert_eq(status_of(pid), SIGKILL);
}

static void reader(void *arg)
{
	(void)arg;
	reach(ready);
	await(go_on);
	user_exit(0);
}

/* PROC-1, PROC-2: after exit_mm() there is no mm to be had. */
Test(ptrace, PROC_2_zombie_has_no_memory)
{
	pid_t pid = spawn(reader, NULL);
	struct task_struct *p = get_task(pid);
	uint64_t word;

	await(ready);
	reach(go_on);
	while (!is_zombie(p))
		yield();
	cr_assert_null(get_task_mm(p));
	cr_assert_eq(access_process_vm(p, DATA, &word, 8, false), 0);
	put_task_struct(p);
	cr_assert_eq(status_of(pid), 0);
}

/* PROC-10: the reader turns out to be the last user, and tears down. */
Test(ptrace, PROC_10_last_mmput_by_a_reader)
{
	pid_t pid = spawn(reader, NULL);
	struct task_struct *p = get_task(pid);
	struct mm_struct *mm;

	await(ready);
	mm = get_task_mm(p);
	cr_assert_not_null(mm);
	put_task_struct(p);
	reach(go_on);
	cr_assert_eq(status_of(pid), 0);
	cr_assert_eq(atomic_read(&mm->mm_users), 1);
	cr_assert_not_null(mm->mmap);
	mmput(mm);
}

/* ---- attach, stop, go on ---------------------------------------------------- */

static int wait_stopped(pid_t pid)
{
	int status;

	cr_assert_eq(sys_wait4(pid, &status, 0), pid);
	cr_assert(WIFSTOPPED(status), "status %#x", (unsigned int)status);
	return status >> 8;
}

/* PROC-7 */
Test(ptrace, PROC_7_attach_stop_detach)
{
	pid_t pid = spawn(writes_and_pauses, NULL);

	await(ready);
	cr_assert_eq(sys_ptrace(PTRACE_CONT, pid, 0), -ESRCH);
	cr_assert_eq(sys_ptrace(PTRACE_ATTACH, pid, 0), 0);
	cr_assert_eq(sys_ptrace(PTRACE_ATTACH, pid, 0), -EPERM);
	cr_assert_eq(wait_stopped(pid), SIGSTOP);
	cr_assert_eq(sys_ptrace(PTRACE_CONT, pid, 0), 0);
	/* A signal stops it first; the tracer swallows this one. */
	cr_assert_eq(sys_kill(pid, SIGTERM), 0);
	cr_assert_eq(wait_stopped(pid), SIGTERM);
	cr_assert_eq(sys_ptrace(PTRACE_CONT, pid, 65), -EIO);
	cr_assert_eq(sys_ptrace(PTRACE_CONT, pid, 0), 0);
	cr_assert_eq(sys_kill(pid, SIGUSR1), 0);
	cr_assert_eq(wait_stopped(pid), SIGUSR1);
	/* And lets this one through, changed. */
	cr_assert_eq(sys_ptrace(PTRACE_DETACH, pid, SIGHUP), 0);
	cr_assert_eq(status_of(pid), SIGHUP);
}

static pid_t stranger;

static void traces_stranger(void *arg)
{
	int status;

	(void)arg;
	user_assert(!SYSCALL(sys_ptrace(PTRACE_ATTACH, stranger, 0)));
	user_assert(SYSCALL(sys_wait4(stranger, &status, 0)) == stranger);
	user_assert(!SYSCALL(sys_ptrace(PTRACE_SETOPTIONS, stranger,
					PTRACE_O_TRACEEXIT)));
	user_assert(!SYSCALL(sys_ptrace(PTRACE_CONT, stranger, 0)));
	user_assert(!SYSCALL(sys_kill(stranger, SIGTERM)));
	user_assert(SYSCALL(sys_wait4(stranger, &status, 0)) == stranger);
	user_assert(status >> 8 == SIGTERM);
	user_assert(!SYSCALL(sys_ptrace(PTRACE_CONT, stranger, SIGTERM)));
	/* EXIT-1 step 1: stopped with its memory still there. */
	user_assert(SYSCALL(sys_wait4(stranger, &status, 0)) == stranger);
	user_assert(status >> 8 == (SIGTRAP | PTRACE_EV_EXIT << 8));
	if (arg)
		user_exit(0); /* and leave it there */
	user_assert(!SYSCALL(sys_ptrace(PTRACE_CONT, stranger, 0)));
	/* The tracer sees it die first, then the real parent does. */
	user_assert(SYSCALL(sys_wait4(stranger, &status, 0)) == stranger);
	user_assert(status == SIGTERM);
	user_exit(0);
}

Test(ptrace, EXIT_1_exit_stop_comes_before_exit_mm)
{
	pid_t tracer;

	stranger = spawn(writes_and_pauses, NULL);
	await(ready);
	tracer = spawn(traces_stranger, NULL);
	cr_assert_eq(status_of(tracer), 0);
	cr_assert_eq(status_of(stranger), SIGTERM);
}

/* A tracer that dies lets its stopped tracees go. */
Test(ptrace, dying_tracer_releases_its_tracee)
{
	pid_t tracer;

	stranger = spawn(writes_and_pauses, NULL);
	await(ready);
	tracer = spawn(traces_stranger, (void *)1L);
	cr_assert_eq(status_of(tracer), 0);
	cr_assert_eq(status_of(stranger), SIGTERM);
}

static void asks_to_be_traced(void *arg)
{
	user_assert(!SYSCALL(sys_ptrace(PTRACE_TRACEME, 0, 0)));
	user_assert(SYSCALL(sys_ptrace(PTRACE_TRACEME, 0, 0)) == -EPERM);
	SYSCALL(sys_tgkill(current->tgid, current->pid, SIGUSR1));
	user_exit((int)(long)arg);
}

Test(ptrace, traceme_stops_for_the_parent)
{
	pid_t pid = spawn(asks_to_be_traced, (void *)4L);

	cr_assert_eq(wait_stopped(pid), SIGUSR1);
	cr_assert_eq(sys_ptrace(PTRACE_CONT, pid, 0), 0);
	cr_assert_eq(status_of(pid), 4 << 8);
	pid = spawn(asks_to_be_traced, NULL);
	cr_assert_eq(wait_stopped(pid), SIGUSR1);
	cr_assert_eq(sys_ptrace(PTRACE_KILL, pid, 0), 0);
	cr_assert_eq(status_of(pid), SIGKILL);
}

static void is_not_dumpable(void *arg)
{
	SYSCALL(sys_prctl(PR_SET_DUMPABLE, 0));
	writes_and_pauses(arg);
}

/* PROC-7: no looking into what must not be dumped, nor at oneself. */
Test(ptrace, PROC_7_refusals)
{
	pid_t pid = spawn(is_not_dumpable, NULL);

	await(ready);
	cr_assert_eq(sys_ptrace(PTRACE_ATTACH, pid, 0), -EPERM);
	cr_assert_eq(sys_ptrace(PTRACE_ATTACH, 1, 0), -EPERM);
	cr_assert_eq(sys_ptrace(PTRACE_ATTACH, 12345, 0), -ESRCH);
	cr_assert_eq(sys_ptrace(9999, pid, 0), -EIO);
	sys_kill(pid, SIGKILL);
	cr_assert_eq(status_of(pid), SIGKILL);
}

static void killed_in_stop(void *arg)
{
	(void)arg;
	SYSCALL(sys_ptrace(PTRACE_TRACEME, 0, 0));
	/*
	 * DUMP-34: SIGKILL is pending when a lower signal asks for a stop.
	 * 2.6.11 stops, and nothing wakes it; here it does not stop.
	 */
	read_lock(&tasklist_lock);
	spin_lock_irq(&current->sighand->siglock);
	current->pending.signal |= SIGMASK(SIGKILL) | SIGMASK(SIGABRT);
	recalc_sigpending();
	spin_unlock_irq(&current->sighand->siglock);
	read_unlock(&tasklist_lock);
	exit_to_user();
}

Test(ptrace, DUMP_34_no_stop_with_a_kill_pending)
{
	int status = status_of(spawn(killed_in_stop, NULL));

	cr_assert_eq(status, SIGABRT | 0x80, "%#x", (unsigned int)status);
}
