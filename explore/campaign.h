/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Parts of a campaign that other files of the explorer use. */
#ifndef EXPLORE_CAMPAIGN_H
#define EXPLORE_CAMPAIGN_H

#include <stdbool.h>
#include <stdint.h>

#include "explore/explore.h"
#include "explore/schedule.h"

#define MAX_SIGNATURES 1024

struct workers;

/* What one campaign, or one worker of it, needs besides its options. */
struct campaign {
	const struct explore_options *opt;
	struct explore_result *res;
	void (*body)(void *);
	void *arg;
	double start;
	uint64_t n; /* number of the execution, from 1 */
	uint64_t stride; /* to the next one */
	uint64_t done; /* executions run */
	struct workers *workers; /* shared with the others, or NULL */
	unsigned int worker;
	bool unwritten; /* a finding's schedule is not on the disk */
	uint64_t signatures[MAX_SIGNATURES];
	unsigned int nr_signatures;
};

/** campaign_loop() - run executions until a limit or a finding. */
void campaign_loop(struct campaign *c);

/** campaign_rerun() - run execution @n and report what it finds. */
void campaign_rerun(struct campaign *c, uint64_t n);

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
