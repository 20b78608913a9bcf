// SPDX-License-Identifier: GPL-2.0-or-later
/* The waiting seam of locking/, in place of its own for the host. */
#include "locking/seam.h"

#include <errno.h>
#include <limits.h>
#include <sched.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "explore/sync.h"

/* Spinning first would only multiply executions. */
const int seam_spin_limit = 1;

int seam_futex_wait(int *word, int val, int64_t timeout_ns)
{
	struct thread *t = eng.cur;

	if (!t) {
		host.futex_wait(word, val);
		return 0;
	}
	if (timeout_ns >= 0)
		t->deadline = eng.now_ns + timeout_ns;
	return sync_futex_wait(t, word, (uint32_t)val, CALLER) == ETIMEDOUT ?
	       -ETIMEDOUT : 0;
}

void seam_futex_wake(int *word, int nr)
{
	if (eng.cur)
		sync_futex_wake(eng.cur, word, nr, CALLER);
	else
		host.futex_wake(word, nr);
}

void seam_cpu_relax(void)
{
	if (eng.cur)
		sync_yield(eng.cur, true, CALLER);
}

void seam_yield(void)
{
	if (eng.cur)
		sync_yield(eng.cur, false, CALLER);
	else
		HOST_CALL(sched_yield);
}

uint64_t seam_clock_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000000000u + (uint64_t)ts.tv_nsec;
}
