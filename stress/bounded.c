// SPDX-License-Identifier: GPL-2.0-or-later
#include "stress/bounded.h"

#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <sys/mman.h>

#include "locking/atomic.h"
#include "locking/completion.h"
#include "locking/report.h"
#include "mm/aio.h"
#include "mm/boot.h"
#include "mm/coredump.h"
#include "mm/cpu.h"
#include "mm/entry.h"
#include "mm/exec.h"
#include "mm/exit.h"
#include "mm/fault_inject.h"
#include "mm/fork.h"
#include "mm/ldt.h"
#include "mm/sched.h"
#include "mm/signal.h"
#include "mm/slab.h"
#include "mm/uaccess.h"
#include "mm/validate.h"
#include "stress/oracle.h"

#define RAM_FRAMES 256
/* No clone or exec here makes as many allocations. */
#define MAX_ALLOCS 40
#define MAX_PROGRAMS 16 /* different ones a thread starts */

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

static const struct bounded_ops *scenario; /* of this process */

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

	scenario = ops;
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

/* ---- processes -------------------------------------------------------------- */

struct program {
	bounded_fn_t entry;
	void *arg;
	const char *name; /* of the host thread */
};

static const struct exec_segment data_segment = {
	.start = BOUNDED_DATA, .len = BOUNDED_PAGES * PAGE_SIZE,
	.prot = PROT_READ | PROT_WRITE,
};

/* Each thread keeps what it starts: others read it, nobody writes it again. */
static struct program *new_program(const struct program *p)
{
	static __thread struct program programs[MAX_PROGRAMS];

	for (int i = 0; i < MAX_PROGRAMS; i++) {
		if (!programs[i].entry)
			programs[i] = *p;
		if (programs[i].entry == p->entry && programs[i].arg == p->arg)
			return &programs[i];
	}
	BUG();
}

static atomic_t arrived;
static DECLARE_COMPLETION(all_arrived);

static int nr_arrivals(void)
{
	return scenario->arrivals ? scenario->arrivals : 1;
}

static bool have_arrived(void)
{
	return atomic_read(&arrived) >= nr_arrivals();
}

void bounded_arrive(void)
{
	if (have_arrived())
		return;
	if (atomic_inc_return(&arrived) < nr_arrivals()) {
		wait_for_completion(&all_arrived);
		return;
	}
	if (nr_arrivals() > 1)
		complete_all(&all_arrived);
	if (bounded_ready)
		bounded_ready();
}

/* The program of a clone. */
static void run_program(void *arg)
{
	const struct program *prog = arg;

	lthread_name_host(prog->name);
	prog->entry(prog->arg);
}

/* The exec has not failed, so the allocation that should have does not. */
static void start_program(void *arg)
{
	fault_inject_disarm();
	run_program(arg);
}

/* The same for the first program of a process. */
static void start_first_program(void *arg)
{
	fault_inject_disarm();
	if (!scenario->own_start)
		bounded_arrive();
	run_program(arg);
}

static struct exec_image image_of(struct program *prog, bounded_fn_t entry)
{
	return (struct exec_image){
		.name = "bounded", .segments = &data_segment,
		.nr_segments = 1, .entry = entry, .arg = prog,
	};
}

static void exec_program(void *arg)
{
	struct exec_image image = image_of(arg, start_first_program);
	int err = sys_execve(&image);

	report_finding(FINDING_BUG, "exec of the first program: error %d", err);
}

pid_t bounded_spawn_as(const char *name, bounded_fn_t entry, void *arg)
{
	const struct program prog = { entry, arg, name };
	pid_t pid = kernel_thread(exec_program, new_program(&prog), SIGCHLD);

	mm_bug_on(pid <= 0, "kernel_thread: error %d", pid);
	return pid;
}

void bounded_reap(void)
{
	int status;

	while (sys_wait4(-1, &status, 0) > 0)
		;
}

int bounded_status(pid_t pid)
{
	int status = 0;
	pid_t ret = sys_wait4(pid, &status, 0);

	mm_bug_on(ret != pid, "wait for pid %d: %d", pid, ret);
	return status;
}

unsigned int bounded_pick(unsigned int n)
{
	return bounded_choose ? bounded_choose(n) : 0;
}

/*
 * One of the next allocations of the caller fails, or none: not before all have
 * arrived that others wait for.
 */
static void may_fail_alloc(void)
{
	if ((bounded_fail_alloc || scenario->fail_alloc) && have_arrived())
		fault_inject_arm(bounded_pick(MAX_ALLOCS));
}

pid_t bounded_clone_as(const char *name, unsigned long flags,
		       bounded_fn_t entry, void *arg)
{
	const struct program prog = { entry, arg, name };
	struct kernel_clone_args args = {
		.flags = flags, .entry = run_program, .arg = new_program(&prog),
	};
	pid_t pid;

	may_fail_alloc();
	syscall_enter();
	pid = sys_clone(&args);
	fault_inject_disarm();
	exit_to_user();
	return pid;
}

void bounded_exit(void)
{
	syscall_enter();
	sys_exit(0);
}

int bounded_exec_as(const char *name, bounded_fn_t entry, void *arg)
{
	const struct program prog = { entry, arg, name };
	struct exec_image image = image_of(new_program(&prog), start_program);
	int err;

	may_fail_alloc();
	syscall_enter();
	err = sys_execve(&image);
	fault_inject_disarm();
	exit_to_user();
	return err;
}

