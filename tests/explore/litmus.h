/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Litmus tests: two to four threads, a few shared variables, a few registers.
 * The outcome of an execution is the registers as one number, one decimal
 * digit each: r[0] r[1] r[2] r[3].
 */
#ifndef TESTS_EXPLORE_LITMUS_H
#define TESTS_EXPLORE_LITMUS_H

#include <stdatomic.h>
#include <stdbool.h>

#define LITMUS_THREADS 4
#define LITMUS_REGISTERS 4
#define MAX_OUTCOMES 64

struct litmus {
	const char *name;
	int registers;
	void (*thread[LITMUS_THREADS])(void);
	void (*final)(void); /* reads variables into registers at the end */
};

/* What exhausting a test under one memory model gave. */
struct outcomes {
	bool complete;
	int verdict; /* exit code of the campaign */
	unsigned long executions;
	unsigned int n;
	int value[MAX_OUTCOMES]; /* ascending */
};

extern const struct litmus litmus_tests[];

/** litmus_find() - Return: the test called @name, or NULL. */
const struct litmus *litmus_find(const char *name);

/** litmus_run() - all outcomes of test @t under @model with @strategy. */
struct outcomes litmus_run(const struct litmus *t, const char *model,
			   const char *strategy);

/** litmus_print() - write outcomes as "00 01 11" to @buf. */
void litmus_print(const struct litmus *t, const struct outcomes *o, char *buf,
		  unsigned long size);

#endif
