// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * pressure.c - how reclaim, swapoff and truncation grow with the processes
 *
 * M processes map the same PAGES anonymous pages, by fork, and the same file
 * of as many pages.  Init takes the anonymous pages away (swap is memory),
 * brings them back by swapoff, and cuts the file to nothing.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>

#include "bench/bench.h"
#include "mm/boot.h"
#include "mm/cpu.h"
#include "mm/entry.h"
#include "mm/exec.h"
#include "mm/exit.h"
#include "mm/file.h"
#include "mm/fork.h"
#include "mm/mmap.h"
#include "mm/page_alloc.h"
#include "mm/rmap_unmap.h"
#include "mm/signal.h"
#include "mm/swap.h"
#include "mm/swapfile.h"
#include "mm/truncate.h"
#include "mm/uaccess.h"
#include "mm/vmscan.h"

#define RAM_FRAMES (1UL << 17)
#define PAGES 256
#define ANON 0x10000000UL
#define FILE_AREA 0x20000000UL
#define REPEATS 3

static const int process_counts[] = { 1, 10, 100, 1000 };

enum { RECLAIM, SWAPOFF, TRUNCATE, NR_MEASURES };
static const char *const titles[NR_MEASURES] = {
	"reclaim", "swapoff", "truncate",
};

static struct {
	int processes;
	struct file *file;
	int err;
	atomic_t ready;
	struct completion all_ready;
} run;

static const struct exec_segment segment = {
	.start = ANON, .len = PAGES * PAGE_SIZE,
	.prot = PROT_READ | PROT_WRITE,
};

/* ---- The processes ---------------------------------------------------------- */

static void idle_main(void *arg)
{
	(void)arg;
	if (atomic_inc_return(&run.ready) == run.processes)
		complete(&run.all_ready);
	for (;;)
		SYSCALL(sys_pause());
}

static int touch_pages(void)
{
	uaddr_t at = SYSCALL(sys_mmap(FILE_AREA, PAGES * PAGE_SIZE,
				      PROT_READ | PROT_WRITE,
				      MAP_SHARED | MAP_FIXED, run.file, 0));

	if (at != FILE_AREA)
		return -ENOMEM;
	for (unsigned long i = 0; i < PAGES; i++)
		if (user_write64(ANON + i * PAGE_SIZE, i) ||
		    user_write64(FILE_AREA + i * PAGE_SIZE, i))
			return -EFAULT;
	return 0;
}

static void first_main(void *arg)
{
	run.err = touch_pages();
	syscall_enter();
	lru_add_drain();
	exit_to_user();
	for (int i = 1; i < run.processes && !run.err; i++) {
		pid_t pid = SYSCALL(sys_fork(idle_main, NULL));

		run.err = pid < 0 ? pid : 0;
	}
	if (run.err)
		complete(&run.all_ready);
	idle_main(arg);
}

static void start_first(void *arg)
{
	const struct exec_image image = {
		.name = "pressure", .segments = &segment, .nr_segments = 1,
		.entry = first_main,
	};

	(void)arg;
	run.err = sys_execve(&image);
	complete(&run.all_ready);
	sys_exit_group(1);
}

/* ---- What is measured -------------------------------------------------------- */

static unsigned long swapped_out(void)
{
	struct unmap_stats stats;

	unmap_get_stats(&stats);
	return stats.anon;
}

/* Until every process has lost every page. */
static double time_reclaim(int *err)
{
	unsigned long goal = swapped_out() + (unsigned long)run.processes *
			     PAGES;
	double start = bench_now_ns();

	WRITE_ONCE(current->flags, current->flags | PF_MEMALLOC);
	for (int i = 0; i < 100 && swapped_out() < goal; i++)
		try_to_free_pages(GFP_KERNEL);
	WRITE_ONCE(current->flags,
		   current->flags & ~(unsigned long)PF_MEMALLOC);
	*err = swapped_out() < goal ? -EBUSY : 0;
	return bench_now_ns() - start;
}

static double time_swapoff(int type, int *err)
{
	double start = bench_now_ns();

	*err = sys_swapoff(type);
	return bench_now_ns() - start;
}

static double time_truncate(int *err)
{
	double start = bench_now_ns();

	*err = do_truncate(run.file->f_inode, 0);
	return bench_now_ns() - start;
}

static int start_processes(int processes)
{
	struct inode *inode = inode_create("bench", PAGES * PAGE_SIZE, NULL);
	pid_t pid;

	if (!inode)
		return -ENOMEM;
	run.file = file_open(inode, FILE_READ | FILE_WRITE);
	iput(inode);
	if (IS_ERR(run.file))
		return (int)PTR_ERR(run.file);
	run.processes = processes;
	atomic_set(&run.ready, 0);
	init_completion(&run.all_ready);
	pid = kernel_thread(start_first, NULL, SIGCHLD);
	if (pid < 0)
		return pid;
	wait_for_completion(&run.all_ready);
	return run.err;
}

static void end_processes(void)
{
	sys_kill(-1, SIGKILL);
	while (sys_wait4(-1, NULL, 0) > 0)
		;
	fput(run.file);
}

static int measure_once(int processes, double *ns)
{
	int err = start_processes(processes), type;

	/* First the file, whose PTEs fork has copied and reclaim would take. */
	if (!err)
		ns[TRUNCATE] = time_truncate(&err);
	type = sys_swapon(2 * PAGES, 0);
	if (!err && type < 0)
		err = type;
	if (!err)
		ns[RECLAIM] = time_reclaim(&err);
	if (!err)
		ns[SWAPOFF] = time_swapoff(type, &err);
	end_processes();
	if (type >= 0 && err)
		sys_swapoff(type);
	return err;
}

static int measure(int processes, double ns[NR_MEASURES][REPEATS])
{
	const struct boot_params params = {
		.nr_cpus = 2, .ram_frames = RAM_FRAMES,
		.max_threads = processes + 64,
	};
	double once[NR_MEASURES];
	int err = 0;

	for (int i = 0; i < REPEATS && !err; i++) {
		err = start_kernel(&params);
		if (err)
			return err;
		err = measure_once(processes, once);
		for (int m = 0; m < NR_MEASURES; m++)
			ns[m][i] = once[m];
		stop_kernel();
	}
	return err;
}

/* ---- The table ---------------------------------------------------------------- */

static void print_row(int measure_nr, int processes, double ns, json_t *rows)
{
	double per_page = ns / PAGES, per_pte = per_page / processes;

	printf("%-10s %10d %12.2f %14.0f %12.0f\n", titles[measure_nr],
	       processes, ns / 1e6, PAGES * 1e9 / ns, per_pte);
	json_array_append_new(rows, json_pack(
		"{s:s,s:i,s:i,s:f,s:f,s:f}", "what", titles[measure_nr],
		"processes", processes, "pages", PAGES, "ms", ns / 1e6,
		"pages_per_s", PAGES * 1e9 / ns, "ns_per_pte", per_pte));
}

int bench_pressure(json_t *rows)
{
	static double ns[4][NR_MEASURES][REPEATS];

	for (int i = 0; i < 4; i++) {
		int err = measure(process_counts[i], ns[i]);

		if (err)
			return err;
	}
	printf("\n%-10s %10s %12s %14s %12s\n", "256 pages", "processes",
	       "ms", "pages/s", "ns/PTE");
	for (int m = 0; m < NR_MEASURES; m++)
		for (int i = 0; i < 4; i++)
			print_row(m, process_counts[i],
				  bench_median(ns[i][m], REPEATS), rows);
	return 0;
}
