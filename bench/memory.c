// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * memory.c - what a live idle task costs the host
 *
 * A process with a built page table forks idle tasks, threads in one run and
 * processes in the other.  The emulated pages (page tables and copied pages)
 * are host memory as well, but they are the emulation's subject, not its
 * cost: they are counted and subtracted.
 */
#include <errno.h>
#include <stdio.h>
#include <sys/mman.h>

#include "bench/bench.h"
#include "mm/boot.h"
#include "mm/entry.h"
#include "mm/exec.h"
#include "mm/exit.h"
#include "mm/fork.h"
#include "mm/page_alloc.h"
#include "mm/signal.h"
#include "mm/uaccess.h"

#define RAM_FRAMES (1UL << 20)
#define DATA 0x10000000UL

static struct {
	int tasks;
	unsigned long clone_flags;
	int err;
	long rss_kib, frames; /* cost of all tasks together */
	atomic_t idle;
	struct completion all_idle, done;
} run;

static const struct exec_segment segment = {
	.start = DATA, .len = 16 * PAGE_SIZE, .prot = PROT_READ | PROT_WRITE,
};

static void idle_main(void *arg)
{
	(void)arg;
	user_write64(DATA, 1);
	if (atomic_inc_return(&run.idle) == run.tasks)
		complete(&run.all_idle);
	for (;;)
		SYSCALL(sys_pause());
}

static int make_idle_tasks(void)
{
	struct kernel_clone_args args = {
		.flags = run.clone_flags, .entry = idle_main,
	};

	for (int i = 0; i < run.tasks; i++) {
		pid_t pid = sys_clone(&args);

		if (pid < 0)
			return pid;
	}
	wait_for_completion(&run.all_idle);
	return 0;
}

static void measured_main(void *arg)
{
	unsigned long frames = nr_free_pages();
	long rss = bench_rss_kib();

	(void)arg;
	run.err = make_idle_tasks();
	run.rss_kib = bench_rss_kib() - rss;
	run.frames = frames - nr_free_pages();
	complete(&run.done);
	sys_exit_group(0);
}

static void start_measured(void *arg)
{
	const struct exec_image image = {
		.name = "memory", .segments = &segment, .nr_segments = 1,
		.entry = measured_main,
	};

	(void)arg;
	run.err = sys_execve(&image);
	complete(&run.done);
	sys_exit_group(1);
}

static int measure(const char *title, unsigned long clone_flags, int tasks)
{
	const struct boot_params params = {
		.nr_cpus = 8, .ram_frames = RAM_FRAMES,
		.max_threads = tasks + 64,
	};
	int err = start_kernel(&params);
	double total, emulated;

	if (err)
		return err;
	run.tasks = tasks;
	run.clone_flags = clone_flags;
	atomic_set(&run.idle, 0);
	init_completion(&run.all_idle);
	init_completion(&run.done);
	err = kernel_thread(start_measured, NULL, SIGCHLD);
	if (err < 0)
		return err;
	wait_for_completion(&run.done);
	sys_kill(-1, SIGKILL);
	while (sys_wait4(-1, NULL, 0) > 0)
		;
	stop_kernel();
	if (run.err)
		return run.err;
	total = (double)run.rss_kib / tasks;
	emulated = (double)run.frames * (PAGE_SIZE / 1024) / tasks;
	printf("%-22s %8d %12.1f %12.1f %12.1f\n", title, tasks, total,
	       emulated, total - emulated);
	return 0;
}

int bench_idle_memory(int tasks)
{
	int err;

	printf("\n%-22s %8s %12s %12s %12s\n", "idle tasks, KiB each", "tasks",
	       "resident", "emulated", "cost");
	err = measure("threads", CLONE_VM | CLONE_SIGHAND | CLONE_THREAD,
		      tasks);
	if (!err)
		err = measure("processes", SIGCHLD, tasks);
	return err;
}
