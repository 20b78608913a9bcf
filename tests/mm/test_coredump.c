// SPDX-License-Identifier: GPL-2.0-or-later
#include <elf.h>
#include <stdlib.h>
#include <unistd.h>

#include "mm/mmu_context.h"
#include "mm/proc_task_mmu.h"
#include "tests/mm/life_util.h"

TestSuite(coredump, .timeout = 30, .init = life_boot, .fini = life_stop);

#define DUMPED(sig) ((sig) | 0x80)

static long dumps(void)
{
	return atomic_long_read(&core_stats.dumps);
}

static void raise_signal(int sig)
{
	SYSCALL(sys_tgkill(current->tgid, current->pid, sig));
	report_fatal("survived signal %d", sig);
}

/* ---- one task ------------------------------------------------------------- */

static void raises(void *arg)
{
	raise_signal((int)(long)arg);
}

Test(coredump, default_action_sets_the_core_bit)
{
	cr_assert_eq(status_of(spawn(raises, (void *)(long)SIGABRT)),
		     DUMPED(SIGABRT));
	cr_assert_eq(dumps(), 1);
	cr_assert_gt(atomic_long_read(&core_stats.bytes), (long)PAGE_SIZE);
}

static void reads_nowhere(void *arg)
{
	uint64_t value;

	(void)arg;
	user_read64(DATA - PAGE_SIZE, &value);
}

Test(coredump, bad_access_dumps)
{
	cr_assert_eq(status_of(spawn(reads_nowhere, NULL)), DUMPED(SIGSEGV));
}

static void forbids_dumps(void *arg)
{
	(void)arg;
	user_assert(!SYSCALL(sys_prctl(PR_SET_DUMPABLE, 0)));
	raise_signal(SIGABRT);
}

/* DUMP-5 step 2 */
Test(coredump, DUMP_5_not_dumpable_just_exits)
{
	cr_assert_eq(status_of(spawn(forbids_dumps, NULL)), SIGABRT);
	cr_assert_eq(dumps(), 0);
	cr_assert_eq(atomic_long_read(&core_stats.refused), 1);
}

static void has_no_core_limit(void *arg)
{
	const struct rlimit none = { 0, 0 };

	(void)arg;
	user_assert(!SYSCALL(sys_setrlimit(RLIMIT_CORE, &none)));
	raise_signal(SIGABRT);
}

/* DUMP-5 step 7: the file is refused, the status still is the signal's. */
Test(coredump, DUMP_5_limit_refuses_the_file)
{
	cr_assert_eq(status_of(spawn(has_no_core_limit, NULL)), SIGABRT);
	cr_assert_eq(atomic_long_read(&core_stats.failed), 1);
}

/* ---- many tasks ------------------------------------------------------------- */

static void dies_among_threads(void *arg)
{
	for (int i = 0; i < 5; i++)
		new_thread(pause_forever, NULL);
	raise_signal((int)(long)arg);
}

/* DUMP-10, DUMP-15: all are killed, park, and the group has one status. */
Test(coredump, DUMP_10_threads_park_until_the_dump_is_over)
{
	cr_assert_eq(status_of(spawn(dies_among_threads,
				     (void *)(long)SIGSEGV)),
		     DUMPED(SIGSEGV));
	cr_assert_eq(atomic_long_read(&core_stats.waited_for), 5);
}

static pid_t sharer;

static void dies_beside_a_sharer(void *arg)
{
	sharer = user_clone(CLONE_VM | CLONE_PARENT | SIGCHLD, pause_forever,
			    NULL);
	user_assert(sharer > 0);
	raise_signal((int)(long)arg);
}

/* DUMP-12: a process of its own that shares the mm dies of the SIGKILL. */
Test(coredump, DUMP_12_sharer_outside_the_group_is_killed)
{
	pid_t pid = spawn(dies_beside_a_sharer, (void *)(long)SIGQUIT);

	cr_assert_eq(status_of(pid), DUMPED(SIGQUIT));
	cr_assert_eq(status_of(sharer), SIGKILL);
	cr_assert_eq(atomic_long_read(&core_stats.waited_for), 1);
}

