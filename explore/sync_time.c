// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Virtual time.  It stands still while threads run, except for a microsecond
 * at each look, and jumps when a sleep or a timeout ends.
 */
#include <errno.h>
#include <sched.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "explore/sync.h"

#define SECOND 1000000000ll
/* When every execution starts: 2001-09-09. */
#define EPOCH_NS (1000000000ll * SECOND)
#define LOOK_NS 1000

static int64_t to_ns(const struct timespec *ts)
{
	return ts->tv_sec * SECOND + ts->tv_nsec;
}

static int64_t clock_base(clockid_t clock)
{
	return clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE ?
	       EPOCH_NS : SECOND;
}

int64_t sync_clock(clockid_t clock)
{
	eng.now_ns += LOOK_NS;
	return clock_base(clock) + eng.now_ns;
}

void sync_deadline(struct thread *t, clockid_t clock,
		   const struct timespec *abs)
{
	int64_t when = to_ns(abs) - clock_base(clock);

	t->deadline = when < 0 ? 0 : when;
}

void sync_yield(struct thread *t, bool spin, uintptr_t pc)
{
	if (spin || t->timeout_seq == thread_others(t))
		stuck_yield(t);
	t->timeout_seq = thread_others(t);
	op_begin(t, OP_YIELD, NULL, pc);
	if (unlikely(eng.model->refresh != NULL))
		eng.model->refresh(t);
}

void sync_sleep(struct thread *t, int64_t ns, uintptr_t pc)
{
	int64_t until = eng.now_ns + ns;

	if (t->timeout_seq == thread_others(t))
		stuck_yield(t);
	t->timeout_seq = thread_others(t);
	op_begin(t, OP_SLEEP, NULL, pc);
	if (eng.now_ns < until)
		eng.now_ns = until;
}

int sched_yield(void)
{
	if (!eng.cur)
		return (int)host.syscall(SYS_sched_yield, 0, 0, 0, 0, 0,
					 0);
	sync_yield(eng.cur, false, CALLER);
	return 0;
}

int nanosleep(const struct timespec *ts, struct timespec *left)
{
	if (!eng.cur)
		return HOST_CALL(nanosleep, ts, left);
	sync_sleep(eng.cur, to_ns(ts), CALLER);
	return 0;
}

int clock_nanosleep(clockid_t clock, int flags, const struct timespec *ts,
		    struct timespec *left)
{
	int64_t ns;

	if (!eng.cur)
		return HOST_CALL(clock_nanosleep, clock, flags, ts, left);
	ns = to_ns(ts);
	if (flags & TIMER_ABSTIME)
		ns -= clock_base(clock) + eng.now_ns;
	sync_sleep(eng.cur, ns, CALLER);
	return 0;
}

int usleep(useconds_t us)
{
	if (!eng.cur)
		return HOST_CALL(usleep, us);
	sync_sleep(eng.cur, us * 1000ll, CALLER);
	return 0;
}

unsigned int sleep(unsigned int s)
{
	if (!eng.cur)
		return HOST_CALL(sleep, s);
	sync_sleep(eng.cur, s * SECOND, CALLER);
	return 0;
}

int clock_gettime(clockid_t clock, struct timespec *ts)
{
	int64_t now;

	if (!eng.cur)
		return HOST_CALL(clock_gettime, clock, ts);
	now = sync_clock(clock);
	ts->tv_sec = now / SECOND;
	ts->tv_nsec = now % SECOND;
	return 0;
}

int gettimeofday(struct timeval *restrict tv, void *restrict zone)
{
	int64_t now;

	if (!eng.cur)
		return HOST_CALL(gettimeofday, tv, zone);
	now = sync_clock(CLOCK_REALTIME);
	tv->tv_sec = now / SECOND;
	tv->tv_usec = now % SECOND / 1000;
	return 0;
}

time_t time(time_t *out)
{
	time_t now;

	if (!eng.cur)
		return HOST_CALL(time, out);
	now = sync_clock(CLOCK_REALTIME) / SECOND;
	if (out)
		*out = now;
	return now;
}
