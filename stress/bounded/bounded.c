// SPDX-License-Identifier: GPL-2.0-or-later
#include "stress/bounded/bounded.h"

#include <stddef.h>
#include <string.h>

#include "locking/report.h"
#include "mm/aio.h"
#include "mm/boot.h"
#include "mm/coredump.h"
#include "mm/cpu.h"
#include "mm/sched.h"
#include "mm/slab.h"
#include "stress/oracle.h"

#define RAM_FRAMES 256

#define ADDRESS(name) &bounded_##name,

const struct bounded_ops *const bounded_scenarios[] = {
	BOUNDED_SCENARIOS(ADDRESS)
	NULL,
};

unsigned int (*bounded_choose)(unsigned int n);
void (*bounded_ready)(void);
const struct bounded_ops *bounded_current;
int bounded_cpus;
bool bounded_fail_alloc;

const struct bounded_ops *bounded_find(const char *name)
{
	for (int i = 0; bounded_scenarios[i]; i++)
		if (!strcmp(bounded_scenarios[i]->name, name))
			return bounded_scenarios[i];
	return NULL;
}

/* ---- one execution -------------------------------------------------------- */

/* What the booting thread knows in thread-local variables. */
static struct {
	struct cpu *cpu;
	struct task_struct *task;
	struct lthread *lthread;
} init_thread;

/* A machine that has run before: else each execution fills the caches. */
static void warm_cache(struct kmem_cache *cache, void *arg)
{
	void *object = kmem_cache_alloc(cache, GFP_ATOMIC);

	(void)arg;
	if (object)
		kmem_cache_free(cache, object);
}

int bounded_boot(const struct bounded_ops *ops)
{
	const struct boot_params params = {
		.nr_cpus = bounded_cpus ? bounded_cpus : ops->cpus, .ram_frames = RAM_FRAMES,
		.max_threads = 32, .seed = 1,
	};
	int err;

	bounded_current = ops;
	if (!ops->cpus)
		return 0;
	err = start_kernel(&params);
	if (err)
		return err;
	set_core_sink_factory(judge_dump);
	audit_baseline();
	for_each_kmem_cache(warm_cache, NULL);
	init_thread.cpu = current_cpu;
	init_thread.task = current_task;
	init_thread.lthread = lthread_current;
	current_cpu = NULL;
	current_task = NULL;
	lthread_current = NULL;
	return 0;
}

void bounded_run(const struct bounded_ops *ops)
{
	lthread_name_host("init");
	if (!ops->cpus) {
		ops->body();
		return;
	}
	lthread_current = init_thread.lthread;
	current_cpu = init_thread.cpu;
	current_task = init_thread.task;
	if (ops->aio_workers)
		BUG_ON(aio_start_workers(ops->aio_workers));
	ops->body();
	bounded_reap();
	if (ops->aio_workers)
		aio_stop_workers();
	sched_wait_quiet();
	audit_quick();
}