static void vforks_a_dumper(void *arg)
{
	SYSCALL(sys_vfork(raises, arg));
	/* Released before it is killed, so it may get as far as here. */
	pause_forever(NULL);
}

/*
 * DUMP-9 a: the dumper completes its vfork parent's wait, who is in S and
 * could not be woken by the SIGKILL.
 */
Test(coredump, DUMP_9_vfork_child_releases_its_parent_first)
{
	pid_t pid = spawn(vforks_a_dumper, (void *)(long)SIGABRT);

	cr_assert_eq(status_of(pid), SIGKILL);
	cr_assert_eq(dumps(), 1);
}

/* ---- the file --------------------------------------------------------------- */

static char core_path[] = "/tmp/mmtorture-core-XXXXXX";
static int core_fd = -1;

static struct core_sink *to_file(struct task_struct *tsk, int signr)
{
	(void)tsk;
	(void)signr;
	return core_sink_fd(dup(core_fd));
}

static void open_core(void)
{
	core_fd = mkstemp(core_path);
	cr_assert_geq(core_fd, 0);
	set_core_sink_factory(to_file);
}

static void close_core(void)
{
	close(core_fd);
	unlink(core_path);
}

static uint64_t word_for(uaddr_t addr)
{
	return addr * 0x9e3779b97f4a7c15ULL;
}

static const char *const arguments[] = { "prog", "first", "second", NULL };
static uaddr_t shared_addr;

/* Anonymous, shared, read-only, unreachable and untouched memory. */
static void fills_memory_and_dies(void *arg)
{
	uaddr_t ro;

	(void)arg;
	for (int page = 0; page < DATA_PAGES; page += 2)
		user_write64(DATA + page * PAGE_SIZE + 8,
			     word_for(DATA + page * PAGE_SIZE));
	shared_addr = SYSCALL(sys_mmap(0, 3 * PAGE_SIZE,
				       PROT_READ | PROT_WRITE,
				       MAP_SHARED | MAP_ANONYMOUS, NULL, 0));
	user_assert(!IS_ERR_VALUE(shared_addr));
	user_write64(shared_addr + PAGE_SIZE, word_for(shared_addr));
	ro = SYSCALL(sys_mmap(0, PAGE_SIZE, PROT_NONE,
			      MAP_PRIVATE | MAP_ANONYMOUS, NULL, 0));
	user_assert(!IS_ERR_VALUE(ro));
	new_thread(pause_forever, NULL);
	raise_signal(SIGSEGV);
}

static void exec_with_arguments(void *arg)
{
	struct exec_image image = image_of(fills_memory_and_dies, arg);

	image.argv = arguments;
	sys_execve(&image);
}

static bool core_word(uaddr_t addr, uint64_t *word)
{
	Elf64_Ehdr eh;
	Elf64_Phdr ph;

	cr_assert_eq(pread(core_fd, &eh, sizeof(eh), 0), (ssize_t)sizeof(eh));
	for (int i = 0; i < eh.e_phnum; i++) {
		pread(core_fd, &ph, sizeof(ph),
		      (off_t)(eh.e_phoff + (size_t)i * sizeof(ph)));
		if (ph.p_type == PT_LOAD && addr >= ph.p_vaddr &&
		    addr + 8 <= ph.p_vaddr + ph.p_filesz)
			return pread(core_fd, word, 8,
				     (off_t)(ph.p_offset + addr -
					     ph.p_vaddr)) == 8;
	}
	return false;
}

static int run_tool(const char *format)
{
	char command[256];

	snprintf(command, sizeof(command), format, core_path);
	return system(command);
}

