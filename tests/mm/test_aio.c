// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Contexts and requests.  A file whose pages come only when a latch opens
 * holds a worker inside a request for as long as a test wants.
 */
#define LIFE_AIO_WORKERS 1
#include "tests/mm/life_util.h"

#include "locking/waitgraph.h"
#include "mm/aio.h"
#include "mm/file.h"
#include "mm/filemap.h"
#include "mm/kiocb.h"
#include "mm/munmap.h"

TestSuite(aio, .timeout = 30, .init = life_boot, .fini = life_stop);

#define CTX_WORD DATA /* the handle */
#define BUF (DATA + 8 * PAGE_SIZE)
#define FILE_PAGES 8

static struct file *file, *slow_file;
LATCH(page_wanted);
LATCH(page_may_come);

static int slow_readpage(struct address_space *mapping, struct page *page)
{
	reach(page_wanted);
	await(page_may_come);
	return generic_file_aops.readpage(mapping, page);
}

static const struct address_space_ops slow_aops = {
	.readpage = slow_readpage,
};

static struct file *open_new(const struct address_space_ops *a_ops)
{
	struct inode *inode = inode_create("aio", FILE_PAGES * PAGE_SIZE,
					   a_ops);
	struct file *f = file_open(inode, FILE_READ | FILE_WRITE);

	cr_assert(!IS_ERR(f));
	iput(inode);
	return f;
}

static void open_files(void)
{
	file = open_new(NULL);
	slow_file = open_new(&slow_aops);
}

/* All a request held has been given back by now. */
static void close_files(void)
{
	aio_flush_workers();
	sched_wait_quiet();
	cr_assert_eq(atomic_read(&file->f_count), 1);
	cr_assert_eq(atomic_read(&slow_file->f_count), 1);
	fput(file);
	fput(slow_file);
}

static void run_program(void (*entry)(void *), void *arg)
{
	open_files();
	cr_assert_eq(status_of(spawn(entry, arg)), 0);
	close_files();
}

static unsigned long setup(unsigned int nr_events)
{
	uint64_t id;

	user_write64(CTX_WORD, 0);
	user_assert(SYSCALL(sys_io_setup(nr_events, CTX_WORD)) == 0);
	user_read64(CTX_WORD, &id);
	user_assert(id != 0);
	return id;
}

static struct aio_iocb request(int opcode, struct file *f, size_t nbytes)
{
	return (struct aio_iocb){
		.data = 42, .opcode = opcode, .file = f, .buf = BUF,
		.nbytes = nbytes,
	};
}

static long submit(unsigned long ctx, struct aio_iocb req)
{
	return SYSCALL(sys_io_submit(ctx, 1, &req));
}

/* The only event to come. */
static struct io_event event_of(unsigned long ctx)
{
	struct io_event ev = { 0 };

	user_assert(SYSCALL(sys_io_getevents(ctx, 1, 1, &ev)) == 1);
	user_assert(ev.data == 42);
	return ev;
}

static bool buffer_has_pattern(size_t nbytes)
{
	unsigned long ino = file->f_inode->i_ino;

	for (size_t i = 0; i < nbytes; i += 8) {
		uint64_t v;

		user_read64(BUF + i, &v);
		if (v != file_pattern(ino, i >> PAGE_SHIFT,
				      (i & ~PAGE_MASK) / 8))
			return false;
	}
	return true;
}

/* ---- requests ------------------------------------------------------------- */

/* TLB-30: the worker writes the user's memory, in pieces, one for each kick. */
static void reads(void *arg)
{
	unsigned long ctx = setup(4);
	struct aio_iocb req = request(IOCB_CMD_PREAD, file, 2 * PAGE_SIZE + 8);
	long retries = atomic_long_read(&aio_stats.retries);

	req.direct = (long)arg;
	user_assert(submit(ctx, req) == 1);
	user_assert(event_of(ctx).res == (long)req.nbytes);
	user_assert(buffer_has_pattern(req.nbytes));
	retries = atomic_long_read(&aio_stats.retries) - retries;
	user_assert(req.direct ? retries == 0 : retries >= 9);
	user_assert(SYSCALL(sys_io_destroy(ctx)) == 0);
	user_assert(SYSCALL(sys_io_destroy(ctx)) == -EINVAL);
}

