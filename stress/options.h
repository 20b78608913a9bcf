/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The command line of "mmtorture run". */
#ifndef STRESS_OPTIONS_H
#define STRESS_OPTIONS_H

#include <stdio.h>

#include "stress/config.h"
#include "stress/errbuf.h"

/* What options_parse() returns beside an error. */
enum { OPTIONS_RUN = 0, OPTIONS_HELP = 1 };

/**
 * options_parse() - turn the words after "run" into a configuration
 * @cfg: filled in, complete
 * @argc: number of words, @argv[0] included
 * @argv: @argv[0] is the command's name
 * @err: on failure one line
 *
 * Context: any.
 * Return: OPTIONS_RUN, OPTIONS_HELP, or -EINVAL.
 */
int options_parse(struct stress_config *cfg, int argc, const char **argv,
		  struct errbuf *err);

/**
 * options_help() - print the options, a line each
 * @out: where
 *
 * Context: any.
 */
void options_help(FILE *out);

/**
 * parse_number() - read a whole decimal or 0x-hexadecimal number
 * @text: all of it must be the number
 * @min: least value allowed
 * @max: greatest value allowed
 * @value: the result
 *
 * Context: any.
 * Return: 0, or -EINVAL (no number) or -ERANGE.
 */
int parse_number(const char *text, uint64_t min, uint64_t max,
		 uint64_t *value);

#endif
