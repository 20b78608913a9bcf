/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fini.h - assertions for .fini functions
 *
 * Criterion prints an assertion that fails in a .fini and counts the test as
 * passed all the same.  A crash there it does count.
 */
#ifndef TESTS_SUPPORT_FINI_H
#define TESTS_SUPPORT_FINI_H

#include <stdio.h>
#include <stdlib.h>

#define fini_assert(cond, ...) do {					\
	if (!(cond)) {							\
		fprintf(stderr, "%s:%d: after the test: ", __FILE__,	\
			__LINE__);					\
		fprintf(stderr, __VA_ARGS__);				\
		fprintf(stderr, "\n");					\
		abort();						\
	}								\
} while (0)

#endif /* TESTS_SUPPORT_FINI_H */