Test(aio, TLB_30_worker_reads_into_user_memory)
{
	run_program(reads, NULL);
}

Test(aio, direct_read)
{
	run_program(reads, (void *)1);
}

static void writes(void *arg)
{
	unsigned long ctx = setup(4);
	struct aio_iocb req = request(IOCB_CMD_PWRITE, file, PAGE_SIZE + 16);
	uint64_t now[3];

	req.direct = (long)arg;
	req.offset = 16;
	user_write64(BUF, 111);
	user_write64(BUF + PAGE_SIZE, 222);
	user_assert(submit(ctx, req) == 1);
	user_assert(event_of(ctx).res == (long)req.nbytes);
	user_assert(file_read(file, 8, now, 24) == 24);
	user_assert(now[0] == file_pattern(file->f_inode->i_ino, 0, 1));
	user_assert(now[1] == 111 && now[2] == 0);
	user_assert(file_read(file, PAGE_SIZE + 16, now, 8) == 8);
	user_assert(now[0] == 222);
}

Test(aio, worker_writes_from_user_memory)
{
	run_program(writes, NULL);
}

Test(aio, direct_write)
{
	run_program(writes, (void *)1);
}

static void reads_beyond(void *arg)
{
	unsigned long ctx = setup(4);
	struct aio_iocb req = request(IOCB_CMD_PREAD, file, PAGE_SIZE);

	req.direct = (long)arg;
	req.offset = (FILE_PAGES - 1) * PAGE_SIZE + 8;
	user_assert(submit(ctx, req) == 1);
	user_assert(event_of(ctx).res == PAGE_SIZE - 8);
	req.offset += PAGE_SIZE;
	user_assert(submit(ctx, req) == 1);
	user_assert(event_of(ctx).res == 0);
	/* A buffer that goes away: buffered I/O notices, pins do not. */
	user_assert(!SYSCALL(sys_munmap(BUF, PAGE_SIZE)));
	req.offset = 0;
	if (req.direct) {
		user_assert(submit(ctx, req) == -EFAULT);
	} else {
		user_assert(submit(ctx, req) == 1);
		user_assert(event_of(ctx).res == -EFAULT);
		req.opcode = IOCB_CMD_PWRITE;
		user_assert(submit(ctx, req) == 1);
		user_assert(event_of(ctx).res == -EFAULT);
	}
}

Test(aio, ends_of_file_and_memory)
{
	run_program(reads_beyond, NULL);
}

Test(aio, ends_of_file_and_memory_direct)
{
	run_program(reads_beyond, (void *)1);
}

static void refused(void *arg)
{
	unsigned long ctx = setup(2);
	struct aio_iocb poll = request(IOCB_CMD_POLL, file, 0);
	struct io_event ev[4];

	(void)arg;
	/* The word must be 0, readable, writable; the size sane. */
	user_assert(SYSCALL(sys_io_setup(2, CTX_WORD)) == -EINVAL);
	user_write64(CTX_WORD, 0);
	user_assert(SYSCALL(sys_io_setup(0, CTX_WORD)) == -EINVAL);
	user_assert(SYSCALL(sys_io_setup(2, 4096)) == -EFAULT);
	user_assert(SYSCALL(sys_io_setup(5000, CTX_WORD)) == -EINVAL);

	poll.opcode = IOCB_CMD_FSYNC;
	user_assert(submit(ctx, poll) == -EINVAL);
	poll.opcode = IOCB_CMD_PREAD;
	poll.buf++;
	user_assert(submit(ctx, poll) == -EINVAL);
	poll.buf = TASK_SIZE - 8;
	poll.nbytes = 16;
	user_assert(submit(ctx, poll) == -EFAULT);
	poll = request(IOCB_CMD_PREAD, file, 100 * PAGE_SIZE);
	poll.direct = true;
	poll.buf = DATA;
	user_assert(submit(ctx, poll) == -EINVAL);
	user_assert(submit(ctx + PAGE_SIZE, poll) == -EINVAL);
	user_assert(SYSCALL(sys_io_submit(ctx, -1, &poll)) == -EINVAL);
	user_assert(SYSCALL(sys_io_getevents(ctx, 2, 1, ev)) == -EINVAL);
	user_assert(SYSCALL(sys_io_getevents(8, 1, 1, ev)) == -EINVAL);

	/* Each request has a slot of the ring: a third finds none. */
	poll = request(IOCB_CMD_POLL, file, 0);
	user_assert(submit(ctx, poll) == 1);
	poll.data = 43;
	user_assert(submit(ctx, poll) == 1);
	user_assert(submit(ctx, poll) == -EAGAIN);
	user_assert(SYSCALL(sys_io_getevents(ctx, 0, 4, ev)) == 0);
	user_assert(SYSCALL(sys_io_cancel(ctx, 44)) == -EINVAL);
	user_assert(SYSCALL(sys_io_cancel(8, 43)) == -EINVAL);
	user_assert(SYSCALL(sys_io_cancel(ctx, 43)) == 0);
	user_assert(SYSCALL(sys_io_cancel(ctx, 43)) == -EINVAL);
	user_assert(submit(ctx, poll) == 1);
}

