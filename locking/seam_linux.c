// SPDX-License-Identifier: GPL-2.0-or-later
/* The link-time seam on a Linux host. */
#include <errno.h>
#include <linux/futex.h>
#include <sched.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "locking/compiler.h"
#include "locking/seam.h"

#define NSEC_PER_SEC 1000000000LL

/* About a microsecond: below the price of a futex round trip. */
const int seam_spin_limit = 100;

int seam_futex_wait(int *word, int val, int64_t timeout_ns)
{
	struct timespec ts = {
		.tv_sec = timeout_ns / NSEC_PER_SEC,
		.tv_nsec = timeout_ns % NSEC_PER_SEC,
	};
	int saved = errno;
	long err;

	err = syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, val,
		      timeout_ns < 0 ? NULL : &ts, NULL, 0);
	if (err)
		err = errno == ETIMEDOUT ? -ETIMEDOUT : 0;
	errno = saved;
	return (int)err;
}

void seam_futex_wake(int *word, int nr)
{
	int saved = errno;

	syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, nr, NULL, NULL, 0);
	errno = saved;
}

void seam_cpu_relax(void)
{
#if defined(__x86_64__) || defined(__i386__)
	__builtin_ia32_pause();
#endif
}

void seam_yield(void)
{
	sched_yield();
}

uint64_t seam_clock_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * NSEC_PER_SEC + (uint64_t)ts.tv_nsec;
}
