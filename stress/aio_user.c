// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * aio_user.c - events taken without a system call
 *
 *   kernel: event, release tail        user: tail, rmb, event, wmb, head
 *           acquire head, fill slot
 */
#include "stress/aio_user.h"

#include <errno.h>

#include "locking/report.h"
#include "mm/uaccess.h"

static uaddr_t word_at(unsigned long ctx, uint64_t word)
{
	return ctx + word * sizeof(uint64_t);
}

static int read_header(unsigned long ctx, uint64_t slots, uint64_t *head,
		       uint64_t *tail)
{
	uint64_t nr;

	if (user_read64(word_at(ctx, AIO_RING_NR), &nr) ||
	    user_read64(word_at(ctx, AIO_RING_HEAD), head) ||
	    user_read64(word_at(ctx, AIO_RING_TAIL), tail))
		return -EFAULT;
	if (nr == slots && *head < nr && *tail < nr)
		return 0;
	report_finding(FINDING_DATA, "AIO ring %#lx of %llu slots says it has"
		       " %llu, head %llu, tail %llu", ctx,
		       (unsigned long long)slots, (unsigned long long)nr,
		       (unsigned long long)*head, (unsigned long long)*tail);
	return -EFAULT;
}

static int read_event(uaddr_t at, struct io_event *ev)
{
	uint64_t w[sizeof(*ev) / 8];

	for (size_t i = 0; i < ARRAY_SIZE(w); i++)
		if (user_read64(at + i * 8, &w[i]))
			return -EFAULT;
	*ev = (struct io_event){
		.data = w[0], .obj = w[1],
		.res = (int64_t)w[2], .res2 = (int64_t)w[3],
	};
	return 0;
}

int aio_user_take(unsigned long ctx, uint64_t slots, struct io_event *ev)
{
	uint64_t head, tail;

	if (read_header(ctx, slots, &head, &tail))
		return -EFAULT;
	if (head == tail)
		return 0;
	smp_rmb();
	if (read_event(word_at(ctx, AIO_RING_HEADER_WORDS) +
		       head * sizeof(*ev), ev))
		return -EFAULT;
	smp_wmb();
	if (user_write64(word_at(ctx, AIO_RING_HEAD), (head + 1) % slots))
		return -EFAULT;
	return 1;
}
