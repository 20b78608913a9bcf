// SPDX-License-Identifier: GPL-2.0-or-later
#include "mm/swapfile.h"
#include "tests/mm/life_util.h"

TestSuite(exit, .timeout = 30, .init = life_boot, .fini = life_stop);

static void exit_with_arg(void *arg)
{
	user_exit((int)(long)arg);
}

Test(exit, code_reaches_the_parent)
{
	cr_assert_eq(status_of(spawn(exit_with_arg, (void *)3L)), 3 << 8);
	cr_assert_eq(status_of(spawn(exit_with_arg, (void *)0x1ffL)),
		     0xff << 8);
}

static void return_from_main(void *arg)
{
	(void)arg;
}

Test(exit, returning_from_the_program_is_exit_0)
{
	cr_assert_eq(status_of(spawn(return_from_main, NULL)), 0);
}

Test(exit, one_accounting_record_per_group)
{
	long before = atomic_long_read(&acct_totals.records);
	long vsize = atomic_long_read(&acct_totals.vsize);

	status_of(spawn(exit_with_arg, NULL));
	cr_assert_eq(atomic_long_read(&acct_totals.records), before + 1);
	cr_assert_geq(atomic_long_read(&acct_totals.vsize),
		      vsize + DATA_PAGES);
}

/* ---- groups --------------------------------------------------------------- */

static void exit_group_of_four(void *arg)
{
	(void)arg;
	for (int i = 0; i < 3; i++)
		new_thread(pause_forever, NULL);
	user_exit_group(7);
}

/* EXIT-4: one thread ends all, and its code is the group's. */
Test(exit, EXIT_4_group_exit_kills_every_thread)
{
	cr_assert_eq(status_of(spawn(exit_group_of_four, NULL)), 7 << 8);
}

LATCH(thread_may_go);

static void thread_waits(void *arg)
{
	await(thread_may_go);
	user_exit_group((int)(long)arg);
}

static void leader_exits_first(void *arg)
{
	new_thread(thread_waits, arg);
	user_exit(1);
}

/*
 * EXIT-5: a leader is a zombie long before the group is over; the parent is
 * told when the last thread is released.
 */
Test(exit, EXIT_5_leader_waits_for_its_threads)
{
	pid_t pid = spawn(leader_exits_first, (void *)9L);
	struct task_struct *leader = get_task(pid);
	int status;

	while (!is_zombie(leader))
		yield();
	put_task_struct(leader);
	cr_assert_eq(sys_wait4(pid, &status, WNOHANG), 0);
	reach(thread_may_go);
	/* A single thread does not mark the group: its leader's code stands. */
	cr_assert_eq(status_of(pid), 9 << 8);
}

/* ---- families ------------------------------------------------------------- */

static pid_t grandchild;
LATCH(grandchild_made);
LATCH(grandchild_may_go);

static void orphan(void *arg)
{
	await(grandchild_may_go);
	user_exit((int)(long)arg);
}

/* Its child would tell it of its end by another signal than SIGCHLD. */
static void dies_before_its_child(void *arg)
{
	struct kernel_clone_args args = {
		.flags = SIGUSR1, .entry = orphan, .arg = arg,
		.program = current->program,
	};

	grandchild = SYSCALL(sys_clone(&args));
	reach(grandchild_made);
	user_exit(0);
}

/* EXIT-2: the child of a dead process is init's, and tells it by SIGCHLD. */
Test(exit, EXIT_2_orphans_go_to_init)
{
	struct task_struct *p;

	status_of(spawn(dies_before_its_child, (void *)5L));
	await(grandchild_made);
	p = find_get_task(grandchild);
	cr_assert_not_null(p);
	cr_expect_eq(p->exit_signal, SIGCHLD);
	put_task_struct(p);
	reach(grandchild_may_go);
	cr_assert_eq(status_of(grandchild), 5 << 8);
}

static void adopt(void *arg)
{
	int status;

	(void)arg;
	await(grandchild_made);
	reach(grandchild_may_go);
	user_assert(SYSCALL(sys_wait4(grandchild, &status, 0)) == grandchild);
	user_assert(status == 5 << 8);
	user_exit_group(0);
}

static void thread_forks_and_dies(void *arg)
{
	grandchild = SYSCALL(sys_fork(orphan, arg));
	reach(grandchild_made);
	user_exit(0);
}

static void has_two_threads(void *arg)
{
	new_thread(thread_forks_and_dies, arg);
	adopt(NULL);
}

/* EXIT-2: but if a thread of the group lives, it takes the child over. */
Test(exit, EXIT_2_orphans_go_to_a_sibling_thread_first)
{
	cr_assert_eq(status_of(spawn(has_two_threads, (void *)5L)), 0);
}

static void child_of_uncaring_parent(void *arg)
{
	(void)arg;
	user_exit(1);
}

