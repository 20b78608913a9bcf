// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A small program drawn from a number: two or three threads that mix loads,
 * stores, additions, compare-and-swaps, sections of a mutex, and a message
 * behind a flag.  It prints what all loads saw and what is left in memory;
 * the set of these lines over all schedules must not depend on how the
 * schedules were found.
 *
 *	mixed NUMBER [futex]
 *
 * With the second argument they also wait on a value for a while, and wake.
 */
#include <errno.h>
#include <linux/futex.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define THREADS 3
#define OPS 3

enum kind { LOAD, STORE, ADD, CAS, SECTION, SEND, RECEIVE, NR_KINDS,
	    WAIT, WAKE };

static const enum kind with_futexes[] = { LOAD, STORE, CAS, WAIT, WAKE };

struct op {
	enum kind kind;
	int where;
	int value;
};

static struct op program[THREADS][OPS];
static int nr_threads, nr_ops;
static uint64_t state;

static atomic_int shared[2];
static atomic_int guarded; /* atomic, but only touched under the mutex */
static atomic_int message; /* only touched before the flag, or after it */
static atomic_int flag;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static int seen[THREADS][OPS];

static int draw(int n)
{
	state = state * 6364136223846793005ull + 1442695040888963407ull;
	return (int)((state >> 33) % (uint64_t)n);
}

static enum kind draw_kind(bool futexes)
{
	return futexes ? with_futexes[draw(5)] : (enum kind)draw(NR_KINDS);
}

static void draw_program(uint64_t seed, bool futexes)
{
	state = seed * 0x9e3779b97f4a7c15ull;
	nr_threads = 2 + draw(2);
	nr_ops = nr_threads == 2 ? 3 : 1;
	for (int t = 0; t < nr_threads; t++)
		for (int i = 0; i < nr_ops; i++)
			program[t][i] = (struct op){
				.kind = draw_kind(futexes),
				.where = draw(2), .value = 1 + draw(3),
			};
}

static int section(int value)
{
	int old;

	pthread_mutex_lock(&mutex);
	old = atomic_load(&guarded);
	atomic_store(&guarded, old * 2 + value);
	pthread_mutex_unlock(&mutex);
	return old;
}

/* Only the first thread sends, so that the message has one writer. */
static int send_or_receive(int thread, int value)
{
	if (!thread) {
		atomic_fetch_add_explicit(&message, value,
					  memory_order_relaxed);
		atomic_store_explicit(&flag, 1, memory_order_release);
		return 0;
	}
	if (!atomic_load_explicit(&flag, memory_order_acquire))
		return -1;
	return atomic_load_explicit(&message, memory_order_relaxed);
}

/* Return: 1 woken, 2 another value, 3 timed out. */
static int wait_on(atomic_int *word, int value)
{
	const struct timespec brief = { .tv_nsec = 1000 };

	if (!syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, value, &brief, NULL,
		     0))
		return 1;
	return errno == EAGAIN ? 2 : 3;
}

static int perform(int thread, const struct op *op)
{
	atomic_int *p = &shared[op->where];
	int expected = op->value - 1;

	switch (op->kind) {
	case LOAD:
		return atomic_load(p);
	case STORE:
		atomic_store(p, op->value);
		return 0;
	case ADD:
		return atomic_fetch_add(p, op->value);
	case CAS:
		atomic_compare_exchange_strong(p, &expected, 5);
		return expected;
	case SECTION:
		return section(op->value);
	case WAIT:
		return wait_on(p, op->value - 1);
	case WAKE:
		return (int)syscall(SYS_futex, p, FUTEX_WAKE_PRIVATE, 1, NULL,
				    NULL, 0);
	default:
		return send_or_receive(thread, op->value);
	}
}

static void *run(void *arg)
{
	int t = (int)(intptr_t)arg;

	for (int i = 0; i < nr_ops; i++)
		seen[t][i] = perform(t, &program[t][i]);
	return NULL;
}

static void print_state(void)
{
	char line[256] = "state";
	size_t used = strlen(line);

	for (int t = 0; t < nr_threads; t++)
		for (int i = 0; i < nr_ops; i++)
			used += (size_t)snprintf(line + used,
						 sizeof(line) - used, " %d",
						 seen[t][i]);
	used += (size_t)snprintf(line + used, sizeof(line) - used,
				 " memory %d %d %d %d\n", shared[0], shared[1],
				 guarded, message);
	if (write(STDOUT_FILENO, line, used) != (ssize_t)used)
		abort();
}

int main(int argc, char **argv)
{
	pthread_t threads[THREADS];

	draw_program(argc > 1 ? strtoull(argv[1], NULL, 10) : 1,
		     argc > 2 && !strcmp(argv[2], "futex"));
	for (int t = 0; t < nr_threads; t++)
		pthread_create(&threads[t], NULL, run, (void *)(intptr_t)t);
	for (int t = 0; t < nr_threads; t++)
		pthread_join(threads[t], NULL);
	print_state();
	return 0;
}
