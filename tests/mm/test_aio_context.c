// SPDX-License-Identifier: GPL-2.0-or-later
/* The end of contexts: exit, core dumps, destruction, exec, many at once. */
#include "tests/mm/aio_util.h"

#include "locking/waitgraph.h"

TestSuite(aio_context, .timeout = 30, .init = life_boot, .fini = life_stop);

static void exits_with_requests(void *arg)
{
	unsigned long ctx = setup(4);

	(void)arg;
	user_assert(submit(ctx, request(IOCB_CMD_PREAD, slow_file,
					PAGE_SIZE)) == 1);
	user_assert(submit(ctx, request(IOCB_CMD_POLL, slow_file, 0)) == 1);
	await(page_wanted); /* else the exit may cancel it before it runs */
}

/* Until init's child sleeps in exit_aio(), and what a stall report says. */
static void until_exit_waits(char *text, size_t size)
{
	do
		yield();
	while (waitgraph_text(text, size, 0) < 1 ||
	       !strstr(text, "waits for work") ||
	       !strstr(text, "mm/aio.c"));
}

/*
 * EXIT-22, TLB-31, B-21.  The worker has borrowed the mm and is in the middle
 * of a request; the process exits, its last mmput() waits in exit_aio() with
 * mm_users at 0.  The worker goes on, faults and writes user memory, and only
 * then is the ring unmapped and the address space torn down.
 */
Test(aio_context, EXIT_22_exit_waits_for_the_worker)
{
	char text[2048];
	pid_t pid;

	open_files();
	pid = spawn(exits_with_requests, NULL);
	until_exit_waits(text, sizeof(text));
	/* The wait-for graph names the worker. */
	cr_expect(strstr(text, "blocked by carrier"), "%s", text);
	cr_assert_eq(atomic_long_read(&aio_stats.rings_dying), 0);
	reach(page_may_come);
	cr_assert_eq(status_of(pid), 0);
	cr_assert_eq(atomic_long_read(&aio_stats.exits_active), 1);
	cr_assert_eq(atomic_long_read(&aio_stats.exits_waited), 1);
	cr_assert_eq(atomic_long_read(&aio_stats.rings_dying), 1);
	close_files();
}

static struct mm_struct *seen_mm;

static void dumps_with_requests(void *arg)
{
	unsigned long ctx = setup(4);

	(void)arg;
	seen_mm = current->mm;
	user_assert(submit(ctx, request(IOCB_CMD_PREAD, slow_file,
					PAGE_SIZE)) == 1);
	await(page_wanted);
	SYSCALL(sys_tgkill(sys_getpid(), sys_gettid(), SIGABRT));
}

/* DEF-11, B-21: the dump counts no borrower, and exit_aio() waits for it. */
Test(aio_context, DEF_11_worker_borrowed_across_a_dump)
{
	pid_t pid;
	int status;

	open_files();
	pid = spawn(dumps_with_requests, NULL);
	while (!atomic_long_read(&core_stats.dumps))
		yield();
	cr_assert_eq(atomic_long_read(&core_stats.waited_for), 0);
	reach(page_may_come);
	status = status_of(pid);
	cr_assert_eq(status, SIGABRT | 0x80, "%#x", (unsigned int)status);
	close_files();
}

LATCH(destroyer_is_there);

static void destroys(void *arg)
{
	reach(destroyer_is_there);
	user_assert(SYSCALL(sys_io_destroy((unsigned long)arg)) == 0);
	user_exit(0);
}

static void waits_for_events(void *arg)
{
	unsigned long ctx = setup(4);
	struct io_event ev;

	(void)arg;
	user_assert(submit(ctx, request(IOCB_CMD_POLL, file, 0)) == 1);
	new_thread(destroys, (void *)ctx);
	await(destroyer_is_there);
	/* Asleep or not there yet when the context dies: the same answer. */
	user_assert(SYSCALL(sys_io_getevents(ctx, 1, 1, &ev)) == -EINVAL);
	user_assert(submit(ctx, request(IOCB_CMD_POLL, file, 0)) == -EINVAL);
}

Test(aio_context, destroy_wakes_who_waits_for_events)
{
	run_program(waits_for_events, NULL);
}

static void sleeps_for_events(void *arg)
{
	unsigned long ctx = setup(4);
	struct io_event ev;

	(void)arg;
	SYSCALL(sys_io_getevents(ctx, 1, 1, &ev));
	report_fatal("a killed waiter came back");
}

Test(aio_context, kill_ends_the_wait_for_events)
{
	pid_t pid = spawn(sleeps_for_events, NULL);

	until_task_state(pid, TASK_INTERRUPTIBLE);
	cr_assert_eq(sys_kill(pid, SIGKILL), 0);
	cr_assert_eq(status_of(pid), SIGKILL);
}

#define ROUNDS 60

static void keeps_destroying(void *arg)
{
	unsigned long *ctx = arg;

	for (int i = 0; i < ROUNDS; i++)
		SYSCALL(sys_io_destroy(READ_ONCE(*ctx)));
	user_exit(0);
}

/* Submitters, a destroyer and the workers on one context after the other. */
static void storm(void *arg)
{
	static unsigned long ctx;
	struct io_event ev[8];

	(void)arg;
	WRITE_ONCE(ctx, setup(8));
	new_thread(keeps_destroying, &ctx);
	for (int i = 0; i < ROUNDS; i++) {
		struct aio_iocb req = request(i % 3 ? IOCB_CMD_PREAD :
					      IOCB_CMD_POLL, file, 2048);

		req.direct = i & 1;
		for (int j = 0; j < 4; j++)
			if (submit(ctx, req) < 0)
				WRITE_ONCE(ctx, setup(8));
		SYSCALL(sys_io_getevents(ctx, 0, 8, ev));
	}
	user_exit_group(0);
}

Test(aio_context, destroy_against_submit)
{
	for (int i = 0; i < 4; i++)
		run_program(storm, NULL);
}

Test(aio_context, no_workers_no_submission)
{
	aio_stop_workers();
	open_files();
	cr_assert_eq(sys_io_submit(0, 1, NULL), -ENOSYS);
	close_files();
	sched_wait_quiet();
	base_threads = nr_threads;
}
