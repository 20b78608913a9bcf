// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * bench.c - what the emulation costs, beside the kernel this machine runs
 *
 * Both sides run the same shape in turn, batch by batch (A B A B ...), and
 * every ratio is taken inside such a pair: these machines drift.
 */
#include <errno.h>
#include <popt.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/bench.h"

static int pairs = 15;
static int idle_tasks = 4000;
static int explorer_only, pressure_only;
static char *json_path;

static const struct poptOption options[] = {
	{ "pairs", 'n', POPT_ARG_INT | POPT_ARGFLAG_SHOW_DEFAULT, &pairs, 0,
	  "pairs of batches per comparison, 1 to 1000", "N" },
	{ "idle-tasks", 't', POPT_ARG_INT | POPT_ARGFLAG_SHOW_DEFAULT,
	  &idle_tasks, 0, "idle tasks in the memory measurement, 1 to 10000",
	  "N" },
	{ "explorer", 'e', POPT_ARG_NONE, &explorer_only, 0,
	  "only the table of the explorer", NULL },
	{ "pressure", 'm', POPT_ARG_NONE, &pressure_only, 0,
	  "only the table of reclaim, swapoff and truncation", NULL },
	{ "json", 'j', POPT_ARG_STRING, &json_path, 0,
	  "also write the figures to FILE", "FILE" },
	POPT_AUTOHELP
	POPT_TABLEEND
};

struct comparison {
	const char *title;
	struct bench_shape shape;
	int batch; /* life cycles a batch */
	bool per_pte; /* also print nanoseconds a PTE */
};

static const struct comparison comparisons[] = {
	{ "tiny process", { .vmas = 1, .pages = 1 }, 200, false },
	{ "32 VMAs, 1,000 pages", { .vmas = 32, .pages = 1000 }, 100, false },
	{ "1 VMA, 100,000 pages", { .vmas = 1, .pages = 100000 }, 4, true },
};

struct series {
	double ours[MAX_PAIRS], host[MAX_PAIRS], ratio[MAX_PAIRS];
};

static struct series cycle, fork_only;

static void series_add(struct series *s, int i, double ours, double host)
{
	s->ours[i] = ours;
	s->host[i] = host;
	s->ratio[i] = host / ours;
}

static int measure(const struct comparison *c)
{
	struct bench_times ours, host;
	int err = emulated_side.prepare(&c->shape);

	if (!err)
		err = host_side.prepare(&c->shape);
	for (int i = -1; !err && i < pairs; i++) {
		err = emulated_side.batch(c->batch, &ours);
		if (!err)
			err = host_side.batch(c->batch, &host);
		if (err || i < 0) /* the first pair warms both sides up */
			continue;
		series_add(&cycle, i, ours.cycle_ns, host.cycle_ns);
		series_add(&fork_only, i, ours.fork_ns, host.fork_ns);
	}
	emulated_side.drop();
	host_side.drop();
	return err;
}

static json_t *print_row(const char *title, const char *what,
			 struct series *s, double divisor, const char *unit)
{
	double ours = bench_median(s->ours, pairs) / divisor;
	double host = bench_median(s->host, pairs) / divisor;
	double ratio = bench_median(s->ratio, pairs);

	printf("%-22s %-20s %10.1f %10.1f %-3s %8.2fx  (%.2f to %.2f)\n",
	       title, what, ours, host, unit, ratio, s->ratio[0],
	       s->ratio[pairs - 1]);
	return json_pack("{s:s,s:s,s:f,s:f,s:s,s:f,s:f,s:f}", "shape", title,
			 "what", what, "emulated", ours, "host", host, "unit",
			 unit, "ratio", ratio, "ratio_min", s->ratio[0],
			 "ratio_max", s->ratio[pairs - 1]);
}

static int run_comparisons(json_t *rows)
{
	printf("%-22s %-20s %10s %10s %-3s %9s\n", "shape", "median of",
	       "emulated", "host", "", "host/ours");
	for (size_t i = 0; i < sizeof(comparisons) / sizeof(*comparisons);
	     i++) {
		const struct comparison *c = &comparisons[i];
		int err = measure(c);

		if (err) {
			fprintf(stderr, "bench: %s: %s\n", c->title,
				strerror(-err));
			return err;
		}
		json_array_append_new(rows, print_row(c->title,
						      "fork+exit+wait",
						      &cycle, 1e3, "us"));
		json_array_append_new(rows, print_row("", "fork() alone",
						      &fork_only, 1e3, "us"));
		if (!c->per_pte)
			continue;
		json_array_append_new(rows, print_row("", "fork+exit+wait/PTE",
						      &cycle, c->shape.pages,
						      "ns"));
		json_array_append_new(rows, print_row("", "fork()/PTE",
						      &fork_only,
						      c->shape.pages, "ns"));
	}
	return 0;
}

static int parse(int argc, const char **argv)
{
	poptContext ctx = poptGetContext("bench", argc, argv, options, 0);
	int rc = poptGetNextOpt(ctx);

	if (rc != -1) {
		fprintf(stderr, "bench: %s: %s\n", poptBadOption(ctx, 0),
			poptStrerror(rc));
	} else if (pairs < 1 || pairs > MAX_PAIRS) {
		fprintf(stderr, "bench: --pairs %d: need 1 to %d\n", pairs,
			MAX_PAIRS);
		rc = 0;
	} else if (idle_tasks < 1 || idle_tasks > 10000) {
		fprintf(stderr, "bench: --idle-tasks %d: need 1 to 10000\n",
			idle_tasks);
		rc = 0;
	}
	poptFreeContext(ctx);
	return rc == -1 ? 0 : -EINVAL;
}

/* The emulated kernel beside the host's. */
static int bench_kernel(json_t *rows)
{
	int err = host_side_start();

	if (!err)
		err = run_comparisons(rows);
	if (!err)
		err = bench_idle_memory(idle_tasks);
	host_side_stop();
	return err;
}

int main(int argc, char **argv)
{
	json_t *rows = json_array();
	int err;

	if (parse(argc, (const char **)argv))
		return 2;
	setvbuf(stdout, NULL, _IOLBF, 0);
	err = explorer_only || pressure_only ? 0 : bench_kernel(rows);
	if (!err && !explorer_only)
		err = bench_pressure(rows);
	if (!err && !pressure_only)
		err = bench_explorer(pairs, rows);
	if (!err && json_path && json_dump_file(rows, json_path, JSON_INDENT(2))) {
		fprintf(stderr, "bench: cannot write %s\n", json_path);
		err = -EIO;
	}
	json_decref(rows);
	return err ? 3 : 0;
}
