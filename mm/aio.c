// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * aio.c - I/O contexts: the one thing besides VMAs that an mm owns
 *
 * A context pins the structure (mm_count), never the address space, so it
 * does not keep an exiting process alive: exit_aio() ends it from within the
 * last mmput().  Its ring is then unmapped with mm_users at 0 (EXIT-22).
 *
 * Who may still touch a context when it is freed, and why nobody does:
 *
 *	lookup_ioctx()		holds a reference
 *	a request		counts in reqs_active until its last access
 *	a worker's handler	flush_workqueue() after reqs_active is 0: no
 *				request is left to kick, so none is queued again
 */
#include "mm/aio.h"

#include <errno.h>

#include "mm/aio_ring.h"
#include "mm/carrier.h"
#include "mm/fork_mm.h"
#include "mm/kiocb.h"
#include "mm/lock_classes.h"
#include "mm/mmu_context.h"
#include "mm/sched.h"
#include "mm/slab.h"
#include "mm/uaccess.h"
#include "mm/wait.h"
#include "mm/workqueue.h"

struct aio_stats aio_stats;

static struct kmem_cache *kioctx_cachep;

/* The first run requests in their mm, the others move data without it. */
static struct workqueue_struct *aio_wq, *dio_wq; /* (c) while in use */

static DEFINE_SPINLOCK(aio_nr_lock, &aio_nr_class);
static unsigned long aio_nr; /* under aio_nr_lock */
static CDS_LIST_HEAD(all_ioctx); /* under aio_nr_lock: kioctx.all_node */

/* ---- workers -------------------------------------------------------------- */

/* For the wait-for graph: a worker has to get on with our requests. */
static struct lthread *aio_blocker(const struct lwait *w)
{
	const struct workqueue_struct *wq = w->blocker_arg;

	return wq ? workqueue_lthread(wq) : NULL;
}

/* What the reader of a stall report wants to know was true at some time. */
static void note_borrowing(struct mm_struct *mm)
{
	if (!atomic_read(&mm->mm_users))
		atomic_long_inc(&aio_stats.borrowed_dying);
	else if (!READ_ONCE(mm->dumpable))
		atomic_long_inc(&aio_stats.borrowed_dumping);
}

/* TLB-30, TLB-31: the mm stays until flush_workqueue() has seen us return. */
static void aio_kick_handler(void *data)
{
	struct kioctx *ctx = data;
	struct mm_struct *mm = ctx->mm;

	use_mm(mm);
	note_borrowing(mm);
	spin_lock_irq(&ctx->ctx_lock);
	aio_run_iocbs(ctx);
	unuse_mm(mm); /* LOCK-7 */
	spin_unlock_irq(&ctx->ctx_lock);
}

void aio_queue_work(struct kioctx *ctx)
{
	queue_work(aio_wq, &ctx->wq);
}

void dio_queue_work(struct work_struct *work)
{
	queue_work(dio_wq, work);
}

int aio_start_workers(int nr)
{
	struct workqueue_struct *aio = create_workqueue("aio", nr), *dio;

	if (IS_ERR(aio))
		return (int)PTR_ERR(aio);
	dio = create_workqueue("dio", nr);
	if (IS_ERR(dio)) {
		destroy_workqueue(aio);
		return (int)PTR_ERR(dio);
	}
	aio_wq = aio;
	smp_store_release(&dio_wq, dio);
	return 0;
}

void aio_stop_workers(void)
{
	destroy_workqueue(dio_wq);
	destroy_workqueue(aio_wq);
	dio_wq = NULL;
	aio_wq = NULL;
}

void aio_flush_workers(void)
{
	if (!dio_wq)
		return;
	flush_workqueue(dio_wq);
	flush_workqueue(aio_wq);
}

/* ---- life of a context ---------------------------------------------------- */

/* Return: 0 or -EAGAIN. */
static int charge_aio_nr(struct kioctx *ctx)
{
	int err = 0;

	spin_lock(&aio_nr_lock);
	if (aio_nr + ctx->max_reqs > AIO_MAX_NR) {
		err = -EAGAIN;
	} else {
		aio_nr += ctx->max_reqs;
		cds_list_add_tail(&ctx->all_node, &all_ioctx);
	}
	spin_unlock(&aio_nr_lock);
	return err;
}

static void uncharge_aio_nr(struct kioctx *ctx)
{
	spin_lock(&aio_nr_lock);
	aio_nr -= ctx->max_reqs;
	cds_list_del(&ctx->all_node);
	spin_unlock(&aio_nr_lock);
}

unsigned long aio_nr_events(void)
{
	unsigned long nr;

	spin_lock(&aio_nr_lock);
	nr = aio_nr;
	spin_unlock(&aio_nr_lock);
	return nr;
}

static void free_ioctx(struct kioctx *ctx)
{
	spin_lock_destroy(&ctx->ctx_lock);
	kmem_cache_free(kioctx_cachep, ctx);
}

