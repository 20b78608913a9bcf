/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A run's course: series.csv in its results, a line a second. */
#ifndef STRESS_SERIES_H
#define STRESS_SERIES_H

#include <stdint.h>

#include "stress/counters.h"
#include "stress/results.h"

/**
 * series_start() - write the line that names the columns
 * @r: open
 *
 * Context: driver.
 */
void series_start(struct results *r);

/**
 * series_add() - append where the run stands
 * @r: open, series_start() done
 * @secs: since the run began
 * @round: number of the round, from 1
 * @findings: so far
 * @t: counters of the whole run; sums and levels are written, no rates
 *
 * Context: driver.
 */
void series_add(struct results *r, double secs, unsigned int round,
		uint64_t findings, const struct stress_totals *t);

#endif
