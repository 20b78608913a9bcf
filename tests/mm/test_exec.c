// SPDX-License-Identifier: GPL-2.0-or-later
#include "mm/file.h"
#include "mm/ldt.h"
#include "tests/mm/life_util.h"

TestSuite(exec, .timeout = 30, .init = life_boot, .fini = life_stop);

static void exit_42(void *arg)
{
	(void)arg;
	user_exit(42);
}

static void exec_exit_42(void)
{
	struct exec_image image = image_of(exit_42, NULL);

	report_fatal("exec: %d", SYSCALL(sys_execve(&image)));
}

/* ---- the new program ------------------------------------------------------ */

static struct mm_struct *first_mm;

static void second_program(void *arg)
{
	uint64_t value;

	user_assert(arg == (void *)0x77L);
	user_assert(current->mm != first_mm);
	user_assert(!strcmp(current->comm, "prog"));
	user_assert(current->did_exec);
	user_assert(!(current->flags & PF_FORKNOEXEC));
	user_assert(!user_read64(DATA, &value) && value == 0);
	user_exit(1);
}

static void first_program(void *arg)
{
	struct exec_image image = image_of(second_program, arg);

	first_mm = current->mm;
	mmgrab(first_mm); /* so that the address is not used again */
	user_write64(DATA, 99);
	SYSCALL(sys_execve(&image));
	report_fatal("exec returned");
}

Test(exec, new_program_in_new_memory)
{
	cr_assert_eq(status_of(spawn(first_program, (void *)0x77L)), 1 << 8);
	/* EXEC-5: the last user of the old mm took it down. */
	cr_assert_eq(atomic_read(&first_mm->mm_users), 0);
	cr_assert_null(first_mm->mmap);
	sched_wait_quiet();
	sched_idle_leave_all();
	mmdrop(first_mm);
}

static int execs_left;

static void execs_itself(void *arg)
{
	struct exec_image image = image_of(execs_itself, arg);
	char big[4096];

	memset(big, 1, sizeof(big));
	if (execs_left-- > 0)
		SYSCALL(sys_execve(&image));
	user_exit(big[4095]);
}

/* The host stack starts over each time: 64 KiB would not hold 200 frames. */
Test(exec, again_and_again)
{
	execs_left = 200;
	cr_assert_eq(status_of(spawn(execs_itself, NULL)), 1 << 8);
}

static const char *const argv[] = { "prog", "", "an argument", NULL };
static const char *const envp[] = { "A=b", NULL };

/* User memory at @addr is this string. */
static bool user_string_is(uaddr_t addr, const char *want)
{
	uint8_t c;

	do {
		user_assert(!user_read8(addr++, &c));
		if (c != (uint8_t)*want)
			return false;
	} while (*want++);
	return true;
}

static bool user_pointer_is(uaddr_t slot, const char *want)
{
	uint64_t addr;

	user_assert(!user_read64(slot, &addr));
	return want ? user_string_is(addr, want) : !addr;
}

static void checks_its_stack(void *arg)
{
	uaddr_t sp = current->user_sp;
	uint64_t argc;

	(void)arg;
	user_assert(!(sp & 15));
	user_assert(!user_read64(sp, &argc) && argc == 3);
	for (int i = 0; i < 4; i++)
		user_assert(user_pointer_is(sp + 8 + i * 8, argv[i]));
	for (int i = 0; i < 2; i++)
		user_assert(user_pointer_is(sp + 40 + i * 8, envp[i]));
	user_assert(user_string_is(current->mm->arg_start, "prog"));
	user_assert(user_string_is(current->mm->env_start, "A=b"));
	user_exit(0);
}

static void execs_with_arguments(void *arg)
{
	struct exec_image image = image_of(checks_its_stack, arg);

	image.argv = argv;
	image.envp = envp;
	SYSCALL(sys_execve(&image));
}

Test(exec, arguments_are_on_the_stack)
{
	cr_assert_eq(status_of(spawn(execs_with_arguments, NULL)), 0);
}

static void uses_the_heap(void *arg)
{
	uaddr_t brk = SYSCALL(sys_brk(0));
	uint64_t value;

	(void)arg;
	user_assert(brk == DATA + DATA_PAGES * PAGE_SIZE);
	user_assert(SYSCALL(sys_brk(brk + 100)) == brk + 100);
	user_assert(!user_write64(brk, 5) && !user_read64(brk, &value));
	user_exit((int)value);
}

Test(exec, heap_follows_the_segments)
{
	cr_assert_eq(status_of(spawn(uses_the_heap, NULL)), 5 << 8);
}

/* ---- refusals ------------------------------------------------------------- */

static char long_string[40 * 4096];

