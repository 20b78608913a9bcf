// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Each interleaving of the specification's Appendix B happens: not only that
 * its code runs, but that what the counter stands for was seen.  The default
 * scenario comes first; what luck denied it, the scenarios named for the item
 * have to show, until time is up.  Run from the top of the tree.
 */
#include <criterion/criterion.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>

#include "stress/counters.h"
#include "stress/scenario.h"

#define ITEMS 24
#define HALVES (NR_STRESS_COUNTERS - COVER_FIRST)
#define PATIENCE_SECS 180

TestSuite(interleavings, .timeout = 300);

static json_int_t seen[HALVES];
static char dir[64];

static void add_run(const json_t *summary)
{
	const json_t *list = json_object_get(summary, "interleavings");
	size_t i;
	json_t *row;

	cr_assert_eq(json_array_size(list), (size_t)HALVES);
	json_array_foreach(list, i, row)
		seen[i] += json_integer_value(json_object_get(row, "seen"));
}

static void run(const char *scenario, int secs, unsigned int seed)
{
	char command[256];
	json_error_t why;
	json_t *summary;
	int status;
	FILE *f;

	snprintf(command, sizeof(command), "timeout 200 build/native/mmtorture"
		 " run %s --secs %d --tasks 200 --seed %u --json --results %s"
		 " 2>/dev/null", scenario, secs, seed, dir);
	f = popen(command, "r");
	cr_assert(f);
	summary = json_loadf(f, 0, &why);
	status = pclose(f);
	cr_assert(WIFEXITED(status) && !WEXITSTATUS(status), "%s: status %x",
		  command, (unsigned int)status);
	cr_assert(summary, "%s: %s", command, why.text);
	add_run(summary);
	json_decref(summary);
}

static const char *item_of(int half)
{
	return stress_counter_info[COVER_FIRST + half].item;
}

/* Does "B-1 B-12" name @item? */
static bool names(const char *items, const char *item)
{
	size_t len = strlen(item);

	for (const char *p = items; (p = strstr(p, item)); p += len)
		if (p[len] == '\0' || p[len] == ' ')
			return true;
	return false;
}

/* The @nth scenario that is about @item; round and round. */
static const char *scenario_for(const char *item, unsigned int nth)
{
	const char *found[8];
	unsigned int n = 0;

	for (int i = 0; stress_scenarios[i]; i++)
		if (stress_scenarios[i] != &mix_ops && n < 8 &&
		    names(stress_scenarios[i]->items, item))
			found[n++] = stress_scenarios[i]->name;
	cr_assert(n, "no scenario is about %s", item);
	return found[nth % n];
}

/* After @last, round and round: a rare one does not take all the time. */
static int next_missing(int last)
{
	for (int i = 1; i <= HALVES; i++)
		if (!seen[(last + i) % HALVES])
			return (last + i) % HALVES;
	return -1;
}

/* Every item has a counter, and a scenario of its own. */
Test(interleavings, each_item_is_counted)
{
	for (int n = 1; n <= ITEMS; n++) {
		char item[8];
		int halves = 0;

		snprintf(item, sizeof(item), "B-%d", n);
		for (int i = 0; i < HALVES; i++)
			halves += !strcmp(item_of(i), item);
		cr_expect_gt(halves, 0, "%s", item);
		scenario_for(item, 0);
	}
}

Test(interleavings, each_item_happens)
{
	time_t begun = time(NULL);
	unsigned int tries[HALVES] = { 0 };
	int half = HALVES - 1;
	char command[96];

	snprintf(dir, sizeof(dir), "/tmp/mmtorture-interleavings-XXXXXX");
	cr_assert(mkdtemp(dir));
	run("mix", 4, 1);
	while ((half = next_missing(half)) >= 0 &&
	       time(NULL) - begun < PATIENCE_SECS) {
		run(scenario_for(item_of(half), tries[half]), 2,
		    tries[half] + 1);
		tries[half]++;
	}
	for (int i = 0; i < HALVES; i++)
		cr_expect_gt(seen[i], 0, "%s: %s", item_of(i),
			     stress_counter_info[COVER_FIRST + i].name);
	snprintf(command, sizeof(command), "rm -r %s", dir);
	cr_expect_eq(system(command), 0);
}
