// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * kiocb.c - a request from submission to completion
 *
 *	submitter		worker (use_mm)		exit_aio(), io_destroy()
 *	aio_get_req():
 *	  reqs_active++
 *	retry: -EIOCBRETRY
 *	  kicked, on run_list
 *				running = true		dead = true, cancel
 *				retry: copies		sleep until reqs_active
 *				aio_complete():		  is 0
 *				  event, put
 *				  release all it has
 *				  ctx_lock: --reqs_active, wake
 *							ctx_lock: 0; free the
 *							context
 *
 * The decrement is under ctx_lock and the unlock is the last access to the
 * context, so that the waiter, who looks under ctx_lock too, may free it.
 */
#include "mm/kiocb.h"

#include <errno.h>

#include "mm/aio_ring.h"
#include "mm/direct_io.h"
#include "mm/file.h"
#include "mm/filemap.h"
#include "mm/lock_classes.h"
#include "mm/sched.h"
#include "mm/slab.h"
#include "mm/uaccess.h"
#include "mm/wait.h"

#define RETRY_BYTES 1024 /* moved by one call of ki_retry() */

static struct kmem_cache *kiocb_cachep;

/* ---- references ----------------------------------------------------------- */

/* From here on io_cancel() may find it, by @data. */
static struct kiocb *aio_get_req(struct kioctx *ctx, uint64_t data)
{
	struct kiocb *req = kmem_cache_alloc(kiocb_cachep,
					     GFP_KERNEL | __GFP_ZERO);
	int err = 0;

	if (!req)
		return ERR_PTR(-ENOMEM);
	req->ki_ctx = ctx;
	req->ki_users = 2;
	req->ki_user_data = data;
	CDS_INIT_LIST_HEAD(&req->ki_run_list);
	spin_lock_irq(&ctx->ctx_lock);
	/* Each active request has a slot of the ring reserved. */
	if (ctx->dead) {
		err = -EINVAL;
	} else if ((unsigned int)ctx->reqs_active >= aio_ring_avail(ctx)) {
		err = -EAGAIN;
	} else {
		ctx->reqs_active++;
		cds_list_add_tail(&req->ki_list, &ctx->active_reqs);
	}
	spin_unlock_irq(&ctx->ctx_lock);
	if (!err)
		return req;
	kmem_cache_free(kiocb_cachep, req);
	return ERR_PTR(err);
}

/* Everything but the place in reqs_active. */
static void release_req(struct kiocb *req)
{
	dio_unpin(req);
	if (req->ki_filp)
		fput(req->ki_filp);
	kmem_cache_free(kiocb_cachep, req);
}

/* The last access to @ctx is the unlock. */
static void request_is_over(struct kioctx *ctx)
{
	unsigned long flags;

	spin_lock_irqsave(&ctx->ctx_lock, flags);
	ctx->reqs_active--;
	mm_bug_on(ctx->reqs_active < 0, "kioctx %#lx: reqs_active %d",
		  ctx->user_id, ctx->reqs_active);
	if (!ctx->reqs_active)
		wake_up_all(&ctx->wait);
	spin_unlock_irqrestore(&ctx->ctx_lock, flags);
}

/* Return: whether it was the last: the caller finishes the request. */
static bool __aio_put_req(struct kioctx *ctx, struct kiocb *req)
	__must_hold(&ctx->ctx_lock)
{
	mm_bug_on(req->ki_users <= 0, "kiocb %p: %d users", (void *)req,
		  req->ki_users);
	if (--req->ki_users)
		return false;
	mm_bug_on(!cds_list_empty(&req->ki_run_list),
		  "kiocb %p ends while it is to be run", (void *)req);
	cds_list_del_init(&req->ki_list);
	return true;
}

static void finish_req(struct kioctx *ctx, struct kiocb *req)
{
	release_req(req);
	request_is_over(ctx);
}

static void aio_put_req(struct kiocb *req)
{
	struct kioctx *ctx = req->ki_ctx;
	unsigned long flags;
	bool last;

	spin_lock_irqsave(&ctx->ctx_lock, flags);
	last = __aio_put_req(ctx, req);
	spin_unlock_irqrestore(&ctx->ctx_lock, flags);
	if (last)
		finish_req(ctx, req);
}