/* The file holds what the process had, and the usual tools believe it. */
Test(coredump, file_is_a_valid_core_with_the_right_contents)
{
	uint64_t word;
	pid_t pid;

	open_core();
	pid = kernel_thread(exec_with_arguments, NULL, SIGCHLD);
	cr_assert_eq(status_of(pid), DUMPED(SIGSEGV));

	for (int page = 0; page < DATA_PAGES; page++) {
		uaddr_t addr = DATA + page * PAGE_SIZE;

		cr_assert(core_word(addr + 8, &word), "page %d", page);
		cr_assert_eq(word, page % 2 ? 0 : word_for(addr), "page %d",
			     page);
	}
	cr_assert(core_word(shared_addr + PAGE_SIZE, &word));
	cr_assert_eq(word, word_for(shared_addr));

	cr_assert_eq(run_tool("readelf -aW %s 2>&1 | grep -i warning"), 256);
	cr_assert_eq(run_tool("readelf -aW %s 2>&1 | grep -q NT_PRSTATUS"), 0);
	cr_assert_eq(run_tool("eu-readelf -a %s >/dev/null 2>&1"), 0);
	cr_assert_eq(run_tool("test $(eu-readelf -n %s | grep -c PRSTATUS)"
			      " = 2"), 0);
	close_core();
}

static struct core_sink failing_sink;
static int writes_left;

static int failing_write(struct core_sink *sink, const void *buf, size_t len)
{
	(void)sink;
	(void)buf;
	(void)len;
	return writes_left-- > 0 ? 0 : -ENOSPC;
}

static void failing_close(struct core_sink *sink, bool ok)
{
	(void)sink;
	cr_assert_not(ok);
}

static struct core_sink *to_failing(struct task_struct *tsk, int signr)
{
	(void)tsk;
	(void)signr;
	failing_sink = (struct core_sink){ failing_write, failing_close };
	return writes_left < 0 ? NULL : &failing_sink;
}

/* DUMP-5 step 9: the parked go on also when writing failed, at any point. */
Test(coredump, DUMP_5_failing_sink_releases_everybody)
{
	static const int points[] = { -1, 0, 1, 3, 5, 20 };

	set_core_sink_factory(to_failing);
	for (size_t i = 0; i < ARRAY_SIZE(points); i++) {
		writes_left = points[i];
		cr_assert_eq(status_of(spawn(dies_among_threads,
					     (void *)(long)SIGILL)), SIGILL);
	}
	cr_assert_eq(atomic_long_read(&core_stats.failed),
		     (long)ARRAY_SIZE(points));
}

/* Memory for the writer's own tables refused one after the other. */
static void dump_with_fault(void *arg)
{
	fault_inject_arm((unsigned int)(long)arg);
	raise_signal(SIGABRT);
}

Test(coredump, every_allocation_may_fail)
{
	int failed = 0, status;

	for (long n = 1; n < 50; n++) {
		status = status_of(spawn(dump_with_fault, (void *)n));
		if (status == DUMPED(SIGABRT))
			break;
		cr_assert_eq(status, SIGABRT);
		failed++;
	}
	cr_assert_eq(status, DUMPED(SIGABRT));
	cr_assert_gt(failed, 0);
}

/* ---- a dump in progress ----------------------------------------------------- */

LATCH(dump_is_writing);
LATCH(dump_may_go_on);

static int latched_write(struct core_sink *sink, const void *buf, size_t len)
{
	static bool once;

	(void)sink;
	(void)buf;
	(void)len;
	if (!once) {
		once = true;
		reach(dump_is_writing);
		await(dump_may_go_on);
	}
	return 0;
}

static void latched_close(struct core_sink *sink, bool ok)
{
	(void)sink;
	(void)ok;
}

static struct core_sink latched_sink = { latched_write, latched_close };

static struct core_sink *to_latched(struct task_struct *tsk, int signr)
{
	(void)tsk;
	(void)signr;
	return &latched_sink;
}

static pid_t parked_thread;

static void dies_with_one_thread(void *arg)
{
	parked_thread = new_thread(pause_forever, NULL);
	raise_signal((int)(long)arg);
}

/*
 * DUMP-6, DUMP-10: while the dump is written the others still have the mm,
 * and readers from outside are served; B-12 with stack growth.
 */
