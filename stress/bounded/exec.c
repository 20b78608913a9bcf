// SPDX-License-Identifier: GPL-2.0-or-later
/* Bounded scenarios of exec against everybody who has to do with the old mm. */
#include <errno.h>
#include <linux/sched.h>
#include <signal.h>
#include <sys/mman.h>

#include "locking/report.h"
#include "mm/cpu.h"
#include "mm/entry.h"
#include "mm/exec.h"
#include "mm/exit.h"
#include "mm/fork.h"
#include "mm/futex.h"
#include "mm/mprotect.h"
#include "mm/pid.h"
#include "mm/proc_task_mmu.h"
#include "mm/ptrace.h"
#include "mm/sys.h"
#include "mm/uaccess.h"
#include "stress/bounded/bounded.h"

#define TID_WORD BOUNDED_DATA

static void dumps(void *arg)
{
	(void)arg;
	bounded_dump();
	bounded_pause(NULL);
}

/* ---- against a dump, in the group and from outside --------------------------------- */

static void exec_dump_main(void *arg)
{
	(void)arg;
	switch (bounded_pick(3)) {
	case 0:
		bounded_thread(bounded_execs, NULL);
		bounded_dump();
		break;
	case 1:
		bounded_thread(dumps, NULL);
		bounded_exec(bounded_exits, NULL);
		break;
	default:
		/* The dumper is no thread of the group that executes. */
		bounded_clone(CLONE_VM | SIGCHLD, dumps, NULL);
		bounded_thread(bounded_execs, NULL);
	}
	bounded_exit();
}

static void exec_dump(void)
{
	bounded_spawn(exec_dump_main, NULL);
}

const struct bounded_ops bounded_exec_dump = {
	.name = "exec-dump",
	.why = "a thread executes while its mm's core is dumped",
	.items = "B-11 DUMP-18 DUMP-31",
	.cpus = 3,
	.body = exec_dump,
};

/* ---- against those who share the mm -------------------------------------------------- */

#define FLUSHES 4

static void touches_and_execs(void *arg)
{
	(void)arg;
	bounded_expect(1, 5, 6);
	if (bounded_pick(2))
		bounded_exec(bounded_exits, NULL);
	bounded_exit();
}

/* Join a child by its tid word, as pthread_join() does. */
static void join_tid(void)
{
	uint32_t tid = 1;

	while (!user_read32(TID_WORD, &tid) && tid)
		SYSCALL(sys_futex(TID_WORD, FUTEX_WAIT, tid, 0, 0, 0));
}

static void flushes(void)
{
	for (int i = 0; i < FLUSHES; i++) {
		SYSCALL(sys_mprotect(BOUNDED_DATA + PAGE_SIZE, PAGE_SIZE,
				     PROT_READ));
		SYSCALL(sys_mprotect(BOUNDED_DATA + PAGE_SIZE, PAGE_SIZE,
				     PROT_READ | PROT_WRITE));
		bounded_put(1, 6);
	}
}

static void exec_shared_main(void *arg)
{
	struct kernel_clone_args args = {
		.flags = CLONE_VM | CLONE_CHILD_CLEARTID | SIGCHLD,
		.entry = touches_and_execs, .child_tid = TID_WORD,
	};
	pid_t pid;

	(void)arg;
	bounded_put(0, 1);
	bounded_put(1, 5);
	syscall_enter();
	pid = sys_clone(&args);
	exit_to_user();
	if (pid > 0)
		join_tid();
	bounded_exit();
}

static void exec_shared(void)
{
	bounded_spawn(exec_shared_main, NULL);
}

const struct bounded_ops bounded_exec_shared = {
	.name = "exec-shared",
	.why = "a child executes or exits, its parent with the same mm joins it",
	.items = "B-10 B-23 EXIT-10",
	.cpus = 2,
	.body = exec_shared,
};

static void touches_then_execs(void *arg)
{
	(void)arg;
	bounded_expect(1, 5, 6);
	bounded_exec(bounded_exits, NULL);
	bounded_exit();
}

static void exec_flush_main(void *arg)
{
	(void)arg;
	bounded_put(1, 5);
	bounded_clone(CLONE_VM | SIGCHLD, touches_then_execs, NULL);
	flushes();
	bounded_exit();
}

