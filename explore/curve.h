/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How a campaign learnt: after how many executions it had seen how many
 * happens-before classes and pairs of sites.  A curve that has become flat says
 * that more of the same will find little; it does not depend on --jobs.
 */
#ifndef EXPLORE_CURVE_H
#define EXPLORE_CURVE_H

#include <stdint.h>

/**
 * curve_create() - make an empty file of curves
 * @path: of the file; one that exists is replaced
 *
 * Return: 0 or -errno.
 */
int curve_create(const char *path);

/**
 * curve_append() - add the curve of a campaign that has ended
 * @path: of the file: CSV, a line for each point
 * @program: name of the curve
 * @executions: of the campaign, redundant ones among them
 *
 * Points are an eighth apart, since what matters is how growth slows down.
 *
 * Context: host; classes and coverage merged.
 * Return: 0 or -errno.
 */
int curve_append(const char *path, const char *program, uint64_t executions);

#endif
