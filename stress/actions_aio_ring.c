// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * actions_aio_ring.c - a program that reads the ring of its context itself
 *
 * It has one thread and no child, so that its pages stay the pinned ones
 * (DEF-26) and nobody else takes events.
 */
#include "stress/actions_aio.h"

#include <errno.h>

#include "locking/report.h"
#include "mm/cpu.h"
#include "mm/entry.h"
#include "stress/aio_user.h"

#define WAVES 6 /* the ring goes round a few times */
#define RING_SLOTS (AIO_CTX_EVENTS + 1)

struct ring_reader {
	struct stress_user *u;
	unsigned long ctx;
	unsigned int pending; /* bit i: an event of iocbs[i] is to come */
	struct aio_iocb iocbs[AIO_REQUESTS];
};

static void got_event(struct ring_reader *r, const struct io_event *ev,
		      const char *how)
{
	unsigned int bit = ev->data < AIO_REQUESTS ? 1U << ev->data : 0;

	if (!(r->pending & bit))
		report_finding(FINDING_DATA, "%s gives an event of request"
			       " %llu; requests that lack one: %#x; user %u",
			       how, (unsigned long long)ev->data, r->pending,
			       r->u->serial);
	r->pending &= ~bit;
	aio_check_event(r->u, r->iocbs, ev);
}

/* Return: 1, 0 (nothing there) or -Exxx. */
static int take_in_user_mode(struct ring_reader *r)
{
	struct io_event ev;
	int got = aio_user_take(r->ctx, RING_SLOTS, &ev);

	if (got == 1) {
		got_event(r, &ev, "the AIO ring");
		stress_count(EV_AIO_RING);
	}
	return got;
}

/* At least one, or as many as there are. */
static long take_by_call(struct ring_reader *r, long min_nr)
{
	struct io_event evs[AIO_CTX_EVENTS];
	long got = SYSCALL(sys_io_getevents(r->ctx, min_nr, AIO_CTX_EVENTS,
					    evs));

	for (long i = 0; i < got; i++)
		got_event(r, &evs[i], "io_getevents()");
	return got;
}

/*
 * io_cancel() does not find a request that is over, whose event is in the
 * ring by then.  It may find, and end, a poll of an earlier wave instead.
 */
static void look_for_lost(struct ring_reader *r)
{
	unsigned int i = (unsigned int)__builtin_ctz(r->pending);
	unsigned int bit = 1U << i;
	int got = 1;

	if (SYSCALL(sys_io_cancel(r->ctx, i)) != -EINVAL)
		return;
	while (got > 0 && r->pending & bit)
		got = take_in_user_mode(r);
	if (!got && r->pending & bit)
		report_finding(FINDING_DATA, "request %u is over, but the AIO"
			       " ring has no event of it; user %u", i,
			       r->u->serial);
}

/* Return: whether all events of the wave have come. */
static bool take_wave(struct ring_reader *r)
{
	int got;

	while (r->pending) {
		got = take_in_user_mode(r);
		if (got < 0)
			return false;
		if (got && rng_chance(&r->u->rng, 3, 4))
			continue;
		if (!got)
			look_for_lost(r);
		if (take_by_call(r, r->pending && !got) < 0)
			return false;
	}
	/* Nothing is in flight: what comes now comes twice. */
	return take_in_user_mode(r) >= 0 && take_by_call(r, 0) >= 0;
}

static void ring_reader(struct stress_user *u)
{
	struct ring_reader r = { .u = u };

	if (aio_map_buffers(u))
		r.ctx = aio_make_context(u);
	for (int i = 0; r.ctx && i < WAVES && !world_stopping(); i++) {
		r.pending = aio_submit_some(u, r.ctx, r.iocbs);
		if (!take_wave(&r))
			break;
	}
	if (r.ctx)
		SYSCALL(sys_io_destroy(r.ctx));
	prog_count_faults(u);
	prog_exit(u, 0, false);
}

void act_aio_ring(struct stress_user *u)
{
	prog_fork(u, ring_reader);
}
