// SPDX-License-Identifier: GPL-2.0-or-later
/* Requests: what they do, what is refused, who is pinned, no memory. */
#include "tests/mm/aio_util.h"

#include "mm/munmap.h"

TestSuite(aio, .timeout = 30, .init = life_boot, .fini = life_stop);

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
