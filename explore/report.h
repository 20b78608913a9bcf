/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What people read: findings, step tables. */
#ifndef EXPLORE_REPORT_H
#define EXPLORE_REPORT_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "explore/schedule.h"
#include "explore/trace.h"

#define REPORT_ROWS 200
#define REPORT_THREAD 96 /* room for the name of a thread */

/* Of the program: says more about who waits for whom; or NULL. */
extern void (*report_explain)(FILE *out);
/* Of the program: is @function what every turn is full of?  Or NULL. */
extern bool (*report_machinery)(const char *function);
/* Name of a first thread that gave itself none, or NULL. */
extern const char *report_first_thread;

extern uint32_t report_rows; /* at most so many steps are printed */
extern bool report_all_steps; /* also those that were no decisions */

/**
 * report_finding_found() - explain the execution that just ended
 * @s: its schedule; the execution was run with a trace
 *
 * Context: host, before the next execution.
 */
void report_finding_found(FILE *out, const struct schedule *s);

/**
 * report_thread() - which thread, and in what role
 * @tid: of the execution that just ended
 * @buf: "thread 2 (kswapd0)"
 * @size: of @buf
 *
 * Return: @buf.
 */
const char *report_thread(unsigned int tid, char *buf, size_t size);

/**
 * report_role() - the role of a thread: the names it gave itself, or what it
 * was started with
 * @tid: of the execution that just ended
 * @buf: for the name
 * @size: of @buf
 *
 * Return: @buf.
 */
const char *report_role(unsigned int tid, char *buf, size_t size);

/**
 * report_object() - what a step works on, in words
 * @s: step of the execution that just ended
 * @buf: "sighand->siglock@54c0" for a lock the program has a name for, a
 *       variable, a place on heap or stack; "" for nothing
 * @size: of @buf
 */
void report_object(const struct trace_step *s, char *buf, size_t size);

/**
 * report_where() - where in the source a step is, after a space
 * @s: step of the execution that just ended
 * @buf: function, file and line; "" if it is nowhere
 * @size: of @buf
 *
 * Many operations are in a lock's own code: its caller says more, and all
 * there is to say about a lock that has a name.
 */
void report_where(const struct trace_step *s, char *buf, size_t size);

/** report_turns() - where each thread went before another one did. */
void report_turns(FILE *out);

/** report_trace() - the steps, one column a thread, one row a step. */
void report_trace(FILE *out);

/** report_mermaid() - the steps as a Mermaid sequence diagram. */
void report_mermaid(FILE *out);

/** report_chrome() - the steps as Chrome trace events (JSON). */
void report_chrome(FILE *out);

#endif
