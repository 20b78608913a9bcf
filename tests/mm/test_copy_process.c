// SPDX-License-Identifier: GPL-2.0-or-later
/* Every way in which making a task can fail, and what it leaves: nothing. */
#include <signal.h>

#include "mm/aio.h"
#include "mm/exit.h"
#include "mm/ldt.h"
#include "mm/mempolicy.h"
#include "mm/mlock.h"
#include "mm/pid.h"
#include "mm/process.h"
#include "mm/signal.h"
#include "mm/user.h"
#include "tests/mm/vma_util.h"

#define THREAD (CLONE_VM | CLONE_SIGHAND | CLONE_THREAD)

TestSuite(copy_process, .init = boot_machine, .fini = stop_machine,
	  .timeout = 60);

/* All that a failed clone must leave as it was. */
struct census {
	int threads, pids, processes, user_refs, live, count, sighand;
	long mms, vmas, anon_vmas, policies, kmallocs, committed;
	int mm_users, mm_count;
	unsigned int writable;
	int file_refs, writers;
};

static struct file *shared_file;

static struct census take_census(void)
{
	struct inode *inode = shared_file ? shared_file->f_inode : NULL;

	/* The reaped are not gone until CPUs and RCU have let go of them. */
	sched_wait_quiet();
	sched_idle_leave_all();
	rcu_barrier();
	return (struct census){
		.threads = nr_threads,
		.pids = nr_pids(),
		.processes = atomic_read(&current->user->processes),
		.user_refs = atomic_read(&current->user->__count),
		.live = atomic_read(&current->signal->live),
		.count = atomic_read(&current->signal->count),
		.sighand = atomic_read(&current->sighand->count),
		.mms = (long)nr_mms(),
		.vmas = kmem_cache_live(vm_area_cachep),
		.anon_vmas = kmem_cache_live(anon_vma_cachep),
		.policies = kmem_cache_live(policy_cachep),
		.kmallocs = kmalloc_live(),
		.committed = vm_committed_total(),
		.mm_users = atomic_read(&current->mm->mm_users),
		.mm_count = atomic_read(&current->mm->mm_count),
		.writable = inode ? inode->i_data.i_mmap_writable : 0,
		.file_refs = inode ? atomic_read(&shared_file->f_count) : 0,
		.writers = inode ? atomic_read(&inode->i_writecount) : 0,
	};
}

#define same(field) \
	cr_expect_eq(now.field, then.field, "%s: " #field " %ld, was %ld",\
		     what, (long)now.field, (long)then.field)

static void expect_census(struct census then, const char *what)
{
	struct census now = take_census();

	same(threads);
	same(pids);
	same(processes);
	same(user_refs);
	same(live);
	same(count);
	same(sighand);
	same(mms);
	same(vmas);
	same(anon_vmas);
	same(policies);
	same(kmallocs);
	same(committed);
	same(mm_users);
	same(mm_count);
	same(writable);
	same(file_refs);
	same(writers);
}

static void nothing(void *arg)
{
	(void)arg;
}

static pid_t clone_with(unsigned long flags)
{
	struct kernel_clone_args args = { .flags = flags, .entry = nothing };

	return sys_clone(&args);
}

static void reap(pid_t pid)
{
	int status;

	cr_assert_eq(sys_wait4(pid, &status, 0), pid);
}

/* One of everything that copy_mm() has to copy. */
static void furnish(void)
{
	struct inode *inode = inode_create("shared", 4 * PAGE_SIZE, NULL);
	struct user_desc_arg desc = { .entry_number = 3, .limit = 1 };

	shared_file = file_open(inode, FILE_READ | FILE_WRITE);
	iput(inode);
	draw("WWWW.RR.WW");
	for (unsigned int page = 0; page < 4; page++)
		touch(page, page);
	cr_assert_eq(sys_mmap(AT(12), 4 * PAGE_SIZE, RW,
			      MAP_SHARED | MAP_FIXED, shared_file, 0), AT(12));
	touch(13, 13);
	cr_assert_eq(sys_mmap(AT(600), 2 * PAGE_SIZE, RW,
			      MAP_PRIVATE | MAP_FIXED, shared_file, 0),
		     AT(600));
	touch(600, 600);
	cr_assert_eq(sys_mbind(AT(8), PAGE_SIZE, MPOL_BIND, 1), 0);
	cr_assert_eq(sys_set_mempolicy(MPOL_PREFERRED, 1), 0);
	cr_assert_eq(sys_mlock(AT(9), PAGE_SIZE), 0);
	cr_assert_eq(copy_to_user(AT(0), &desc, sizeof(desc)), 0ul);
	cr_assert_eq(sys_modify_ldt(1, AT(0), sizeof(desc)), 0);
	cr_assert_eq(sys_ioperm(0x60, 5, true), 0);
}

