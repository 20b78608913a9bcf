// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * copy_process.c - building a task and making it known
 *
 * FORK-13, fork against kill:
 *
 *   killer, R(tasklist_lock)             copy_process()
 *     SIGKILL into the sets of all         build the child, seen by nobody
 *     tasks it means, this one too         W(tasklist_lock)
 *   unlock                                   SIGKILL for us?  Then fail
 *                                            link the child
 *
 * The lock puts one section before the other.  Either the child is linked and
 * the killer finds it, or the parent finds the signal.  No child slips
 * through, which is what a core dump's count of tasks rests on (DUMP-17).
 */
#include "mm/copy_process.h"

#include <errno.h>
#include <signal.h>
#include <string.h>

#include "mm/lock_classes.h"
#include "mm/files.h"
#include "mm/mempolicy.h"
#include "mm/pid.h"
#include "mm/process.h"
#include "mm/ptrace.h"
#include "mm/sched.h"
#include "mm/signal.h"
#include "mm/slab.h"
#include "mm/uaccess.h"
#include "mm/user.h"
#include "mm/wait.h"

static struct kmem_cache *task_cachep;

/* ---- Task structures -------------------------------------------------- */

void free_task_rcu(struct rcu_head *head)
{
	struct task_struct *p = container_of(head, struct task_struct, rcu);

	spin_lock_destroy(&p->alloc_lock);
	spin_lock_destroy(&p->proc_lock);
	kmem_cache_free(task_cachep, p);
}

void init_task_locks(struct task_struct *p)
{
	spin_lock_init(&p->alloc_lock, &task_lock_class);
	spin_lock_init(&p->proc_lock, &proc_lock_class);
	CDS_INIT_LIST_HEAD(&p->run_list);
	CDS_INIT_LIST_HEAD(&p->tasks);
	CDS_INIT_LIST_HEAD(&p->thread_group);
	CDS_INIT_LIST_HEAD(&p->children);
	CDS_INIT_LIST_HEAD(&p->sibling);
	CDS_INIT_LIST_HEAD(&p->ptrace_children);
	CDS_INIT_LIST_HEAD(&p->ptrace_list);
}

/*
 * OBJ-1, field by field: what the parent shares with its signal senders,
 * tracer and children is not read here, only what belongs to itself.
 */
static struct task_struct *dup_task_struct(const struct fork_request *req)
{
	struct task_struct *parent = req->parent, *p;

	p = kmem_cache_alloc(task_cachep, GFP_KERNEL | __GFP_ZERO);
	if (!p)
		return NULL;
	init_task_locks(p);
	atomic_set(&p->usage, 2); /* REF-15 */
	p->flags = (READ_ONCE(parent->flags) & ~(unsigned long)PF_SUPERPRIV) |
		   PF_FORKNOEXEC;
	if (req->kind != FORK_USER)
		p->flags |= PF_KTHREAD;
	if (req->args.flags & CLONE_PTRACE)
		p->ptrace = READ_ONCE(parent->ptrace);
	p->user = parent->user;
	p->parent_exec_id = parent->self_exec_id;
	p->self_exec_id = parent->self_exec_id;
	memcpy(p->comm, parent->comm, sizeof(p->comm));
	parent->rng = parent->rng * 1664525u + 1013904223u;
	p->rng = parent->rng ^ 0x9e3779b9u;
	return p;
}

/* A child nobody has ever seen. */
static void free_task(struct task_struct *p)
{
	free_task_rcu(&p->rcu);
}

/* ---- Phases of copy_process() ----------------------------------------- */

/* FORK-2, in this order. */
static int check_clone_flags(unsigned long flags)
{
	if ((flags & (CLONE_NEWNS | CLONE_FS)) == (CLONE_NEWNS | CLONE_FS))
		return -EINVAL;
	if ((flags & CLONE_THREAD) && !(flags & CLONE_SIGHAND))
		return -EINVAL;
	if ((flags & CLONE_SIGHAND) && !(flags & CLONE_VM))
		return -EINVAL;
	return 0;
}

/* FORK-10 steps 4 and 5. */
static int charge_user(struct task_struct *p, const struct fork_request *req)
{
	struct signal_struct *signal = req->parent->signal;
	unsigned long limit = READ_ONCE(signal->rlim[RLIMIT_NPROC].rlim_cur);
	struct user_struct *user = p->user;

	if (user != &root_user &&
	    (unsigned long)atomic_read(&user->processes) >= limit)
		return -EAGAIN;
	get_uid(user);
	atomic_inc(&user->processes);
	return 0;
}

static void uncharge_user(struct task_struct *p)
{
	atomic_dec(&p->user->processes);
	free_uid(p->user);
}

