// SPDX-License-Identifier: GPL-2.0-or-later
/* Descriptors, and what only they keep alive: futex files. */
#include "tests/mm/life_util.h"

#include "mm/file.h"
#include "mm/files.h"

TestSuite(files, .timeout = 30, .init = life_boot, .fini = life_stop);

#define WORD DATA
#define WORD2 (DATA + 64)

static struct file *file;

static void open_file(void)
{
	struct inode *inode = inode_create("file", PAGE_SIZE, NULL);

	file = file_open(inode, FILE_READ);
	cr_assert(!IS_ERR(file));
	iput(inode);
}

static void run_program(void (*entry)(void *), void *arg)
{
	open_file();
	cr_assert_eq(status_of(spawn(entry, arg)), 0);
	sched_wait_quiet();
	cr_assert_eq(atomic_read(&file->f_count), 1);
	fput(file);
}

static int install(void)
{
	int fd = fd_install(get_file(file));

	if (fd < 0)
		fput(file);
	return fd;
}

/* ---- tables --------------------------------------------------------------- */

static void descriptors(void *arg)
{
	struct file *f;

	(void)arg;
	user_assert(!fget(0));
	user_assert(SYSCALL(sys_close(0)) == -EBADF);
	for (int i = 0; i < NR_OPEN; i++)
		user_assert(install() == i);
	user_assert(install() == -EMFILE);
	f = fget(3);
	user_assert(f == file);
	fput(f);
	user_assert(SYSCALL(sys_close(3)) == 0);
	user_assert(SYSCALL(sys_close(3)) == -EBADF);
	user_assert(!fget(3) && !fget(-1) && !fget(NR_OPEN));
	user_assert(SYSCALL(sys_close(NR_OPEN)) == -EBADF);
	user_assert(install() == 3);
	user_assert(atomic_read(&file->f_count) == 1 + NR_OPEN);
}

/* Left open: exit_files() closes them. */
Test(files, descriptors)
{
	run_program(descriptors, NULL);
}

static void closes_inherited(void *arg)
{
	(void)arg;
	user_assert(SYSCALL(sys_close(0)) == 0);
	user_exit(0);
}

static void forks(void *arg)
{
	unsigned long flags = (unsigned long)(uintptr_t)arg;
	int status;
	pid_t pid;

	user_assert(install() == 0);
	pid = user_clone(flags | SIGCHLD, closes_inherited, NULL);
	user_assert(SYSCALL(sys_wait4(pid, &status, 0)) == pid && !status);
	/* A copy of the table: ours is still open.  A shared one: closed. */
	user_assert(SYSCALL(sys_close(0)) ==
		    (flags & CLONE_FILES ? -EBADF : 0));
}

Test(files, fork_copies_the_table)
{
	run_program(forks, NULL);
}

Test(files, clone_shares_the_table)
{
	run_program(forks, (void *)CLONE_FILES);
}

static void waits_for_its_end(void *arg)
{
	(void)arg;
	user_pause();
	user_exit(0);
}

static void after_exec(void *arg)
{
	(void)arg;
	user_assert(atomic_read(&current->files->count) == 1);
	user_assert(SYSCALL(sys_close(0)) == 0);
}

static void execs(void *arg)
{
	struct exec_image image = image_of(after_exec, NULL);

	(void)arg;
	user_assert(install() == 0);
	user_clone(CLONE_FILES | SIGCHLD, waits_for_its_end, NULL);
	SYSCALL(sys_execve(&image));
	report_fatal("exec failed");
}

/* EXEC-2: the image keeps its files, in a table of its own. */
Test(files, EXEC_2_unshared_by_exec)
{
	pid_t pid;

	open_file();
	pid = spawn(execs, NULL);
	cr_assert_eq(status_of(pid), 0);
	/* Its child is ours now, and has the file open. */
	cr_assert_eq(atomic_read(&file->f_count), 2);
	cr_assert_eq(sys_kill(-1, SIGKILL), 0);
	cr_assert_gt(sys_wait4(-1, NULL, 0), 0);
	sched_wait_quiet();
	cr_assert_eq(atomic_read(&file->f_count), 1);
	fput(file);
}

static void every_allocation(void *arg)
{
	unsigned long flags = (unsigned long)(uintptr_t)arg;
	int n;

	install();
	for (n = 1;; n++) {
		pid_t pid;

		fault_inject_arm((unsigned long)n);
		pid = user_clone(flags | SIGCHLD, closes_inherited, NULL);
		if (!fault_inject_hits()) {
			fault_inject_disarm();
			SYSCALL(sys_wait4(pid, NULL, 0));
			break;
		}
		fault_inject_disarm();
		user_assert(pid == -ENOMEM || pid == -EAGAIN);
		user_assert(atomic_read(&file->f_count) == 2);
		user_assert(atomic_read(&current->files->count) == 1);
	}
}

Test(files, every_allocation_of_fork)
{
	run_program(every_allocation, NULL);
}

Test(files, every_allocation_of_clone)
{
	run_program(every_allocation, (void *)(CLONE_FILES | CLONE_VM));
}

static void first_descriptor_fails(void *arg)
{
	(void)arg;
	fault_inject_arm(1);
	user_assert(install() == -ENOMEM);
	fault_inject_arm(1);
	user_assert(user_clone(CLONE_FILES | SIGCHLD, waits_for_its_end,
			       NULL) == -ENOMEM ||
		    fault_inject_hits());
	fault_inject_disarm();
}

