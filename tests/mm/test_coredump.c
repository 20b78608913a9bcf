// SPDX-License-Identifier: GPL-2.0-or-later
/* Who is killed, counted and waited for, and who may dump. */
#include "tests/mm/core_util.h"

TestSuite(coredump, .timeout = 30, .init = life_boot, .fini = life_stop);

static long dumps(void)
{
	return atomic_long_read(&core_stats.dumps);
}

/* ---- one task ------------------------------------------------------------- */

static void raises(void *arg)
{
	raise_signal((int)(long)arg);
}

Test(coredump, default_action_sets_the_core_bit)
{
	cr_assert_eq(status_of(spawn(raises, (void *)(long)SIGABRT)),
		     DUMPED(SIGABRT));
	cr_assert_eq(dumps(), 1);
	cr_assert_gt(atomic_long_read(&core_stats.bytes), (long)PAGE_SIZE);
}

static void reads_nowhere(void *arg)
{
	uint64_t value;

	(void)arg;
	user_read64(DATA - PAGE_SIZE, &value);
}

Test(coredump, bad_access_dumps)
{
	cr_assert_eq(status_of(spawn(reads_nowhere, NULL)), DUMPED(SIGSEGV));
}

static void forbids_dumps(void *arg)
{
	(void)arg;
	user_assert(!SYSCALL(sys_prctl(PR_SET_DUMPABLE, 0)));
	raise_signal(SIGABRT);
}

/* DUMP-5 step 2 */
Test(coredump, DUMP_5_not_dumpable_just_exits)
{
	cr_assert_eq(status_of(spawn(forbids_dumps, NULL)), SIGABRT);
	cr_assert_eq(dumps(), 0);
	cr_assert_eq(atomic_long_read(&core_stats.refused), 1);
}

static void has_no_core_limit(void *arg)
{
	const struct rlimit none = { 0, 0 };

	(void)arg;
	user_assert(!SYSCALL(sys_setrlimit(RLIMIT_CORE, &none)));
	raise_signal(SIGABRT);
}

/* DUMP-5 step 7: the file is refused, the status still is the signal's. */
Test(coredump, DUMP_5_limit_refuses_the_file)
{
	cr_assert_eq(status_of(spawn(has_no_core_limit, NULL)), SIGABRT);
	cr_assert_eq(atomic_long_read(&core_stats.failed), 1);
}

/* ---- many tasks ------------------------------------------------------------- */

/* DUMP-10, DUMP-15: all are killed, park, and the group has one status. */
Test(coredump, DUMP_10_threads_park_until_the_dump_is_over)
{
	cr_assert_eq(status_of(spawn(dies_among_threads,
				     (void *)(long)SIGSEGV)),
		     DUMPED(SIGSEGV));
	cr_assert_eq(atomic_long_read(&core_stats.waited_for), 5);
}

static pid_t sharer;

static void dies_beside_a_sharer(void *arg)
{
	sharer = user_clone(CLONE_VM | CLONE_PARENT | SIGCHLD, pause_forever,
			    NULL);
	user_assert(sharer > 0);
	raise_signal((int)(long)arg);
}

/* DUMP-12: a process of its own that shares the mm dies of the SIGKILL. */
Test(coredump, DUMP_12_sharer_outside_the_group_is_killed)
{
	pid_t pid = spawn(dies_beside_a_sharer, (void *)(long)SIGQUIT);

	cr_assert_eq(status_of(pid), DUMPED(SIGQUIT));
	cr_assert_eq(status_of(sharer), SIGKILL);
	cr_assert_eq(atomic_long_read(&core_stats.waited_for), 1);
}

static void vforks_a_dumper(void *arg)
{
	SYSCALL(sys_vfork(raises, arg));
	/* Released before it is killed, so it may get as far as here. */
	pause_forever(NULL);
}

/*
 * DUMP-9 a: the dumper completes its vfork parent's wait, who is in S and
 * could not be woken by the SIGKILL.
 */
Test(coredump, DUMP_9_vfork_child_releases_its_parent_first)
{
	pid_t pid = spawn(vforks_a_dumper, (void *)(long)SIGABRT);

	cr_assert_eq(status_of(pid), SIGKILL);
	cr_assert_eq(dumps(), 1);
}

/* ---- who may dump ----------------------------------------------------------- */

