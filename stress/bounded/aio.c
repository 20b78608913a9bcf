// SPDX-License-Identifier: GPL-2.0-or-later
/* Bounded scenarios of asynchronous I/O: workers that borrow a dying mm. */
#include <errno.h>
#include <signal.h>

#include "locking/report.h"
#include "mm/aio.h"
#include "mm/cpu.h"
#include "mm/entry.h"
#include "mm/file.h"
#include "mm/filemap.h"
#include "mm/fork.h"
#include "mm/proc_task_mmu.h"
#include "mm/uaccess.h"
#include "stress/aio_user.h"
#include "stress/bounded/bounded.h"

#define CTX_WORD BOUNDED_DATA /* the handle */
#define BUF (BOUNDED_DATA + PAGE_SIZE)
#define REQUEST_BYTES 16

static struct file *file;

static void open_file(void)
{
	struct inode *inode = inode_create("aio", PAGE_SIZE, NULL);

	file = file_open(inode, FILE_READ | FILE_WRITE);
	iput(inode);
}

/* Requests give the file back, whatever becomes of their process. */
static void close_file(void)
{
	bounded_reap();
	aio_flush_workers();
	if (atomic_read(&file->f_count) != 1)
		report_finding(FINDING_LEAK, "a request has kept its file:"
			       " f_count %d", atomic_read(&file->f_count));
	fput(file);
}

static unsigned long make_context(unsigned int nr_events)
{
	uint64_t id = 0;

	if (SYSCALL(sys_io_setup(nr_events, CTX_WORD)))
		report_finding(FINDING_BUG, "io_setup() fails");
	user_read64(CTX_WORD, &id);
	return id;
}

static long submit(unsigned long ctx, int opcode, bool direct)
{
	struct aio_iocb iocb = {
		.data = 1, .opcode = opcode, .direct = direct, .file = file,
		.buf = BUF, .nbytes = REQUEST_BYTES,
	};

	return SYSCALL(sys_io_submit(ctx, 1, &iocb));
}

/* ---- exit with a request in flight ------------------------------------------- */

static void exits_with_request(void *arg)
{
	unsigned long ctx = make_context(2);

	(void)arg;
	submit(ctx, IOCB_CMD_PREAD, bounded_pick(2));
	if (bounded_pick(2))
		submit(ctx, IOCB_CMD_POLL, false);
	bounded_exit();
}

static void aio_exit_body(void)
{
	open_file();
	bounded_spawn(exits_with_request, NULL);
	close_file();
}

const struct bounded_ops bounded_aio_exit = {
	.name = "aio-exit",
	.why = "exit while a worker runs a request in the mm",
	.items = "B-21 EXIT-22 TLB-31",
	.cpus = 2,
	.aio_workers = 1,
	.body = aio_exit_body,
};

/* ---- core dump with a worker inside the mm ------------------------------------- */

static void dumps_with_request(void *arg)
{
	unsigned long ctx = make_context(2);

	(void)arg;
	bounded_thread(bounded_pause, NULL);
	submit(ctx, IOCB_CMD_PREAD, false);
	bounded_dump();
	bounded_exit();
}

static void aio_dump_body(void)
{
	open_file();
	bounded_spawn(dumps_with_request, NULL);
	close_file();
}

const struct bounded_ops bounded_aio_dump = {
	.name = "aio-dump",
	.why = "core dump of an mm that a worker has borrowed",
	.items = "B-21 DUMP-30",
	.cpus = 2,
	.aio_workers = 1,
	.body = aio_dump_body,
};

/* ---- the end of a context against its users -------------------------------------- */


static void destroys(void *arg)
{
	SYSCALL(sys_io_destroy((unsigned long)arg));
	bounded_exit();
}

static void submits_beside(void *arg)
{
	unsigned long ctx = make_context(2);
	struct io_event ev;

	(void)arg;
	bounded_thread(destroys, (void *)ctx);
	submit(ctx, bounded_pick(2) ? IOCB_CMD_PREAD : IOCB_CMD_POLL, false);
	SYSCALL(sys_io_getevents(ctx, 0, 1, &ev));
	SYSCALL(sys_io_destroy(ctx));
	bounded_exit();
}

static void aio_destroy_body(void)
{
	open_file();
	bounded_spawn(submits_beside, NULL);
	close_file();
}

const struct bounded_ops bounded_aio_destroy = {
	.name = "aio-destroy",
	.why = "a context dies while others submit, wait and destroy",
	.items = "B-21 LOCK-7",
	.cpus = 2,
	.aio_workers = 1,
	.body = aio_destroy_body,
};

/* ---- the ring is read in user mode ------------------------------------------------ */

#define NR_READS 2
/* A request that has ended may count a little longer than its event. */
#define RING_EVENTS (NR_READS + 1)

