/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Commands that tests of the explorer run, and programs linked with it. */
#ifndef TESTS_EXPLORE_RUN_H
#define TESTS_EXPLORE_RUN_H

#include <criterion/criterion.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#define FOLDER "build/explore/programs"
#define OUTPUT_SIZE 65536

/* What one command printed, and how it ended. */
struct run {
	int code;
	char output[OUTPUT_SIZE];
	json_t *json; /* with --json, the last line; NULL otherwise */
};

/**
 * run_command() - run @command by the shell
 * @r: filled in; output beyond its room is dropped
 */
static inline void run_command(struct run *r, const char *command)
{
	FILE *f = popen(command, "r");
	const char *last;
	size_t n;

	cr_assert(f, "cannot run %s", command);
	n = fread(r->output, 1, sizeof(r->output) - 1, f);
	while (!feof(f) && fgetc(f) != EOF)
		;
	r->output[n] = 0;
	r->code = WEXITSTATUS(pclose(f));
	last = strstr(r->output, "{\"exit\"");
	r->json = last ? json_loads(last, 0, NULL) : NULL;
}

/**
 * run_program() - explore a program of tests/explore/programs
 * @r: filled in
 * @options: the explorer's
 * @program: its name, a blank, its arguments
 */
static inline void run_program(struct run *r, const char *options,
			       const char *program)
{
	char command[512];
	int split = (int)strcspn(program, " ");

	snprintf(command, sizeof(command),
		 "exec timeout 100 %s/%.*s --json %s"
		 " --%s 2>&1",
		 FOLDER, split, program, options, program + split);
	run_command(r, command);
}

#endif
