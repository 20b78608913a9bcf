// SPDX-License-Identifier: GPL-2.0-or-later
/* Bounded scenarios of process life: fork, exec, exit and core dumps. */
#include <errno.h>
#include <signal.h>

#include "locking/report.h"
#include "mm/entry.h"
#include "mm/exit.h"
#include "mm/fork.h"
#include "mm/mmap.h"
#include "mm/pid.h"
#include "mm/ptrace.h"
#include "mm/signal.h"
#include "mm/uaccess.h"
#include "stress/bounded/bounded.h"

/* ---- fork against exit ------------------------------------------------------- */

static void child_checks(void *arg)
{
	(void)arg;
	bounded_expect(0, 7, 7);
	bounded_exit();
}

static void forks_and_exits(void *arg)
{
	(void)arg;
	bounded_clone(SIGCHLD, child_checks, NULL);
	bounded_exit();
}

static void fork_exit_main(void *arg)
{
	(void)arg;
	bounded_put(0, 7);
	bounded_thread(forks_and_exits, NULL);
	bounded_exit();
}

static void fork_against_exit(void)
{
	bounded_spawn(fork_exit_main, NULL);
}

const struct bounded_ops bounded_fork_exit = {
	.name = "fork-exit",
	.why = "a thread forks while its group's leader exits",
	.items = "B-2",
	.cpus = 2,
	.body = fork_against_exit,
};

/* ---- coredump against exit: the smallest one --------------------------------- */

static void exits_at_once(void *arg)
{
	(void)arg;
	bounded_arrive();
	bounded_exit();
}

static void dump_exit_main(void *arg)
{
	(void)arg;
	bounded_thread(exits_at_once, NULL);
	bounded_arrive();
	bounded_dump();
}

static void dump_exit(void)
{
	bounded_spawn(dump_exit_main, NULL);
}

const struct bounded_ops bounded_dump_exit = {
	.name = "dump-exit",
	.why = "one thread dumps core while the other exits",
	.items = "EXIT-15 DUMP-20",
	.cpus = 2,
	.arrivals = 2,
	.own_start = true,
	.body = dump_exit,
};

/* ---- a dump while a debugger makes a stack grow --------------------------------- */

#define GROWING (BOUNDED_DATA + 0x3000000)
#define GROWTH 8 /* pages */

static struct completion has_stack = COMPLETION_INITIALIZER(has_stack);

static void dump_grow_main(void *arg)
{
	(void)arg;
	if (SYSCALL(sys_mmap(GROWING, PAGE_SIZE, PROT_READ | PROT_WRITE,
			     MAP_PRIVATE | MAP_ANONYMOUS | MAP_GROWSDOWN |
			     MAP_FIXED, NULL, 0)) != GROWING)
		bounded_exit();
	(void)SYSCALL(put_user64(1, GROWING));
	complete(&has_stack);
	bounded_dump();
}

static void dump_grow(void)
{
	struct task_struct *p =
		find_get_task(bounded_spawn(dump_grow_main, NULL));
	uint64_t value = 3;

	wait_for_completion(&has_stack);
	for (int page = 1; page <= GROWTH; page++)
		access_process_vm(p, GROWING - (uaddr_t)page * PAGE_SIZE,
				  &value, sizeof(value), true);
	put_task_struct(p);
}

const struct bounded_ops bounded_dump_grow = {
	.name = "dump-grow",
	.why = "a stack grows by access_process_vm() while its core is dumped",
	.items = "B-12 DUMP-6",
	.cpus = 2,
	.body = dump_grow,
};

/* ---- clone against coredump with two waiters ------------------------------------ */

static void clones(void *arg)
{
	(void)arg;
	bounded_clone(CLONE_VM | SIGCHLD, bounded_pause, NULL);
	bounded_pause(NULL);
}

static void clone_dump_main(void *arg)
{
	(void)arg;
	bounded_thread(clones, NULL);
	bounded_thread(bounded_exits, NULL);
	bounded_dump();
}

static void clone_dump(void)
{
	bounded_spawn(clone_dump_main, NULL);
}

const struct bounded_ops bounded_clone_dump = {
	.name = "clone-dump",
	.why = "clone against a core dump that waits for two threads",
	.items = "B-1 DUMP-17",
	.cpus = 3,
	.body = clone_dump,
};

/* ---- vfork and exec against kill ------------------------------------------------- */

static struct completion vforked = COMPLETION_INITIALIZER(vforked);

static void vforked_execs(void *arg)
{
	(void)arg;
	complete(&vforked);
	bounded_exec(bounded_exits, NULL);
	bounded_exit();
}

static void vforks(void *arg)
{
	(void)arg;
	bounded_clone(CLONE_VFORK | CLONE_VM | SIGCHLD, vforked_execs, NULL);
	complete(&vforked); /* the clone may have failed */
	bounded_exit();
}

static void vfork_kill(void)
{
	pid_t pid = bounded_spawn(vforks, NULL);

	wait_for_completion(&vforked);
	kill_proc(pid, SIGKILL);
}

const struct bounded_ops bounded_vfork_kill = {
	.name = "vfork-kill",
	.why = "vfork and exec while the parent is killed",
	.items = "B-10 FORK-20",
	.cpus = 2,
	.body = vfork_kill,
};