/* The two polls left are cancelled by exit_aio(). */
Test(aio, refusals)
{
	run_program(refused, NULL);
	cr_assert_eq(atomic_long_read(&aio_stats.cancelled), 3);
	cr_assert_eq(atomic_long_read(&aio_stats.exits_active), 1);
}

/* ---- the end of contexts -------------------------------------------------- */

static void exits_with_requests(void *arg)
{
	unsigned long ctx = setup(4);

	(void)arg;
	user_assert(submit(ctx, request(IOCB_CMD_PREAD, slow_file,
					PAGE_SIZE)) == 1);
	user_assert(submit(ctx, request(IOCB_CMD_POLL, slow_file, 0)) == 1);
	await(page_wanted); /* else the exit may cancel it before it runs */
}

/* Until init's child sleeps in exit_aio(), and what a stall report says. */
static void until_exit_waits(char *text, size_t size)
{
	do
		yield();
	while (waitgraph_text(text, size, 0) < 1 ||
	       !strstr(text, "waits for work") ||
	       !strstr(text, "mm/aio.c"));
}

/*
 * EXIT-22, TLB-31, B-21.  The worker has borrowed the mm and is in the middle
 * of a request; the process exits, its last mmput() waits in exit_aio() with
 * mm_users at 0.  The worker goes on, faults and writes user memory, and only
 * then is the ring unmapped and the address space torn down.
 */
Test(aio, EXIT_22_exit_waits_for_the_worker)
{
	char text[2048];
	pid_t pid;

	open_files();
	pid = spawn(exits_with_requests, NULL);
	until_exit_waits(text, sizeof(text));
	/* The wait-for graph names the worker. */
	cr_expect(strstr(text, "blocked by carrier"), "%s", text);
	cr_assert_eq(atomic_long_read(&aio_stats.rings_dying), 0);
	reach(page_may_come);
	cr_assert_eq(status_of(pid), 0);
	cr_assert_eq(atomic_long_read(&aio_stats.exits_active), 1);
	cr_assert_eq(atomic_long_read(&aio_stats.exits_waited), 1);
	cr_assert_eq(atomic_long_read(&aio_stats.rings_dying), 1);
	close_files();
}

static struct mm_struct *seen_mm;

static void dumps_with_requests(void *arg)
{
	unsigned long ctx = setup(4);

	(void)arg;
	seen_mm = current->mm;
	user_assert(submit(ctx, request(IOCB_CMD_PREAD, slow_file,
					PAGE_SIZE)) == 1);
	await(page_wanted);
	SYSCALL(sys_tgkill(sys_getpid(), sys_gettid(), SIGABRT));
}

/* DEF-11, B-21: the dump counts no borrower, and exit_aio() waits for it. */
Test(aio, DEF_11_worker_borrowed_across_a_dump)
{
	pid_t pid;
	int status;

	open_files();
	pid = spawn(dumps_with_requests, NULL);
	while (!atomic_long_read(&core_stats.dumps))
		yield();
	cr_assert_eq(atomic_long_read(&core_stats.waited_for), 0);
	reach(page_may_come);
	status = status_of(pid);
	cr_assert_eq(status, SIGABRT | 0x80, "%#x", (unsigned int)status);
	close_files();
}

