// SPDX-License-Identifier: GPL-2.0-or-later
/* memory BUG: one of several memory errors, or none. */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

static char *block;
static char *volatile nowhere;

static void *use(void *arg)
{
	block[0]++;
	return arg;
}

static void run_thread(void)
{
	pthread_t t;

	pthread_create(&t, NULL, use, NULL);
	pthread_join(t, NULL);
}

static int recurse(volatile int depth)
{
	volatile char space[512];

	space[0] = (char)depth;
	return depth ? recurse(depth - 1) + space[0] : 0;
}

int main(int argc, char **argv)
{
	const char *bug = argc > 1 ? argv[1] : "none";

	block = malloc(24);
	memset(block, 0, 24);
	run_thread();
	if (!strcmp(bug, "uninitialised") || !strcmp(bug, "strdup")) {
		char *p = *bug == 'u' ? malloc(24) : strdup("text");

		block[0] = p[2];
		free(p);
	}
	if (!strcmp(bug, "leak")) {
		block = NULL;
		return 0;
	}
	if (!strcmp(bug, "overflow"))
		block[argc + 22] = 1;
	if (!strcmp(bug, "tail")) {
		char *p = calloc(1, 20);

		block[0] = p[argc + 18];
		free(p);
	}
	if (!strcmp(bug, "crash"))
		*nowhere = 1;
	if (!strcmp(bug, "abort"))
		abort();
	if (!strcmp(bug, "exit"))
		exit(3);
	if (!strcmp(bug, "stack"))
		recurse(1000000);
	*(long *)block = 1;
	free(block);
	if (!strcmp(bug, "used-at-once"))
		*(long *)block = 2;
	if (!strcmp(bug, "use-after-free"))
		run_thread();
	if (!strcmp(bug, "double-free"))
		free(block);
	return 0;
}
