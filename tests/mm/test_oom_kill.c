// SPDX-License-Identifier: GPL-2.0-or-later
#include <signal.h>

#include "mm/oom_kill.h"
#include "mm/page_alloc.h"
#include "tests/mm/life_util.h"

TestSuite(oom_kill, .init = life_boot, .fini = life_stop, .timeout = 30);

/* With nobody to kill the allocation fails. */
Test(oom_kill, nobody)
{
	struct oom_stats stats;

	cr_expect_not(out_of_memory());
	oom_get_stats(&stats);
	cr_expect_eq(stats.kills, 0);
}

static DECLARE_COMPLETION(both_run);

static void map_more(void *arg)
{
	uaddr_t at = SYSCALL(sys_mmap(0, (uintptr_t)arg * PAGE_SIZE,
				      PROT_READ | PROT_WRITE,
				      MAP_PRIVATE | MAP_ANONYMOUS, NULL, 0));

	user_assert(at < TASK_SIZE);
	complete(&both_run);
	pause_forever(NULL);
}

/* PROC-8: the biggest dies. */
Test(oom_kill, the_biggest)
{
	pid_t small = spawn(map_more, (void *)10);
	pid_t big = spawn(map_more, (void *)1000);

	wait_for_completion(&both_run);
	wait_for_completion(&both_run);
	cr_expect(out_of_memory());
	cr_expect_eq(status_of(big), SIGKILL);
	cr_expect_eq(sys_kill(small, SIGTERM), 0);
	cr_expect_eq(status_of(small), SIGTERM);
}

static pid_t sharer;

/* Noted by itself: its creator may be killed on the way back from clone(). */
static void sharer_main(void *arg)
{
	sharer = current->pid;
	map_more(arg);
}

static void share_and_pause(void *arg)
{
	(void)arg;
	user_assert(user_clone(CLONE_VM | SIGCHLD, sharer_main,
			       (void *)10) > 0);
	pause_forever(NULL);
}

/* Who shares the mm goes too, though of another group: else nothing is won. */
Test(oom_kill, sharers)
{
	struct oom_stats stats;
	pid_t pid = spawn(share_and_pause, NULL);

	wait_for_completion(&both_run);
	cr_expect(out_of_memory());
	cr_expect_eq(status_of(pid), SIGKILL);
	cr_expect_eq(status_of(sharer), SIGKILL);
	oom_get_stats(&stats);
	cr_expect_eq(stats.kills, 1);
	cr_expect_eq(stats.sharers, 1);
	cr_expect_eq(stats.dumping, 0);
}

static DECLARE_COMPLETION(marked);

static void wait_marked(void *arg)
{
	(void)arg;
	complete(&both_run);
	wait_for_completion(&marked);
	pause_forever(NULL);
}

/* One victim at a time: the second call waits for the first one's memory. */
Test(oom_kill, one_at_a_time)
{
	struct oom_stats stats;
	pid_t pid = spawn(wait_marked, NULL), other = spawn(wait_marked, NULL);

	wait_for_completion(&both_run);
	wait_for_completion(&both_run);
	cr_expect(out_of_memory());
	cr_expect(out_of_memory());
	oom_get_stats(&stats);
	cr_expect_eq(stats.kills, 1);
	cr_expect_eq(stats.waits, 1);
	complete_all(&marked);
	cr_expect_eq(sys_wait4(-1, NULL, 0) > 0, 1);
	sys_kill(pid, SIGKILL);
	sys_kill(other, SIGKILL);
}

/* A user who touches more than there is: he or another dies, init stays. */
static void touch_everything(void *arg)
{
	uaddr_t at = SYSCALL(sys_mmap(0, 32768 * PAGE_SIZE,
				      PROT_READ | PROT_WRITE,
				      MAP_PRIVATE | MAP_ANONYMOUS, NULL, 0));

	(void)arg;
	user_assert(at < TASK_SIZE);
	for (uaddr_t page = 0; page < 32768; page++)
		user_write64(at + page * PAGE_SIZE, page);
	user_exit(0);
}

Test(oom_kill, memory_hog)
{
	pid_t pid = spawn(touch_everything, NULL);

	cr_expect_eq(status_of(pid), SIGKILL);
}

static void dump_the_hog(void *arg)
{
	uaddr_t at = SYSCALL(sys_mmap(0, 2000 * PAGE_SIZE,
				      PROT_READ | PROT_WRITE,
				      MAP_PRIVATE | MAP_ANONYMOUS, NULL, 0));

	(void)arg;
	user_assert(at < TASK_SIZE);
	new_thread(pause_forever, NULL);
	SYSCALL(sys_tgkill(sys_getpid(), sys_gettid(), SIGABRT));
	user_exit(0);
}

/* In the dump: kill whoever has most, which is who dumps. */
static int kill_while_dumping(struct core_sink *sink, const void *buf,
			      size_t len)
{
	(void)sink;
	(void)buf;
	(void)len;
	user_assert(out_of_memory());
	user_assert(test_thread_flag(TIF_MEMDIE));
	return 0;
}

static void note_end(struct core_sink *sink, bool ok)
{
	(void)sink;
	user_assert(ok);
}

static struct core_sink *killing_sink(struct task_struct *tsk, int signr)
{
	static struct core_sink sink = {
		.write = kill_while_dumping, .close = note_end,
	};

	(void)tsk;
	(void)signr;
	return &sink;
}

/* The dumper's victims are parked in its mm: all of them are marked. */
Test(oom_kill, during_a_core_dump)
{
	struct oom_stats stats;
	int status;

	set_core_sink_factory(killing_sink);
	status = status_of(spawn(dump_the_hog, NULL));
	cr_expect_eq(status & 0x7f, SIGABRT);
	oom_get_stats(&stats);
	cr_expect_eq(stats.kills, 1);
	cr_expect_eq(stats.dumping, 1);
	cr_expect_gt(stats.waits, 0, "it waited for itself, and got through");
}
