// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/mm/life_util.h"

TestSuite(futex, .timeout = 30, .init = life_boot, .fini = life_stop);

#define WORD DATA
#define WORD2 (DATA + PAGE_SIZE)

static atomic_t woken;

static void waits_on(void *arg)
{
	uaddr_t addr = (uaddr_t)arg;
	int ret = SYSCALL(sys_futex(addr, FUTEX_WAIT, 0, 0, 0, 0));

	user_assert(ret == 0);
	atomic_inc(&woken);
	user_exit(0);
}

/* Threads that sleep on the word. */
static void start_waiters(int nr, uaddr_t addr)
{
	for (int i = 0; i < nr; i++)
		until_task_state(new_thread(waits_on, (void *)addr),
				 TASK_INTERRUPTIBLE);
}

static void until_woken(int nr)
{
	while (atomic_read(&woken) < nr)
		yield();
	user_assert(atomic_read(&woken) == nr);
}

static void refuses(void *arg)
{
	(void)arg;
	user_write32(WORD, 5);
	user_assert(SYSCALL(sys_futex(WORD, FUTEX_WAIT, 4, 0, 0, 0)) ==
		    -EWOULDBLOCK);
	/* Untouched memory: the word is faulted in outside mmap_sem (FLT-9). */
	user_assert(SYSCALL(sys_futex(WORD2, FUTEX_WAIT, 4, 0, 0, 0)) ==
		    -EWOULDBLOCK);
	user_assert(SYSCALL(sys_futex(WORD + 2, FUTEX_WAIT, 0, 0, 0, 0)) ==
		    -EINVAL);
	user_assert(SYSCALL(sys_futex(4096, FUTEX_WAIT, 0, 0, 0, 0)) ==
		    -EFAULT);
	user_assert(SYSCALL(sys_futex(4096, FUTEX_WAKE, 1, 0, 0, 0)) ==
		    -EFAULT);
	user_assert(SYSCALL(sys_futex(WORD, 99, 0, 0, 0, 0)) == -ENOSYS);
	user_assert(SYSCALL(sys_futex(WORD, FUTEX_WAKE, 1, 0, 0, 0)) == 0);
	user_exit(0);
}

Test(futex, refusals)
{
	cr_assert_eq(status_of(spawn(refuses, NULL)), 0);
}

static void wakes_some(void *arg)
{
	(void)arg;
	start_waiters(4, WORD);
	/* PROC-9, REF-2: each queued key pins the structure. */
	user_assert(atomic_read(&current->mm->mm_count) >= 1 + 4);
	user_assert(SYSCALL(sys_futex(WORD2, FUTEX_WAKE, 9, 0, 0, 0)) == 0);
	user_assert(SYSCALL(sys_futex(WORD, FUTEX_WAKE, 1, 0, 0, 0)) == 1);
	until_woken(1);
	user_assert(SYSCALL(sys_futex(WORD, FUTEX_WAKE, 9, 0, 0, 0)) == 3);
	until_woken(4);
	user_exit(0);
}

Test(futex, PROC_9_wait_and_wake)
{
	cr_assert_eq(status_of(spawn(wakes_some, NULL)), 0);
}

static void requeues(void *arg)
{
	(void)arg;
	start_waiters(5, WORD);
	user_write32(WORD, 7);
	user_assert(SYSCALL(sys_futex(WORD, FUTEX_CMP_REQUEUE, 1, WORD2, 2,
				      6)) == -EAGAIN);
	user_assert(SYSCALL(sys_futex(WORD, FUTEX_CMP_REQUEUE, 1, WORD2, 2,
				      7)) == 3);
	until_woken(1);
	user_assert(SYSCALL(sys_futex(WORD, FUTEX_WAKE, 9, 0, 0, 0)) == 2);
	until_woken(3);
	/* To itself: nobody moves, nothing is lost. */
	user_assert(SYSCALL(sys_futex(WORD2, FUTEX_REQUEUE, 0, WORD2, 9,
				      0)) == 0);
	user_assert(SYSCALL(sys_futex(WORD2, FUTEX_WAKE, 9, 0, 0, 0)) == 2);
	until_woken(5);
	user_exit(0);
}

Test(futex, requeue_moves_waiters)
{
	cr_assert_eq(status_of(spawn(requeues, NULL)), 0);
}

static uaddr_t shared;

static void waits_shared(void *arg)
{
	(void)arg;
	user_assert(!SYSCALL(sys_futex(shared, FUTEX_WAIT, 0, 0, 0, 0)));
	/* The private word of the same address in the parent is another. */
	user_assert(!SYSCALL(sys_futex(WORD, FUTEX_WAIT, 0, 0, 0, 0)));
	user_exit(0);
}

static void wakes_across_fork(void *arg)
{
	pid_t pid;

	(void)arg;
	shared = SYSCALL(sys_mmap(0, PAGE_SIZE, PROT_READ | PROT_WRITE,
				  MAP_SHARED | MAP_ANONYMOUS, NULL, 0));
	user_assert(!IS_ERR_VALUE(shared));
	pid = SYSCALL(sys_fork(waits_shared, NULL));
	until_task_state(pid, TASK_INTERRUPTIBLE);
	user_assert(SYSCALL(sys_futex(shared, FUTEX_WAKE, 9, 0, 0, 0)) == 1);
	/* Once it sleeps on the private word our wake-up cannot reach it. */
	for (int i = 0; i < 50; i++)
		yield();
	user_assert(SYSCALL(sys_futex(WORD, FUTEX_WAKE, 9, 0, 0, 0)) == 0);
	user_assert(!SYSCALL(sys_kill(pid, SIGKILL)));
	user_assert(SYSCALL(sys_wait4(pid, NULL, 0)) == pid);
	user_exit(0);
}

/* PROC-9: shared memory is named by inode and offset, private by mm. */
Test(futex, PROC_9_keys)
{
	cr_assert_eq(status_of(spawn(wakes_across_fork, NULL)), 0);
}

static void interrupted(void *arg)
{
	(void)arg;
	SYSCALL(sys_futex(WORD, FUTEX_WAIT, 0, 0, 0, 0));
	report_fatal("killed waiter came back");
}

Test(futex, kill_ends_the_wait)
{
	pid_t pid = spawn(interrupted, NULL);

	until_task_state(pid, TASK_INTERRUPTIBLE);
	cr_assert_eq(sys_kill(pid, SIGKILL), 0);
	cr_assert_eq(status_of(pid), SIGKILL);
}

static void exits_with_tid(void *arg)
{
	current->clear_child_tid = (uaddr_t)arg;
	user_exit(0);
}

/* EXIT-10 step 3, ORD-35, B-23: joining a thread through its tid word. */
static void joins(void *arg)
{
	uint32_t tid;

	(void)arg;
	for (int i = 0; i < 20; i++) {
		user_write32(WORD, 77);
		new_thread(exits_with_tid, (void *)WORD);
		while (!user_read32(WORD, &tid) && tid == 77)
			SYSCALL(sys_futex(WORD, FUTEX_WAIT, 77, 0, 0, 0));
		user_assert(tid == 0);
	}
	user_exit(0);
}

Test(futex, EXIT_10_clear_child_tid_wakes_the_joiner)
{
	cr_assert_eq(status_of(spawn(joins, NULL)), 0);
}
