// SPDX-License-Identifier: GPL-2.0-or-later
/* boot.c - all modules in order, and back */
#include <errno.h>

#include "locking/rcu.h"
#include "mm/accounting.h"
#include "mm/aio.h"
#include "mm/boot.h"
#include "mm/carrier.h"
#include "mm/coredump.h"
#include "mm/cpu.h"
#include "mm/file.h"
#include "mm/filemap.h"
#include "mm/files.h"
#include "mm/fork.h"
#include "mm/freezer.h"
#include "mm/futex.h"
#include "mm/lock_classes.h"
#include "mm/mempolicy.h"
#include "mm/mmap.h"
#include "mm/page_alloc.h"
#include "mm/pgtable.h"
#include "mm/pid.h"
#include "mm/rmap.h"
#include "mm/sched.h"
#include "mm/signal.h"
#include "mm/slab.h"
#include "mm/swap.h"
#include "mm/swap_state.h"
#include "mm/swapfile.h"
#include "mm/thrash.h"
#include "mm/tlb.h"
#include "mm/user.h"
#include "mm/vmscan.h"

static struct boot_params boot;
static struct task_struct *boot_task; /* init */

static int boot_pages(void)
{
	return page_alloc_init(boot.ram_frames);
}

static int boot_cpus(void)
{
	int err = cpus_init(boot.nr_cpus);

	if (!err)
		current_cpu = cpu_of(0);
	return err;
}

/* Every frame must be free by now; the CPUs' lists of them still exist. */
static void stop_cpus(void)
{
	unsigned long left;

	pgtable_exit();
	left = nr_managed_pages - nr_free_pages();
	if (left)
		report_finding(FINDING_LEAK, "%lu frames not freed", left);
	cpus_exit();
}

static int boot_fork(void)
{
	return fork_init(boot.max_threads);
}

static int boot_init_task(void)
{
	struct task_struct *p = fork_boot_task();

	if (IS_ERR(p))
		return (int)PTR_ERR(p);
	if (boot.seed)
		p->rng = (unsigned int)(boot.seed ^ boot.seed >> 32);
	boot_task = p;
	return 0;
}

static void stop_init_task(void)
{
	fork_free_task(boot_task);
	current_task = NULL;
	rcu_barrier();
}

static int boot_sched(void)
{
	return sched_init(boot_task);
}

static int boot_carriers(void)
{
	carrier_prefill(boot.carriers);
	return 0;
}

static void stop_accounting(void)
{
	long left = vm_committed_total();

	if (left) /* INV-57 */
		report_finding(FINDING_LEAK, "%ld pages still charged", left);
}

static int boot_accounting(void)
{
	atomic_long_set(&vm_committed_space, 0);
	sysctl_overcommit_limit = boot.commit_limit;
	return 0;
}

static int boot_aio_workers(void)
{
	int err = boot.aio_workers ? aio_start_workers(boot.aio_workers) : 0;

	if (err)
		sched_wait_quiet(); /* those that were started are leaving */
	return err;
}

/* Their tasks must be gone before the modules below them. */
static void stop_aio_workers(void)
{
	aio_stop_workers();
	sched_wait_quiet();
}

struct module {
	const char *name;
	int (*init)(void);
	void (*exit)(void); /* or NULL */
};

static const struct module modules[] = {
	{ "page_alloc", boot_pages, page_alloc_exit },
	{ "tlb", tlb_init, tlb_exit },
	{ "pgtable", pgtable_init, NULL }, /* see stop_cpus() */
	{ "cpu", boot_cpus, stop_cpus },
	{ "slab", slab_init, slab_exit },
	{ "accounting", boot_accounting, stop_accounting },
	{ "swap", swap_init, swap_exit },
	{ "swap_state", swap_state_init, swap_state_exit },
	{ "swapfile", swapfile_init, swapfile_exit },
	{ "vmscan", vmscan_init, NULL },
	{ "thrash", thrash_init, NULL },
	{ "rmap", rmap_init, rmap_exit },
	{ "mmap", mmap_init, mmap_exit },
	{ "mempolicy", mempolicy_init, mempolicy_exit },
	{ "file", file_init, file_exit },
	{ "filemap", filemap_init, filemap_exit },
	{ "files", files_init, files_exit },
	{ "user", user_init, user_exit },
	{ "pid", pid_init, pid_exit },
	{ "signal", signal_init, signal_exit },
	{ "fork", boot_fork, fork_exit },
	{ "aio", aio_init, aio_exit },
	{ "futex", futex_init, futex_exit },
	{ "coredump", coredump_init, NULL },
	{ "freezer", freezer_init, NULL },
	{ "init", boot_init_task, stop_init_task },
	{ "sched", boot_sched, sched_exit },
	{ "carrier", boot_carriers, carrier_pool_exit },
	{ "aio workers", boot_aio_workers, stop_aio_workers },
};

static void stop_modules(size_t n)
{
	while (n--)
		if (modules[n].exit)
			modules[n].exit();
}

int start_kernel(const struct boot_params *params)
{
	mm_bug_on(boot_task, "the machine runs already");
	boot = *params;
	if (!boot.nr_cpus)
		boot.nr_cpus = 64;
	if (!boot.ram_frames)
		boot.ram_frames = 65536;
	lock_classes_init();
	for (size_t i = 0; i < ARRAY_SIZE(modules); i++) {
		int err = modules[i].init();

		if (err) {
			stop_modules(i);
			boot_task = NULL;
			return err;
		}
	}
	return 0;
}

void stop_kernel(void)
{
	mm_bug_on(current != boot_task, "only init stops the machine");
	sched_wait_quiet();
	rcu_barrier();
	stop_modules(ARRAY_SIZE(modules));
	boot_task = NULL;
}
