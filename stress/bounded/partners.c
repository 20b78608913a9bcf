// SPDX-License-Identifier: GPL-2.0-or-later
/* Bounded scenarios of futexes: files, requeues, joins. */
#include <errno.h>
#include <linux/sched.h>
#include <signal.h>

#include "locking/report.h"
#include "mm/cpu.h"
#include "mm/entry.h"
#include "mm/exit.h"
#include "mm/files.h"
#include "mm/fork.h"
#include "mm/futex.h"
#include "mm/pid.h"
#include "mm/ptrace.h"
#include "mm/uaccess.h"
#include "stress/bounded/bounded.h"

#define WORD_A BOUNDED_DATA
#define WORD_B (BOUNDED_DATA + 64)

static int futex(uaddr_t word, int op, uint32_t val, uint32_t val3)
{
	return SYSCALL(sys_futex(word, op, val, WORD_B, 2, val3));
}

/* ---- a futex file outlives its process ---------------------------------------- */

static void heir(void *arg)
{
	(void)arg;
	SYSCALL(futex_poll(0, false));
	if (bounded_pick(2))
		SYSCALL(sys_close(0));
	bounded_exit();
}

static void testator(void *arg)
{
	(void)arg;
	futex(WORD_A, FUTEX_FD, 0, 0);
	bounded_clone(SIGCHLD, heir, NULL);
	futex(WORD_A, FUTEX_WAKE, 1, 0);
	bounded_exit();
}

static void futex_fd_body(void)
{
	bounded_spawn(testator, NULL);
}

const struct bounded_ops bounded_futex_fd = {
	.name = "futex-fd",
	.why = "a futex file is closed while its process exits",
	.items = "B-22 REF-2",
	.cpus = 2,
	.body = futex_fd_body,
};

/* ---- sleepers are moved, woken and killed --------------------------------------- */

static int asleep; /* (a) sleepers that have not come back yet */

static void sleeps(void *arg)
{
	(void)arg;
	futex(WORD_A, FUTEX_WAIT, 0, 0);
	__atomic_fetch_sub(&asleep, 1, __ATOMIC_RELEASE);
	bounded_exit();
}

static int start_sleepers(void)
{
	int nr = 0;

	for (int i = 0; i < 2; i++) {
		__atomic_fetch_add(&asleep, 1, __ATOMIC_RELAXED);
		if (bounded_thread(sleeps, NULL) > 0)
			nr++;
		else
			__atomic_fetch_sub(&asleep, 1, __ATOMIC_RELAXED);
	}
	return nr;
}

/* Whoever has queued is woken once; whoever comes later does not sleep. */
static void requeue_main(void *arg)
{
	int nr = start_sleepers(), moved, woken;

	(void)arg;
	bounded_put(0, 1);
	moved = futex(WORD_A, FUTEX_CMP_REQUEUE, 1, 1);
	if (moved > nr)
		report_finding(FINDING_STRUCTURE, "%d of %d sleepers woken and"
			       " moved", moved, nr);
	woken = futex(WORD_B, FUTEX_WAKE, 2, 0);
	/* One that queued late sees the word, and leaves by itself. */
	if (woken > (moved > 0 ? moved - 1 : 0))
		report_finding(FINDING_STRUCTURE, "%d sleepers woken where %d"
			       " were moved", woken, moved - 1);
	/* Those who had not queued see the word; nobody sleeps on. */
	while (__atomic_load_n(&asleep, __ATOMIC_ACQUIRE))
		SYSCALL(futex_poll(0, false));
	bounded_exit();
}

static void requeue_body(void)
{
	bounded_spawn(requeue_main, NULL);
}

const struct bounded_ops bounded_futex_requeue = {
	.name = "futex-requeue",
	.why = "sleepers queue while others are moved and woken",
	.items = "PROC-9",
	.cpus = 2,
	.body = requeue_body,
};

/* ---- sleepers are moved to and fro ---------------------------------------------- */

static struct completion moved_back = COMPLETION_INITIALIZER(moved_back);

static void sleeps_at(void *arg)
{
	futex((uaddr_t)arg, FUTEX_WAIT, 0, 0);
	__atomic_fetch_sub(&asleep, 1, __ATOMIC_RELEASE);
	bounded_exit();
}

static void moves_back(void *arg)
{
	(void)arg;
	for (int i = 0; i < 2; i++)
		SYSCALL(sys_futex(WORD_B, FUTEX_REQUEUE, 0, WORD_A, 1, 0));
	complete(&moved_back);
	bounded_exit();
}

