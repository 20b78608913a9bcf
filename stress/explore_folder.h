/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The folder that mmtorture explore leaves behind for a scenario: made when
 * there is something to put into it, by whichever worker finds it first.
 */
#ifndef STRESS_EXPLORE_FOLDER_H
#define STRESS_EXPLORE_FOLDER_H

#include <stdbool.h>
#include <stdio.h>

#include "stress/explore_args.h"

/**
 * explore_folder_open() - let findings go to a folder of their own
 * @args: parsed; files and callbacks of its options are set
 * @scenario: the one explored, constant string
 *
 * What cannot be written to is told on standard error.
 *
 * Context: once a process, before the campaign.
 * Return: 0, or -errno.
 */
int explore_folder_open(struct explore_args *args, const char *scenario);

/**
 * explore_folder_close() - the campaign is over, its report complete
 * @keep: the report is worth a folder even if there is none yet
 *
 * Return: whether all that was to be kept is on the disk; otherwise standard
 *	error says what is not.
 */
bool explore_folder_close(bool keep);

/** explore_folder_report() - write the report to @out. */
void explore_folder_report(FILE *out);

#endif