/* FORK-10 steps 8 to 12, but what dup_task_struct() left zero. */
static int init_child(struct task_struct *p, const struct fork_request *req)
{
	unsigned long flags = req->args.flags;
	struct mempolicy *pol;

	p->pid = req->pid;
	/* Not undone if the clone fails later. */
	if ((flags & CLONE_PARENT_SETTID) &&
	    put_user32((uint32_t)p->pid, req->args.parent_tid))
		return -EFAULT;
	pol = mpol_copy(req->parent->mempolicy);
	if (IS_ERR(pol))
		return (int)PTR_ERR(pol);
	p->mempolicy = pol;
	p->tgid = flags & CLONE_THREAD ? req->parent->tgid : p->pid;
	return 0;
}

/* FORK-14; siglock, as another thread may be in sigaction(). */
static int copy_sighand(struct task_struct *p, const struct fork_request *req)
{
	struct sighand_struct *old = req->parent->sighand, *new;

	if (req->args.flags & (CLONE_SIGHAND | CLONE_THREAD)) {
		ref_get(&old->count, "sighand count", old);
		p->sighand = old;
		return 0;
	}
	new = kmem_cache_alloc(sighand_cachep, GFP_KERNEL | __GFP_ZERO);
	if (!new)
		return -ENOMEM;
	spin_lock_init(&new->siglock, &siglock_class);
	atomic_set(&new->count, 1);
	spin_lock_irq(&old->siglock);
	memcpy(new->action, old->action, sizeof(new->action));
	spin_unlock_irq(&old->siglock);
	p->sighand = new;
	return 0;
}

static int copy_signal(struct task_struct *p, const struct fork_request *req)
{
	struct signal_struct *old = req->parent->signal, *new;
	struct task_struct *leader = req->parent->group_leader;

	if (req->args.flags & CLONE_THREAD) {
		ref_get(&old->count, "signal count", old);
		ref_get(&old->live, "signal live", old);
		p->signal = old;
		return 0;
	}
	new = kmem_cache_alloc(signal_cachep, GFP_KERNEL | __GFP_ZERO);
	if (!new)
		return -ENOMEM;
	atomic_set(&new->count, 1);
	atomic_set(&new->live, 1);
	init_waitqueue_head(&new->wait_chldexit);
	task_lock(leader);
	memcpy(new->rlim, old->rlim, sizeof(new->rlim));
	task_unlock(leader);
	p->signal = new;
	return 0;
}

/* DEF-1: exit_signal() gives back count, not live. */
static void unwind_signal(struct task_struct *p)
{
	atomic_dec(&p->signal->live);
	exit_signal(p);
}

/* FORK-10 steps 14 to 16, and the parent's mask of blocked signals. */
static void finish_child(struct task_struct *p, const struct fork_request *req)
{
	unsigned long flags = req->args.flags;
	struct sighand_struct *sighand = req->parent->sighand;

	if (flags & CLONE_CHILD_SETTID)
		p->set_child_tid = req->args.child_tid;
	if (flags & CLONE_CHILD_CLEARTID)
		p->clear_child_tid = req->args.child_tid;
	p->exit_signal = flags & CLONE_THREAD ? -1 : (int)(flags & CSIGNAL);
	spin_lock_irq(&sighand->siglock);
	p->blocked = req->parent->blocked;
	spin_unlock_irq(&sighand->siglock);
	p->group_leader = p;
	if (req->kind != FORK_BOOT && req->kind != FORK_IDLE)
		sched_fork(p);
}

/* ---- Publication: FORK-12 --------------------------------------------- */

/* Steps b and d: may the caller still have children, here and now? */
static int check_publication(struct task_struct *p,
			     const struct fork_request *req)
	__must_hold(&tasklist_lock)
{
	struct task_struct *parent = req->parent;
	struct sighand_struct *sighand = parent->sighand;
	int err = 0;

	spin_lock(&sighand->siglock);
	/* DEF-29: sent to the group or to us, recomputed, not just flagged. */
	recalc_sigpending_tsk(parent);
	if (sigkill_pending(parent)) {
		err = -EINTR;
	} else if (req->args.flags & CLONE_THREAD) {
		if (parent->signal->flags & SIGNAL_GROUP_EXIT)
			err = -EAGAIN;
		else
			p->group_leader = parent->group_leader;
		if (!err && parent->signal->group_stop_count > 0) {
			parent->signal->group_stop_count++;
			p->stop_counted = true;
			set_tsk_thread_flag(p, TIF_SIGPENDING);
		}
	}
	spin_unlock(&sighand->siglock);
	return err;
}