Test(coredump, DUMP_6_readers_during_the_dump)
{
	struct task_struct *p;
	char maps[4096];
	uint64_t word = 0;
	pid_t pid;

	set_core_sink_factory(to_latched);
	pid = spawn(dies_with_one_thread, (void *)(long)SIGSEGV);
	await(dump_is_writing);

	p = get_task(parked_thread);
	task_lock(p);
	cr_assert_not_null(p->mm, "parked with its mm");
	task_unlock(p);
	cr_assert_eq(access_process_vm(p, DATA, &word, 8, false), 8);
	cr_assert_eq(access_process_vm(p, STACK_TOP - 50 * PAGE_SIZE, &word, 8,
				       true), 8, "the stack grows");
	cr_assert_gt(proc_pid_maps(pid, maps, sizeof(maps)), 0);
	put_task_struct(p);

	reach(dump_may_go_on);
	cr_assert_eq(status_of(pid), DUMPED(SIGSEGV));
}

/*
 * DEF-13: a group SIGCONT, and a SIGKILL, arriving during the dump.  With the
 * bug they clear GROUP_EXIT, and the status becomes SIGKILL's.
 */
Test(coredump, DEF_13_signals_do_not_undo_the_group_exit)
{
	pid_t pid;

	set_core_sink_factory(to_latched);
	pid = spawn(dies_with_one_thread, (void *)(long)SIGSEGV);
	await(dump_is_writing);
	cr_assert_eq(sys_kill(pid, SIGCONT), 0);
	cr_assert_eq(sys_kill(pid, SIGKILL), 0);
	reach(dump_may_go_on);
	cr_assert_eq(status_of(pid), DUMPED(SIGSEGV));
}

/* ---- a stack that grows --------------------------------------------------- */

#define GROWS_PAGES 3
#define GROWS_AT (DATA - GROWS_PAGES * PAGE_SIZE)

static void dies_above_a_stack(void *arg)
{
	(void)arg;
	user_assert(SYSCALL(sys_mmap(GROWS_AT, GROWS_PAGES * PAGE_SIZE,
				     PROT_READ | PROT_WRITE,
				     MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED |
				     MAP_GROWSDOWN, NULL, 0)) == GROWS_AT);
	for (uaddr_t at = GROWS_AT; at < DATA + 4 * PAGE_SIZE; at += PAGE_SIZE)
		user_write64(at, word_for(at));
	raise_signal(SIGSEGV);
}

/* As latched_write(), and what is written goes into the file. */
static int latched_write_to_file(struct core_sink *sink, const void *buf,
				 size_t len)
{
	latched_write(sink, buf, len);
	return write(core_fd, buf, len) == (ssize_t)len ? 0 : -EIO;
}

static struct core_sink latched_file = { latched_write_to_file,
					 latched_close };

static struct core_sink *to_latched_file(struct task_struct *tsk, int signr)
{
	(void)tsk;
	(void)signr;
	return &latched_file;
}

/*
 * dumper                            reader from outside
 *   headers: a stack of 3 pages
 *                                     get_user_pages(): 4 pages
 *   memory: as noted for the headers
 *
 * With the areas looked at again for the memory, all behind the stack stands
 * one page off in the file.
 */
Test(coredump, DUMP_6_growing_stack_moves_nothing)
{
	uint64_t word = 0;
	struct task_struct *p;
	pid_t pid;

	open_core();
	set_core_sink_factory(to_latched_file);
	pid = spawn(dies_above_a_stack, NULL);
	await(dump_is_writing);
	p = get_task(pid);
	cr_assert_eq(access_process_vm(p, GROWS_AT - PAGE_SIZE, &word, 8,
				       true), 8, "the stack grows");
	put_task_struct(p);
	reach(dump_may_go_on);
	cr_assert_eq(status_of(pid), DUMPED(SIGSEGV));
	cr_expect_not(core_word(GROWS_AT - PAGE_SIZE, &word));
	for (uaddr_t at = GROWS_AT; at < DATA + 4 * PAGE_SIZE;
	     at += PAGE_SIZE) {
		cr_assert(core_word(at, &word), "%#lx", at);
		cr_expect_eq(word, word_for(at), "%#lx", at);
	}
	cr_expect_eq(run_tool("readelf -aW %s 2>&1 | grep -i warning"), 256);
	close_core();
}

/* ---- a group stop in progress --------------------------------------------- */

