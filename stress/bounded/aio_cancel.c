// SPDX-License-Identifier: GPL-2.0-or-later
/* A bounded scenario of requests of asynchronous I/O that are cancelled. */
#include <errno.h>

#include "locking/report.h"
#include "mm/aio.h"
#include "mm/cpu.h"
#include "mm/entry.h"
#include "mm/file.h"
#include "mm/fork.h"
#include "mm/uaccess.h"
#include "stress/bounded/bounded.h"

#define CTX_WORD BOUNDED_DATA /* the handle */
#define BUF (BOUNDED_DATA + PAGE_SIZE)
#define REQUEST_BYTES 16
#define POLL_DATA 1 /* a request that ends when it is cancelled */
#define READ_DATA 2 /* one that ends by itself */

static struct file *file;
static struct completion tried = COMPLETION_INITIALIZER(tried);
static int cancelled; /* (a) how often the poll was */
static int destroyed; /* (a) the context is on its way out, or gone */

static void submit(unsigned long ctx, uint64_t data, int opcode)
{
	struct aio_iocb iocb = {
		.data = data,
		.opcode = opcode,
		.direct = bounded_pick(2),
		.file = file,
		.buf = BUF,
		.nbytes = REQUEST_BYTES,
	};

	SYSCALL(sys_io_submit(ctx, 1, &iocb));
}

static void cancel(unsigned long ctx)
{
	if (!SYSCALL(sys_io_cancel(ctx, POLL_DATA)))
		__atomic_fetch_add(&cancelled, 1, __ATOMIC_RELAXED);
	if (!SYSCALL(sys_io_cancel(ctx, READ_DATA)))
		report_finding(FINDING_BUG, "a read has been cancelled");
}

static void cancels_beside(void *arg)
{
	if (bounded_pick(4)) {
		cancel((unsigned long)arg);
	} else {
		WRITE_ONCE(destroyed, 1);
		SYSCALL(sys_io_destroy((unsigned long)arg));
	}
	complete(&tried);
	bounded_exit();
}

/* One of all who try succeeds, and of what was cancelled there is no event. */
static void check_end(unsigned long ctx)
{
	struct io_event ev;

	while (SYSCALL(sys_io_getevents(ctx, 0, 1, &ev)) == 1)
		if (ev.data != READ_DATA)
			report_finding(FINDING_DATA,
				       "request %llu has an"
				       " event",
				       (unsigned long long)ev.data);
	if (READ_ONCE(cancelled) > 1 ||
	    (!READ_ONCE(destroyed) && READ_ONCE(cancelled) != 1))
		report_finding(FINDING_DATA,
			       "a request was cancelled %d"
			       " times",
			       READ_ONCE(cancelled));
}

static void cancels(void *arg)
{
	uint64_t id = 0;

	(void)arg;
	if (SYSCALL(sys_io_setup(4, CTX_WORD)))
		report_finding(FINDING_BUG, "io_setup() fails");
	user_read64(CTX_WORD, &id);
	if (bounded_thread(cancels_beside, (void *)id) < 0)
		complete(&tried);
	submit(id, READ_DATA, IOCB_CMD_PREAD);
	submit(id, POLL_DATA, IOCB_CMD_POLL);
	cancel(id);
	wait_for_completion(&tried);
	check_end(id);
	bounded_exit();
}

static void aio_cancel(void)
{
	struct inode *inode = inode_create("cancel", PAGE_SIZE, NULL);

	mm_bug_on(!inode, "no inode");
	file = file_open(inode, FILE_READ | FILE_WRITE);
	mm_bug_on(IS_ERR(file), "no file");
	iput(inode);
	bounded_spawn(cancels, NULL);
	bounded_reap();
	aio_flush_workers();
	if (atomic_read(&file->f_count) != 1)
		report_finding(FINDING_LEAK,
			       "a request has kept its file:"
			       " f_count %d",
			       atomic_read(&file->f_count));
	fput(file);
}

const struct bounded_ops bounded_aio_cancel = {
	.name = "aio-cancel",
	.why = "two cancel a request, or destroy its context, as others run",
	.items = "B-21 LOCK-7",
	.cpus = 2,
	.aio_workers = 1,
	.body = aio_cancel,
};
