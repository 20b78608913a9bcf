// SPDX-License-Identifier: GPL-2.0-or-later
/* What is in a core file, and what becomes of a dump that cannot write one. */
#include "tests/mm/core_util.h"

TestSuite(coredump_file, .timeout = 30, .init = life_boot, .fini = life_stop);

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

/* The file holds what the process had, and the usual tools believe it. */
Test(coredump_file, file_is_a_valid_core_with_the_right_contents)
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
Test(coredump_file, DUMP_5_failing_sink_releases_everybody)
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

Test(coredump_file, every_allocation_may_fail)
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
Test(coredump_file, DUMP_6_growing_stack_moves_nothing)
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