void aio_complete(struct kiocb *iocb, long res)
{
	struct kioctx *ctx = iocb->ki_ctx;
	const struct io_event event = {
		.data = iocb->ki_user_data, .obj = (uintptr_t)iocb, .res = res,
	};
	unsigned long flags;
	bool last;

	spin_lock_irqsave(&ctx->ctx_lock, flags);
	cds_list_del_init(&iocb->ki_run_list);
	iocb->ki_cancel = NULL;
	if (!iocb->ki_cancelled) {
		aio_ring_put(ctx, &event);
		wake_up(&ctx->wait);
	}
	last = __aio_put_req(ctx, iocb);
	spin_unlock_irqrestore(&ctx->ctx_lock, flags);
	if (last)
		finish_req(ctx, iocb);
}

/* ---- running -------------------------------------------------------------- */

/* On the run list, once; a running one is put there when it returns. */
static void queue_kicked_iocb(struct kioctx *ctx, struct kiocb *iocb)
	__must_hold(&ctx->ctx_lock)
{
	if (iocb->ki_running || !cds_list_empty(&iocb->ki_run_list))
		return;
	cds_list_add_tail(&iocb->ki_run_list, &ctx->run_list);
}

void kick_iocb(struct kiocb *iocb)
{
	struct kioctx *ctx = iocb->ki_ctx;
	unsigned long flags;

	spin_lock_irqsave(&ctx->ctx_lock, flags);
	iocb->ki_kicked = true;
	queue_kicked_iocb(ctx, iocb);
	aio_queue_work(ctx);
	spin_unlock_irqrestore(&ctx->ctx_lock, flags);
}

/*
 * One call of ki_retry(), without ctx_lock.  The caller has a reference.
 * Return: whether it is on the run list, kicked while it ran.
 */
static bool aio_run_iocb(struct kioctx *ctx, struct kiocb *iocb)
	__must_hold(&ctx->ctx_lock)
{
	ssize_t ret = -EINTR;
	bool cancelled = iocb->ki_cancelled;

	iocb->ki_kicked = false;
	iocb->ki_running = true;
	spin_unlock_irq(&ctx->ctx_lock);
	if (!cancelled)
		ret = iocb->ki_retry(iocb);
	if (ret != -EIOCBRETRY && ret != -EIOCBQUEUED)
		aio_complete(iocb, ret);
	spin_lock_irq(&ctx->ctx_lock);
	iocb->ki_running = false;
	if (ret != -EIOCBRETRY || !iocb->ki_kicked)
		return false;
	queue_kicked_iocb(ctx, iocb);
	return true;
}

void aio_run_iocbs(struct kioctx *ctx)
{
	while (!cds_list_empty(&ctx->run_list)) {
		struct kiocb *iocb = cds_list_first_entry(&ctx->run_list,
							  struct kiocb,
							  ki_run_list);
		bool last;

		cds_list_del_init(&iocb->ki_run_list);
		iocb->ki_users++;
		atomic_long_inc(&aio_stats.retries);
		aio_run_iocb(ctx, iocb);
		last = __aio_put_req(ctx, iocb);
		if (!last)
			continue;
		spin_unlock_irq(&ctx->ctx_lock);
		release_req(iocb);
		spin_lock_irq(&ctx->ctx_lock);
		/* As request_is_over(); we keep using ctx, see exit_aio(). */
		if (!--ctx->reqs_active)
			wake_up_all(&ctx->wait);
	}
}

/* ---- what requests do ----------------------------------------------------- */

/* Up to RETRY_BYTES from the page cache to the user, or back. */
static ssize_t move_some(struct kiocb *iocb)
{
	uint64_t buf[RETRY_BYTES / sizeof(uint64_t)];
	size_t len = min(sizeof(buf), iocb->ki_nbytes - iocb->ki_done);
	loff_t pos = iocb->ki_pos + (loff_t)iocb->ki_done;
	uaddr_t user = iocb->ki_buf + iocb->ki_done;
	ssize_t n;

	if (!iocb->ki_to_user) {
		if (copy_from_user(buf, user, len))
			return -EFAULT;
		return file_write(iocb->ki_filp, pos, buf, len);
	}
	n = file_read(iocb->ki_filp, pos, buf, len);
	if (n > 0 && copy_to_user(user, buf, (unsigned long)n))
		return -EFAULT;
	return n;
}

/* In the submitter: not ready; in a worker: a piece for each kick. */
static ssize_t aio_pread_write(struct kiocb *iocb)
{
	ssize_t n = 0;

	if (current->flags & PF_BORROWED_MM) {
		n = move_some(iocb);
		if (n <= 0)
			return iocb->ki_done ? (ssize_t)iocb->ki_done : n;
		iocb->ki_done += (size_t)n;
	}
	if (iocb->ki_done == iocb->ki_nbytes)
		return (ssize_t)iocb->ki_done;
	kick_iocb(iocb);
	return -EIOCBRETRY;
}

