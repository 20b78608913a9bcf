// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * ranges [ordered|write|read|clear]: a buffer is written as a whole while
 * another thread writes a word of it, reads one, or clears it as a whole; or
 * all in order, again and again.
 */
#include <pthread.h>
#include <string.h>

#define SIZE 4096
#define WORDS (SIZE / (int)sizeof(long))

static long buffer[WORDS] __attribute__((aligned(256)));
static const char *how;
static long sum;

static void touch(void)
{
	if (!strcmp(how, "read"))
		sum += buffer[100];
	else if (!strcmp(how, "clear"))
		memset(buffer, 0, SIZE);
	else
		buffer[100]++;
}

static void *other(void *arg)
{
	touch();
	return arg;
}

static void run_other(void)
{
	pthread_t t;

	pthread_create(&t, NULL, other, NULL);
	if (strcmp(how, "ordered"))
		memset(buffer, 1, SIZE);
	pthread_join(t, NULL);
}

int main(int argc, char **argv)
{
	how = argc > 1 ? argv[1] : "ordered";
	for (int i = 0; i < 3; i++) {
		memset(buffer, i, SIZE);
		run_other();
		buffer[99] = i;
		memset(buffer + 1, i, SIZE - sizeof(long));
	}
	return buffer[100] != buffer[WORDS - 1];
}
