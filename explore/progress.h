/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a campaign says about itself while it runs and at its end. */
#ifndef EXPLORE_PROGRESS_H
#define EXPLORE_PROGRESS_H

#include <stdbool.h>
#include <stdio.h>

#include "explore/explore.h"

/** progress_line() - rewrite the status line; @last takes it away. */
void progress_line(const struct explore_result *res, double secs, bool last);

/**
 * progress_nothing_done() - was every execution cut short?
 *
 * Return: true if all reached the limit of steps: no verdict means anything.
 */
bool progress_nothing_done(const struct explore_result *res);

/** progress_summary() - the lines at the end of a campaign. */
void progress_summary(FILE *out, const struct explore_options *opt,
		      const struct explore_result *res, int code);

/** progress_json() - the same as one JSON object. */
void progress_json(FILE *out, const struct explore_options *opt,
		   const struct explore_result *res, int code);

#endif
