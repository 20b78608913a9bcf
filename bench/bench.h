/* SPDX-License-Identifier: GPL-2.0-or-later */
/* bench.h - one measured quantity, ours beside its peer, in the same run */
#ifndef BENCH_BENCH_H
#define BENCH_BENCH_H

#include <jansson.h>
#include <stddef.h>
#include <stdint.h>

#define MAX_PAIRS 1000

/* What a process under measurement looks like. */
struct bench_shape {
	int vmas; /* private anonymous mappings, 1 or more */
	int pages; /* resident pages over all of them */
};

/* Times of one batch of life cycles, in nanoseconds per life cycle. */
struct bench_times {
	double fork_ns; /* the parent's fork() alone */
	double cycle_ns; /* fork, the child's exit, the parent's wait */
};

/**
 * struct bench_side - one of the two sides of a comparison
 * @name: column title
 * @prepare: build the process of @shape; 0 or -Exxx
 * @batch: run @n life cycles of that process and say how long they took
 * @drop: take the process of prepare() down again
 */
struct bench_side {
	const char *name;
	int (*prepare)(const struct bench_shape *shape);
	int (*batch)(int n, struct bench_times *times);
	void (*drop)(void);
};

extern const struct bench_side emulated_side;
extern const struct bench_side host_side;

/**
 * host_side_start() - start the process that forks for the real kernel
 *
 * It is a small process of its own, started before the emulated memory
 * exists, so that what it forks is the measured process and nothing else.
 * Context: once, before any other thread exists.
 * Return: 0, or -Exxx.
 */
int host_side_start(void);
void host_side_stop(void);

double bench_now_ns(void);
/* Sorts @values; @n must be at least 1. */
double bench_median(double *values, size_t n);

/* Resident set of this process in KiB, from /proc/self/statm. */
long bench_rss_kib(void);

/* bench/memory.c: prints its own table; 0, or -Exxx. */
int bench_idle_memory(int tasks);

/**
 * bench_explorer() - the speed of explored programs; prints its own table
 * @pairs: how often to run each, explored and natively in turn
 * @rows: the figures are appended here
 *
 * Context: run from the top of the tree.
 * Return: 0, or -Exxx.
 */
int bench_explorer(int pairs, json_t *rows);

/**
 * bench_pressure() - reclaim, swapoff, truncation; prints its own table
 * @rows: the figures are appended here
 *
 * Return: 0, or -Exxx.
 */
int bench_pressure(json_t *rows);

#endif /* BENCH_BENCH_H */
