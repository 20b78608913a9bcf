/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Several processes for one campaign.  Worker w of n runs the executions
 * whose number is w modulo n; as an execution depends on nothing but its
 * number, all that is found and counted is the same for any n.  A campaign
 * of one process would have ended with a certain execution; others have run
 * further by then, which is forgotten.
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

/**
 * workers_counted() - worker: execution @c->n is among the results
 * @v: its verdict
 * @again: how often it was repeated
 */
void workers_counted(struct campaign *c, enum verdict v, uint32_t again);

/**
 * workers_enough() - worker: is execution @next needless by now?
 *
 * May wait for workers that are far behind.
 */
bool workers_enough(const struct campaign *c, uint64_t next);

#endif