LATCH(destroyer_is_there);

static void destroys(void *arg)
{
	reach(destroyer_is_there);
	user_assert(SYSCALL(sys_io_destroy((unsigned long)arg)) == 0);
	user_exit(0);
}

static void waits_for_events(void *arg)
{
	unsigned long ctx = setup(4);
	struct io_event ev;

	(void)arg;
	user_assert(submit(ctx, request(IOCB_CMD_POLL, file, 0)) == 1);
	new_thread(destroys, (void *)ctx);
	await(destroyer_is_there);
	/* Asleep or not there yet when the context dies: the same answer. */
	user_assert(SYSCALL(sys_io_getevents(ctx, 1, 1, &ev)) == -EINVAL);
	user_assert(submit(ctx, request(IOCB_CMD_POLL, file, 0)) == -EINVAL);
}

Test(aio, destroy_wakes_who_waits_for_events)
{
	run_program(waits_for_events, NULL);
}

static void sleeps_for_events(void *arg)
{
	unsigned long ctx = setup(4);
	struct io_event ev;

	(void)arg;
	SYSCALL(sys_io_getevents(ctx, 1, 1, &ev));
	report_fatal("a killed waiter came back");
}

Test(aio, kill_ends_the_wait_for_events)
{
	pid_t pid = spawn(sleeps_for_events, NULL);

	until_task_state(pid, TASK_INTERRUPTIBLE);
	cr_assert_eq(sys_kill(pid, SIGKILL), 0);
	cr_assert_eq(status_of(pid), SIGKILL);
}

static void has_no_context(void *arg)
{
	struct io_event ev;

	user_assert(SYSCALL(sys_io_getevents((unsigned long)arg, 0, 1, &ev)) ==
		    -EINVAL);
	user_assert(current->mm->ioctx_list == NULL);
	user_exit(0);
}

/* ---- the ring in user mode ------------------------------------------------ */

static uint64_t ring_read(unsigned long ctx, unsigned int word)
{
	uint64_t v = ~0ULL;

	user_assert(!user_read64(ctx + word * 8, &v));
	return v;
}

static void set_head(unsigned long ctx, uint64_t head)
{
	user_assert(!user_write64(ctx + AIO_RING_HEAD * 8, head));
}

static void submit_numbered(unsigned long ctx, uint64_t nr)
{
	struct aio_iocb req = request(IOCB_CMD_PREAD, file, 64);

	req.data = nr;
	user_assert(submit(ctx, req) == 1);
}

/* No call of the program's waits for the events. */
static void await_tail(unsigned long ctx, uint64_t tail)
{
	SYSCALL((aio_flush_workers(), 0));
	user_assert(ring_read(ctx, AIO_RING_TAIL) == tail);
}

static void takes_from_ring(void *arg)
{
	unsigned long ctx = setup(2);
	struct io_event ev[3];

	(void)arg;
	user_assert(ring_read(ctx, AIO_RING_NR) == 3);
	for (uint64_t i = 0; i < 7; i++) {
		unsigned int slot = AIO_RING_HEADER_WORDS + i % 3 * 4;

		submit_numbered(ctx, 100 + i);
		await_tail(ctx, (i + 1) % 3);
		user_assert(ring_read(ctx, AIO_RING_HEAD) == i % 3);
		user_assert(ring_read(ctx, slot) == 100 + i);
		user_assert(ring_read(ctx, slot + 2) == 64);
		set_head(ctx, (i + 1) % 3);
	}
	/* The kernel takes what the program has left, and only that. */
	user_assert(SYSCALL(sys_io_getevents(ctx, 0, 3, ev)) == 0);
	submit_numbered(ctx, 1);
	submit_numbered(ctx, 2);
	await_tail(ctx, 0);
	user_assert(submit(ctx, request(IOCB_CMD_PREAD, file, 8)) == -EAGAIN);
	set_head(ctx, 2);
	user_assert(SYSCALL(sys_io_getevents(ctx, 0, 3, ev)) == 1);
	user_assert(ev[0].data == 2);
	user_assert(ring_read(ctx, AIO_RING_HEAD) == 0);
}