static void tries_bad_images(void *arg)
{
	const char *const too_long[] = { long_string, NULL };
	const struct exec_segment crooked = { .start = 5, .len = PAGE_SIZE };
	struct exec_image image = image_of(exit_42, arg);

	image.segments = &crooked;
	user_assert(SYSCALL(sys_execve(&image)) == -EINVAL);
	image = image_of(NULL, NULL);
	user_assert(SYSCALL(sys_execve(&image)) == -EINVAL);
	image = image_of(exit_42, NULL);
	image.stack_top = STACK_TOP + PAGE_SIZE;
	user_assert(SYSCALL(sys_execve(&image)) == -EINVAL);
	image = image_of(exit_42, NULL);
	image.argv = too_long;
	user_assert(SYSCALL(sys_execve(&image)) == -E2BIG);
	user_exit(7);
}

/* EXEC-1: a failure before the installation leaves the old program alone. */
Test(exec, EXEC_1_refused_images)
{
	memset(long_string, 'x', sizeof(long_string) - 1);
	cr_assert_eq(status_of(spawn(tries_bad_images, NULL)), 7 << 8);
}

static struct file *program_file;

static void execs_busy_file(void *arg)
{
	struct exec_image image = image_of(exit_42, arg);

	image.file = program_file;
	user_exit(SYSCALL(sys_execve(&image)) == -ETXTBSY);
}

Test(exec, file_open_for_writing_is_busy)
{
	struct inode *inode = inode_create("prog", PAGE_SIZE, NULL);
	struct file *writer;

	program_file = file_open(inode, FILE_READ | FILE_EXEC);
	writer = file_open(inode, FILE_WRITE);
	cr_assert_eq(status_of(spawn(execs_busy_file, NULL)), 1 << 8);
	fput(writer);
	cr_assert_eq(status_of(spawn(execs_busy_file, NULL)), 42 << 8);
	/* REF-11: the denial went with the exec. */
	writer = file_open(inode, FILE_WRITE);
	cr_assert_not(IS_ERR(writer));
	fput(writer);
	fput(program_file);
	iput(inode);
}

static void exec_with_fault(void *arg)
{
	struct exec_image image = image_of(exit_42, NULL);
	int err;

	image.argv = argv;
	fault_inject_arm((unsigned int)(long)arg);
	err = SYSCALL(sys_execve(&image));
	fault_inject_disarm();
	user_assert(err == -ENOMEM);
	user_exit(1);
}

/*
 * EXEC-1, EXEC-2: allocation n fails, for all n.  Before the point of no
 * return the old program goes on, behind it the task is killed; nothing is
 * lost or still charged at the end (life_stop()).
 */
Test(exec, EXEC_1_EXEC_2_every_allocation_may_fail)
{
	int survived = 0, killed = 0, status = 0;

	for (long n = 1; n < 100; n++) {
		status = status_of(spawn(exec_with_fault, (void *)n));
		if (status == 42 << 8)
			break;
		survived += status == 1 << 8;
		killed += status == SIGKILL;
		cr_assert(status == 1 << 8 || status == SIGKILL, "n %ld: %#x",
			  n, (unsigned int)status);
	}
	cr_assert_eq(status, 42 << 8);
	cr_assert_gt(survived, 0);
	cr_assert_gt(killed, 0);
}

static void has_a_stack_already(void *arg)
{
	struct linux_binprm bprm = { .p = MAX_ARG_PAGES * PAGE_SIZE - 8 };

	(void)arg;
	user_assert(setup_arg_pages(&bprm, STACK_TOP) == -ENOMEM);
	user_exit(0);
}

/*
 * DEF-18: the place of the stack is taken, so its charge must be returned;
 * with the bug stop_kernel() finds a page still charged.
 */
Test(exec, DEF_18_charge_of_a_stack_that_cannot_be_inserted)
{
	cr_assert_eq(status_of(spawn(has_a_stack_already, NULL)), 0);
}

/* ---- de_thread -------------------------------------------------------------- */

static void leader_execs(void *arg)
{
	(void)arg;
	for (int i = 0; i < 4; i++)
		new_thread(pause_forever, NULL);
	exec_exit_42();
}

/* EXEC-3 */
Test(exec, EXEC_3_leader_kills_its_threads)
{
	cr_assert_eq(status_of(spawn(leader_execs, NULL)), 42 << 8);
}

static pid_t leader_pid;

static void is_leader_now(void *arg)
{
	(void)arg;
	user_assert(current->pid == leader_pid);
	user_assert(current->tgid == leader_pid);
	user_assert(current->group_leader == current);
	user_assert(SYSCALL(sys_getppid()) == 1);
	user_exit(6);
}

