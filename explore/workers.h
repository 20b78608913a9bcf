/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Several processes for one campaign.  Worker w of n runs the executions
 * whose number is w modulo n; as an execution depends on nothing but its
 * number, the first finding is the same for any n.
 */
#ifndef EXPLORE_WORKERS_H
#define EXPLORE_WORKERS_H

#include <stdbool.h>
#include <stdint.h>

#include "explore/campaign.h"

/** workers_run() - run @c in @c->opt->jobs processes, then report. */
void workers_run(struct campaign *c);

/**
 * workers_found() - worker: execution @c->n has a finding
 *
 * Return: whether this worker has not had its like before.
 */
bool workers_found(struct campaign *c, uint64_t signature);

/** workers_counted() - worker: execution @c->n is among the results. */
void workers_counted(struct campaign *c);

/** workers_enough() - worker: is execution @next needless by now? */
bool workers_enough(const struct campaign *c, int64_t next);

#endif