LATCH(thread_sleeps);
LATCH(dumper_is_there);
LATCH(dumper_may_die);
LATCH(thread_may_die);

static int sleep_until_dumped(void)
{
	reach(thread_sleeps);
	await(thread_may_die);
	return 0;
}

static void sleeps_through_a_dump(void *arg)
{
	SYSCALL(sleep_until_dumped());
	pause_forever(arg);
}

static int wait_to_die(void)
{
	await(thread_sleeps);
	reach(dumper_is_there);
	await(dumper_may_die);
	return 0;
}

static void dies_beside_a_sleeper(void *arg)
{
	(void)arg;
	new_thread(sleeps_through_a_dump, NULL);
	SYSCALL(wait_to_die());
	raise_signal(SIGSEGV);
}

/* As do_signal_stop() of a third thread, when the dumper is at mmap_sem. */
static void begin_group_stop(struct task_struct *p, struct mm_struct *mm)
{
	down_read(&mm->mmap_sem);
	reach(dumper_may_die);
	while (!READ_ONCE(mm->mmap_sem.nr_waiting))
		yield();
	spin_lock_irq(&p->sighand->siglock);
	p->signal->group_stop_count = 2;
	spin_unlock_irq(&p->sighand->siglock);
	up_read(&mm->mmap_sem);
}

static void until_dump_waits(struct mm_struct *mm)
{
	int waiters = 0;

	while (!waiters) {
		yield();
		down_read(&mm->mmap_sem);
		waiters = mm->core_waiters;
		up_read(&mm->mmap_sem);
	}
}

/*
 * T1: do_signal_stop()              T2: do_coredump()
 *                                     waits for W(mmap_sem)
 *   group_stop_count = 2
 *                                     flags = GROUP_EXIT, count = 0
 * T3: would look at the count for
 *   ever: nobody stops any more
 */
Test(coredump, DUMP_5_group_stop_ends_when_the_dump_begins)
{
	pid_t pid = spawn(dies_beside_a_sleeper, NULL);
	struct task_struct *p = get_task(pid);
	struct mm_struct *mm;
	int count;

	await(dumper_is_there);
	mm = get_task_mm(p);
	begin_group_stop(p, mm);
	until_dump_waits(mm);
	spin_lock_irq(&p->sighand->siglock);
	count = p->signal->group_stop_count;
	spin_unlock_irq(&p->sighand->siglock);
	cr_expect_eq(count, 0, "group_stop_count %d during the dump", count);
	mmput(mm);
	put_task_struct(p);
	reach(thread_may_die);
	cr_assert_eq(status_of(pid), DUMPED(SIGSEGV));
}

/* ---- who may dump ----------------------------------------------------------- */

/* A thread with a core signal pending in a group that exits already. */
static void exits_with_core_signal_pending(void *arg)
{
	(void)arg;
	spin_lock_irq(&current->sighand->siglock);
	current->signal->flags = SIGNAL_GROUP_EXIT;
	current->signal->group_exit_code = 0x500;
	spin_unlock_irq(&current->sighand->siglock);
	user_assert(do_coredump(SIGABRT, SIGABRT) == -EAGAIN);
	user_assert(READ_ONCE(current->mm->dumpable) == 1);
	do_group_exit(SIGABRT);
}

/*
 * DEF-10, DEF-14: T1 is in de_thread() (or exit_group()) and has set
 * GROUP_EXIT; T2 dequeues a core signal.  It must not count T1 and wait for
 * it, nor replace the code.
 */
Test(coredump, DEF_10_DEF_14_dump_refuses_in_a_dying_group)
{
	cr_assert_eq(status_of(spawn(exits_with_core_signal_pending, NULL)),
		     0x500);
	cr_assert_eq(dumps(), 0);
}

LATCH(other_is_there);
LATCH(both_are_there);

static void second_dumper(void *arg)
{
	reach(other_is_there);
	await(both_are_there);
	raise_signal((int)(long)arg);
}

static void two_dumpers(void *arg)
{
	new_thread(second_dumper, (void *)(long)SIGABRT);
	await(other_is_there);
	reach(both_are_there);
	raise_signal((int)(long)arg);
}