static void ignores_its_children(void *arg)
{
	const struct k_sigaction ignore = { .handler = K_SIG_IGN };
	int status;
	pid_t pid;

	(void)arg;
	SYSCALL(sys_sigaction(SIGCHLD, &ignore, NULL));
	pid = SYSCALL(sys_fork(child_of_uncaring_parent, NULL));
	user_assert(pid > 0);
	/* Sleeps until the child is gone, and has nothing to report. */
	user_assert(SYSCALL(sys_wait4(pid, &status, 0)) == -ECHILD);
	user_exit(0);
}

/* EXIT-2: nobody wants the zombie, so the child releases itself. */
Test(exit, EXIT_2_ignored_children_leave_no_zombie)
{
	cr_assert_eq(status_of(spawn(ignores_its_children, NULL)), 0);
}

/* ---- the address space ---------------------------------------------------- */

static struct mm_struct *watched_mm;
LATCH(sharer_ready);
LATCH(sharer_may_go);

static void sharer(void *arg)
{
	(void)arg;
	watched_mm = current->mm;
	reach(sharer_ready);
	await(sharer_may_go);
	user_exit(0);
}

static void shares_its_mm(void *arg)
{
	pid_t pid = user_clone(CLONE_VM | SIGCHLD, sharer, arg);
	int status;

	await(sharer_ready);
	user_assert(watched_mm == current->mm);
	user_assert(atomic_read(&watched_mm->mm_users) == 2);
	reach(sharer_may_go);
	user_assert(SYSCALL(sys_wait4(pid, &status, 0)) == pid);
	/* ORD-33: released, so its exit_mm() is complete. */
	user_assert(atomic_read(&watched_mm->mm_users) == 1);
	user_exit(0);
}

/* EXIT-15: one mm_users less, and the address space lives on. */
Test(exit, EXIT_15_sharer_leaves_the_mm_to_the_others)
{
	cr_assert_eq(status_of(spawn(shares_its_mm, NULL)), 0);
}

static void daemon_of_kernel(void *arg)
{
	daemonize("a-name-longer-than-sixteen");
	user_assert(!current->mm);
	user_assert(!strcmp(current->comm, "a-name-longer-t"));
	reach(*(struct completion *)arg);
}

static void makes_daemon(void *arg)
{
	DECLARE_COMPLETION_ONSTACK(done);
	pid_t pid = kernel_thread(daemon_of_kernel, &done, SIGCHLD);

	(void)arg;
	user_assert(pid > 0);
	wait_for_completion(&done);
	user_assert(SYSCALL(sys_wait4(pid, NULL, 0)) == pid);
	user_assert(atomic_read(&current->mm->mm_users) == 1);
}

/* EXIT-19: a kernel thread made by a user task gives the mm back. */
Test(exit, EXIT_19_daemonize_drops_the_mm)
{
	cr_assert_eq(status_of(spawn(makes_daemon, NULL)), 0);
}

Test(exit, init_must_not_exit, .exit_code = 1)
{
	do_exit(0);
}

/* ---- leaving mmlist --------------------------------------------------------- */

static int may_exit; /* (a) */

/* No latch: init cannot sleep meanwhile, nor complete anything. */
static void spins_and_exits(void *arg)
{
	(void)arg;
	while (!__atomic_load_n(&may_exit, __ATOMIC_ACQUIRE))
		SYSCALL(sys_gettid());
	user_exit_group(0);
}

/* Return: whether the last mmput() has come to wait for mmlist_lock. */
static bool waits_for_drain(struct task_struct *p, struct mm_struct *mm)
{
	bool waits = false;

	spin_lock(&mmlist_lock);
	cds_list_del_init(&mm->mmlist); /* drain_mmlist(), half way */
	__atomic_store_n(&may_exit, 1, __ATOMIC_RELEASE);
	while (!waits && !task_exit_state(p))
		waits = spin_needbreak(&mmlist_lock);
	smp_store_release(&mm->mmlisted, false);
	spin_unlock(&mmlist_lock);
	return waits;
}

/*
 * swapoff: drain_mmlist()           mmput(), last user
 *   mm->mmlist.next = itself
 *                                     linked to itself: not on the list
 *                                     mmdrop(): the mm is freed
 *   mm->mmlist.prev = itself
 *
 * With the flag, mmput() waits for mmlist_lock.  With the links asked instead,
 * the task is a zombie first.
 */
Test(exit, EXIT_21_mm_is_not_freed_while_it_is_unlisted)
{
	pid_t pid = spawn(spins_and_exits, NULL);
	struct task_struct *p = get_task(pid);
	struct mm_struct *mm;

	while (!p->did_exec)
		yield();
	mm = get_task_mm(p);
	cr_assert(mm);
	spin_lock(&mm->page_table_lock);
	mmlist_add(mm, &init_mm);
	spin_unlock(&mm->page_table_lock);
	mmgrab(mm);
	mmput(mm);
	cr_expect(waits_for_drain(p, mm), "mmput() went past mmlist_lock");
	cr_assert_eq(status_of(pid), 0);
	mmdrop(mm);
	put_task_struct(p);
}
