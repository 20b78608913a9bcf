// SPDX-License-Identifier: GPL-2.0-or-later
/* The driver's ears: what the worker prints, and the findings it leaves. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "locking/report.h"
#include "stress/campaign.h"

/* Findings shown in full before only their headlines are. */
#define SHOWN_IN_FULL 5

void campaign_totals(const struct campaign *c, struct stress_totals *out)
{
	struct stress_totals round;

	*out = c->done;
	if (!c->worker.pid)
		return;
	counters_sum(&c->sh->counters, &round);
	totals_add(out, &round);
}

static void show_in_full(struct campaign *c, const char *text)
{
	char *copy = strdup(text), *save = NULL;

	if (!copy)
		return;
	for (char *line = strtok_r(copy, "\n", &save); line;
	     line = strtok_r(NULL, "\n", &save))
		progress_say(&c->progress, false, "!!!   %s", line);
	free(copy);
}

bool campaign_found(struct campaign *c, struct found *f, const char *text)
{
	char line[1024];

	f->round = c->rounds - 1;
	if (!findings_add(&c->findings, f))
		return false;
	snprintf(line, sizeof(line), "!!! %s %016" PRIx64 " at %s: %s",
		 f->kind, f->signature, f->where, f->headline);
	results_log(&c->results, line);
	results_log(&c->results, text);
	progress_say(&c->progress, true, "%s", line);
	if (c->cfg->verbose || c->findings.nr <= SHOWN_IN_FULL)
		show_in_full(c, text);
	return true;
}

static void on_report(void *arg, const char *text)
{
	struct campaign *c = arg;
	struct found f;
	char name[64];
	json_t *json;

	tsan_describe(text, &f);
	if (!campaign_found(c, &f, text))
		return;
	snprintf(name, sizeof(name), "tsan/%016" PRIx64 ".txt", f.signature);
	results_text(&c->results, name, text);
	json = json_pack("{s:s, s:s, s:s, s:s, s:i, s:I}", "kind", f.kind,
			 "where", f.where, "text", f.headline, "report", name,
			 "round", (int)f.round, "seed",
			 (json_int_t)c->sh->round.seed);
	if (json)
		results_finding(&c->results, json);
	json_decref(json);
}

static void on_line(void *arg, const char *text)
{
	struct campaign *c = arg;

	results_log(&c->results, text);
	if (strncmp(text, "ThreadSanitizer: reported", 25))
		snprintf(c->last_line, sizeof(c->last_line), "%s", text);
	if (c->cfg->verbose)
		progress_say(&c->progress, false, "%s", text);
}

/* The worker has written findings.jsonl already; this is for the user. */
static void take_finding(struct campaign *c, const struct shared_finding *sf)
{
	char text[sizeof(sf->text) + sizeof(sf->held) + 512];
	struct found f = { 0 };
	char *nl;

	snprintf(f.kind, sizeof(f.kind), "%s", finding_kind_name(sf->kind));
	snprintf(f.where, sizeof(f.where), "%s:%u %s", sf->file, sf->line,
		 sf->func);
	snprintf(f.headline, sizeof(f.headline), "%.*s",
		 (int)sizeof(f.headline) - 1, sf->text);
	nl = strchr(f.headline, '\n');
	if (nl)
		*nl = '\0';
	f.signature = finding_signature(f.kind, sf->func, f.headline);
	snprintf(text, sizeof(text), "%s\nthread: %s\nholding: %s\n"
		 "rerun: the last line's command, with --seed=%" PRIu64
		 " to begin with this round", sf->text, sf->thread,
		 sf->held[0] ? sf->held : "no locks",
		 c->cfg->seed + c->rounds - 1);
	campaign_found(c, &f, text);
}

static void drain_findings(struct campaign *c)
{
	while (c->ring_read < SHARED_FINDINGS) {
		const struct shared_finding *sf =
			&c->sh->findings[c->ring_read];

		if (smp_load_acquire(&sf->state) != 2)
			return;
		c->ring_read++;
		take_finding(c, sf);
	}
}

void campaign_drain(struct campaign *c, bool final)
{
	const struct tsan_sink sink = { on_report, on_line, c };
	char buf[65536];
	ssize_t n;

	while ((n = worker_output(&c->worker, buf, sizeof(buf))) > 0)
		tsan_split(&c->splitter, buf, n, &sink);
	if (final)
		tsan_split_end(&c->splitter, &sink);
	drain_findings(c);
}
