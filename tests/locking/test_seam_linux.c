// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>

#include "tests/locking/util.h"

TestSuite(seam_linux, .timeout = 20, .fini = assert_no_leaks);

static int word;

Test(seam_linux, wait_returns_when_the_value_differs)
{
	errno = EBADF;
	cr_assert_eq(seam_futex_wait(&word, 1, -1), 0);
	cr_assert_eq(errno, EBADF, "errno belongs to the program");
}

Test(seam_linux, wait_times_out)
{
	uint64_t start = seam_clock_ns();

	cr_assert_eq(seam_futex_wait(&word, 0, 2000000), -ETIMEDOUT);
	cr_assert_geq(seam_clock_ns() - start, 2000000);
}

static void *wake(void *arg)
{
	(void)arg;
	smp_store_release(&word, 1);
	seam_futex_wake(&word, 1);
	return NULL;
}

Test(seam_linux, wake_ends_the_wait)
{
	pthread_t t = run(wake, NULL);

	while (smp_load_acquire(&word) == 0)
		seam_futex_wait(&word, 0, -1);
	join(t);
}
