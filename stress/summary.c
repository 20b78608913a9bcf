// SPDX-License-Identifier: GPL-2.0-or-later
#include "stress/summary.h"

#include <inttypes.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#define COMMAND_MAX (2 * PATH_MAX)

static json_t *config_json(const struct stress_config *cfg)
{
	char command[COMMAND_MAX];
	json_t *names = json_array();
	struct utsname host;
	json_t *json;

	for (unsigned int i = 0; i < cfg->nr_scenarios; i++)
		json_array_append_new(names, json_string(cfg->scenarios[i]));
	uname(&host);
	json = json_pack("{s:s, s:o, s:s, s:i, s:i, s:i, s:i, s:i, s:I, s:i, s:s,"
			 " s:s, s:s, s:s, s:s, s:I}",
			 "command", config_command(cfg, command,
						   sizeof(command)),
			 "scenarios", names,
			 "runtime", stress_runtimes[cfg->runtime].name,
			 "tasks", (int)cfg->tasks, "cpus", (int)cfg->cpus,
			 "ram_mib", (int)cfg->ram_mib,
			 "ram_share", (int)cfg->ram_share,
			 "secs", (int)cfg->secs,
			 "ops", (json_int_t)cfg->ops,
			 "round_secs", (int)cfg->round_secs,
			 "layout", cfg->layout, "results", cfg->results,
			 "source_hash", source_hash,
			 "host_kernel", host.release,
			 "host_machine", host.machine,
			 "started_unix", (json_int_t)time(NULL));
	/* As text: JSON numbers lose the low bits of 64. */
	snprintf(command, sizeof(command), "%" PRIu64, cfg->seed);
	json_object_set_new(json, "seed", json_string(command));
	return json;
}

static json_t *counters_json(const struct stress_totals *t)
{
	json_t *json = json_object();

	for (int i = 0; i < NR_STRESS_EVENTS; i++)
		json_object_set_new(json, stress_counter_info[i].name,
				    json_integer(t->n[i]));
	json_object_set_new(json, "deepest_mmap_sem_queue",
			    json_integer(t->gauges[GAUGE_QUEUE]));
	json_object_set_new(json, "longest_core_waiters_park_ms",
			    json_integer(t->gauges[GAUGE_PARK_MS]));
	json_object_set_new(json, "most_alive",
			    json_integer(t->gauges[GAUGE_PEAK]));
	json_object_set_new(json, "longest_census_ms",
			    json_integer(t->gauges[GAUGE_CENSUS_MS]));
	json_object_set_new(json, "most_frames_used",
			    json_integer(t->gauges[GAUGE_USED_FRAMES]));
	json_object_set_new(json, "rss_mib",
			    json_integer(t->gauges[GAUGE_RSS_MIB]));
	json_object_set_new(json, "own_mib",
			    json_integer(t->gauges[GAUGE_OWN_MIB]));
	return json;
}

static json_t *coverage_json(const struct stress_totals *t)
{
	json_t *json = json_array();

	for (int i = COVER_FIRST; i < NR_STRESS_COUNTERS; i++)
		json_array_append_new(json,
			json_pack("{s:s, s:s, s:I}", "item",
				  stress_counter_info[i].item, "what",
				  stress_counter_info[i].name, "seen",
				  (json_int_t)t->n[i]));
	return json;
}

static json_t *findings_json(const struct findings *fs)
{
	json_t *json = json_array();
	char signature[20];

	for (unsigned int i = 0; i < fs->nr; i++) {
		const struct found *f = &fs->list[i];

		snprintf(signature, sizeof(signature), "%016" PRIx64,
			 f->signature);
		json_array_append_new(json,
			json_pack("{s:s, s:s, s:s, s:s, s:I, s:i}",
				  "signature", signature, "kind", f->kind,
				  "where", f->where, "text", f->headline,
				  "count", (json_int_t)f->count,
				  "first_round", (int)f->round));
	}
	return json;
}

/* Of what was run: results that could not be kept do not change it. */
static const char *verdict_name(const struct campaign *c)
{
	if (c->findings.total)
		return "FAIL";
	if (c->harness_error[0])
		return "ERROR";
	return c->interrupted ? "PASS (interrupted)" : "PASS";
}

void summary_start(struct campaign *c)
{
	char command[COMMAND_MAX], line[COMMAND_MAX + 64];
	json_t *json = config_json(c->cfg);

	results_json(&c->results, "config.json", json);
	json_decref(json);
	snprintf(line, sizeof(line), "mmtorture: start: %s",
		 config_command(c->cfg, command, sizeof(command)));
	progress_say(&c->progress, false, "%s", line);
	results_log(&c->results, line);
}

/* "B-1 2/2" for each item: how many of its interleavings happened. */
static void coverage_line(const struct stress_totals *t, char *buf,
			  size_t size)
{
	size_t at = 0;

	buf[0] = '\0';
	for (int i = COVER_FIRST; i < NR_STRESS_COUNTERS;) {
		const char *item = stress_counter_info[i].item;
		int seen = 0, all = 0;

		for (; i < NR_STRESS_COUNTERS &&
		     !strcmp(stress_counter_info[i].item, item); i++) {
			seen += t->n[i] != 0;
			all++;
		}
		if (at < size)
			at += snprintf(buf + at, size - at, " %s %d/%d", item,
				       seen, all);
	}
}

