// SPDX-License-Identifier: GPL-2.0-or-later
#include "explore/finding.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "explore/atomics.h"
#include "explore/engine.h"
#include "explore/minimise.h"
#include "explore/race.h"
#include "explore/report.h"
#include "explore/sched.h"
#include "explore/workers.h"

void finding_schedule(const struct campaign *c, struct schedule *s)
{
	memset(s, 0, sizeof(*s));
	snprintf(s->binary, sizeof(s->binary), "%s", schedule_binary());
	snprintf(s->program, sizeof(s->program), "%s", c->opt->program);
	snprintf(s->variant, sizeof(s->variant), "%s", c->opt->variant);
	snprintf(s->strategy, sizeof(s->strategy), "%s", eng.sched->name);
	snprintf(s->model, sizeof(s->model), "%s", eng.model->name);
	s->seed = eng.seed;
	s->execution = c->n;
	s->max_steps = eng.max_steps;
	s->fail_alloc = eng.fail_alloc;
	s->digest = eng.digest;
	s->verdict = eng.verdict;
	s->n = eng.nr_decisions;
	s->decisions = malloc(s->n + 1);
	if (s->decisions)
		memcpy(s->decisions, eng.decisions, s->n);
	else
		s->n = 0;
}

/* Numbers in messages are those of threads, objects, addresses. */
uint64_t campaign_signature(enum verdict v)
{
	uint64_t h = v;
	uint64_t a = race.old.pc;
	uint64_t b = race.new.pc;

	if (v == VERDICT_RACE)
		return h << 56 | (a < b ? a * 31 + b : b * 31 + a);
	for (const char *p = eng.message; *p; p++)
		if (!isxdigit((unsigned char)*p))
			h = (h ^ (unsigned char)*p) * 0x100000001b3ull;
	return h;
}

static bool is_new(struct campaign *c, uint64_t sig)
{
	for (unsigned int i = 0; i < c->nr_signatures; i++)
		if (c->signatures[i] == sig)
			return false;
	if (c->nr_signatures < MAX_SIGNATURES)
		c->signatures[c->nr_signatures++] = sig;
	return true;
}

/* ---- files ------------------------------------------------------------------ */

/* "trace.json", and "trace-2.json" for the second; a device is for all. */
static void number_path(const char *file, uint64_t n, char *path)
{
	const char *slash = strrchr(file, '/');
	const char *name = slash ? slash + 1 : file;
	const char *dot = strrchr(name, '.');
	struct stat st;

	if (!dot || dot == name)
		dot = name + strlen(name);
	if (n < 2 || (!stat(file, &st) && !S_ISREG(st.st_mode)))
		snprintf(path, PATH_MAX, "%s", file);
	else
		snprintf(path, PATH_MAX, "%.*s-%" PRIu64 "%s",
			 (int)(dot - file), file, n, dot);
}

void finding_path(const struct campaign *c, uint64_t n, char *path)
{
	if (c->workers)
		snprintf(path, PATH_MAX, "%s.%" PRIu64, c->opt->schedule_file,
			 n);
	else
		number_path(c->opt->schedule_file, n, path);
}

static void draw(const struct explore_options *opt, const char *file,
		 uint64_t n, void (*fn)(FILE *))
{
	char path[PATH_MAX];
	FILE *f;

	if (!file)
		return;
	number_path(file, n, path);
	f = fopen(path, "w");
	if (f)
		fn(f);
	if (!f || fclose(f))
		fprintf(campaign_out(opt), "explore: %s: %s\n", path,
			strerror(errno));
}

void finding_draw(const struct explore_options *opt, uint64_t n)
{
	draw(opt, opt->mermaid_file, n, report_mermaid);
	draw(opt, opt->chrome_file, n, report_chrome);
}

/* Return: whether it is on the disk, if it is to be there. */
static bool write_schedule(const struct campaign *c, const struct schedule *s,
			   const char *path)
{
	int err = schedule_write(s, path);

	if (err)
		fprintf(campaign_out(c->opt), "explore: %s: %s\n", path,
			strerror(-err));
	return !err;
}

/*
 * A finding is on the disk before anything else is done with it; it is
 * written again when it has been made simpler.
 */
static void save(const struct campaign *c, const struct schedule *s,
		 uint64_t n)
{
	char path[PATH_MAX];

	if (c->opt->before_files)
		c->opt->before_files();
	if (!c->opt->schedule_file)
		return;
	finding_path(c, n, path);
	write_schedule(c, s, path);
}

/* ---- what is said about it --------------------------------------------------- */

static void explain(struct campaign *c, struct schedule *s, uint64_t n)
{
	FILE *out = campaign_out(c->opt);
	char path[PATH_MAX];
	enum verdict v;

	if (c->opt->minimize)
		minimise(s, c->body, c->arg);
	v = campaign_repeat(s, true, c->body, c->arg);
	s->digest = eng.digest;
	if (v != s->verdict)
		fprintf(out, "explore: the replay ended as %s, not as %s\n",
			verdict_name(v), verdict_name(s->verdict));
	report_finding_found(out, s);
	finding_draw(c->opt, n);
	if (c->opt->schedule_file) {
		finding_path(c, n, path);
		if (write_schedule(c, s, path))
			fprintf(out, "schedule written to %s\n", path);
		else
			c->unwritten = true;
	}
	fflush(out);
	if (c->opt->reported)
		c->opt->reported();
}

static void found_by_worker(struct campaign *c)
{
	struct schedule s;

	if (!workers_found(c, campaign_signature(eng.verdict)))
		return;
	finding_schedule(c, &s);
	save(c, &s, c->n);
	schedule_free(&s);
}

void finding_made(struct campaign *c)
{
	struct schedule s;

	if (c->workers) {
		found_by_worker(c);
		return;
	}
	if (!c->res->first_finding) {
		c->res->first_finding = c->n;
		memcpy(c->res->message, eng.message, sizeof(eng.message));
	}
	if (!is_new(c, campaign_signature(eng.verdict)))
		return;
	finding_schedule(c, &s);
	c->res->distinct_findings++;
	save(c, &s, c->res->distinct_findings);
	explain(c, &s, c->res->distinct_findings);
	if (c->res->distinct_findings == 1)
		c->res->finding_decisions = s.n;
	schedule_free(&s);
}
