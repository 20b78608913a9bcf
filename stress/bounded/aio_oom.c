// SPDX-License-Identifier: GPL-2.0-or-later
/* A bounded scenario of asynchronous I/O with no memory left. */
#include "locking/report.h"
#include "mm/aio.h"
#include "mm/cpu.h"
#include "mm/entry.h"
#include "mm/file.h"
#include "mm/fork.h"
#include "mm/page_alloc.h"
#include "mm/uaccess.h"
#include "stress/bounded/bounded.h"

#define CTX_WORD BOUNDED_DATA /* the handle */
#define BUF (BOUNDED_DATA + PAGE_SIZE) /* has no page yet */
#define REQUEST_BYTES 16
#define PROCESSES 2

static struct file *file;
static struct completion set_up = COMPLETION_INITIALIZER(set_up);
static struct completion taken = COMPLETION_INITIALIZER(taken);

/* ---- memory ------------------------------------------------------------------ */

/* All but what is kept for those who may use the reserve. */
static void take_memory(struct cds_list_head *pages)
{
	struct page *page;

	CDS_INIT_LIST_HEAD(pages);
	while ((page = alloc_page(GFP_ATOMIC & ~__GFP_HIGH)))
		cds_list_add(&page->lru, pages);
}

static void give_memory_back(struct cds_list_head *pages)
{
	struct page *page, *next;

	cds_list_for_each_entry_safe(page, next, pages, lru) {
		cds_list_del(&page->lru);
		__free_page(page);
	}
}

/* ---- programs ------------------------------------------------------------------- */

/* Return: requests that will have an event, at most 1. */
static long submit_read(unsigned long ctx)
{
	struct aio_iocb iocb = {
		.data = 1,
		.opcode = IOCB_CMD_PREAD,
		.direct = bounded_pick(2),
		.file = file,
		.buf = BUF,
		.nbytes = REQUEST_BYTES,
	};

	return SYSCALL(sys_io_submit(ctx, 1, &iocb)) == 1;
}

static void waits(unsigned long ctx, long submitted)
{
	struct io_event ev;

	SYSCALL(sys_io_getevents(ctx, submitted, 1, &ev));
}

static void touches(unsigned long ctx, long submitted)
{
	(void)ctx;
	(void)submitted;
	(void)SYSCALL(put_user64(1, BUF + PAGE_SIZE));
}

static void destroys(unsigned long ctx, long submitted)
{
	(void)submitted;
	SYSCALL(sys_io_destroy(ctx));
}

static void (*const next[])(unsigned long ctx, long submitted) = {
	waits, touches, destroys,
};

static void reads_with_no_memory(void *arg)
{
	uint64_t ctx = 0;

	(void)arg;
	if (SYSCALL(sys_io_setup(2, CTX_WORD)))
		report_finding(FINDING_BUG, "io_setup() fails");
	user_read64(CTX_WORD, &ctx);
	complete(&set_up);
	wait_for_completion(&taken);
	bounded_arrive();
	next[bounded_pick(ARRAY_SIZE(next))](ctx, submit_read(ctx));
	bounded_exit();
}

static void aio_oom(void)
{
	struct inode *inode = inode_create("aio", PAGE_SIZE, NULL);
	struct cds_list_head pages;

	file = file_open(inode, FILE_READ);
	iput(inode);
	for (int i = 0; i < PROCESSES; i++)
		bounded_spawn(reads_with_no_memory, NULL);
	for (int i = 0; i < PROCESSES; i++)
		wait_for_completion(&set_up);
	take_memory(&pages);
	complete_all(&taken);
	bounded_reap();
	aio_flush_workers();
	give_memory_back(&pages);
	fput(file);
}

const struct bounded_ops bounded_aio_oom = {
	.name = "aio-oom",
	.why = "who is killed for his memory has requests that need some",
	.items = "PROC-8 B-21 REF-5",
	.cpus = 3,
	.aio_workers = 1,
	.arrivals = PROCESSES,
	.own_start = true,
	.body = aio_oom,
};
