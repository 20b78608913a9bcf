// SPDX-License-Identifier: GPL-2.0-or-later
#include "stress/actions.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "mm/cpu.h"
#include "mm/entry.h"
#include "mm/exit.h"
#include "mm/fork.h"
#include "mm/futex.h"
#include "mm/pid.h"
#include "mm/uaccess.h"
#include "stress/actions.h"

/* Records, reused last-in first-out. */
static struct {
	raw_spinlock_t lock;
	struct stress_user *all; /* under lock */
	struct stress_user *free; /* under lock */
	uint32_t next_serial; /* (a) */
	unsigned long in_use; /* under lock */
} pool = { .lock = RAW_SPINLOCK_UNLOCKED };

static struct stress_user *record_alloc(void)
{
	struct stress_user *u;

	raw_spin_lock(&pool.lock);
	u = pool.free;
	if (u)
		pool.free = u->next_free;
	raw_spin_unlock(&pool.lock);
	if (!u) {
		u = calloc(1, sizeof(*u));
		if (!u)
			return NULL;
		raw_spin_lock(&pool.lock);
		u->next = pool.all;
		pool.all = u;
		raw_spin_unlock(&pool.lock);
	}
	raw_spin_lock(&pool.lock);
	u->in_use = true;
	pool.in_use++;
	raw_spin_unlock(&pool.lock);
	return u;
}

static void record_free(struct stress_user *u)
{
	raw_spin_lock(&pool.lock);
	u->in_use = false;
	u->next_free = pool.free;
	pool.free = u;
	pool.in_use--;
	raw_spin_unlock(&pool.lock);
}

/* Copy what a child starts with; links and marks stay the record's own. */
static struct stress_user *record_copy(struct stress_user *parent)
{
	struct stress_user *u = record_alloc();
	struct stress_user *next;

	if (!u)
		return NULL;
	next = u->next;
	*u = *parent;
	u->next = next;
	u->next_free = NULL;
	u->in_clone = NULL;
	u->marked = false;
	u->nr_children = 0;
	u->faults_seen = 0;
	u->may_fault = false;
	u->vforked = false;
	u->generation = 0;
	u->depth++;
	u->serial = __atomic_add_fetch(&pool.next_serial, 1,
				       __ATOMIC_RELAXED) & 0xffffff;
	rng_seed(&u->rng, rng_next(&parent->rng), u->serial);
	return u;
}

/* Every user task begins here, and after exec. */
static void prog_main(void *arg)
{
	struct stress_user *u = arg;

	if (u->forked)
		u->foreign_slots = act_last_slot();
	u->forked = false;
	u->entry(u);
	prog_exit(u, 0, true);
}

/* The exec has succeeded: what it went through did happen. */
static void count_exec(struct stress_user *u)
{
	stress_count(EV_EXEC);
	if (u->vforked)
		stress_count(COVER_B10_EXEC);
	u->vforked = false;
	if (u->exec_beside & EXEC_BESIDE_SIBLINGS)
		stress_count(COVER_B11_EXEC_KILLS);
	if (u->exec_beside & EXEC_BESIDE_LEADER)
		stress_count(COVER_B11_NON_LEADER);
	if (u->exec_beside & EXEC_BESIDE_SHARER)
		stress_count(COVER_B11_VM_SHARER);
}

static void exec_main(void *arg)
{
	struct stress_user *u = arg;

	act_expect_no_ldt();
	u->image = u->next_image;
	u->slot = 1;
	u->forked = false;
	u->foreign_slots = 0;
	u->shares_mm = false;
	memset(u->data, 0, sizeof(u->data));
	memset(u->lots, 0, sizeof(u->lots));
	prog_settle(u);
	count_exec(u);
	prog_main(u);
}

static void remember_child(struct stress_user *u, pid_t pid)
{
	if (u->nr_children < MAX_CHILDREN)
		u->children[u->nr_children++] = pid;
}

/* A dump that has found the caller cannot end before the caller parks. */
static bool found_by_dump(void)
{
	struct mm_struct *mm = current->mm;
	bool found;

	down_read(&mm->mmap_sem);
	found = mm->core_waiters > 0;
	up_read(&mm->mmap_sem);
	return found;
}

/* Counted before the way back to user mode, on which the caller may die. */
static void count_refusal(unsigned long flags, int err)
{
	if (err == -EINTR && (flags & CLONE_VM) && found_by_dump())
		stress_count(COVER_B1_CLONE_EINTR);
	else if (err == -EAGAIN && (flags & CLONE_THREAD))
		stress_count(COVER_B2_THREAD_EAGAIN);
	else if (err == -EFAULT && (flags & CLONE_SETTLS))
		stress_count(COVER_B2_SETTLS_EFAULT);
}

/* Publish the child's record while the kernel may not know it yet. */
static pid_t clone_record(struct stress_user *u, struct stress_user *child,
			  struct kernel_clone_args *args)
{
	pid_t pid;

