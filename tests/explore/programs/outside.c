// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * outside CALL: what the explorer must refuse: a call without a model, and a
 * program that remembers something from one execution to the next.
 */
#include <poll.h>
#include <pthread.h>
#include <string.h>
#include <sys/mman.h>

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

int main(int argc, char **argv)
{
	pthread_t t;

	if (argc > 1 && !strcmp(argv[1], "poll"))
		poll(NULL, 0, 1);
	if (argc > 1 && !strcmp(argv[1], "memory") && ++*kept % 2) {
		pthread_create(&t, NULL, nothing, NULL);
		pthread_join(t, NULL);
	}
	return 0;
}
