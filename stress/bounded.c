// SPDX-License-Identifier: GPL-2.0-or-later
#include "stress/bounded.h"

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

const struct bounded_ops *const bounded_scenarios[] = {
	&bounded_fork_exit,
	&bounded_dump_exit,
	&bounded_dump_grow,
	&bounded_clone_dump,
	&bounded_vfork_kill,
	&bounded_exec_siblings,
	&bounded_remote_access,
	&bounded_get_mm,
	&bounded_look_once,
	&bounded_exec_dump,
	&bounded_exec_shared,
	&bounded_exec_flush,
	&bounded_exec_readers,
	&bounded_exec_forgets,
	&bounded_exec_broken,
	&bounded_exit_status,
	&bounded_dump_stop,
	&bounded_stopped_child,
	&bounded_sweep,
	&bounded_sweep_signalled,
	&bounded_kill_reaped,
	&bounded_kill_sleeper,
	&bounded_lazy_tlb,
	&bounded_cow_fork,
	&bounded_cow_break,
	&bounded_grow_kinds,
	&bounded_fault_unmap,
	&bounded_ldt_grow,
	&bounded_ldt_fork,
	&bounded_futex_kill,
	&bounded_futex_fault,
	&bounded_poke_text,
	&bounded_cow_readers,
	&bounded_unmap_switch,
	&bounded_limit,
	&bounded_two_stacks,
	&bounded_truncate_fault,
	&bounded_truncate_fork,
	&bounded_truncate_family,
	&bounded_truncate_move,
	&bounded_truncate_remap,
	&bounded_remap_poked,
	&bounded_fork_device,
	&bounded_truncate_cow,
	&bounded_truncate_poked,
	&bounded_futex_fd,
	&bounded_futex_requeue,
	&bounded_tid_join,
	&bounded_two_dumps,
	&bounded_dump_groups,
	&bounded_trace_dump,
	&bounded_attach_orphan,
	&bounded_aio_exit,
	&bounded_aio_dump,
	&bounded_aio_destroy,
	&bounded_aio_ring,
	&bounded_dio_fork,
	&bounded_reclaim_fork,
	&bounded_reclaim_cow,
	&bounded_reclaim_file,
	&bounded_swapoff_fork,
	&bounded_swapoff_exit,
	&bounded_swapoff_dump,
	&bounded_swapoff_shmem,
	&bounded_swapoff_write,
	&bounded_shmem_dying,
	&bounded_fault_neighbours,
	&bounded_fault_same,
	&bounded_one_stack,
	&bounded_brk_beside,
	&bounded_map_fork,
	&bounded_reclaim_twice,
	&bounded_reclaim_shmem,
	&bounded_reclaim_full,
	&bounded_truncate_split,
	&bounded_truncate_cached,
	&bounded_aio_look,
	&bounded_vfork_dump,
	&bounded_orphan_threads,
	&bounded_policy_rebind,
	&bounded_policy_exit,
	&bounded_unmap_two,
	&bounded_mlock_isolate,
	&bounded_unmap_store,
	&bounded_unmap_replaced,
	&bounded_truncate_clone,
	&bounded_stop_exit,
	&bounded_stop_clone,
	&bounded_trace_kill,
	&bounded_wait_twice,
	&bounded_reclaim_dirty,
	&bounded_truncate_write,
	&bounded_truncate_tail,
	&bounded_reclaim_last_user,
	&bounded_write_extend,
	&bounded_exec_write,
	&bounded_futex_crossed,
	&bounded_futex_poll,
	&bounded_files_shared,
	&bounded_kthreads,
	&bounded_kswapd,
	&bounded_oom_kill,
	&bounded_freeze,
	&bounded_advice,
	&bounded_move_store,
	&bounded_relay,
	&bounded_short_memory,
	&bounded_spinlock,
	&bounded_rwlock,
	&bounded_rwsem,
	&bounded_rwsem_readers,
	&bounded_rwsem_downgrade,
	&bounded_semaphore,
	&bounded_stack_completion,
	&bounded_complete_all,
	&bounded_rcu,
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