	args->entry = prog_main;
	args->arg = child;
	args->program = child;
	smp_store_release(&u->in_clone, child);
	syscall_enter();
	pid = sys_clone(args);
	count_refusal(args->flags, pid);
	exit_to_user();
	prog_note(u, args->flags & CLONE_VM ? "clone with CLONE_VM" : "fork",
		  0, 0, pid);
	smp_store_release(&u->in_clone, NULL);
	if (pid < 0) {
		stress_count(EV_CREATE_FAILED);
		record_free(child);
	}
	return pid;
}

pid_t prog_fork(struct stress_user *u, prog_entry_t entry)
{
	struct stress_user *child = record_copy(u);
	struct kernel_clone_args args = { .flags = SIGCHLD };
	pid_t pid;

	if (!child)
		return -ENOMEM;
	child->entry = entry;
	child->forked = true;
	child->shares_mm = false;
	pid = clone_record(u, child, &args);
	if (pid > 0) {
		stress_count(EV_FORK);
		remember_child(u, pid);
	}
	return pid;
}

/* The process's next free slot, from the common area's control page. */
static unsigned int take_slot(void)
{
	uaddr_t addr = world.common + COMMON_CONTROL * PAGE_SIZE;
	uint64_t old;
	int ret;

	if (user_read64(addr, &old))
		return 0;
	do {
		if (!old || old >= MAX_SLOTS)
			return 0;
		ret = user_cmpxchg64(addr, &old, old + 1);
	} while (!ret);
	return ret == 1 ? (unsigned int)old : 0;
}

static enum stress_counter clone_event(unsigned long flags)
{
	if (flags & CLONE_VFORK)
		return EV_VFORK;
	return flags & CLONE_THREAD ? EV_CLONE_THREAD : EV_CLONE_VM;
}

pid_t prog_clone(struct stress_user *u, prog_entry_t entry,
		 unsigned long flags, uaddr_t tls)
{
	struct kernel_clone_args args = { .flags = flags | CLONE_VM };
	unsigned int slot = take_slot();
	struct stress_user *child;
	pid_t pid;

	if (!slot)
		return -EBUSY;
	child = record_copy(u);
	if (!child)
		return -ENOMEM;
	child->entry = entry;
	child->shares_mm = true;
	child->vforked = flags & CLONE_VFORK;
	child->slot = slot;
	memset(child->data, 0, sizeof(child->data));
	memset(child->lots, 0, sizeof(child->lots));
	if (!(flags & CLONE_THREAD))
		args.flags |= SIGCHLD;
	args.child_tid = prog_tid_addr(slot);
	args.parent_tid = prog_tid_addr(slot) + 4;
	args.tls = tls;
	pid = clone_record(u, child, &args);
	if (pid > 0) {
		stress_count(clone_event(flags));
		if (!(flags & CLONE_THREAD))
			remember_child(u, pid);
	}
	return pid;
}

/* Whether a child of clone(CLONE_VM) is still in the caller's mm. */
static bool child_shares_mm(pid_t pid)
{
	struct task_struct *p = find_get_task(pid);
	struct mm_struct *mm;
	bool shares;

	if (!p)
		return false;
	mm = get_task_mm(p);
	put_task_struct(p);
	shares = mm == current->mm;
	if (mm)
		mmput(mm);
	return shares;
}

static unsigned int look_around(struct stress_user *u)
{
	unsigned int beside = 0;

	if (atomic_read(&current->signal->live) > 1)
		beside |= EXEC_BESIDE_SIBLINGS;
	if (current->pid != current->tgid)
		beside |= EXEC_BESIDE_LEADER;
	if (u->nr_children && child_shares_mm(u->children[0]))
		beside |= EXEC_BESIDE_SHARER;
	return beside;
}

int prog_exec(struct stress_user *u, const struct program_image *image,
	      prog_entry_t entry)
{
	static const char *const argv[] = { "mmtorture", "user", NULL };
	prog_entry_t old = u->entry;
	int err;

	u->next_image = image;
	u->exec = (struct exec_image){
		.name = image->name,
		.file = image->file,
		.segments = image->segments,
		.nr_segments = image->nr_segments,
		.brk = image->brk,
		.stack_top = image->stack_top,
		.argv = argv,
		.entry = exec_main,
		.arg = u,
		.program = u,
	};
	u->entry = entry;
	syscall_enter();
	u->exec_beside = look_around(u);
	err = sys_execve(&u->exec);
	stress_count(EV_EXEC_FAILED);
	if (err == -EINTR && u->vforked)
		stress_count(COVER_B10_EXEC_EINTR);
	else if (err == -EAGAIN)
		stress_count(COVER_B11_EAGAIN);
	exit_to_user();
	u->entry = old;
	return err;
}