static void thread_execs(void *arg)
{
	struct exec_image image = image_of(is_leader_now, arg);

	user_assert(current->pid != leader_pid);
	report_fatal("exec: %d", SYSCALL(sys_execve(&image)));
}

static void leader_lets_thread_exec(void *arg)
{
	leader_pid = current->pid;
	new_thread(pause_forever, NULL);
	new_thread(thread_execs, arg);
	pause_forever(NULL);
}

/* EXEC-3: pid, parent and the parent's wait go over to the thread. */
Test(exec, EXEC_3_thread_takes_over_from_a_live_leader)
{
	for (int i = 0; i < 20; i++) {
		pid_t pid = spawn(leader_lets_thread_exec, NULL);

		cr_assert_eq(status_of(pid), 6 << 8);
	}
}

LATCH(leader_is_dead);

static void thread_execs_later(void *arg)
{
	await(leader_is_dead);
	thread_execs(arg);
}

static void leader_dies_first(void *arg)
{
	leader_pid = current->pid;
	new_thread(thread_execs_later, arg);
	user_exit(0);
}

Test(exec, EXEC_3_thread_takes_over_from_a_zombie_leader)
{
	pid_t pid = spawn(leader_dies_first, NULL);
	struct task_struct *leader = get_task(pid);

	while (!is_zombie(leader))
		yield();
	put_task_struct(leader);
	reach(leader_is_dead);
	cr_assert_eq(status_of(pid), 6 << 8);
}

static void exec_in_dying_group(void *arg)
{
	struct exec_image image = image_of(exit_42, arg);

	new_thread(pause_forever, NULL);
	spin_lock_irq(&current->sighand->siglock);
	current->signal->flags = SIGNAL_GROUP_EXIT;
	spin_unlock_irq(&current->sighand->siglock);
	user_assert(SYSCALL(sys_execve(&image)) == -EAGAIN);
	spin_lock_irq(&current->sighand->siglock);
	current->signal->flags = 0;
	spin_unlock_irq(&current->sighand->siglock);
	user_exit_group(8);
}

/* EXEC-3, DUMP-31 in the safe order: GROUP_EXIT comes first. */
Test(exec, EXEC_3_refused_while_the_group_exits)
{
	cr_assert_eq(status_of(spawn(exec_in_dying_group, NULL)), 8 << 8);
}

static struct sighand_struct *shared_sighand;
LATCH(execed);

static void checks_own_sighand(void *arg)
{
	(void)arg;
	user_assert(current->sighand != shared_sighand);
	reach(execed);
}

static void shares_handlers_and_execs(void *arg)
{
	struct exec_image image = image_of(checks_own_sighand, arg);

	user_assert(current->sighand == shared_sighand);
	SYSCALL(sys_execve(&image));
}

static void shares_handlers(void *arg)
{
	const struct k_sigaction ignore = { .handler = K_SIG_IGN };
	pid_t pid;

	(void)arg;
	SYSCALL(sys_sigaction(SIGUSR1, &ignore, NULL));
	shared_sighand = current->sighand;
	pid = user_clone(CLONE_VM | CLONE_SIGHAND | SIGCHLD,
			 shares_handlers_and_execs, NULL);
	await(execed);
	user_assert(SYSCALL(sys_wait4(pid, NULL, 0)) == pid);
	user_assert(atomic_read(&shared_sighand->count) == 1);
	user_assert(current->sighand->action[SIGUSR1 - 1].handler == K_SIG_IGN);
	user_exit(0);
}

/* EXEC-3: handlers shared with another group become a private copy. */
Test(exec, EXEC_3_shared_handlers_are_copied)
{
	cr_assert_eq(status_of(spawn(shares_handlers, NULL)), 0);
}

/* ---- exec against a dump ---------------------------------------------------- */

static void exec_while_counted(void *arg)
{
	struct exec_image image = image_of(exit_42, arg);
	struct mm_struct *mm = current->mm;

	/* As if zap_threads() had just counted us. */
	down_write(&mm->mmap_sem);
	mm->core_waiters = 1;
	up_write(&mm->mmap_sem);
	user_assert(SYSCALL(sys_execve(&image)) == -EINTR);
	user_assert(current->mm == mm);
	down_write(&mm->mmap_sem);
	mm->core_waiters = 0;
	up_write(&mm->mmap_sem);
	user_exit(3);
}

/* EXEC-4, DUMP-18 */
Test(exec, EXEC_4_counted_task_must_not_leave_the_mm)
{
	cr_assert_eq(status_of(spawn(exec_while_counted, NULL)), 3 << 8);
}

