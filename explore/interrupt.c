// SPDX-License-Identifier: GPL-2.0-or-later
#include "explore/interrupt.h"

#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <sys/mman.h>

#include "explore/engine.h"

/* Shared with worker processes, or NULL: nobody catches signals. */
static int *seen EXPLORE_STATE;

/* May run on the stack of any thread of the program under test. */
static void on_signal(int sig)
{
	(void)sig;
	__atomic_store_n(seen, 1, __ATOMIC_RELAXED);
}

int interrupt_catch(void)
{
	struct sigaction act = { .sa_handler = on_signal,
				 .sa_flags = SA_RESTART };

	if (!seen) {
		int *page = mmap(NULL, sizeof(*seen), PROT_READ | PROT_WRITE,
				 MAP_SHARED | MAP_ANONYMOUS, -1, 0);

		if (page == MAP_FAILED)
			return -ENOMEM;
		seen = page;
	}
	sigemptyset(&act.sa_mask);
	sigaction(SIGINT, &act, NULL);
	sigaction(SIGTERM, &act, NULL);
	return 0;
}

bool interrupt_seen(void)
{
	return seen && __atomic_load_n(seen, __ATOMIC_RELAXED);
}