static struct kioctx *new_ioctx(struct mm_struct *mm, unsigned int max_reqs)
{
	struct kioctx *ctx = kmem_cache_alloc(kioctx_cachep,
					      GFP_KERNEL | __GFP_ZERO);

	if (!ctx)
		return NULL;
	atomic_set(&ctx->users, 2);
	ctx->mm = mm;
	ctx->max_reqs = max_reqs;
	spin_lock_init(&ctx->ctx_lock, &kioctx_class);
	init_waitqueue_head(&ctx->wait);
	CDS_INIT_LIST_HEAD(&ctx->active_reqs);
	CDS_INIT_LIST_HEAD(&ctx->run_list);
	init_work(&ctx->wq, aio_kick_handler, ctx);
	return ctx;
}

/* On the list, with a second reference for the caller. */
static struct kioctx *ioctx_alloc(struct mm_struct *mm, unsigned int max_reqs)
{
	struct kioctx *ctx = new_ioctx(mm, max_reqs);
	int err;

	if (!ctx)
		return ERR_PTR(-ENOMEM);
	err = aio_setup_ring(ctx);
	if (err)
		goto out_free;
	mmgrab(mm);
	err = charge_aio_nr(ctx);
	if (err)
		goto out_ring;
	write_lock(&mm->ioctx_list_lock);
	ctx->next = mm->ioctx_list;
	mm->ioctx_list = ctx;
	write_unlock(&mm->ioctx_list_lock);
	return ctx;

out_ring:
	aio_free_ring(ctx);
	mmdrop(mm);
out_free:
	free_ioctx(ctx);
	return ERR_PTR(err);
}

void put_ioctx(struct kioctx *ctx)
{
	struct mm_struct *mm = ctx->mm;

	if (!ref_put_and_test(&ctx->users, "kioctx users", ctx))
		return;
	mm_bug_on(ctx->reqs_active, "kioctx %#lx freed with %d requests",
		  ctx->user_id, ctx->reqs_active);
	aio_free_ring(ctx);
	uncharge_aio_nr(ctx);
	free_ioctx(ctx);
	mmdrop(mm);
}

struct kioctx *lookup_ioctx(unsigned long ctx_id)
{
	struct mm_struct *mm = current->mm;
	struct kioctx *ctx;

	read_lock(&mm->ioctx_list_lock);
	for (ctx = mm->ioctx_list; ctx; ctx = ctx->next)
		if (ctx->user_id == ctx_id)
			break;
	if (ctx)
		ref_get(&ctx->users, "kioctx users", ctx);
	read_unlock(&mm->ioctx_list_lock);
	return ctx;
}

/* Return: whether the caller has taken it off the list. */
static bool unlink_ioctx(struct kioctx *ctx)
{
	struct mm_struct *mm = ctx->mm;
	struct kioctx **pos;
	bool found;

	write_lock(&mm->ioctx_list_lock);
	for (pos = &mm->ioctx_list; *pos && *pos != ctx; pos = &(*pos)->next)
		;
	found = *pos;
	if (found)
		*pos = ctx->next;
	write_unlock(&mm->ioctx_list_lock);
	return found;
}

static int requests_left(struct kioctx *ctx)
{
	int left;

	spin_lock_irq(&ctx->ctx_lock);
	left = ctx->reqs_active;
	spin_unlock_irq(&ctx->ctx_lock);
	return left;
}

/* Return: whether it had to sleep. */
static bool wait_for_all_aios(struct kioctx *ctx)
{
	bool slept = false;
	DEFINE_WAIT(wait);

	for (;;) {
		prepare_to_wait(&ctx->wait, &wait, TASK_UNINTERRUPTIBLE);
		if (!requests_left(ctx))
			break;
		slept = true;
		schedule_blocked(LWAIT_WORK, ctx, aio_blocker, aio_wq);
	}
	finish_wait(&ctx->wait, &wait);
	return slept;
}

/* Nothing uses the context afterwards but who holds a reference. */
static bool end_requests(struct kioctx *ctx)
{
	bool slept;

	aio_cancel_all(ctx);
	slept = wait_for_all_aios(ctx);
	if (aio_wq)
		flush_workqueue(aio_wq);
	return slept;
}

/* Off the list, once; the list's reference goes with it. */
static void kill_ioctx(struct kioctx *ctx)
{
	if (!unlink_ioctx(ctx))
		return; /* somebody else is at it */
	end_requests(ctx);
	put_ioctx(ctx);
}

/* No lock: the last user of the mm is alone with its list. */
void exit_aio(struct mm_struct *mm)
{
	struct kioctx *ctx = mm->ioctx_list, *next;

	mm->ioctx_list = NULL;
	for (; ctx; ctx = next) {
		next = ctx->next;
		if (requests_left(ctx))
			atomic_long_inc(&aio_stats.exits_active);
		if (end_requests(ctx))
			atomic_long_inc(&aio_stats.exits_waited);
		if (atomic_read(&ctx->users) != 1)
			report_finding(FINDING_REFCOUNT,
				       "kioctx %#lx of dying mm %lu: %d users",
				       ctx->user_id, mm->mm_id,
				       atomic_read(&ctx->users));
		put_ioctx(ctx);
	}
}