static void say(struct campaign *c, bool alarm, const char *line)
{
	progress_say(&c->progress, alarm, "%s", line);
	results_log(&c->results, line);
}

static void say_counters(struct campaign *c, const struct stress_totals *t)
{
	char line[2048];
	size_t at = 0;

	for (int i = 0; i < NR_STRESS_EVENTS && at < sizeof(line); i++)
		at += snprintf(line + at, sizeof(line) - at, " %s=%" PRIu64,
			       stress_counter_info[i].name, t->n[i]);
	progress_events(&c->progress, t);
	results_log(&c->results, line);
	coverage_line(t, line, sizeof(line));
	progress_words(&c->progress, "mmtorture: interleavings seen"
		       " (--verbose names them):", line);
	results_log(&c->results, line);
	for (int i = COVER_FIRST; c->cfg->verbose && i < NR_STRESS_COUNTERS;
	     i++)
		progress_say(&c->progress, false, "mmtorture: %-5s %10" PRIu64
			     "  %s", stress_counter_info[i].item, t->n[i],
			     stress_counter_info[i].name);
}

static uint64_t mean(const struct stress_totals *t, enum stress_counter sum)
{
	return t->n[sum] / t->n[EV_SAMPLES];
}

static double a_second(const struct stress_totals *t, enum stress_counter n)
{
	return t->n[EV_PRESSED_MS] ?
	       t->n[n] * 1000.0 / t->n[EV_PRESSED_MS] : 0;
}

/* Since the population was up: how large it was, and what of it fitted. */
static void say_memory(struct campaign *c, const struct stress_totals *t)
{
	uint64_t resident, touched;
	char line[512];

	if (!t->n[EV_SAMPLES])
		return;
	resident = mean(t, EV_RESIDENT_SUM);
	touched = mean(t, EV_SET_SUM);
	snprintf(line, sizeof(line), "mmtorture: memory: alive mean %" PRIu64
		 " most %" PRIu64 "; of %" PRIu64 " pages touched %" PRIu64
		 " (%.1f%%) in memory; PTEs swapped out %.0f/s in %.0f/s;"
		 " swapoffs %" PRIu64 "; OOM kills %" PRIu64
		 "; longest census %.1f s", mean(t, EV_ALIVE_SUM),
		 t->gauges[GAUGE_PEAK], touched, resident,
		 touched ? resident * 100.0 / touched : 0,
		 a_second(t, EV_PRESSED_OUT), a_second(t, EV_PRESSED_IN),
		 t->n[EV_SWAPOFF], t->n[EV_OOM_KILL],
		 t->gauges[GAUGE_CENSUS_MS] / 1000.0);
	say(c, false, line);
}

static json_t *summary_json(const struct campaign *c,
			    const struct stress_totals *t)
{
	json_t *json = json_pack("{s:s, s:i, s:o, s:i, s:f, s:b, s:I, s:o,"
				 " s:o, s:o}",
				 "verdict", verdict_name(c),
				 "exit_code", campaign_exit_code(c),
				 "config", config_json(c->cfg),
				 "rounds", (int)c->rounds,
				 "seconds", progress_seconds(&c->progress),
				 "interrupted", c->interrupted,
				 "findings_total",
				 (json_int_t)c->findings.total,
				 "findings", findings_json(&c->findings),
				 "counters", counters_json(t),
				 "interleavings", coverage_json(t));

	if (c->harness_error[0])
		json_object_set_new(json, "harness_error",
				    json_string(c->harness_error));
	if (c->results.failed)
		json_object_set_new(json, "results_error",
				    json_string(c->results.why));
	json_object_set_new(json, "results_dir",
			    json_string(c->results.dir));
	return json;
}

void summary_end(struct campaign *c)
{
	char command[COMMAND_MAX], line[COMMAND_MAX + 256];
	struct stress_totals totals;
	json_t *json;

	campaign_totals(c, &totals);
	say_counters(c, &totals);
	say_memory(c, &totals);
	json = summary_json(c, &totals);
	results_json(&c->results, "summary.json", json);
	if (c->harness_error[0]) {
		snprintf(line, sizeof(line), "mmtorture: harness failure: %s",
			 c->harness_error);
		say(c, true, line);
	}
	if (c->results.dir[0])
		progress_say(&c->progress, false, "mmtorture: results: %s",
			     c->results.dir);
	snprintf(line, sizeof(line), "mmtorture: end: %s findings=%" PRIu64
		 " different=%u rounds=%u ops=%" PRIu64 " seconds=%.1f %s",
		 verdict_name(c), c->findings.total, c->findings.nr,
		 c->rounds, totals_ops(&totals),
		 progress_seconds(&c->progress),
		 config_command(c->cfg, command, sizeof(command)));
	say(c, c->findings.total || c->harness_error[0], line);
	if (c->cfg->json) {
		json_dumpf(json, stdout, JSON_INDENT(2));
		putchar('\n');
	}
	json_decref(json);
}