Test(aio, ring_is_read_by_its_program)
{
	run_program(takes_from_ring, NULL);
}

/* A head that cannot be is taken for one that can. */
static void writes_nonsense(void *arg)
{
	unsigned long ctx = setup(2);
	struct io_event ev[3];

	(void)arg;
	set_head(ctx, ~0ULL); /* that is slot 0 of 3 */
	user_assert(!user_write64(ctx + AIO_RING_NR * 8, ~0ULL));
	user_assert(!user_write64(ctx + AIO_RING_TAIL * 8, 1000));
	submit_numbered(ctx, 1);
	user_assert(SYSCALL(sys_io_getevents(ctx, 1, 3, ev)) == 1);
	user_assert(ev[0].data == 1);
	user_assert(ring_read(ctx, AIO_RING_HEAD) == 1);
	user_assert(ring_read(ctx, AIO_RING_TAIL) == 1);
	/* Old slots come again, but each call ends. */
	set_head(ctx, 2);
	user_assert(SYSCALL(sys_io_getevents(ctx, 0, 3, ev)) == 2);
	user_assert(ev[1].data == 1);
	set_head(ctx, 1000); /* slot 1 */
	submit_numbered(ctx, 3);
	user_assert(SYSCALL(sys_io_getevents(ctx, 1, 3, ev)) == 1);
	user_assert(ev[0].data == 3);
}

Test(aio, nonsense_in_the_ring_is_bounded)
{
	run_program(writes_nonsense, NULL);
}

/* FORK-34: a child inherits the mapping of the ring, not the context. */
static void forks(void *arg)
{
	unsigned long ctx = setup(4);
	int status;
	pid_t pid;

	(void)arg;
	pid = SYSCALL(sys_fork(has_no_context, (void *)ctx));
	user_assert(SYSCALL(sys_wait4(pid, &status, 0)) == pid && !status);
	/* The parent's ring goes on working. */
	user_assert(submit(ctx, request(IOCB_CMD_PREAD, file, 64)) == 1);
	user_assert(event_of(ctx).res == 64);
	user_assert(buffer_has_pattern(64));
	/* Its user may unmap it at any time. */
	user_assert(!SYSCALL(sys_munmap(ctx, PAGE_SIZE)));
	user_assert(submit(ctx, request(IOCB_CMD_PREAD, file, 64)) == 1);
	user_assert(event_of(ctx).res == 64);
}

Test(aio, FORK_34_child_has_no_context)
{
	run_program(forks, NULL);
}

/* ---- pins across fork ----------------------------------------------------- */

LATCH(child_has_looked);
LATCH(read_is_over);

static void child_looks(void *arg)
{
	uint64_t v;

	(void)arg;
	reach(child_has_looked);
	await(read_is_over);
	/* It kept the frame that was pinned: the data arrived here. */
	user_read64(BUF, &v);
	user_assert(v == file_pattern(slow_file->f_inode->i_ino, 0, 0));
	user_exit(0);
}

/*
 * DEF-26.  1. a direct read pins the frame of BUF; 2. fork write-protects it;
 * 3. the parent writes: it gets a copy, the child keeps the pinned frame;
 * 4. the data arrives: in the child's frame, not in the parent's.
 */
static void pins_across_fork(void *arg)
{
	unsigned long ctx = setup(4);
	struct aio_iocb req = request(IOCB_CMD_PREAD, slow_file, PAGE_SIZE);
	uint64_t v;
	pid_t pid;

	(void)arg;
	req.direct = true;
	user_write64(BUF, 7);
	user_assert(submit(ctx, req) == 1);
	await(page_wanted);
	pid = SYSCALL(sys_fork(child_looks, NULL));
	await(child_has_looked);
	user_write64(BUF, 8);
	reach(page_may_come);
	user_assert(event_of(ctx).res == PAGE_SIZE);
	user_read64(BUF, &v);
	user_assert(v == 8);
	reach(read_is_over);
	user_assert(SYSCALL(sys_wait4(pid, NULL, 0)) == pid);
}