/* ---- exec against exit of siblings ------------------------------------------------ */

static void exec_siblings_main(void *arg)
{
	(void)arg;
	bounded_thread(bounded_execs, NULL);
	bounded_thread(bounded_exits, NULL);
	bounded_exit();
}

static void exec_siblings(void)
{
	bounded_spawn(exec_siblings_main, NULL);
}

const struct bounded_ops bounded_exec_siblings = {
	.name = "exec-siblings",
	.why = "a thread executes while its leader and a sibling exit",
	.items = "B-11 EXEC-3",
	.cpus = 2,
	.body = exec_siblings,
};

/* ---- the last user exits against get_task_mm() ------------------------------------- */

#define OWN_VALUE 1
#define REMOTE_VALUE 3

static struct completion running = COMPLETION_INITIALIZER(running);

static void get_mm_main(void *arg)
{
	(void)arg;
	complete(&running);
	bounded_put(0, OWN_VALUE);
	bounded_exit();
}

/* init looks at the process as /proc does. */
static void get_mm(void)
{
	struct task_struct *p =
		find_get_task(bounded_spawn(get_mm_main, NULL));

	wait_for_completion(&running);
	for (int i = 0; i < 2; i++) {
		struct mm_struct *mm = get_task_mm(p);

		if (!mm)
			continue;
		if (atomic_read(&mm->mm_users) < 1)
			report_finding(FINDING_REFCOUNT,
				       "REF-3: mm %lu without users", mm->mm_id);
		down_read(&mm->mmap_sem);
		if (mm->map_count && !mm->mmap)
			report_finding(FINDING_STRUCTURE,
				       "mm %lu lost its areas under mmap_sem",
				       mm->mm_id);
		up_read(&mm->mmap_sem);
		mmput(mm);
	}
	put_task_struct(p);
}

/* At any moment of its life, and with as little else as there can be. */
static void look_once(void)
{
	struct task_struct *p =
		find_get_task(bounded_spawn(bounded_exits, NULL));
	struct mm_struct *mm;

	bounded_arrive();
	mm = get_task_mm(p);
	if (mm)
		mmput(mm);
	put_task_struct(p);
}

const struct bounded_ops bounded_look_once = {
	.name = "look-once",
	.why = "get_task_mm() once in a life: the smallest on two CPUs",
	.items = "B-6 PROC-1",
	.cpus = 2,
	.arrivals = 2,
	.body = look_once,
};

/* Another one's memory is written while it goes away. */
static void remote_access(void)
{
	struct task_struct *p =
		find_get_task(bounded_spawn(get_mm_main, NULL));
	uint64_t value = REMOTE_VALUE, seen = 0;

	wait_for_completion(&running);
	for (int i = 0; i < 2; i++)
		if (access_process_vm(p, BOUNDED_DATA, &value, sizeof(value),
				      true) == sizeof(value) &&
		    access_process_vm(p, BOUNDED_DATA, &seen, sizeof(seen),
				      false) == sizeof(seen) &&
		    seen != REMOTE_VALUE && seen != OWN_VALUE)
			report_finding(FINDING_DATA, "PROC-5: %#llx was written"
				       " from outside, %#llx is read",
				       (unsigned long long)value,
				       (unsigned long long)seen);
	put_task_struct(p);
}

const struct bounded_ops bounded_remote_access = {
	.name = "remote-access",
	.why = "access_process_vm() against exec and exit",
	.items = "B-6 PROC-1",
	.cpus = 2,
	.body = remote_access,
};

const struct bounded_ops bounded_get_mm = {
	.name = "get-mm",
	.why = "the last user of an mm exits against get_task_mm()",
	.items = "B-6 PROC-1",
	.cpus = 2,
	.body = get_mm,
};

/* ---- a vfork child that dumps ------------------------------------------------------ */

static void just_dumps(void *arg)
{
	(void)arg;
	bounded_dump();
	bounded_pause(NULL);
}

static void vforks_dumper(void *arg)
{
	(void)arg;
	bounded_clone(CLONE_VFORK | CLONE_VM | SIGCHLD, just_dumps, NULL);
	bounded_exit();
}

static void vfork_dump(void)
{
	bounded_spawn(vforks_dumper, NULL);
}

const struct bounded_ops bounded_vfork_dump = {
	.name = "vfork-dump",
	.why = "a vfork child dumps core while its parent waits for it",
	.items = "B-10 DUMP-9",
	.cpus = 2,
	.body = vfork_dump,
};

/* ---- a group whose parent dies with it ---------------------------------------------- */

static void threads_exit(void *arg)
{
	(void)arg;
	bounded_thread(bounded_exits, NULL);
	bounded_exit();
}

static void father_exits(void *arg)
{
	(void)arg;
	bounded_clone(SIGCHLD, threads_exit, NULL);
	bounded_exit();
}

static void orphan_threads(void)
{
	bounded_spawn(father_exits, NULL);
}

const struct bounded_ops bounded_orphan_threads = {
	.name = "orphan-threads",
	.why = "a father exits while threads of his child do",
	.items = "B-2 EXIT-40",
	.cpus = 2,
	.body = orphan_threads,
};
