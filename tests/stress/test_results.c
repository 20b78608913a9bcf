// SPDX-License-Identifier: GPL-2.0-or-later
#include <criterion/criterion.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "stress/counters.h"
#include "stress/ptrmap.h"
#include "stress/results.h"
#include "stress/series.h"

static struct stress_config cfg;
static char dir[64];

static void make_dir(void)
{
	snprintf(dir, sizeof(dir), "/tmp/mmtorture-test-XXXXXX");
	cr_assert_not_null(mkdtemp(dir));
	config_init(&cfg);
	config_complete(&cfg);
	snprintf(cfg.results, sizeof(cfg.results), "%s/deep/results", dir);
}

static void remove_dir(void)
{
	char command[128];

	snprintf(command, sizeof(command), "rm -rf '%s'", dir);
	cr_assert_eq(system(command), 0);
}

static char *contents(const struct results *r, const char *name)
{
	static char text[4096];
	char path[PATH_MAX + 64];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", r->dir, name);
	f = fopen(path, "r");
	cr_assert_not_null(f, "%s", path);
	text[fread(text, 1, sizeof(text) - 1, f)] = '\0';
	fclose(f);
	return text;
}

TestSuite(results, .init = make_dir, .fini = remove_dir, .timeout = 10);

Test(results, files_of_a_run)
{
	json_t *json = json_pack("{s:i}", "a", 1);
	struct results r, again;

	results_open(&r, &cfg);
	cr_assert(!r.failed, "%s", r.why);
	results_log(&r, "one");
	results_log(&r, "two");
	results_finding(&r, json);
	results_json(&r, "summary.json", json);
	results_text(&r, "tsan/abc.txt", "report\n");
	cr_assert_str_eq(contents(&r, "log.txt"), "one\ntwo\n");
	cr_assert_str_eq(contents(&r, "findings.jsonl"), "{\"a\":1}\n");
	cr_assert_str_eq(contents(&r, "tsan/abc.txt"), "report\n");
	/* A second run in the same second has a folder of its own. */
	results_open(&again, &cfg);
	cr_assert_str_neq(r.dir, again.dir);
	cr_assert(!again.failed);
	results_close(&again);
	results_close(&r);
	json_decref(json);
}

static int commas(const char *line)
{
	int n = 0;

	for (; *line && *line != '\n'; line++)
		n += *line == ',';
	return n;
}

/* A column for each event, and each line has all of them. */
Test(results, series_of_a_run)
{
	struct stress_totals t = { .n = { [EV_FORK] = 5 },
				   .gauges = { [GAUGE_ALIVE] = 7 } };
	struct results r;
	char *text, *second;

	results_open(&r, &cfg);
	series_start(&r);
	series_add(&r, 1.5, 2, 3, &t);
	text = contents(&r, "series.csv");
	second = strchr(text, '\n') + 1;
	cr_expect_eq(strncmp(text, "seconds,round,findings,alive,", 29), 0);
	cr_expect(strstr(text, ",forks,vforks,"));
	cr_expect_eq(commas(text), 6 + NR_STRESS_EVENTS);
	cr_expect_eq(commas(second), commas(text));
	cr_expect_eq(strncmp(second, "1.50,2,3,7,0,0,0,5,0,", 21), 0, "%s",
		     second);
	results_close(&r);
}

Test(results, unwritable_folder_is_reported_not_fatal)
{
	json_t *json = json_object();
	struct results r;

	snprintf(cfg.results, sizeof(cfg.results), "/dev/null/results");
	results_open(&r, &cfg);
	cr_assert(r.failed);
	cr_assert(strstr(r.why, "/dev/null/results"), "%s", r.why);
	cr_assert_eq(r.findings_fd, -1);
	results_log(&r, "dropped");
	results_finding(&r, json);
	results_json(&r, "summary.json", json);
	results_close(&r);
	json_decref(json);
}

Test(results, full_disk_is_reported)
{
	struct results r;

	results_open(&r, &cfg);
	close(r.log_fd);
	r.log_fd = open("/dev/full", O_WRONLY);
	results_log(&r, "no room");
	cr_assert(r.failed);
	cr_assert(strstr(r.why, "No space left"), "%s", r.why);
	results_close(&r);
}

TestSuite(counters, .timeout = 10);

Test(counters, rows_and_rounds_add_up)
{
	static struct stress_counters c;
	struct stress_totals round, sum = { 0 };

	c.rows[0].n[EV_FORK] = 2;
	c.rows[5].n[EV_FORK] = 3;
	c.rows[5].n[EV_EXIT] = 4;
	c.gauges[GAUGE_QUEUE] = 9;
	c.gauges[GAUGE_ALIVE] = 7;
	counters_sum(&c, &round);
	totals_add(&sum, &round);
	c.gauges[GAUGE_QUEUE] = 5;
	c.gauges[GAUGE_ALIVE] = 1;
	counters_sum(&c, &round);
	totals_add(&sum, &round);
	cr_assert_eq(sum.n[EV_FORK], 10);
	cr_assert_eq(totals_ops(&sum), 18);
	cr_assert_eq(sum.gauges[GAUGE_QUEUE], 9);
	cr_assert_eq(sum.gauges[GAUGE_ALIVE], 1);
}

Test(counters, each_has_a_name)
{
	for (int i = 0; i < NR_STRESS_COUNTERS; i++) {
		cr_assert_not_null(stress_counter_info[i].name);
		cr_assert_eq(stress_counter_info[i].item != NULL,
			     i >= COVER_FIRST);
	}
}

Test(counters, ptrmap_grows)
{
	static char keys[5000];
	struct ptrmap_entry *e;
	struct ptrmap map;
	long sum = 0;

	cr_assert(ptrmap_init(&map));
	for (int pass = 0; pass < 2; pass++)
		for (int i = 0; i < 5000; i++)
			ptrmap_get(&map, &keys[i])->a++;
	cr_assert_eq(map.used, 5000);
	ptrmap_for_each(&map, e)
		sum += e->a;
	cr_assert_eq(sum, 10000);
	ptrmap_free(&map);
}
