// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Campaigns of the explorer as a whole: workers, what is kept, what is counted,
 * and what is left.  Run from the top of the tree.
 */
#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <stdlib.h>
#include <unistd.h>

#include "tests/explore/run.h"

TestSuite(campaigns, .timeout = 120);

/* The campaign ends, and says who died where, with its own exit code. */
Test(campaigns, a_worker_dies)
{
	static struct run r;

	run_command(&r, "exec timeout 100 " FOLDER "/outside -J 2 -s 90"
		    " --every-operation -- die 2>&1");
	cr_expect_eq(r.code, 3, "%s", r.output);
	cr_expect(strstr(r.output, "killed by signal 9 in execution "), "%s",
		  r.output);
	cr_expect(strstr(r.output, "HARNESS FAILURE"), "%s", r.output);
}

/* A schedule is on the disk before the worker that found it is asked. */
Test(campaigns, a_finding_is_kept_at_once)
{
	static struct run r;
	char dir[] = "/tmp/explore-test-XXXXXX", command[256];

	cr_assert(mkdtemp(dir));
	snprintf(command, sizeof(command), "timeout 100 " FOLDER "/outside"
		 " -J 2 -s 90 --keep-going --every-operation --check-every 0"
		 " -o %s/schedule -- find 2>&1; exit $?", dir);
	run_command(&r, command);
	cr_expect_eq(r.code, 137, "%s", r.output);
	snprintf(command, sizeof(command), "cd %s && cat schedule.[0-9]*", dir);
	run_command(&r, command);
	cr_expect(strstr(r.output, "assertion"), "%s", r.output);
	snprintf(command, sizeof(command), "rm -r %s", dir);
	cr_expect_eq(system(command), 0);
}

/* What is found and counted does not depend on the number of workers. */
static const struct {
	char program[24];
	char options[40];
} campaigns[] = {
	{ "reorder 4", "-n 20000" },
	{ "reorder 15", "-n 20000 -S pct -d 2" },
	{ "bounded_buffer careless", "-n 3000 -S pos --keep-going" },
	{ "account", "-n 3000" },
	{ "counter", "-n 30001" },
	{ "bounded_buffer", "-n 3000 -S pos" },
};

#define NR_CAMPAIGNS (sizeof(campaigns) / sizeof(campaigns[0]))

ParameterizedTestParameters(campaigns, jobs)
{
	static int index[NR_CAMPAIGNS];

	for (unsigned int i = 0; i < NR_CAMPAIGNS; i++)
		index[i] = (int)i;
	return cr_make_param_array(int, index, NR_CAMPAIGNS);
}

/* The result of campaign @i, without what depends on time. */
static json_t *result_of(int i, int jobs)
{
	static struct run r;
	char options[64];

	snprintf(options, sizeof(options), "%s -J %d", campaigns[i].options,
		 jobs);
	run_program(&r, options, campaigns[i].program);
	cr_assert(r.json, "%s", r.output);
	json_object_del(r.json, "secs");
	json_object_del(r.json, "coverage_recent");
	return r.json;
}

ParameterizedTest(int *index, campaigns, jobs)
{
	json_t *one = result_of(*index, 1);

	for (int jobs = 2; jobs <= 3; jobs++) {
		json_t *many = result_of(*index, jobs);
		char *texts[] = { json_dumps(one, JSON_SORT_KEYS),
				  json_dumps(many, JSON_SORT_KEYS) };

		cr_expect_str_eq(texts[1], texts[0], "%s: %d jobs",
				 campaigns[*index].program, jobs);
		free(texts[0]);
		free(texts[1]);
		json_decref(many);
	}
	json_decref(one);
}

static double field(const struct run *r, const char *name)
{
	return json_number_value(json_object_get(r->json, name));
}

/* Explore with --curve by @jobs workers.  Return: the file; free() it. */
static char *curve_of(struct run *r, int jobs)
{
	char path[] = "/tmp/explore-test-XXXXXX", options[96], *text;
	int fd = mkstemp(path);

	cr_assert(fd >= 0);
	snprintf(options, sizeof(options), "-n 3000 -S pos -J %d --curve %s",
		 jobs, path);
	run_program(r, options, "bounded_buffer");
	text = calloc(1, 65536);
	cr_assert(read(fd, text, 65535) > 0);
	close(fd);
	unlink(path);
	return text;
}

