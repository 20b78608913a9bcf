// SPDX-License-Identifier: GPL-2.0-or-later
/* The ring of events, as its program reads and spoils it in user mode. */
#include "tests/mm/aio_util.h"

TestSuite(aio_ring, .timeout = 30, .init = life_boot, .fini = life_stop);

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
	/* A request that is ending has its slot and its event: one by one. */
	submit_numbered(ctx, 1);
	await_tail(ctx, 2);
	submit_numbered(ctx, 2);
	await_tail(ctx, 0);
	user_assert(submit(ctx, request(IOCB_CMD_PREAD, file, 8)) == -EAGAIN);
	set_head(ctx, 2);
	user_assert(SYSCALL(sys_io_getevents(ctx, 0, 3, ev)) == 1);
	user_assert(ev[0].data == 2);
	user_assert(ring_read(ctx, AIO_RING_HEAD) == 0);
}

Test(aio_ring, ring_is_read_by_its_program)
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

Test(aio_ring, nonsense_in_the_ring_is_bounded)
{
	run_program(writes_nonsense, NULL);
}

static void has_no_context(void *arg)
{
	struct io_event ev;

	user_assert(SYSCALL(sys_io_getevents((unsigned long)arg, 0, 1, &ev)) ==
		    -EINVAL);
	user_assert(current->mm->ioctx_list == NULL);
	user_exit(0);
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

Test(aio_ring, FORK_34_child_has_no_context)
{
	run_program(forks, NULL);
}
