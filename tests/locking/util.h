/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the tests of locking/ share: threads, latches, captured findings. */
#ifndef TESTS_LOCKING_UTIL_H
#define TESTS_LOCKING_UTIL_H

#include <criterion/criterion.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "locking/atomic.h"
#include "locking/report.h"
#include "locking/seam.h"
#include "locking/thread.h"
#include "tests/support/fini.h"
#include "tests/support/leakcheck.h"

#define MAX_CAPTURED 16

struct captured {
	enum finding_kind kind;
	char text[1024];
	char held[512];
	int line;
};

static struct captured captured[MAX_CAPTURED];
static atomic_t nr_captured;

static inline void capture(const struct finding *f)
{
	int i = atomic_inc_return(&nr_captured) - 1;

	if (i >= MAX_CAPTURED)
		return;
	captured[i].kind = f->kind;
	captured[i].line = f->site->line;
	snprintf(captured[i].text, sizeof(captured[i].text), "%s", f->text);
	snprintf(captured[i].held, sizeof(captured[i].held), "%s", f->held);
}

static inline void capture_findings(void)
{
	set_finding_sink(capture);
}

static inline void assert_no_leaks(void)
{
	fini_assert(!leaks_found(), "host memory is lost");
}

static inline int captures(void)
{
	return atomic_read(&nr_captured);
}

/* There is one finding, of this kind, with this in its text. */
#define assert_found(want, part) do {					\
	cr_assert_eq(captures(), 1, "%d findings, first: %s",		\
		     captures(), captured[0].text);			\
	cr_assert_eq(captured[0].kind, (want), "kind %s",		\
		     finding_kind_name(captured[0].kind));		\
	cr_assert(strstr(captured[0].text, (part)), "text: %s",		\
		  captured[0].text);					\
} while (0)

#define assert_nothing_found()						\
	cr_assert_eq(captures(), 0, "first of %d findings: %s",		\
		     captures(), captured[0].text)

/* Wait for a condition that other threads make true; the suite times out. */
#define wait_until(cond) do {						\
	while (!(cond))							\
		seam_yield();						\
} while (0)

static inline pthread_t run(void *(*fn)(void *), void *arg)
{
	pthread_t t;

	cr_assert_eq(pthread_create(&t, NULL, fn, arg), 0);
	return t;
}

static inline void join(pthread_t t)
{
	cr_assert_eq(pthread_join(t, NULL), 0);
}

/* How many threads publish a wait of this kind. */
static inline int nr_waiting(enum lwait_kind kind)
{
	int nr = 0;

	for (struct lthread *t = lthread_first(); t; t = t->next_all) {
		struct lwait w;
		unsigned int seq;

		nr += READ_ONCE(t->in_use) && lwait_snapshot(t, &w, &seq) &&
		      w.kind == (int)kind;
	}
	return nr;
}

#endif