Test(files, no_memory_for_a_table)
{
	run_program(first_descriptor_fails, NULL);
}

/* ---- futex files ---------------------------------------------------------- */

static int futex_fd_of(uaddr_t addr)
{
	return SYSCALL(sys_futex(addr, FUTEX_FD, 0, 0, 0, 0));
}

static void no_memory_for_a_futex_file(void *arg)
{
	int n;

	(void)arg;
	for (n = 1;; n++) {
		int fd;

		fault_inject_arm((unsigned long)n);
		fd = futex_fd_of(WORD);
		if (!fault_inject_hits())
			break;
		fault_inject_disarm();
		user_assert(fd == -ENOMEM);
		user_assert(atomic_read(&current->mm->mm_count) == 1);
	}
	fault_inject_disarm();
	user_assert(n == 4); /* file, key, table */
}

Test(files, every_allocation_of_a_futex_file)
{
	run_program(no_memory_for_a_futex_file, NULL);
}

static void polls(void *arg)
{
	int fd = futex_fd_of(WORD), other = futex_fd_of(WORD2);

	(void)arg;
	user_assert(fd >= 0 && other >= 0 && install() >= 0);
	/* REF-2: each queued key holds one mm_count. */
	user_assert(atomic_read(&current->mm->mm_count) == 3);
	user_assert(futex_poll(fd, false) == 0);
	user_assert(SYSCALL(sys_futex(WORD, FUTEX_WAKE, 9, 0, 0, 0)) == 1);
	user_assert(SYSCALL(sys_futex(WORD, FUTEX_WAKE, 9, 0, 0, 0)) == 0);
	user_assert(futex_poll(fd, true) == 1);
	user_assert(futex_poll(other, false) == 0);
	/* Moved to a word that is woken; the woken one stays. */
	user_assert(SYSCALL(sys_futex(WORD2, FUTEX_REQUEUE, 0, WORD, 9,
				      0)) == 1);
	user_assert(SYSCALL(sys_futex(WORD, FUTEX_WAKE, 9, 0, 0, 0)) == 1);
	user_assert(futex_poll(other, true) == 1);
	user_assert(futex_poll(7, false) == -EBADF);
	user_assert(futex_poll(2, false) == -EINVAL);
	user_assert(futex_fd_of(4096) == -EFAULT);
	user_assert(SYSCALL(sys_close(fd)) == 0);
	user_assert(atomic_read(&current->mm->mm_count) == 2);
}

Test(files, futex_files)
{
	run_program(polls, NULL);
}

static void wakes(void *arg)
{
	(void)arg;
	while (SYSCALL(sys_futex(WORD, FUTEX_WAKE, 1, 0, 0, 0)) != 1)
		;
	user_exit(0);
}

static void sleeps_in_poll(void *arg)
{
	int fd = futex_fd_of(WORD);

	(void)arg;
	new_thread(wakes, NULL);
	user_assert(futex_poll(fd, true) == 1);
}

Test(files, poll_sleeps_until_woken)
{
	for (int i = 0; i < 20; i++)
		run_program(sleeps_in_poll, NULL);
}

static void never_woken(void *arg)
{
	(void)arg;
	futex_poll(futex_fd_of(WORD), true);
	exit_to_user();
	report_fatal("killed poller came back");
}

Test(files, kill_ends_a_poll)
{
	pid_t pid = spawn(never_woken, NULL);

	until_task_state(pid, TASK_INTERRUPTIBLE);
	cr_assert_eq(sys_kill(pid, SIGKILL), 0);
	cr_assert_eq(status_of(pid), SIGKILL);
}

static struct mm_struct *parents_mm;
LATCH(parent_is_gone);

static void outlives_its_parent(void *arg)
{
	(void)arg;
	await(parent_is_gone);
	/* Nobody but our descriptor keeps the parent's mm. */
	user_assert(parents_mm != current->mm);
	user_assert(atomic_read(&parents_mm->mm_users) == 0);
	user_assert(futex_poll(0, false) == 0);
	user_assert(SYSCALL(sys_close(0)) == 0);
	user_exit(0);
}

static void makes_a_futex_file(void *arg)
{
	(void)arg;
	parents_mm = current->mm;
	user_assert(futex_fd_of(WORD) == 0);
	user_assert(SYSCALL(sys_fork(outlives_its_parent, NULL)) > 0);
}

/*
 * B-22, REF-2.  1. a process opens a futex file on a private word; 2. its
 * child inherits the descriptor; 3. the process exits and is reaped, its
 * address space is torn down; 4. the child closes: the last mm_count.
 */
Test(files, B_22_futex_file_outlives_the_process)
{
	cr_assert_eq(status_of(spawn(makes_a_futex_file, NULL)), 0);
	sched_wait_quiet();
	sched_idle_leave_all();
	cr_assert_eq(nr_mms(), 2);
	cr_assert_eq(atomic_read(&parents_mm->mm_count), 1);
	reach(parent_is_gone);
	cr_assert_gt(sys_wait4(-1, NULL, 0), 0);
	cr_assert_eq(atomic_long_read(&futex_stats.fds_outlived), 1);
	cr_assert_eq(atomic_long_read(&futex_stats.fds_last_count), 1);
}
