// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * outside WHAT: what the explorer must refuse: a call without a model, a
 * program that remembers something from one execution to the next, one that
 * computes for ever, a worker process that dies of something else, and the
 * death of its parent once something was found.
 */
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static int *kept; /* points to memory no restart resets */

__attribute__((constructor)) static void map_memory(void)
{
	kept = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
		    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
}

static void *nothing(void *arg)
{
	return arg;
}

static volatile uint64_t turns;

int main(int argc, char **argv)
{
	pthread_t t;

	if (argc > 1 && !strcmp(argv[1], "compute"))
		for (;;)
			turns++;
	if (argc > 1 && !strcmp(argv[1], "die") && ++*kept == 3)
		kill(getpid(), SIGKILL);
	if (argc > 1 && !strcmp(argv[1], "find")) {
		if (kept[1] == getpid())
			kill(getppid(), SIGKILL);
		if (++*kept == 5) {
			kept[1] = getpid();
			return 1;
		}
	}
	if (argc > 1 && !strcmp(argv[1], "poll"))
		poll(NULL, 0, 1);
	if (argc > 1 && !strcmp(argv[1], "memory") && ++*kept % 2) {
		pthread_create(&t, NULL, nothing, NULL);
		pthread_join(t, NULL);
	}
	return 0;
}
