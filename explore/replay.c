// SPDX-License-Identifier: GPL-2.0-or-later
/* Executions again: as their schedules say. */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "explore/campaign.h"
#include "explore/crash.h"
#include "explore/engine.h"
#include "explore/finding.h"
#include "explore/minimise.h"
#include "explore/quiet.h"
#include "explore/race.h"
#include "explore/report.h"
#include "explore/sched.h"
#include "explore/sched_list.h"
#include "explore/trace.h"
#include "explore/world.h"

enum verdict campaign_repeat(const struct schedule *s, bool trace,
			     void (*body)(void *), void *arg)
{
	const struct sched_ops *sched = eng.sched;
	const struct quiet was = quiet;
	enum verdict v;

	quiet.wanted = false;
	quiet.keep = false;
	eng.sched = &sched_replay;
	eng.replay = s->decisions;
	eng.nr_replay = s->n;
	eng.trace = trace ? trace_get() : NULL;
	race.watching = trace && s->verdict == VERDICT_RACE;
	v = engine_run(body, arg);
	race.watching = false;
	eng.trace = NULL;
	eng.nr_replay = 0;
	eng.sched = sched;
	quiet.wanted = was.wanted;
	quiet.keep = was.keep;
	return v;
}

static void replay_options(struct explore_options *opt,
			   const struct schedule *s)
{
	opt->strategy = s->strategy;
	opt->memory_model = s->model;
	opt->seed = s->seed;
	opt->max_steps = s->max_steps;
	opt->fail_alloc = s->fail_alloc;
}

/* Is @mine what the schedule was made with, which is @its? */
static bool same(const struct explore_options *opt, const char *path,
		 const char *what, const char *its, const char *mine)
{
	if (!strcmp(its, mine))
		return true;
	fprintf(campaign_out(opt), "explore: %s: made by %s %s, this is %s\n",
		path, what, its, mine);
	return false;
}

/* Read @path and set the engine up for it.  Return: 0, or an exit code. */
static int open_schedule(const struct explore_options *opt, const char *path,
			 struct schedule *s)
{
	struct explore_options mine = *opt;
	FILE *out = campaign_out(opt);
	char why[512];
	int err = engine_init();

	if (err) {
		fprintf(out, "explore: cannot start: %s\n", strerror(-err));
		return EXPLORE_EXIT_HARNESS;
	}
	if (schedule_read(s, path, why, sizeof(why))) {
		fprintf(out, "explore: %s\n", why);
		return EXPLORE_EXIT_USAGE;
	}
	if (!same(opt, path, "program", s->program, opt->program) ||
	    !same(opt, path, "variant", s->variant, opt->variant)) {
		schedule_free(s);
		return EXPLORE_EXIT_USAGE;
	}
	replay_options(&mine, s);
	return campaign_setup(&mine);
}

int explore_replay(const struct explore_options *opt, const char *path,
		   void (*body)(void *), void *arg)
{
	FILE *out = campaign_out(opt);
	struct schedule s;
	enum verdict v;
	int ret = open_schedule(opt, path, &s);

	if (ret)
		return ret;
	campaign_repeat(&s, false, body, arg); /* finds the older access */
	v = campaign_repeat(&s, true, body, arg);
	report_rows = opt->full_trace ? UINT32_MAX : REPORT_ROWS;
	report_all_steps = opt->full_trace;
	report_finding_found(out, &s);
	finding_draw(opt, 1);
	crash_unwatch();
	world_restore(false);
	if (v != s.verdict || eng.digest != s.digest || eng.diverged) {
		fprintf(out, "explore: the replay differs: verdict %s, digest"
			" %016" PRIx64 "; recorded %s, %016" PRIx64 "\n",
			verdict_name(v), eng.digest, verdict_name(s.verdict),
			s.digest);
		schedule_free(&s);
		return EXPLORE_EXIT_HARNESS;
	}
	schedule_free(&s);
	return verdict_is_finding(v) ? EXPLORE_EXIT_FINDINGS :
	       EXPLORE_EXIT_CLEAN;
}

int explore_minimize(const struct explore_options *opt, const char *path,
		     void (*body)(void *), void *arg)
{
	FILE *out = campaign_out(opt);
	struct schedule s;
	uint32_t before;
	int ret = open_schedule(opt, path, &s);

	if (ret)
		return ret;
	before = s.n;
	minimise(&s, body, arg);
	ret = EXPLORE_EXIT_HARNESS;
	if (campaign_repeat(&s, true, body, arg) == s.verdict) {
		s.digest = eng.digest;
		report_finding_found(out, &s);
		finding_draw(opt, 1);
		fprintf(out, "explore: %u decisions, %u before\n", s.n, before);
		ret = verdict_is_finding(s.verdict) ? EXPLORE_EXIT_FINDINGS :
		      EXPLORE_EXIT_CLEAN;
	}
	crash_unwatch();
	world_restore(false);
	if (ret != EXPLORE_EXIT_HARNESS && schedule_write(&s, path)) {
		fprintf(out, "explore: %s: %s\n", path, strerror(errno));
		ret = EXPLORE_EXIT_HARNESS;
	}
	schedule_free(&s);
	return ret;
}