Test(aio, DEF_26_pinned_before_fork)
{
	run_program(pins_across_fork, NULL);
}

/* ---- no memory ------------------------------------------------------------ */

static int fail_setup(unsigned long n)
{
	long err;

	user_write64(CTX_WORD, 0);
	fault_inject_arm(n);
	err = sys_io_setup(4, CTX_WORD);
	fault_inject_disarm();
	return (int)err;
}

static long live_objects(void)
{
	long live = kmalloc_live();
	struct kioctx *ctx;

	for (ctx = current->mm->ioctx_list; ctx; ctx = ctx->next)
		live += 1000;
	return live + atomic_read(&current->mm->mm_count) * 10000L;
}

static int active_requests(void)
{
	struct kioctx *ctx = current->mm->ioctx_list;
	int active;

	spin_lock_irq(&ctx->ctx_lock);
	active = ctx->reqs_active;
	spin_unlock_irq(&ctx->ctx_lock);
	return active;
}

static void every_allocation(void *arg)
{
	struct aio_iocb reqs[3] = {
		request(IOCB_CMD_PREAD, file, 64),
		request(IOCB_CMD_PREAD, file, 64),
		request(IOCB_CMD_POLL, file, 0),
	};
	int map_count = current->mm->map_count, n;
	long live = live_objects();
	unsigned long ctx;

	(void)arg;
	reqs[1].direct = true;
	for (n = 1; fail_setup((unsigned long)n); n++) {
		user_assert(live_objects() == live);
		user_assert(current->mm->map_count == map_count);
	}
	user_assert(n >= 3);
	ctx = current->mm->ioctx_list->user_id;
	for (int i = 0; i < 3; i++) {
		for (n = 1;; n++) {
			long ret;

			SYSCALL(sys_munmap(BUF, PAGE_SIZE));
			SYSCALL(sys_mmap(BUF, PAGE_SIZE, PROT_READ |
					 PROT_WRITE, MAP_PRIVATE | MAP_FIXED |
					 MAP_ANONYMOUS, NULL, 0));
			fault_inject_arm((unsigned long)n);
			ret = sys_io_submit(ctx, 1, &reqs[i]);
			if (!fault_inject_hits())
				break;
			fault_inject_disarm();
			user_assert(ret == -ENOMEM);
			user_assert(!active_requests());
		}
		fault_inject_disarm();
		user_assert(n > 1);
		if (reqs[i].opcode != IOCB_CMD_POLL)
			user_assert(event_of(ctx).res == 64);
		aio_flush_workers();
	}
}

Test(aio, every_allocation)
{
	run_program(every_allocation, NULL);
}

/* ---- many at once --------------------------------------------------------- */

#define ROUNDS 60

static void keeps_destroying(void *arg)
{
	unsigned long *ctx = arg;

	for (int i = 0; i < ROUNDS; i++)
		SYSCALL(sys_io_destroy(READ_ONCE(*ctx)));
	user_exit(0);
}

/* Submitters, a destroyer and the workers on one context after the other. */
static void storm(void *arg)
{
	static unsigned long ctx;
	struct io_event ev[8];

	(void)arg;
	WRITE_ONCE(ctx, setup(8));
	new_thread(keeps_destroying, &ctx);
	for (int i = 0; i < ROUNDS; i++) {
		struct aio_iocb req = request(i % 3 ? IOCB_CMD_PREAD :
					      IOCB_CMD_POLL, file, 2048);

		req.direct = i & 1;
		for (int j = 0; j < 4; j++)
			if (submit(ctx, req) < 0)
				WRITE_ONCE(ctx, setup(8));
		SYSCALL(sys_io_getevents(ctx, 0, 8, ev));
	}
	user_exit_group(0);
}

Test(aio, destroy_against_submit)
{
	for (int i = 0; i < 4; i++)
		run_program(storm, NULL);
}

Test(aio, no_workers_no_submission)
{
	aio_stop_workers();
	open_files();
	cr_assert_eq(sys_io_submit(0, 1, NULL), -ENOSYS);
	close_files();
	sched_wait_quiet();
	base_threads = nr_threads;
}
