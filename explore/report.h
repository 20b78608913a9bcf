/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What people read: findings, step tables. */
#ifndef EXPLORE_REPORT_H
#define EXPLORE_REPORT_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "explore/schedule.h"

#define REPORT_ROWS 200

/* Of the program: says more about who waits for whom; or NULL. */
extern void (*report_explain)(FILE *out);

extern uint32_t report_rows; /* at most so many steps are printed */
extern bool report_all_steps; /* also those that were no decisions */

/**
 * report_finding_found() - explain the execution that just ended
 * @s: its schedule; the execution was run with a trace
 *
 * Context: host, before the next execution.
 */
void report_finding_found(FILE *out, const struct schedule *s);

/** report_trace() - the steps, one column a thread, one row a step. */
void report_trace(FILE *out);

/** report_mermaid() - the steps as a Mermaid sequence diagram. */
void report_mermaid(FILE *out);

/** report_chrome() - the steps as Chrome trace events (JSON). */
void report_chrome(FILE *out);

#endif