/* Steps c, e to g. */
static void link_child(struct task_struct *p, const struct fork_request *req)
	__must_hold(&tasklist_lock)
{
	struct task_struct *parent = req->parent;

	if (req->args.flags & (CLONE_PARENT | CLONE_THREAD))
		p->real_parent = parent->real_parent;
	else
		p->real_parent = parent;
	p->parent = p->real_parent;
	if (thread_group_leader(p))
		cds_list_add_tail(&p->tasks, &init_task.tasks);
	cds_list_add_tail(&p->sibling, &p->parent->children);
	if (p->ptrace & PT_PTRACED)
		__ptrace_link(p, parent->parent);
	attach_pid(p, PIDTYPE_PID, p->pid);
	attach_pid(p, PIDTYPE_TGID, p->tgid);
	WRITE_ONCE(nr_threads, nr_threads + 1);
	total_forks++;
}

/* All of FORK-12 under one W(tasklist_lock): ORD-1, ORD-2, ORD-3. */
static int publish_child(struct task_struct *p, const struct fork_request *req)
{
	int err = 0;

	if (req->kind == FORK_IDLE)
		return 0;
	write_lock_irq(&tasklist_lock);
	if (req->kind != FORK_BOOT)
		err = check_publication(p, req);
	if (!err)
		link_child(p, req);
	write_unlock_irq(&tasklist_lock);
	return err;
}

/* Step 13's last; boot and idle tasks have no host thread of the pool. */
static int copy_machine_state(struct task_struct *p,
			      const struct fork_request *req)
{
	if (req->kind == FORK_BOOT || req->kind == FORK_IDLE)
		return 0;
	return copy_thread(&req->args, p);
}

static int copy_open_files(struct task_struct *p,
			   const struct fork_request *req)
{
	p->files = NULL;
	if (req->kind == FORK_BOOT || req->kind == FORK_IDLE)
		return 0;
	return copy_files(req->args.flags, p);
}

static int copy_address_space(struct task_struct *p,
			      const struct fork_request *req)
{
	if (req->kind == FORK_BOOT || req->kind == FORK_IDLE)
		return 0;
	return copy_mm(req->args.flags, p);
}

/* FORK-10 steps 3 to 12: a task that shares nothing but its user. */
static struct task_struct *new_task(const struct fork_request *req)
{
	struct task_struct *p = dup_task_struct(req);
	int err;

	if (!p)
		return ERR_PTR(-ENOMEM);
	err = charge_user(p, req);
	if (err)
		goto out_free_task;
	err = -EAGAIN;
	if (READ_ONCE(nr_threads) >= READ_ONCE(max_threads))
		goto out_uncharge_user;
	err = init_child(p, req);
	if (err)
		goto out_uncharge_user;
	return p;

out_uncharge_user:
	uncharge_user(p);
out_free_task:
	free_task(p);
	return ERR_PTR(err);
}

/* Undo new_task(). */
static void drop_task(struct task_struct *p)
{
	mpol_free(p->mempolicy);
	uncharge_user(p);
	free_task(p);
}

/* The labels run FORK-10 backwards: FORK-11. */
struct task_struct *copy_process(const struct fork_request *req)
{
	struct task_struct *p;
	int err;

	err = check_clone_flags(req->args.flags);
	if (err)
		return ERR_PTR(err);
	p = new_task(req);
	if (IS_ERR(p))
		return p;
	err = copy_open_files(p, req);
	if (err)
		goto out_drop_task;
	err = copy_sighand(p, req);
	if (err)
		goto out_exit_files;
	err = copy_signal(p, req);
	if (err)
		goto out_exit_sighand;
	err = copy_address_space(p, req);
	if (err)
		goto out_unwind_signal;
	err = copy_machine_state(p, req);
	if (err)
		goto out_mmput;
	finish_child(p, req);
	err = publish_child(p, req);
	if (!err)
		return p;

	unwind_thread(p);
out_mmput:
	if (p->mm)
		mmput(p->mm);
out_unwind_signal:
	unwind_signal(p);
out_exit_sighand:
	exit_sighand(p);
out_exit_files:
	exit_files(p);
out_drop_task:
	drop_task(p);
	return ERR_PTR(err);
}

void uncopy_process(struct task_struct *p)
{
	unwind_signal(p);
	exit_sighand(p);
	drop_task(p);
}

int copy_process_init(void)
{
	task_cachep = kmem_cache_create("task_struct",
					sizeof(struct task_struct), 64, 0,
					NULL, NULL);
	return task_cachep ? 0 : -ENOMEM;
}

void copy_process_exit(void)
{
	rcu_barrier();
	kmem_cache_destroy(task_cachep);
	task_cachep = NULL;
}