/* Wherever they have come to lie, they wake up. */
static void futex_crossed_main(void *arg)
{
	int nr = 0, woken = 0;

	(void)arg;
	for (uaddr_t word = WORD_A; word <= WORD_B; word += WORD_B - WORD_A) {
		__atomic_fetch_add(&asleep, 1, __ATOMIC_RELAXED);
		if (bounded_thread(sleeps_at, (void *)word) > 0)
			nr++;
		else
			__atomic_fetch_sub(&asleep, 1, __ATOMIC_RELAXED);
	}
	if (bounded_thread(moves_back, NULL) < 0)
		complete(&moved_back);
	for (int i = 0; i < 2; i++)
		SYSCALL(sys_futex(WORD_A, FUTEX_REQUEUE, 0, WORD_B, 1, 0));
	user_write32(WORD_A, 1);
	user_write32(WORD_B, 1);
	wait_for_completion(&moved_back);
	/* Nobody queues and sleeps any more, and nobody is moved. */
	woken += futex(WORD_A, FUTEX_WAKE, nr, 0);
	woken += futex(WORD_B, FUTEX_WAKE, nr, 0);
	if (woken > nr)
		report_finding(FINDING_STRUCTURE, "%d of %d sleepers woken",
			       woken, nr);
	while (__atomic_load_n(&asleep, __ATOMIC_ACQUIRE))
		SYSCALL(futex_poll(0, false));
	bounded_exit();
}

static void futex_crossed(void)
{
	bounded_spawn(futex_crossed_main, NULL);
}

const struct bounded_ops bounded_futex_crossed = {
	.name = "futex-crossed",
	.why = "sleepers are moved between two words, both ways at once",
	.items = "PROC-9",
	.cpus = 2,
	.body = futex_crossed,
};

/* ---- a futex file that is waited for ---------------------------------------------- */

static void polls(void *arg)
{
	(void)arg;
	if (SYSCALL(futex_poll(0, true)) != 1)
		report_finding(FINDING_STRUCTURE, "a wait for a futex file ends"
			       " without a wake-up");
	bounded_exit();
}

/* The file is queued from its opening on: no wake-up is missed. */
static void futex_poll_main(void *arg)
{
	(void)arg;
	if (futex(WORD_A, FUTEX_FD, 0, 0) < 0)
		bounded_exit();
	bounded_clone(CLONE_VM | SIGCHLD, polls, NULL);
	bounded_clone(SIGCHLD, polls, NULL);
	if (futex(WORD_A, FUTEX_WAKE, 1, 0) != 1)
		report_finding(FINDING_STRUCTURE, "a futex file is not woken");
	bounded_exit();
}

static void futex_polled(void)
{
	bounded_spawn(futex_poll_main, NULL);
}

const struct bounded_ops bounded_futex_poll = {
	.name = "futex-poll",
	.why = "two processes wait for a futex file while a third one wakes it",
	.items = "B-22 PRIM-26",
	.cpus = 2,
	.body = futex_polled,
};

/* ---- joins ------------------------------------------------------------------------ */

static struct completion join_begins = COMPLETION_INITIALIZER(join_begins);

/* ORD-35: the wait ends, whoever else holds the mm. */
static void joins(void *arg)
{
	struct kernel_clone_args args = {
		.flags = CLONE_VM | CLONE_SIGHAND | CLONE_THREAD |
			 CLONE_CHILD_CLEARTID,
		.entry = bounded_exits, .child_tid = WORD_A,
	};
	uint32_t tid = 1;

	(void)arg;
	bounded_put(0, 1);
	complete(&join_begins);
	syscall_enter();
	sys_clone(&args);
	exit_to_user();
	while (!user_read32(WORD_A, &tid) && tid)
		futex(WORD_A, FUTEX_WAIT, tid, 0);
	bounded_exit();
}

static void tid_join_body(void)
{
	pid_t pid = bounded_spawn(joins, NULL);
	struct task_struct *p = find_get_task(pid);
	uint64_t v;

	/* A reader that holds mm_users for a while (EXIT-11). */
	wait_for_completion(&join_begins);
	access_process_vm(p, BOUNDED_DATA + PAGE_SIZE, &v, sizeof(v), false);
	put_task_struct(p);
}

const struct bounded_ops bounded_tid_join = {
	.name = "tid-join",
	.why = "clear_child_tid wakes a joiner beside a reader from outside",
	.items = "B-23 ORD-35",
	.cpus = 2,
	.body = tid_join_body,
};