static void dumps_the_shared_mm(void *arg)
{
	(void)arg;
	SYSCALL(sys_tgkill(current->tgid, current->pid, SIGABRT));
}

/*
 * A process G shares its mm with process D.  In G one thread execs while D
 * dumps: the threads of G park in exit_mm() until the dump is over, so the
 * exec must give up waiting for them when the scan's SIGKILL comes.  With an
 * uninterruptible de_thread() this hangs in nearly every round.
 */
static void group_beside_a_dumper(void *arg)
{
	struct exec_image image = image_of(exit_42, arg);

	for (int i = 0; i < 3; i++)
		new_thread(pause_forever, NULL);
	user_clone(CLONE_VM | CLONE_PARENT | SIGCHLD, dumps_the_shared_mm,
		   NULL);
	SYSCALL(sys_execve(&image));
	/* -EINTR or -EAGAIN: the SIGKILL is taken right here. */
	pause_forever(NULL);
}

Test(exec, B_11_exec_against_a_dump_from_outside_the_group)
{
	for (int i = 0; i < 40; i++) {
		int status = status_of(spawn(group_beside_a_dumper, NULL));

		cr_assert(status == 42 << 8 || status == SIGKILL, "%#x",
			  (unsigned int)status);
		while (sys_wait4(-1, &status, 0) > 0)
			;
	}
}

/* ---- vfork ------------------------------------------------------------------ */

static void vfork_child_execs(void *arg)
{
	(void)arg;
	exec_exit_42();
}

static void vforks_and_waits(void *arg)
{
	int status;
	pid_t pid = SYSCALL(sys_vfork(vfork_child_execs, arg));

	user_assert(SYSCALL(sys_wait4(pid, &status, 0)) == pid);
	user_exit(status >> 8);
}

/* FORK-20, B-10: exec lets the parent go. */
Test(exec, FORK_20_exec_completes_vfork)
{
	cr_assert_eq(status_of(spawn(vforks_and_waits, NULL)), 42 << 8);
}

/* ---- clear_child_tid -------------------------------------------------------- */

static void shares_and_exits(void *arg)
{
	uint64_t value;

	(void)arg;
	user_assert(!user_read64(DATA, &value));
	user_exit(value == 0x1234 ? 0 : 9);
}

LATCH(tid_child_done);

static void leaves_second_program(void *arg)
{
	(void)arg;
	user_exit(0);
}

/* The program after the exec: two users, so the store would be made. */
static void after_exec(void *arg)
{
	pid_t pid;
	int status;

	(void)arg;
	user_assert(!current->clear_child_tid);
	user_write64(DATA, 0x1234);
	pid = user_clone(CLONE_VM | CLONE_PARENT | SIGCHLD, shares_and_exits,
			 NULL);
	user_assert(pid > 0);
	status = (int)pid;
	reach(tid_child_done);
	leaves_second_program((void *)(long)status);
}

static void sole_user_with_tid(void *arg)
{
	struct exec_image image = image_of(after_exec, arg);

	current->clear_child_tid = DATA;
	SYSCALL(sys_execve(&image));
}

/*
 * DEF-9, EXIT-12: the address names a word of the old image; after the exec
 * it must be forgotten, or the exit below writes 0 over 0x1234.
 */
Test(exec, DEF_9_clear_child_tid_does_not_survive)
{
	int status;

	cr_assert_eq(status_of(spawn(sole_user_with_tid, NULL)), 0);
	await(tid_child_done);
	cr_assert_gt(sys_wait4(-1, &status, 0), 0);
	cr_assert_eq(status, 0);
}

/* ---- the LDT ------------------------------------------------------------------ */

static int ldt_before, ldt_after;

static void looks_at_ldt(void *arg)
{
	(void)arg;
	ldt_after = current->mm->context.size;
	user_exit(0);
}

static void has_ldt(void *arg)
{
	const struct user_desc_arg desc = { .entry_number = 5, .limit = 1 };
	struct exec_image image = image_of(looks_at_ldt, NULL);

	(void)arg;
	user_assert(SYSCALL(copy_to_user(DATA, &desc, sizeof(desc))) == 0);
	user_assert(SYSCALL(sys_modify_ldt(1, DATA, sizeof(desc))) == 0);
	ldt_before = current->mm->context.size;
	(void)SYSCALL(sys_execve(&image));
	user_assert(false);
}

/* 2.6.11 copies the LDT of the old program into the new one. */
Test(exec, DEF_6_new_program_has_no_ldt)
{
	cr_assert_eq(status_of(spawn(has_ldt, NULL)), 0);
	cr_expect_gt(ldt_before, 5);
	cr_expect_eq(ldt_after, 0);
}