/* Neither does what was learnt when; it only grows, to what is printed. */
Test(campaigns, curve)
{
	static struct run r;
	char *one = curve_of(&r, 1), *many = curve_of(&r, 3);
	unsigned long now[4], before[4] = { 0 };
	int points = 0;

	cr_expect_str_eq(many, one);
	cr_expect_eq(strncmp(one, "program,executions,classes,", 27), 0);
	for (char *line = strchr(one, '\n'); line[1];
	     line = strchr(line + 1, '\n'), points++) {
		cr_assert_eq(sscanf(line + 1, "bounded_buffer,%lu,%lu,%lu,%lu",
				    &now[0], &now[1], &now[2], &now[3]), 4);
		for (int i = 0; i < 4; i++)
			cr_expect(now[i] >= before[i], "%d: %lu", i, now[i]);
		memcpy(before, now, sizeof(now));
	}
	cr_expect_gt(points, 20);
	cr_expect_eq(now[0], 3000);
	cr_expect_eq((double)now[1], field(&r, "classes"));
	cr_expect_gt(now[1], 1);
	cr_expect_gt(now[2], 0);
	cr_expect_gt(now[3], 0);
	free(one);
	free(many);
}

Test(campaigns, first_execution_behind_the_last)
{
	static struct run r;

	run_program(&r, "-n 3 --first 4", "counter");
	cr_expect_eq(r.code, 2);
	cr_expect(strstr(r.output, "--first=4 is behind the last one,"
				   " --executions=3"), "%s", r.output);
	run_program(&r, "-n 3 --first 3", "counter");
	cr_expect_eq(r.code, 0);
	cr_expect_eq(field(&r, "executions"), 1);
}

Test(campaigns, curve_that_cannot_be_written)
{
	static struct run r;

	run_program(&r, "-n 3 --curve /dev/null/x", "counter");
	cr_expect_eq(r.code, 2);
	cr_expect(strstr(r.output, "--curve: /dev/null/x: Not a directory"),
		  "%s", r.output);
}

/* One line locks, one unlocks, one reads the counter another has written. */
Test(campaigns, coverage_counts_pairs_of_lines)
{
	static struct run r;

	run_program(&r, "-n 2000", "counter");
	cr_assert(r.json, "%s", r.output);
	cr_expect_eq(field(&r, "reads_from"), 1, "%s", r.output);
	cr_expect_eq(field(&r, "hand_overs"), 1, "%s", r.output);
	cr_expect_lt(field(&r, "coverage_last"), 100, "%s", r.output);
	json_decref(r.json);
}

/* The flag as it was at first, or as stored; the data; the argument. */
Test(campaigns, coverage_of_atomics)
{
	static const char *const models[] = { "sc", "tso", "c11" };
	char options[64];
	static struct run r;

	for (int i = 0; i < 3; i++) {
		snprintf(options, sizeof(options), "-n 500 -M %s", models[i]);
		run_program(&r, options, "publish");
		cr_assert(r.json, "%s", r.output);
		cr_expect_eq(field(&r, "reads_from"), 4, "%s: %s", models[i],
			     r.output);
		json_decref(r.json);
	}
}

/* Stop a search half way: is the estimate of the right magnitude? */
static void estimate(const char *strategy, const char *program, double total)
{
	char options[64];
	static struct run r;
	double left;

	snprintf(options, sizeof(options), "-S %s", strategy);
	run_program(&r, options, program);
	cr_assert(r.json, "%s", r.output);
	cr_expect_eq(field(&r, "executions"), total, "%s", r.output);
	cr_expect_eq(field(&r, "executions_left"), 0, "%s", r.output);
	cr_expect_eq(field(&r, "searched"), 1, "%s", r.output);
	json_decref(r.json);
	snprintf(options, sizeof(options), "-S %s -n %.0f", strategy,
		 total / 2);
	run_program(&r, options, program);
	cr_assert(r.json, "%s", r.output);
	left = field(&r, "executions_left");
	cr_expect(left > total / 10 && left < total * 2, "%s: %s", program,
		  r.output);
	json_decref(r.json);
}

/* As much as there are numbers for. */
static void expect_no_end(const char *program)
{
	static struct run r;

	run_program(&r, "-S dfs -n 20", program);
	cr_assert(r.json, "%s", r.output);
	cr_expect_gt(field(&r, "executions_left"), 1e300, "%s", r.output);
	json_decref(r.json);
}

Test(campaigns, what_is_left_of_a_deep_search)
{
	for (int sections = 500; sections < 560; sections += 4) {
		char program[32];

		snprintf(program, sizeof(program), "sections 2 %d", sections);
		expect_no_end(program);
	}
}

Test(campaigns, what_is_left_of_a_search)
{
	estimate("dfs", "sections 2 2", 765);
	estimate("dpor", "sections 3 2", 90);
	estimate("dpor", "sections 4 2", 2520);
}
