/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What becomes of a finding: kept at once, made simpler, explained. */
#ifndef EXPLORE_FINDING_H
#define EXPLORE_FINDING_H

#include <stdint.h>

#include "explore/campaign.h"
#include "explore/schedule.h"

/**
 * finding_made() - the execution just run has a finding
 *
 * A worker writes its schedule; the process that reports explains it, once
 * for each signature.
 */
void finding_made(struct campaign *c);

/**
 * finding_schedule() - the execution just run, as a schedule
 * @s: filled in; schedule_free() it
 */
void finding_schedule(const struct campaign *c, struct schedule *s);

/**
 * campaign_signature() - what tells the finding just made from others
 *
 * Two findings of one signature are the same bug to us.
 *
 * Return: for a race its two places, else @v and the words of the message.
 */
uint64_t campaign_signature(enum verdict v);

/**
 * finding_path() - where the schedule of a finding is written
 * @n: worker: number of the execution; else: of the finding, from 1
 * @path: room for PATH_MAX bytes
 *
 * Workers' files go when the parent has made its own.
 */
void finding_path(const struct campaign *c, uint64_t n, char *path);

/**
 * finding_draw() - write the diagrams @opt asks for
 * @n: number of the finding, from 1
 *
 * Context: the execution just run was traced.
 */
void finding_draw(const struct explore_options *opt, uint64_t n);

#endif