void for_each_kioctx(void (*fn)(struct kioctx *ctx, void *arg), void *arg)
{
	struct kioctx *ctx;

	spin_lock(&aio_nr_lock);
	cds_list_for_each_entry(ctx, &all_ioctx, all_node)
		fn(ctx, arg);
	spin_unlock(&aio_nr_lock);
}

/* ---- system calls --------------------------------------------------------- */

long sys_io_setup(unsigned int nr_events, uaddr_t ctxp)
{
	struct kioctx *ctx;
	uint64_t old;
	long ret = 0;

	if (get_user64(&old, ctxp))
		return -EFAULT;
	if (old || !nr_events)
		return -EINVAL;
	ctx = ioctx_alloc(current->mm, nr_events);
	if (IS_ERR(ctx))
		return PTR_ERR(ctx);
	if (put_user64(ctx->user_id, ctxp)) {
		kill_ioctx(ctx);
		ret = -EFAULT;
	}
	put_ioctx(ctx);
	return ret;
}

long sys_io_destroy(unsigned long ctx_id)
{
	struct kioctx *ctx = lookup_ioctx(ctx_id);

	if (!ctx)
		return -EINVAL;
	kill_ioctx(ctx);
	put_ioctx(ctx);
	return 0;
}

long sys_io_submit(unsigned long ctx_id, long nr,
		   const struct aio_iocb *iocbs)
{
	struct kioctx *ctx;
	long done = 0;
	int err = 0;

	if (!smp_load_acquire(&dio_wq))
		return -ENOSYS;
	if (nr < 0)
		return -EINVAL;
	ctx = lookup_ioctx(ctx_id);
	if (!ctx)
		return -EINVAL;
	while (done < nr && !err) {
		err = io_submit_one(ctx, &iocbs[done]);
		if (!err)
			done++;
	}
	put_ioctx(ctx);
	return done ? done : err;
}

long sys_io_cancel(unsigned long ctx_id, uint64_t data)
{
	struct kioctx *ctx = lookup_ioctx(ctx_id);
	long ret;

	if (!ctx)
		return -EINVAL;
	ret = aio_cancel_one(ctx, data);
	put_ioctx(ctx);
	return ret;
}

/* What is there, up to @nr.  Return: how many, or -EINVAL: ctx is dead. */
static long read_events(struct kioctx *ctx, long nr, struct io_event *events)
{
	long got = 0;
	bool dead;

	spin_lock_irq(&ctx->ctx_lock);
	while (got < nr && aio_ring_take(ctx, &events[got]))
		got++;
	dead = ctx->dead;
	spin_unlock_irq(&ctx->ctx_lock);
	return dead && !got ? -EINVAL : got;
}

/* Until there are @min_nr.  Return: as sys_io_getevents(). */
static long wait_for_events(struct kioctx *ctx, long min_nr, long nr,
			    struct io_event *events)
{
	long got = 0, more;
	DEFINE_WAIT(wait);

	for (;;) {
		prepare_to_wait(&ctx->wait, &wait, TASK_INTERRUPTIBLE);
		more = read_events(ctx, nr - got, events + got);
		if (more > 0)
			got += more;
		if (more < 0 || got >= min_nr)
			break;
		if (signal_pending(current)) {
			more = -EINTR;
			break;
		}
		schedule_blocked(LWAIT_IDLE, ctx, aio_blocker, aio_wq);
	}
	finish_wait(&ctx->wait, &wait);
	return got || more > 0 ? got : more;
}

long sys_io_getevents(unsigned long ctx_id, long min_nr, long nr,
		      struct io_event *events)
{
	struct kioctx *ctx;
	long ret;

	if (min_nr < 0 || nr < min_nr)
		return -EINVAL;
	ctx = lookup_ioctx(ctx_id);
	if (!ctx)
		return -EINVAL;
	ret = wait_for_events(ctx, min_nr, nr, events);
	put_ioctx(ctx);
	return ret;
}

/* ---- boot ----------------------------------------------------------------- */

int aio_init(void)
{
	int err;

	kioctx_cachep = kmem_cache_create("kioctx", sizeof(struct kioctx), 0,
					  0, NULL, NULL);
	if (!kioctx_cachep)
		return -ENOMEM;
	err = kiocb_init();
	if (err) {
		kmem_cache_destroy(kioctx_cachep);
		kioctx_cachep = NULL;
		return err;
	}
	aio_stats = (struct aio_stats){ 0 };
	return 0;
}

void aio_exit(void)
{
	kiocb_exit();
	kmem_cache_destroy(kioctx_cachep);
	kioctx_cachep = NULL;
}