/* DUMP-7, B-13: whoever comes second just exits, with the first one's code. */
Test(coredump, DUMP_7_second_dumper_exits)
{
	for (int i = 0; i < 30; i++) {
		int status = status_of(spawn(two_dumpers,
					     (void *)(long)SIGILL));

		cr_assert(status == DUMPED(SIGILL) || status == DUMPED(SIGABRT),
			  "status %#x", (unsigned int)status);
		reinit_completion(&other_is_there);
		reinit_completion(&both_are_there);
	}
	cr_assert_eq(dumps(), 30);
}

/* ---- a borrowed mm ---------------------------------------------------------- */

static struct mm_struct *lent_mm;
LATCH(mm_is_borrowed);
LATCH(worker_may_go);

static void borrowing_worker(void *arg)
{
	(void)arg;
	use_mm(lent_mm);
	reach(mm_is_borrowed);
	await(worker_may_go);
	unuse_mm(lent_mm);
}

LATCH(mm_is_offered);

static void lends_its_mm(void *arg)
{
	lent_mm = current->mm;
	reach(mm_is_offered);
	await(mm_is_borrowed);
	raise_signal((int)(long)arg);
}

/* DEF-11: a worker that uses the mm never parks; the dump must not wait. */
Test(coredump, DEF_11_borrower_is_not_waited_for)
{
	pid_t worker, pid = spawn(lends_its_mm, (void *)(long)SIGABRT);

	await(mm_is_offered);
	worker = kernel_thread(borrowing_worker, NULL, SIGCHLD);
	cr_assert_eq(status_of(pid), DUMPED(SIGABRT));
	cr_assert_eq(atomic_long_read(&core_stats.waited_for), 0);
	reach(worker_may_go);
	cr_assert_eq(status_of(worker), 0);
}

/* ---- prctl ------------------------------------------------------------------ */

static void prctl_while_dumped(void *arg)
{
	(void)arg;
	/* As between the scan and the parking of this task. */
	down_write(&current->mm->mmap_sem);
	current->mm->core_waiters = 1;
	up_write(&current->mm->mmap_sem);
	user_assert(SYSCALL(sys_prctl(PR_SET_DUMPABLE, 1)) == -EBUSY);
	down_write(&current->mm->mmap_sem);
	current->mm->core_waiters = 0;
	up_write(&current->mm->mmap_sem);
	user_assert(SYSCALL(sys_prctl(PR_SET_DUMPABLE, 0)) == 0);
	user_assert(SYSCALL(sys_prctl(PR_GET_DUMPABLE, 0)) == 0);
}

/* DEF-12: nobody re-enables dumping for a second dump of the same mm. */
Test(coredump, DEF_12_dumpable_cannot_be_set_during_a_dump)
{
	cr_assert_eq(status_of(spawn(prctl_while_dumped, NULL)), 0);
}

/* ---- tracers ---------------------------------------------------------------- */

static pid_t tracee;

/* A thread that traces a process sharing its mm, in an exit stop. */
static void traces_a_sharer(void *arg)
{
	int status;

	tracee = user_clone(CLONE_VM | SIGCHLD, pause_forever, NULL);
	user_assert(!SYSCALL(sys_ptrace(PTRACE_ATTACH, tracee, 0)));
	user_assert(SYSCALL(sys_wait4(tracee, &status, 0)) == tracee);
	user_assert(!SYSCALL(sys_ptrace(PTRACE_SETOPTIONS, tracee,
					PTRACE_O_TRACEEXIT)));
	user_assert(!SYSCALL(sys_ptrace(PTRACE_CONT, tracee, 0)));
	raise_signal((int)(long)arg);
}

/*
 * DUMP-9 c: tracer and tracee both share the mm and the tracer dumps.  The
 * tracee must not stop on its way out, as its tracer is not going to look.
 */
Test(coredump, DUMP_9_tracee_of_the_dumper_is_let_go)
{
	cr_assert_eq(status_of(spawn(traces_a_sharer, (void *)(long)SIGABRT)),
		     DUMPED(SIGABRT));
	cr_assert_eq(status_of(tracee), SIGKILL);
}