void bounded_dump(void)
{
	SYSCALL(sys_tgkill(current->tgid, current->pid, SIGABRT));
}

void bounded_yield(void)
{
	syscall_enter();
	yield();
	exit_to_user();
}

void bounded_validate(void)
{
	struct mm_struct *mm = current->mm;

	syscall_enter();
	down_write(&mm->mmap_sem);
	validate_mm(mm);
	up_write(&mm->mmap_sem);
	exit_to_user();
}

/* ---- user memory ------------------------------------------------------------- */

void bounded_put(unsigned int page, uint64_t value)
{
	int err = user_write64(BOUNDED_DATA + page * PAGE_SIZE, value);

	if (err)
		report_finding(FINDING_DATA, "a correct store to page %u was"
			       " refused: error %d", page, err);
}

void bounded_expect(unsigned int page, uint64_t a, uint64_t b)
{
	uint64_t value = 0;
	int err = user_read64(BOUNDED_DATA + page * PAGE_SIZE, &value);

	if (err)
		report_finding(FINDING_DATA, "a correct load from page %u was"
			       " refused: error %d", page, err);
	else if (value != a && value != b)
		report_finding(FINDING_DATA, "page %u has %llu, expected %llu"
			       " or %llu", page, (unsigned long long)value,
			       (unsigned long long)a, (unsigned long long)b);
}

void bounded_expect_at(uaddr_t addr, uint64_t want)
{
	uint64_t value = 0;
	int err = SYSCALL(get_user64(&value, addr));

	if (err || value != want)
		report_finding(FINDING_DATA, "%#lx has %llu, error %d, expected"
			       " %llu", addr, (unsigned long long)value, err,
			       (unsigned long long)want);
}

/* ---- LDT ------------------------------------------------------------------- */

int bounded_ldt_set(unsigned int nr, uint32_t base)
{
	const struct user_desc_arg desc = {
		.entry_number = nr, .base_addr = base, .limit = 1,
	};
	uaddr_t at = BOUNDED_DATA + 4 * PAGE_SIZE - 16;

	if (SYSCALL(copy_to_user(at, &desc, sizeof(desc))))
		return -EFAULT;
	return (int)SYSCALL(sys_modify_ldt(1, at, sizeof(desc)));
}

static int load_selector(unsigned int nr, uint32_t *base)
{
	struct cpu *cpu = this_cpu();
	uint64_t entry = 0;
	int err;

	cpu_irq_lock(cpu);
	err = ldt_read_entry(cpu, nr, &entry);
	cpu_irq_unlock(cpu);
	*base = (uint32_t)(entry >> 16) & 0xffffff;
	return err;
}

void bounded_ldt_expect(unsigned int nr, uint32_t base)
{
	uint32_t seen;

	if (load_selector(nr, &seen))
		report_finding(FINDING_DATA, "CPU %d has no LDT entry %u,"
			       " expected base %u", this_cpu()->id, nr, base);
	else if (seen != base)
		report_finding(FINDING_DATA, "LDT entry %u of CPU %d has base"
			       " %u, expected %u", nr, this_cpu()->id, seen,
			       base);
}

bool bounded_ldt_agrees(void)
{
	uaddr_t at = BOUNDED_DATA + 3 * PAGE_SIZE;
	long bytes = SYSCALL(sys_modify_ldt(0, at, LDT_ENTRY_SIZE));
	uint32_t base;
	int err = load_selector(0, &base);

	if (bytes < 0 || !bytes == !err)
		report_finding(FINDING_DATA, "modify_ldt() reads %ld bytes of"
			       " the LDT, a selector on CPU %d gives error %d",
			       bytes, this_cpu()->id, err);
	return bytes > 0;
}

/* ---- without a machine --------------------------------------------------------- */

/*
 * They enter the registry of locking/ one by one, and leave it so: what they
 * do between is to have orders worth trying, not that.
 */
struct host_thread {
	pthread_t thread;
	void *(*fn)(void *);
	sem_t present, start, done, leave;
};

static struct host_thread host_threads[4];

static void *host_thread_main(void *arg)
{
	struct host_thread *t = arg;

	lthread_self();
	sem_post(&t->present);
	sem_wait(&t->start);
	t->fn((void *)(t - host_threads));
	sem_post(&t->done);
	sem_wait(&t->leave);
	return NULL;
}

static void start_host_thread(struct host_thread *t, void *(*fn)(void *))
{
	t->fn = fn;
	sem_init(&t->present, 0, 0);
	sem_init(&t->start, 0, 0);
	sem_init(&t->done, 0, 0);
	sem_init(&t->leave, 0, 0);
	BUG_ON(pthread_create(&t->thread, NULL, host_thread_main, t));
	sem_wait(&t->present);
}

void bounded_host_threads(int nr, void *(*fn)(void *))
{
	BUG_ON(nr > (int)ARRAY_SIZE(host_threads));
	for (int i = 0; i < nr; i++)
		start_host_thread(&host_threads[i], fn);
	for (int i = 0; i < nr; i++)
		sem_post(&host_threads[i].start);
	for (int i = 0; i < nr; i++)
		sem_wait(&host_threads[i].done);
	for (int i = 0; i < nr; i++) {
		sem_post(&host_threads[i].leave);
		pthread_join(host_threads[i].thread, NULL);
	}
}
