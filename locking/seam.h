/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The link-time seam: everything by which locking/ waits.  seam_linux.c
 * implements it on the host; the exploration runtime links its own.  No
 * other file of locking/ makes a system call of its own (rcu.c leaves the
 * grace periods to liburcu).
 */
#ifndef LOCKING_SEAM_H
#define LOCKING_SEAM_H

#include <stdint.h>

/* How often a lock looks again before it parks. */
extern const int seam_spin_limit;

/**
 * seam_futex_wait() - sleep while *@word == @val
 * @word: shared by the threads of this process
 * @val: value for which to sleep
 * @timeout_ns: longest sleep in nanoseconds, negative for no limit
 *
 * May return early for no reason: callers check their condition again.
 *
 * Context: may sleep the host thread; keeps the emulated CPU.
 * Return: 0, or -ETIMEDOUT.
 */
int seam_futex_wait(int *word, int val, int64_t timeout_ns);

/**
 * seam_futex_wake() - wake sleepers on @word
 * @word: only its address is used: the memory may be gone already
 * @nr: how many at most
 *
 * Context: any.
 */
void seam_futex_wake(int *word, int nr);

/** seam_cpu_relax() - one turn of a spin loop.  Context: any. */
void seam_cpu_relax(void);

/** seam_yield() - let other host threads run.  Context: any. */
void seam_yield(void);

/** seam_clock_ns() - monotonic time in nanoseconds.  Context: any. */
uint64_t seam_clock_ns(void);

#endif
