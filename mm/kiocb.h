/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kiocb.h - requests of asynchronous I/O
 *
 * A request counts in ctx->reqs_active from aio_get_req() until everything it
 * holds has been released: pages, file, its own memory.  It holds no reference
 * on its context: reqs_active does, because whoever frees a context waits for
 * it to reach 0, and the last step of a request is the unlock of ctx_lock.
 */
#ifndef MM_KIOCB_H
#define MM_KIOCB_H

#include "mm/aio.h"

#define DIO_MAX_PAGES 8

struct kiocb {
	struct kioctx *ki_ctx; /* (c) */
	struct cds_list_head ki_list; /* (x) ctx->active_reqs, or self */
	struct cds_list_head ki_run_list; /* (x) ctx->run_list, or self */
	int ki_users; /* (x) submitter, completion, runner, canceller */
	bool ki_kicked; /* (x) to be run (again) */
	bool ki_running; /* (x) ki_retry() is being called */
	bool ki_cancelled; /* (x) no event is to be written */
	/* Do some of it.  A result, -EIOCBRETRY or -EIOCBQUEUED. */
	ssize_t (*ki_retry)(struct kiocb *iocb); /* (c) */
	/* End it early: takes care of completing; drops a reference. */
	int (*ki_cancel)(struct kiocb *iocb); /* (x) NULL once ending */

	uint64_t ki_user_data; /* (c) */
	struct file *ki_filp; /* (c) one f_count */
	uaddr_t ki_buf; /* (c) */
	size_t ki_nbytes; /* (c) */
	loff_t ki_pos; /* (c) */
	size_t ki_done; /* by the one that runs it */

	bool ki_to_user; /* (c) a read: user memory is written */
	int ki_nr_pages; /* (c) pins of direct I/O */
	struct page *ki_pages[DIO_MAX_PAGES]; /* (c) */
	struct work_struct ki_work; /* direct I/O: moves the data */
};

#define EIOCBQUEUED 529 /* somebody else calls aio_complete() */
#define EIOCBRETRY 530 /* kick_iocb() tells when to go on */

/** kiocb_init() - make the cache.  Context: boot.  Return: 0 or -ENOMEM. */
int kiocb_init(void);

/** kiocb_exit() - undo kiocb_init(). */
void kiocb_exit(void);

/**
 * io_submit_one() - start one request
 * @ctx: context the caller has a reference on
 * @arg: request
 *
 * Context: a task of ctx->mm; sleeps.
 * Return: 0 or -Exxx with nothing left behind.
 */
int io_submit_one(struct kioctx *ctx, const struct aio_iocb *arg);

/**
 * aio_complete() - a request is over; called once
 * @iocb: request; the completion's reference is dropped
 * @res: bytes or -errno, for the event
 *
 * Context: no ctx_lock; may sleep.
 */
void aio_complete(struct kiocb *iocb, long res);

/**
 * kick_iocb() - a request that returned -EIOCBRETRY can go on
 * @iocb: request, not complete
 *
 * Context: any; takes ctx_lock.
 */
void kick_iocb(struct kiocb *iocb);

/**
 * aio_run_iocbs() - run what has been kicked
 * @ctx: context
 *
 * Context: a worker inside use_mm(); ctx_lock held, dropped, retaken.
 */
void aio_run_iocbs(struct kioctx *ctx) __must_hold(&ctx->ctx_lock);

/**
 * aio_cancel_all() - accept no requests any more, cancel those that can be
 * @ctx: context
 *
 * Context: sleeps; takes ctx_lock.
 */
void aio_cancel_all(struct kioctx *ctx);

/**
 * aio_cancel_one() - cancel the first request with this data
 * @ctx: context
 * @data: aio_iocb.data
 *
 * Context: sleeps; takes ctx_lock.
 * Return: as sys_io_cancel().
 */
int aio_cancel_one(struct kioctx *ctx, uint64_t data);

#endif /* MM_KIOCB_H */
