/* SPDX-License-Identifier: GPL-2.0-or-later */
/* First and last words of a run, and its summary as JSON. */
#ifndef STRESS_SUMMARY_H
#define STRESS_SUMMARY_H

#include "stress/campaign.h"

/**
 * summary_start() - print the first line, store config.json
 * @c: campaign
 *
 * Context: driver.
 */
void summary_start(struct campaign *c);

/**
 * summary_end() - store summary.json, print counters and the verdict
 * @c: campaign
 *
 * Context: driver.
 */
void summary_end(struct campaign *c);

#endif