static void unfurnish(void)
{
	cr_assert_eq(sys_munmap(BASE, 1024 * PAGE_SIZE), 0);
	sys_set_mempolicy(MPOL_DEFAULT, 0);
	exit_thread();
	fput(shared_file);
	shared_file = NULL;
}

Test(copy_process, fork_10_flag_rules_fork_2)
{
	static const struct {
		unsigned long flags;
		int err;
	} rows[] = {
		{ CLONE_NEWNS | CLONE_FS, -EINVAL },
		{ CLONE_THREAD, -EINVAL },
		{ CLONE_THREAD | CLONE_VM, -EINVAL },
		{ CLONE_SIGHAND, -EINVAL },
		{ CLONE_SIGHAND | CLONE_THREAD, -EINVAL },
	};
	struct census then = take_census();

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		cr_expect_eq(clone_with(rows[i].flags), rows[i].err,
			     "row %zu", i);
	expect_census(then, "flags");
	reap(clone_with(SIGCHLD | CLONE_VM));
	reap(clone_with(SIGCHLD | CLONE_VFORK));
	expect_census(then, "legal flags");
}

/* FORK-11, FORK-57: the n-th allocation fails, for every n there is. */
Test(copy_process, fork_11_every_allocation_of_fork)
{
	struct census then;
	char what[32];
	pid_t pid;
	int n;

	furnish();
	reap(sys_fork(nothing, NULL));
	then = take_census();
	for (n = 1;; n++) {
		fault_inject_arm((unsigned long)n);
		pid = sys_fork(nothing, NULL);
		if (!fault_inject_hits())
			break;
		fault_inject_disarm();
		snprintf(what, sizeof(what), "n = %d", n);
		cr_expect(pid == -ENOMEM || pid == -EAGAIN, "%s: %d", what,
			  pid);
		expect_census(then, what);
	}
	fault_inject_disarm();
	cr_expect_geq(n, 15, "only %d allocations", n);
	reap(pid);
	expect_census(then, "success");
	expect_valid();
	unfurnish();
}

/* FORK-11, DEF-1: the same for a thread, which shares what fork copies. */
Test(copy_process, fork_11_every_allocation_of_clone)
{
	struct census then;
	pid_t pid;
	int n;

	furnish();
	then = take_census();
	for (n = 1;; n++) {
		fault_inject_arm((unsigned long)n);
		pid = clone_with(THREAD);
		if (!fault_inject_hits())
			break;
		fault_inject_disarm();
		cr_expect(pid == -ENOMEM || pid == -EAGAIN, "%d", pid);
		expect_census(then, "clone");
	}
	fault_inject_disarm();
	while (nr_threads > then.threads)
		yield();
	unfurnish();
}

/* FORK-10 step 13, CLONE_SETTLS: copy_thread() fails after copy_mm(). */
Test(copy_process, fork_11_bad_tls)
{
	struct kernel_clone_args args = {
		.flags = SIGCHLD | CLONE_SETTLS, .entry = nothing,
	};
	struct census then;

	furnish();
	then = take_census();
	args.tls = AT(4); /* a hole */
	cr_expect_eq(sys_clone(&args), -EFAULT);
	expect_census(then, "fork, EFAULT");
	args.tls = AT(2);
	touch(2, 99); /* entry 99 */
	cr_expect_eq(sys_clone(&args), -EINVAL);
	expect_census(then, "fork, EINVAL");
	args.flags = THREAD | CLONE_SETTLS;
	cr_expect_eq(sys_clone(&args), -EINVAL);
	expect_census(then, "thread, EINVAL"); /* DEF-1: live */
	unfurnish();
}

static void set_pending(struct sigpending *pending, ksigset_t set)
{
	spin_lock_irq(&current->sighand->siglock);
	pending->signal = set;
	recalc_sigpending();
	spin_unlock_irq(&current->sighand->siglock);
}