/* A thread with a core signal pending in a group that exits already. */
static void exits_with_core_signal_pending(void *arg)
{
	(void)arg;
	spin_lock_irq(&current->sighand->siglock);
	current->signal->flags = SIGNAL_GROUP_EXIT;
	current->signal->group_exit_code = 0x500;
	spin_unlock_irq(&current->sighand->siglock);
	user_assert(do_coredump(SIGABRT, SIGABRT) == -EAGAIN);
	user_assert(READ_ONCE(current->mm->dumpable) == 1);
	do_group_exit(SIGABRT);
}

/*
 * DEF-10, DEF-14: T1 is in de_thread() (or exit_group()) and has set
 * GROUP_EXIT; T2 dequeues a core signal.  It must not count T1 and wait for
 * it, nor replace the code.
 */
Test(coredump, DEF_10_DEF_14_dump_refuses_in_a_dying_group)
{
	cr_assert_eq(status_of(spawn(exits_with_core_signal_pending, NULL)),
		     0x500);
	cr_assert_eq(dumps(), 0);
}

LATCH(other_is_there);
LATCH(both_are_there);

static void second_dumper(void *arg)
{
	reach(other_is_there);
	await(both_are_there);
	raise_signal((int)(long)arg);
}

static void two_dumpers(void *arg)
{
	new_thread(second_dumper, (void *)(long)SIGABRT);
	await(other_is_there);
	reach(both_are_there);
	raise_signal((int)(long)arg);
}

/* DUMP-7, B-13: whoever comes second just exits, with the first one's code. */
Test(coredump, DUMP_7_second_dumper_exits)
{
	for (int i = 0; i < 30; i++) {
		int status = status_of(spawn(two_dumpers,
					     (void *)(long)SIGILL));

		cr_assert(status == DUMPED(SIGILL) || status == DUMPED(SIGABRT),
			  "status %#x", (unsigned int)status);
		reinit_completion(&other_is_there);
		reinit_completion(&both_are_there);
	}
	cr_assert_eq(dumps(), 30);
}

/* ---- prctl ------------------------------------------------------------------ */

static void prctl_while_dumped(void *arg)
{
	(void)arg;
	/* As between the scan and the parking of this task. */
	down_write(&current->mm->mmap_sem);
	current->mm->core_waiters = 1;
	up_write(&current->mm->mmap_sem);
	user_assert(SYSCALL(sys_prctl(PR_SET_DUMPABLE, 1)) == -EBUSY);
	down_write(&current->mm->mmap_sem);
	current->mm->core_waiters = 0;
	up_write(&current->mm->mmap_sem);
	user_assert(SYSCALL(sys_prctl(PR_SET_DUMPABLE, 0)) == 0);
	user_assert(SYSCALL(sys_prctl(PR_GET_DUMPABLE, 0)) == 0);
}

/* DEF-12: nobody re-enables dumping for a second dump of the same mm. */
Test(coredump, DEF_12_dumpable_cannot_be_set_during_a_dump)
{
	cr_assert_eq(status_of(spawn(prctl_while_dumped, NULL)), 0);
}

/* ---- tracers ---------------------------------------------------------------- */

static pid_t tracee;

/* A thread that traces a process sharing its mm, in an exit stop. */
static void traces_a_sharer(void *arg)
{
	int status;

	tracee = user_clone(CLONE_VM | SIGCHLD, pause_forever, NULL);
	user_assert(!SYSCALL(sys_ptrace(PTRACE_ATTACH, tracee, 0)));
	user_assert(SYSCALL(sys_wait4(tracee, &status, 0)) == tracee);
	user_assert(!SYSCALL(sys_ptrace(PTRACE_SETOPTIONS, tracee,
					PTRACE_O_TRACEEXIT)));
	user_assert(!SYSCALL(sys_ptrace(PTRACE_CONT, tracee, 0)));
	raise_signal((int)(long)arg);
}

/*
 * DUMP-9 c: tracer and tracee both share the mm and the tracer dumps.  The
 * tracee must not stop on its way out, as its tracer is not going to look.
 */
Test(coredump, DUMP_9_tracee_of_the_dumper_is_let_go)
{
	cr_assert_eq(status_of(spawn(traces_a_sharer, (void *)(long)SIGABRT)),
		     DUMPED(SIGABRT));
	cr_assert_eq(status_of(tracee), SIGKILL);
}
