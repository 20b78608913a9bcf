// SPDX-License-Identifier: GPL-2.0-or-later
/* The driver's ears: what the worker prints, and the findings it leaves. */
#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "locking/report.h"
#include "stress/campaign.h"

/* Findings explained before only their headlines are shown. */
#define SHOWN_FINDINGS 5
/* Lines of an explanation. */
#define SHOWN_LINES 30

void campaign_totals(const struct campaign *c, struct stress_totals *out)
{
	struct stress_totals round;

	*out = c->done;
	if (!c->worker.pid)
		return;
	counters_sum(&c->sh->counters, &round);
	totals_add(out, &round);
}

static void show_text(struct campaign *c, const char *text)
{
	char *copy = strdup(text), *save = NULL;
	unsigned int most = c->cfg->verbose ? UINT_MAX : SHOWN_LINES, n = 0;

	if (!copy)
		return;
	for (char *line = strtok_r(copy, "\n", &save); line;
	     line = strtok_r(NULL, "\n", &save))
		if (n++ < most)
			progress_say(&c->progress, false, "!!!   %s", line);
	if (n > most)
		progress_say(&c->progress, false, "!!!   ... %u more lines:"
			     " in log.txt of the results, or with --verbose",
			     n - most);
	free(copy);
}

uint64_t campaign_rerun_seed(const struct campaign *c)
{
	return c->cfg->seed + (c->rounds ? c->rounds - 1 : 0);
}

void campaign_keep(struct campaign *c, json_t *json)
{
	char seed[24];

	snprintf(seed, sizeof(seed), "%" PRIu64, campaign_rerun_seed(c));
	json_object_set_new(json, "round", json_integer((int)c->rounds - 1));
	json_object_set_new(json, "rerun_seed", json_string(seed));
	results_finding(&c->results, json);
	json_decref(json);
}

static void say_rerun(struct campaign *c)
{
	char command[2 * PATH_MAX], line[2 * PATH_MAX + 16];
	struct stress_config cfg = *c->cfg;

	cfg.seed = campaign_rerun_seed(c);
	snprintf(line, sizeof(line), "!!!   rerun: %s",
		 config_command(&cfg, command, sizeof(command)));
	results_log(&c->results, line);
	progress_say(&c->progress, false, "%s", line);
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
	if (c->cfg->verbose || c->findings.nr <= SHOWN_FINDINGS) {
		show_text(c, text);
		say_rerun(c);
	}
	return true;
}

static void on_report(void *arg, const char *text)
{
	struct campaign *c = arg;
	struct found f;
	char name[64];

	tsan_describe(text, &f);
	if (!strcmp(f.kind, FOUND_CRASH))
		c->crash_told = true;
	if (!campaign_found(c, &f, text))
		return;
	snprintf(name, sizeof(name), "tsan/%016" PRIx64 ".txt", f.signature);
	results_text(&c->results, name, text);
	campaign_keep(c, json_pack("{s:s, s:s, s:s, s:s}", "kind", f.kind,
				   "where", f.where, "text", f.headline,
				   "report", name));
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
	const char *rest = sf->text;
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
	/* What the headline says already is not said again. */
	if (!strncmp(rest, f.headline, strcspn(rest, "\n")))
		rest += strcspn(rest, "\n");
	snprintf(text, sizeof(text), "%s\nthread: %s\nholding:%s%s", rest,
		 sf->thread, sf->held[0] ? "\n" : " no locks", sf->held);
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