/* A file that never has news: only cancelling ends it. */
static ssize_t aio_poll(struct kiocb *iocb)
{
	(void)iocb;
	return -EIOCBQUEUED;
}

static int aio_cancel_poll(struct kiocb *iocb)
{
	aio_complete(iocb, -EINTR);
	aio_put_req(iocb);
	return 0;
}

/* ---- submission ----------------------------------------------------------- */

static int check_iocb(const struct aio_iocb *arg)
{
	if (arg->opcode != IOCB_CMD_PREAD && arg->opcode != IOCB_CMD_PWRITE &&
	    arg->opcode != IOCB_CMD_POLL)
		return -EINVAL;
	if (!arg->file || arg->offset < 0 ||
	    ((arg->buf | arg->nbytes | (uint64_t)arg->offset) & 7))
		return -EINVAL;
	if (!access_ok(arg->buf, arg->nbytes))
		return -EFAULT;
	return 0;
}

/* Fill in what the opcode says.  Return: 0 or -Exxx. */
static int aio_setup_iocb(struct kiocb *req, const struct aio_iocb *arg)
{
	req->ki_filp = get_file(arg->file);
	req->ki_buf = arg->buf;
	req->ki_nbytes = arg->nbytes;
	req->ki_pos = arg->offset;
	req->ki_to_user = arg->opcode == IOCB_CMD_PREAD;
	if (arg->opcode == IOCB_CMD_POLL) {
		req->ki_retry = aio_poll;
		return 0;
	}
	req->ki_retry = arg->direct ? dio_submit : aio_pread_write;
	return arg->direct ? dio_pin(req) : 0;
}

int io_submit_one(struct kioctx *ctx, const struct aio_iocb *arg)
{
	struct kiocb *req;
	int err = check_iocb(arg);

	if (err)
		return err;
	req = aio_get_req(ctx, arg->data);
	if (IS_ERR(req))
		return (int)PTR_ERR(req);
	err = aio_setup_iocb(req, arg);
	if (err) {
		aio_put_req(req); /* the completion's: there will be none */
		aio_put_req(req);
		return err;
	}
	spin_lock_irq(&ctx->ctx_lock);
	if (arg->opcode == IOCB_CMD_POLL)
		req->ki_cancel = aio_cancel_poll;
	if (aio_run_iocb(ctx, req))
		aio_queue_work(ctx);
	spin_unlock_irq(&ctx->ctx_lock);
	aio_put_req(req);
	return 0;
}

/* ---- cancelling ----------------------------------------------------------- */

/* Return: whether somebody has begun to end @iocb. */
static bool cancel_req(struct kioctx *ctx, struct kiocb *iocb)
	__must_hold(&ctx->ctx_lock)
{
	int (*cancel)(struct kiocb *iocb) = iocb->ki_cancel;

	iocb->ki_cancelled = true;
	if (!cancel)
		return false;
	iocb->ki_cancel = NULL;
	iocb->ki_users++;
	spin_unlock_irq(&ctx->ctx_lock);
	cancel(iocb);
	atomic_long_inc(&aio_stats.cancelled);
	spin_lock_irq(&ctx->ctx_lock);
	return true;
}

void aio_cancel_all(struct kioctx *ctx)
{
	spin_lock_irq(&ctx->ctx_lock);
	ctx->dead = true;
	while (!cds_list_empty(&ctx->active_reqs)) {
		struct kiocb *iocb = cds_list_first_entry(&ctx->active_reqs,
							  struct kiocb,
							  ki_list);

		cds_list_del_init(&iocb->ki_list);
		cancel_req(ctx, iocb);
	}
	wake_up_all(&ctx->wait);
	spin_unlock_irq(&ctx->ctx_lock);
}

int aio_cancel_one(struct kioctx *ctx, uint64_t data)
{
	struct kiocb *iocb;
	int err = -EINVAL;

	spin_lock_irq(&ctx->ctx_lock);
	cds_list_for_each_entry(iocb, &ctx->active_reqs, ki_list) {
		if (iocb->ki_user_data != data)
			continue;
		err = -EAGAIN;
		if (iocb->ki_cancel && cancel_req(ctx, iocb))
			err = 0;
		break;
	}
	spin_unlock_irq(&ctx->ctx_lock);
	return err;
}

int kiocb_init(void)
{
	kiocb_cachep = kmem_cache_create("kiocb", sizeof(struct kiocb), 0, 0,
					 NULL, NULL);
	return kiocb_cachep ? 0 : -ENOMEM;
}

void kiocb_exit(void)
{
	kmem_cache_destroy(kiocb_cachep);
	kiocb_cachep = NULL;
}
