/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the user sees while a run goes on. */
#ifndef STRESS_PROGRESS_H
#define STRESS_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "locking/compiler.h"
#include "stress/counters.h"

struct progress {
	FILE *out;
	bool tty; /* one line that is rewritten */
	bool colour;
	bool line_shown; /* the cursor stands behind such a line */
	uint64_t start_ns, last_ns;
	struct stress_totals last; /* at last_ns */
};

/**
 * progress_init() - begin
 * @p: filled in
 * @out: standard output or standard error
 *
 * Context: driver.  NO_COLOR in the environment is respected.
 */
void progress_init(struct progress *p, FILE *out);

/**
 * progress_update() - show where the run stands, if it is time to
 * @p: state
 * @now: counters of the whole run
 * @findings: so far
 * @round: number of the round, from 0
 *
 * On a terminal a line is rewritten each second; else one is added every
 * five seconds.
 *
 * Context: driver.
 */
void progress_update(struct progress *p, const struct stress_totals *now,
		     uint64_t findings, unsigned int round);

/**
 * progress_say() - print a line above the progress line
 * @p: state
 * @alarm: in red, where there is colour
 * @fmt: printf format, without newline
 *
 * Context: driver.
 */
void progress_say(struct progress *p, bool alarm, const char *fmt, ...)
	__printf(3, 4);

/**
 * progress_words() - print many words, on a terminal in lines that fit
 * @p: state
 * @head: what the first line begins with
 * @words: each with a blank in front
 *
 * Context: driver.
 */
void progress_words(struct progress *p, const char *head, const char *words);

/**
 * progress_events() - print every event's count
 * @p: state
 * @totals: of the whole run
 *
 * On a terminal a table in as many columns as fit, else "name=count" on a line.
 *
 * Context: driver.
 */
void progress_events(struct progress *p, const struct stress_totals *totals);

/**
 * progress_seconds() - since progress_init()
 * @p: state
 *
 * Context: driver.
 * Return: seconds.
 */
double progress_seconds(const struct progress *p);

#endif
