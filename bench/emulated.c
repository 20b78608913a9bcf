// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * emulated.c - our side: the same life cycles in the emulated kernel
 *
 * The calling thread is init of a machine of its own.  The measured process
 * is a child that execs into the shape and then forks on command; the two
 * talk through completions.
 */
#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "bench/bench.h"
#include "mm/boot.h"
#include "mm/entry.h"
#include "mm/exec.h"
#include "mm/exit.h"
#include "mm/fork.h"
#include "mm/uaccess.h"

#define FIRST_SEGMENT 0x10000000UL
#define RAM_FRAMES (1UL << 19)

static struct {
	struct bench_shape shape;
	struct exec_segment *segments;
	struct exec_image image;
	struct completion go, done;
	int n; /* life cycles of this batch; 0: exit */
	int err;
	struct bench_times times;
} parent;

static unsigned long segment_pages(int i)
{
	int pages = parent.shape.pages, vmas = parent.shape.vmas;

	return pages / vmas + (i < pages % vmas);
}

/* One page of room between two segments, so that no two of them merge. */
static int lay_out(void)
{
	unsigned long bytes = (parent.shape.pages / parent.shape.vmas + 2) *
			      PAGE_SIZE;

	parent.segments = calloc(parent.shape.vmas, sizeof(*parent.segments));
	if (!parent.segments)
		return -ENOMEM;
	for (int i = 0; i < parent.shape.vmas; i++)
		parent.segments[i] = (struct exec_segment){
			.start = FIRST_SEGMENT + i * bytes,
			.len = bytes - PAGE_SIZE,
			.prot = PROT_READ | PROT_WRITE,
		};
	return 0;
}

static int touch_all(void)
{
	for (int i = 0; i < parent.shape.vmas; i++)
		for (unsigned long j = 0; j < segment_pages(i); j++)
			if (user_write64(parent.segments[i].start +
						 j * PAGE_SIZE,
					 1))
				return -EFAULT;
	return 0;
}

static void child_main(void *arg)
{
	(void)arg;
	sys_exit_group(0);
}

static int life_cycles(int n, struct bench_times *times)
{
	double fork_ns = 0, start = bench_now_ns();

	for (int i = 0; i < n; i++) {
		double before = bench_now_ns();
		pid_t pid = SYSCALL(sys_fork(child_main, NULL));

		if (pid < 0)
			return pid;
		fork_ns += bench_now_ns() - before;
		if (SYSCALL(sys_wait4(pid, NULL, 0)) != pid)
			return -ECHILD;
	}
	times->fork_ns = fork_ns / n;
	times->cycle_ns = (bench_now_ns() - start) / n;
	return 0;
}

static void parent_main(void *arg)
{
	(void)arg;
	parent.err = touch_all();
	complete(&parent.done);
	for (;;) {
		wait_for_completion(&parent.go);
		if (!parent.n)
			sys_exit_group(0);
		parent.err = life_cycles(parent.n, &parent.times);
		complete(&parent.done);
	}
}

static void start_parent(void *arg)
{
	(void)arg;
	parent.err = sys_execve(&parent.image);
	complete(&parent.done);
	sys_exit_group(1);
}

static int emulated_prepare(const struct bench_shape *shape)
{
	const struct boot_params params = {
		.nr_cpus = 2, .ram_frames = RAM_FRAMES, .carriers = 4,
	};
	int err;

	parent.shape = *shape;
	err = lay_out();
	if (!err)
		err = start_kernel(&params);
	if (err)
		return err;
	parent.image = (struct exec_image){
		.name = "bench", .segments = parent.segments,
		.nr_segments = shape->vmas, .entry = parent_main,
	};
	init_completion(&parent.go);
	init_completion(&parent.done);
	err = kernel_thread(start_parent, NULL, SIGCHLD);
	if (err < 0)
		return err;
	wait_for_completion(&parent.done);
	return parent.err;
}

static int emulated_batch(int n, struct bench_times *times)
{
	parent.n = n;
	complete(&parent.go);
	wait_for_completion(&parent.done);
	*times = parent.times;
	return parent.err;
}

static void emulated_drop(void)
{
	parent.n = 0;
	complete(&parent.go);
	sys_wait4(-1, NULL, 0);
	stop_kernel();
	free(parent.segments);
}

const struct bench_side emulated_side = {
	.name = "emulated",
	.prepare = emulated_prepare,
	.batch = emulated_batch,
	.drop = emulated_drop,
};
