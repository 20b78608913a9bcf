/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The command lines of explore, replay and minimize. */
#ifndef STRESS_EXPLORE_ARGS_H
#define STRESS_EXPLORE_ARGS_H

#include <stdbool.h>
#include <stddef.h>

#include "explore/explore.h"

#define EXPLORE_MAX_NAMES 256

enum explore_command { COMMAND_EXPLORE, COMMAND_REPLAY, COMMAND_MINIMIZE };

struct explore_args {
	enum explore_command command;
	struct explore_options opt;
	const char *results; /* folder of findings' folders */
	const char *names[EXPLORE_MAX_NAMES]; /* scenarios, or a schedule */
	unsigned int nr_names;
	int cpus; /* of the machine; 0: what the scenario wants */
	bool json;
	bool trace;
	bool gdb;
	bool fail_alloc;
	bool from_boot; /* the prologue is explored, too */
};

/** explore_command_find() - Return: the command called @name, or -1. */
int explore_command_find(const char *name);

/**
 * explore_args_parse() - read a command line
 * @args: what it says, and the defaults of what it does not
 * @argc: number of words, the command's name first
 * @argv: the words; they must outlive @args
 *
 * A mistake is told on standard error in one line; --help is obeyed.
 *
 * Return: -1 to go on, else an exit code.
 */
int explore_args_parse(struct explore_args *args, int argc,
		       const char **argv);

/**
 * explore_args_command() - what begins the same campaign again
 * @args: parsed
 * @scenario: the one explored
 * @buf: filled with the command line, without the program's folder
 * @size: of @buf
 *
 * Return: @buf.
 */
const char *explore_args_command(const struct explore_args *args,
				 const char *scenario, char *buf,
				 size_t size);

/** explore_args_variant() - "cpus=2,fail-alloc", as schedule files carry it. */
void explore_args_variant(const struct explore_args *args, char *buf,
			  size_t size);

/** explore_args_set_variant() - the inverse.  Return: false if unknown. */
bool explore_args_set_variant(struct explore_args *args, const char *text);

#endif
