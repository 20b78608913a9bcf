// SPDX-License-Identifier: GPL-2.0-or-later
/* Process numbers, users, I/O contexts and what else a task carries. */
#include <signal.h>

#include "mm/aio.h"
#include "mm/exit.h"
#include "mm/pid.h"
#include "mm/process.h"
#include "mm/user.h"
#include "tests/mm/vma_util.h"

TestSuite(pid, .init = boot_machine, .fini = stop_machine, .timeout = 60);

/* INV-59: numbers are unique while in use, and all come back. */
Test(pid, numbers_are_unique)
{
	static bool used[PID_MAX];
	int first = alloc_pidmap(), nr;

	used[first] = true;
	for (int i = 1; i < 1000; i++) {
		nr = alloc_pidmap();
		cr_assert_gt(nr, 0);
		cr_assert_not(used[nr]);
		used[nr] = true;
	}
	cr_expect_eq(nr_pids(), 1001);
	for (nr = 0; nr < PID_MAX; nr++)
		if (used[nr])
			free_pidmap(nr);
	cr_expect_eq(nr_pids(), 1);
}

/* The search wraps, above the reserved numbers, and ends when all are used. */
Test(pid, wraps_and_runs_out)
{
	static int taken[PID_MAX];
	int n = 0, low = PID_MAX;

	while ((taken[n] = alloc_pidmap()) > 0)
		n++;
	cr_expect_eq(taken[n], -EAGAIN);
	free_pidmap(taken[100]);
	free_pidmap(taken[1000]);
	low = alloc_pidmap();
	cr_expect_eq(low, taken[1000]);
	cr_expect_eq(alloc_pidmap(), -EAGAIN); /* the other one is reserved */
	for (int i = 0; i < n; i++)
		if (i != 100)
			free_pidmap(taken[i]);
	fault_inject_arm(1);
	cr_expect_eq(alloc_pidmap(), -EAGAIN);
	fault_inject_disarm();
}

static void nothing(void *arg)
{
	(void)arg;
}

/* Found by its number from publication to release, and not longer. */
Test(pid, find_get_task)
{
	struct task_struct *p;
	int status;
	pid_t pid;

	cr_expect_null(find_get_task(0));
	cr_expect_null(find_get_task(-1));
	cr_expect_null(find_get_task(PID_MAX));
	p = find_get_task(1);
	cr_expect_eq(p, current);
	put_task_struct(p);
	pid = sys_fork(nothing, NULL);
	p = find_get_task(pid);
	cr_assert_not_null(p);
	cr_assert_eq(sys_wait4(pid, &status, 0), pid);
	cr_expect_null(find_get_task(pid));
	cr_expect_eq(p->pid, pid); /* the structure stays while we hold it */
	put_task_struct(p);
}

Test(pid, users)
{
	struct user_struct *a = alloc_uid(1000), *b = alloc_uid(1000);
	struct user_struct *c = alloc_uid(1001);

	cr_expect_eq(a, b);
	cr_expect_neq(a, c);
	cr_expect_eq(alloc_uid(0), &root_user);
	free_uid(&root_user);
	free_uid(c);
	free_uid(b);
	switch_uid(a);
	cr_expect_eq(atomic_read(&a->processes), 1);
	switch_uid(get_uid(&root_user));
	fault_inject_arm(1);
	cr_expect_null(alloc_uid(1000));
	fault_inject_disarm();
}

static uint64_t childs_tls;
static unsigned long childs_bitmap;

static void look_at_thread(void *arg)
{
	unsigned long *bitmap = current->io_bitmap;

	(void)arg;
	childs_tls = current->tls_array[1];
	childs_bitmap = bitmap ? bitmap[1] : 0;
}

Test(pid, tls_and_io_bitmap)
{
	struct kernel_clone_args args = {
		.flags = SIGCHLD | CLONE_SETTLS, .entry = look_at_thread,
	};
	int status;
	pid_t pid;

	draw("W");
	cr_expect_eq(sys_ioperm(0, 0, true), -EINVAL);
	cr_expect_eq(sys_ioperm(IO_BITMAP_PORTS, 1, true), -EINVAL);
	cr_expect_eq(sys_ioperm(64, 4, true), 0);
	cr_expect_eq(sys_ioperm(65, 1, false), 0);
	touch(0, 1); /* entry 1, limit 0 */
	cr_assert_eq(user_write64(AT(0) + 8, 0xabcd), 0);
	args.tls = AT(0);
	pid = sys_clone(&args);
	cr_assert_eq(sys_wait4(pid, &status, 0), pid);
	cr_expect_eq(childs_tls, 0xabcdul);
	cr_expect_eq(childs_bitmap, ~0xful | 2ul);
	flush_thread();
	cr_expect_null(current->io_bitmap);
}

/* REF-2, EXIT-22: a context holds mm_count, and dies with the mm. */
Test(pid, aio_contexts)
{
	struct mm_struct *mm = current->mm;
	struct kioctx *ctx;

	draw("WW");
	touch(0, 0);
	touch(1, 0);
	cr_expect_eq(sys_io_setup(0, AT(0)), -EINVAL);
	cr_expect_eq(sys_io_setup(1u << 20, AT(0)), -EINVAL);
	cr_expect_eq(sys_io_setup(10, AT(5)), -EFAULT);
	for (int n = 1;; n++) {
		fault_inject_arm((unsigned long)n);
		if (!sys_io_setup(300, AT(0)))
			break;
		fault_inject_disarm();
		cr_expect_eq(atomic_read(&mm->mm_count), 1);
		expect_layout("aa");
	}
	fault_inject_disarm();
	cr_expect_eq(atomic_read(&mm->mm_count), 2);
	ctx = lookup_ioctx(peek(0));
	cr_assert_not_null(ctx);
	cr_expect_eq(ctx->nr_pages, 3);
	cr_expect_eq(sys_io_destroy(peek(0)), 0);
	cr_expect_eq(sys_io_destroy(peek(0)), -EINVAL);
	cr_expect_eq(atomic_read(&mm->mm_count), 2); /* ours */
	put_ioctx(ctx);
	cr_expect_eq(atomic_read(&mm->mm_count), 1);
	cr_expect_eq(sys_io_setup(1, AT(1)), 0); /* left to exit_aio() */
}