static void exec_flush(void)
{
	bounded_spawn(exec_flush_main, NULL);
}

const struct bounded_ops bounded_exec_flush = {
	.name = "exec-flush",
	.why = "a child executes while its parent flushes the mm they share",
	.items = "B-10 EXEC-4 TLB-20",
	.cpus = 2,
	.body = exec_flush,
};

/* ---- against readers from outside ------------------------------------------------------ */

static struct completion runs = COMPLETION_INITIALIZER(runs);

static void touches(void *arg)
{
	(void)arg;
	bounded_expect(0, 0, 3);
	bounded_put(1, 1);
	bounded_exit();
}

static void exec_readers_main(void *arg)
{
	(void)arg;
	bounded_put(1, 1);
	complete(&runs);
	bounded_exec(touches, NULL);
	bounded_exit();
}

static void exec_readers(void)
{
	pid_t pid = bounded_spawn(exec_readers_main, NULL);
	struct task_struct *p = find_get_task(pid);
	uint64_t value = 3;
	char maps[512];

	wait_for_completion(&runs);
	for (int i = 0; i < 2; i++) {
		if (bounded_pick(2))
			proc_pid_maps(pid, maps, sizeof(maps));
		else
			access_process_vm(p, BOUNDED_DATA, &value,
					  sizeof(value), 1);
	}
	put_task_struct(p);
}

const struct bounded_ops bounded_exec_readers = {
	.name = "exec-readers",
	.why = "an exec while others read and write the process's memory",
	.items = "B-6 EXEC-4",
	.cpus = 2,
	.body = exec_readers,
};

/* ---- what must not survive --------------------------------------------------------------- */

#define LOOKS 8

/* The word that the old image wanted cleared belongs to the new one. */
static void watches_word(void *arg)
{
	(void)arg;
	for (int i = 0; i < LOOKS; i++) {
		bounded_expect(0, 7, 7);
		SYSCALL(sys_getpid());
	}
	bounded_exit();
}

static void new_image(void *arg)
{
	(void)arg;
	bounded_put(0, 7);
	bounded_clone(bounded_pick(2) ? CLONE_VM | SIGCHLD :
		      CLONE_VM | CLONE_SIGHAND | CLONE_THREAD, watches_word,
		      NULL);
	bounded_exit();
}

static void execs_new_image(void *arg)
{
	(void)arg;
	bounded_exec(new_image, NULL);
	bounded_exit();
}

static void exec_forgets_main(void *arg)
{
	struct kernel_clone_args args = {
		.flags = CLONE_CHILD_CLEARTID | SIGCHLD,
		.entry = execs_new_image, .child_tid = TID_WORD,
	};

	(void)arg;
	syscall_enter();
	sys_clone(&args);
	exit_to_user();
	bounded_exit();
}

static void exec_forgets(void)
{
	bounded_spawn(exec_forgets_main, NULL);
}

const struct bounded_ops bounded_exec_forgets = {
	.name = "exec-forgets",
	.why = "what the old image asked for does not touch the new one",
	.items = "EXIT-12",
	.cpus = 2,
	.body = exec_forgets,
};

/* ---- images that cannot be loaded ------------------------------------------------------------ */

/* In the way of the stack: the exec fails after the point of no return. */
static void exec_broken_main(void *arg)
{
	static const struct exec_segment segments[] = {
		{ .start = BOUNDED_DATA, .len = PAGE_SIZE,
		  .prot = PROT_READ | PROT_WRITE },
		{ .start = STACK_TOP - PAGE_SIZE, .len = PAGE_SIZE,
		  .prot = PROT_READ | PROT_WRITE },
	};
	struct exec_image image = {
		.name = "broken", .segments = segments,
		.nr_segments = ARRAY_SIZE(segments), .entry = bounded_exits,
		.aout = bounded_pick(2),
	};

	(void)arg;
	SYSCALL(sys_execve(&image));
	bounded_exit();
}

static void exec_broken(void)
{
	bounded_spawn(exec_broken_main, NULL);
}

const struct bounded_ops bounded_exec_broken = {
	.name = "exec-broken",
	.why = "an exec fails after the old address space is gone",
	.items = "EXEC-2",
	.cpus = 2,
	.body = exec_broken,
};