/*
 * FORK-12 b, DEF-29: SIGKILL in the private or in the shared set; DEF-8: the
 * I/O bitmap goes too (kmalloc count).
 */
Test(copy_process, fork_12_sigkill_ends_publication)
{
	struct sigpending *sets[] = {
		&current->pending, &current->signal->shared_pending,
	};
	struct census then;
	pid_t pid;

	furnish();
	then = take_census();
	for (int i = 0; i < 2; i++) {
		set_pending(sets[i], SIGMASK(SIGKILL));
		cr_expect_eq(sys_fork(nothing, NULL), -EINTR);
		expect_census(then, "fork");
		cr_expect_eq(clone_with(THREAD), -EINTR);
		expect_census(then, "thread");
		set_pending(sets[i], SIGMASK(SIGTERM));
		pid = sys_fork(nothing, NULL);
		set_pending(sets[i], 0);
		reap(pid);
	}
	unfurnish();
}

/* FORK-12 d: no thread joins a dying group. */
Test(copy_process, fork_12_group_exit)
{
	struct census then = take_census();

	current->signal->flags = SIGNAL_GROUP_EXIT;
	cr_expect_eq(clone_with(THREAD), -EAGAIN);
	expect_census(then, "thread");
	reap(clone_with(SIGCHLD));
	current->signal->flags = 0;
}

/* FORK-10 steps 4 and 6. */
Test(copy_process, fork_10_limits)
{
	struct rlimit *limit = &current->signal->rlim[RLIMIT_NPROC];
	struct census then;
	int old_max = max_threads;

	limit->rlim_cur = 1;
	reap(sys_fork(nothing, NULL)); /* root may */
	switch_uid(alloc_uid(1000));
	then = take_census();
	cr_expect_eq(sys_fork(nothing, NULL), -EAGAIN);
	expect_census(then, "RLIMIT_NPROC");
	limit->rlim_cur = 2;
	reap(sys_fork(nothing, NULL));
	max_threads = nr_threads;
	cr_expect_eq(sys_fork(nothing, NULL), -EAGAIN);
	expect_census(then, "max_threads");
	max_threads = old_max;
	switch_uid(get_uid(&root_user));
}

/* FORK-10 step 9: written early, and not undone. */
Test(copy_process, fork_10_parent_settid)
{
	struct kernel_clone_args args = {
		.flags = SIGCHLD | CLONE_PARENT_SETTID, .entry = nothing,
	};
	struct census then;
	pid_t pid;

	draw("W");
	touch(0, 0);
	then = take_census();
	args.parent_tid = AT(0);
	pid = sys_clone(&args);
	cr_expect_eq(peek(0), (uint64_t)pid);
	reap(pid);
	args.flags |= CLONE_SETTLS; /* from a hole: fails late */
	args.tls = AT(1);
	touch(0, 0);
	cr_expect_eq(sys_clone(&args), -EFAULT);
	cr_expect_eq(peek(0), (uint64_t)pid + 1);
	args.parent_tid = AT(1);
	cr_expect_eq(sys_clone(&args), -EFAULT);
	expect_census(then, "bad parent_tid");
}

/* FORK-12 c to g, seen from the child's structure. */
Test(copy_process, fork_12_links)
{
	struct kernel_clone_args args = {
		.flags = SIGCHLD | CLONE_STOPPED, .entry = nothing,
	};
	pid_t pid = sys_clone(&args);
	struct task_struct *p = find_get_task(pid);

	cr_assert_not_null(p);
	read_lock(&tasklist_lock);
	cr_expect_eq(p->real_parent, current);
	cr_expect_eq(p->parent, current);
	cr_expect_eq(p->group_leader, p);
	cr_expect(thread_group_empty(p));
	cr_expect_eq(p->tgid, pid);
	cr_expect_eq(find_task_by_pid(pid), p);
	cr_expect_eq(p->exit_signal, SIGCHLD);
	cr_expect_eq(nr_threads, 2);
	read_unlock(&tasklist_lock);
	cr_expect_eq(task_state(p), TASK_STOPPED); /* FORK-3 step 7 */
	sys_kill(pid, SIGKILL); /* DEF-15: it is not asleep for good */
	put_task_struct(p);
	reap(pid);
}
