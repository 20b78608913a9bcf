/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Parts of a campaign that other files of the explorer use. */
#ifndef EXPLORE_CAMPAIGN_H
#define EXPLORE_CAMPAIGN_H

#include <stdbool.h>
#include <stdint.h>

#include "explore/explore.h"
#include "explore/schedule.h"

/**
 * campaign_setup() - make @opt the engine's settings and snapshot the world
 *
 * Return: an enum explore_exit; not 0 after a message about what is wrong.
 */
int campaign_setup(const struct explore_options *opt);

/**
 * campaign_repeat() - run @s again
 * @trace: record steps, and the older access of a race
 *
 * Return: the verdict.
 */
enum verdict campaign_repeat(const struct schedule *s, bool trace,
			     void (*body)(void *), void *arg);

/** campaign_out() - Return: where reports of @opt go. */
FILE *campaign_out(const struct explore_options *opt);

/** campaign_now() - Return: seconds of real time. */
double campaign_now(void);

#endif