void prog_count_faults(struct stress_user *u)
{
	unsigned long now = current->min_flt + current->maj_flt;
	unsigned int row = lthread_self()->id % STRESS_COUNTER_ROWS;

	__atomic_fetch_add(&world.sh->counters.rows[row].n[EV_FAULT],
			   now - u->faults_seen, __ATOMIC_RELAXED);
	u->faults_seen = now;
}

void prog_exit(struct stress_user *u, int code, bool group)
{
	prog_count_faults(u);
	if (u->vforked && current->vfork_done)
		stress_count(COVER_B10_EXIT);
	current->program = NULL;
	record_free(u);
	syscall_enter();
	if (group)
		sys_exit_group(code);
	sys_exit(code);
}

int prog_reap(struct stress_user *u, bool block)
{
	unsigned int left = 0;
	int reaped = 0;

	for (unsigned int i = 0; i < u->nr_children; i++) {
		pid_t pid = u->children[i];
		pid_t ret = SYSCALL(sys_wait4(pid, NULL,
					      block && !reaped ? 0 : WNOHANG));

		if (ret == pid)
			reaped++;
		else if (ret != -ECHILD)
			u->children[left++] = pid;
	}
	u->nr_children = left;
	for (int i = 0; i < reaped; i++)
		stress_count(EV_REAP);
	return reaped;
}

/*
 * The kernel wakes one sleeper (EXIT-10), so a thread has one joiner.
 *
 * Return: whether it is the caller.
 */
static bool claim_join(unsigned int slot)
{
	uaddr_t addr = world.common + COMMON_CONTROL * PAGE_SIZE +
		       (1 + slot / 64) * 8;
	uint64_t bit = 1ULL << slot % 64, old;
	int ret;

	if (user_read64(addr, &old))
		return false;
	do {
		if (old & bit)
			return false;
		ret = user_cmpxchg64(addr, &old, old | bit);
	} while (!ret);
	return ret == 1;
}

void prog_join(struct stress_user *u, unsigned int slot)
{
	uint32_t tid;

	/* The word came with the parent's memory: nobody will clear it. */
	if (slot <= u->foreign_slots || !claim_join(slot))
		return;
	while (!user_read32(prog_tid_addr(slot), &tid) && tid &&
	       !world_stopping()) {
		stress_count(EV_FUTEX);
		SYSCALL(sys_futex(prog_tid_addr(slot), FUTEX_WAIT, tid, 0, 0,
				  0));
	}
	prog_count_faults(u);
}

static void ancestor_main(void *arg)
{
	struct stress_user *u = arg;
	int err = prog_exec(u, &world.layout_image, u->entry);

	/* Short of memory that is legal; init starts another one. */
	if (err != -ENOMEM) {
		report_finding(FINDING_BUG, "the ancestor could not execute the"
			       " layout: error %d", err);
		smp_store_release(&world.stop, 1);
	}
	current->program = NULL;
	record_free(u);
}

pid_t prog_spawn_ancestor(uint64_t seed, prog_entry_t entry)
{
	struct stress_user *u = record_alloc();
	struct kernel_clone_args args = { .flags = SIGCHLD };
	struct stress_user *next;
	pid_t pid;

	if (!u)
		return -ENOMEM;
	next = u->next;
	memset(u, 0, sizeof(*u));
	u->next = next;
	u->in_use = true;
	u->serial = __atomic_add_fetch(&pool.next_serial, 1,
				       __ATOMIC_RELAXED) & 0xffffff;
	rng_seed(&u->rng, seed, u->serial);
	u->entry = entry;
	args.entry = ancestor_main;
	args.arg = u;
	args.program = u;
	pid = do_fork(&args);
	if (pid < 0)
		record_free(u);
	return pid;
}

/* Set or clear the mark of every record that a linked task has. */
static void mark_linked(bool mark)
{
	struct task_struct *leader, *p;

	read_lock(&tasklist_lock);
	for_each_process_thread(leader, p) {
		struct stress_user *u = p->program;

		if (!u)
			continue;
		u->marked = mark;
		u = smp_load_acquire(&u->in_clone);
		if (u)
			u->marked = mark;
	}
	read_unlock(&tasklist_lock);
}

unsigned long prog_collect(void)
{
	unsigned long left;

	mark_linked(true);
	raw_spin_lock(&pool.lock);
	for (struct stress_user *u = pool.all; u; u = u->next) {
		if (!u->in_use || u->marked)
			continue;
		u->in_use = false;
		u->next_free = pool.free;
		pool.free = u;
		pool.in_use--;
	}
	left = pool.in_use;
	raw_spin_unlock(&pool.lock);
	mark_linked(false);
	return left;
}

void prog_pool_free(void)
{
	struct stress_user *u = pool.all;

	while (u) {
		struct stress_user *next = u->next;

		free(u);
		u = next;
	}
	pool.all = pool.free = NULL;
	pool.in_use = 0;
}