static void submits_reads(void *arg)
{
	for (unsigned int i = 0; i < NR_READS; i++) {
		struct aio_iocb iocb = {
			.data = i, .opcode = IOCB_CMD_PREAD, .file = file,
			.buf = BUF + i * REQUEST_BYTES,
			.nbytes = REQUEST_BYTES,
		};

		if (SYSCALL(sys_io_submit((unsigned long)arg, 1, &iocb)) != 1)
			report_finding(FINDING_BUG, "io_submit() fails");
	}
	bounded_exit();
}

static void note_event(const struct io_event *ev, unsigned int *pending)
{
	if (ev->data >= NR_READS || !(*pending & 1U << ev->data) ||
	    ev->res != REQUEST_BYTES || ev->res2)
		report_finding(FINDING_DATA, "event of request %llu, result"
			       " %lld; requests without one: %#x",
			       (unsigned long long)ev->data,
			       (long long)ev->res, *pending);
	else
		*pending &= ~(1U << ev->data);
}

static void reads_ring(void *arg)
{
	unsigned long ctx = make_context(RING_EVENTS);
	unsigned int pending = (1U << NR_READS) - 1;
	struct io_event ev;

	(void)arg;
	if (bounded_thread(submits_reads, (void *)ctx) < 0)
		bounded_exit();
	while (pending) {
		int got = aio_user_take(ctx, RING_EVENTS + 1, &ev);

		if (!got)
			got = (int)SYSCALL(sys_io_getevents(ctx, 1, 1, &ev));
		if (got != 1)
			report_finding(FINDING_BUG, "no event: %d", got);
		note_event(&ev, &pending);
	}
	if (aio_user_take(ctx, RING_EVENTS + 1, &ev) ||
	    SYSCALL(sys_io_getevents(ctx, 0, 1, &ev)))
		report_finding(FINDING_DATA, "an event comes twice");
	bounded_exit();
}

static void aio_ring_body(void)
{
	open_file();
	bounded_spawn(reads_ring, NULL);
	close_file();
}

const struct bounded_ops bounded_aio_ring = {
	.name = "aio-ring",
	.why = "events are taken in user mode while workers add some",
	.items = "B-21",
	.cpus = 2,
	.aio_workers = 1,
	.body = aio_ring_body,
};

/* ---- pins across fork -------------------------------------------------------------- */

#define OLD_WORD 5

/* The word is the file's or the old one (DEF-26). */
static void expect_read(const char *who)
{
	uint64_t v = 0, want = file_pattern(file->f_inode->i_ino, 0, 0);

	if (user_read64(BUF, &v) || v == want || v == OLD_WORD)
		return;
	report_finding(FINDING_DATA, "%s reads %#llx after a direct read,"
		       " expected %#llx or %d", who, (unsigned long long)v,
		       (unsigned long long)want, OLD_WORD);
}

static void child_reads(void *arg)
{
	(void)arg;
	expect_read("the child");
	bounded_exit();
}

static void reads_across_fork(void *arg)
{
	unsigned long ctx = make_context(2);
	struct io_event ev;

	(void)arg;
	bounded_put(1, OLD_WORD);
	submit(ctx, IOCB_CMD_PREAD, true);
	bounded_clone(SIGCHLD, child_reads, NULL);
	/* A word beside: now one of the two has another page. */
	user_write64(BUF + 64, 1);
	SYSCALL(sys_io_getevents(ctx, 1, 1, &ev));
	expect_read("the parent");
	bounded_exit();
}

static void dio_fork_body(void)
{
	open_file();
	bounded_spawn(reads_across_fork, NULL);
	close_file();
}

const struct bounded_ops bounded_dio_fork = {
	.name = "dio-fork",
	.why = "fork while a direct read has pages pinned",
	.items = "B-8 DEF-26",
	.cpus = 2,
	.aio_workers = 1,
	.body = dio_fork_body,
};

/* ---- a look at every task while workers have borrowed mms ------------------------------ */

#define LAST_PID 12 /* nobody here has a higher one */

/* As ps does, and as often as there are tasks. */
static void looks_at_all(void *arg)
{
	static char text[PAGE_SIZE];

	(void)arg;
	bounded_arrive();
	for (pid_t pid = 2; pid <= LAST_PID; pid++)
		proc_pid_maps(pid, text, sizeof(text));
}

static void aio_look_body(void)
{
	open_file();
	bounded_spawn(exits_with_request, NULL);
	kernel_thread(looks_at_all, NULL, SIGCHLD);
	close_file();
}

const struct bounded_ops bounded_aio_look = {
	.name = "aio-look",
	.why = "an outside reader looks at all tasks, among them AIO workers",
	.items = "B-21 PROC-1 TLB-31",
	.cpus = 3,
	.aio_workers = 1,
	.arrivals = 2,
	.body = aio_look_body,
};
