// SPDX-License-Identifier: GPL-2.0-or-later
#include "explore/progress.h"

#include <float.h>
#include <inttypes.h>
#include <math.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "explore/classes.h"
#include "explore/coverage.h"
#include "explore/engine.h"
#include "explore/sched.h"
#include "explore/sched_list.h"
#include "explore/stuck.h"

static double shown EXPLORE_STATE; /* when the line was written last */

/* Executions a search still has to run, by the share it has searched. */
/* Of a deep tree so little may have been searched that no number says it. */
static double remaining(const struct explore_result *res, double searched)
{
	double done = (double)(res->executions + res->redundant);
	double left = searched > 0 ? done / searched - done : DBL_MAX;

	if (!eng.sched->searched || searched >= 1)
		return 0;
	return isfinite(left) ? left : DBL_MAX;
}

static int columns(void)
{
	struct winsize ws;

	if (ioctl(STDERR_FILENO, TIOCGWINSZ, &ws) || ws.ws_col < 20)
		return 80;
	return ws.ws_col;
}

void progress_line(const struct explore_result *res, double secs, bool last)
{
	static const double pause = 0.25;
	double s = secs > 0 ? secs : 1;
	char line[256], left[48] = "";

	if (!last && secs - shown < pause && secs >= shown)
		return;
	shown = secs;
	if (last) {
		dprintf(STDERR_FILENO, "\r\033[K");
		return;
	}
	if (eng.sched->searched)
		snprintf(left, sizeof(left), " left %.3g",
			 remaining(res, eng.sched->searched()));
	/* What matters comes first: a narrow terminal cuts the end. */
	snprintf(line, sizeof(line), "%4.0fs findings %" PRIu64 ": executions %"
		 PRIu64 " (%.0f/s)%s steps/s %.0f classes %" PRIu64 " pairs %"
		 PRIu64 "+%" PRIu64 ", %" PRIu64 " new in the last minute",
		 secs, res->distinct_findings, res->executions,
		 (double)res->executions / s, left, (double)res->steps / s,
		 classes.distinct, coverage.nr[COVERAGE_READS_FROM],
		 coverage.nr[COVERAGE_HAND_OVER], coverage_recent());
	dprintf(STDERR_FILENO, "\r\033[K%.*s", columns() - 1, line);
}

/* Each execution meets a bug of depth d with probability 1/(n k^(d-1)). */
static void pct_guarantee(FILE *out, const struct explore_options *opt,
			  const struct explore_result *res)
{
	double threads = eng.nr_threads ? eng.nr_threads : 1;
	double steps = res->executions ?
		       (double)res->events / (double)res->executions : 1;
	double p = 1 / threads;

	for (unsigned int i = 1; i < opt->depth; i++)
		p /= steps;
	fprintf(out, "explore: pct: a bug of depth %u would have been seen by"
		" now with probability at least %.4f\n", opt->depth,
		1 - pow(1 - p, (double)res->executions));
}

static void print_coverage(FILE *out, const struct explore_result *res)
{
	if (res->executions && !eng.sched->complete)
		fprintf(out, "explore: classes: %" PRIu64 "%s; the next"
			" execution is of a new one with probability %.4f\n",
			res->classes, classes.full ? " or more" : "",
			(double)res->classes_once / (double)res->executions);
	fprintf(out, "explore: pairs of lines: %" PRIu64 " reads-from, %" PRIu64
		" lock hand-over; the last new one in execution %" PRIu64
		"; of instructions, %" PRIu64 " new in the last minute\n",
		res->reads_from, res->hand_overs, res->coverage_last,
		res->coverage_recent);
	if (res->searched > 0 && !res->complete)
		fprintf(out, "explore: searched: about %.3g %% of the tree,"
			" %.3g executions left\n", res->searched * 100,
			remaining(res, res->searched));
	if (res->complete && eng.spins_assumed)
		fprintf(out, "explore: complete if a thread that does %d"
			" operations without effect waits for another\n",
			STUCK_SPIN);
}

static void print_verdicts(FILE *out, const struct explore_result *res)
{
	fprintf(out, "explore: verdicts:");
	for (int v = 0; v < NR_VERDICTS; v++)
		if (res->verdicts[v])
			fprintf(out, " %s=%" PRIu64, verdict_name(v),
				res->verdicts[v]);
	fprintf(out, "\n");
}

bool progress_nothing_done(const struct explore_result *res)
{
	return res->executions &&
	       res->verdicts[VERDICT_BUDGET] == res->executions;
}

void progress_summary(FILE *out, const struct explore_options *opt,
		      const struct explore_result *res, int code)
{
	static const char *const ends[] = { "CLEAN", "FINDINGS", "USAGE",
					    "HARNESS FAILURE" };
	double secs = res->secs > 0 ? res->secs : 1e-9;

	if (eng.sched == &sched_pct)
		pct_guarantee(out, opt, res);
	print_coverage(out, res);
	print_verdicts(out, res);
	if (progress_nothing_done(res))
		fprintf(out, "explore: no execution came to its end within"
			" --max-steps=%" PRIu64 "\n", opt->max_steps);
	fprintf(out, "explore: end: %s%s%s executions=%" PRIu64 " redundant=%"
		PRIu64 " steps=%" PRIu64 " decisions=%" PRIu64 " secs=%.2f"
		" executions/s=%.0f steps/s=%.0f ", ends[code],
		res->complete ? " complete" : "",
		res->interrupted ? " (interrupted)" : "", res->executions,
		res->redundant, res->steps, res->events, res->secs,
		(double)res->executions / secs, (double)res->steps / secs);
	if (opt->command)
		fprintf(out, "%s\n", opt->command);
	else
		fprintf(out, "program=%s strategy=%s memory-model=%s seed=%"
			PRIu64 "\n", opt->program, opt->strategy,
			opt->memory_model, opt->seed);
}

void progress_json(FILE *out, const struct explore_options *opt,
		   const struct explore_result *res, int code)
{
	fprintf(out, "{\"exit\":%d,\"complete\":%s,\"executions\":%" PRIu64
		",\"redundant\":%" PRIu64 ",\"steps\":%" PRIu64
		",\"decisions\":%" PRIu64 ",\"again\":%" PRIu64
		",\"classes\":%" PRIu64 ",\"classes_once\":%" PRIu64
		",\"secs\":%.3f,\"strategy\":\"%s\","
		"\"memory_model\":\"%s\",\"seed\":%" PRIu64
		",\"interrupted\":%s,\"verdicts\":{",
		code, res->complete ? "true" : "false", res->executions,
		res->redundant, res->steps, res->events, res->again,
		res->classes, res->classes_once, res->secs, opt->strategy,
		opt->memory_model,
		opt->seed, res->interrupted ? "true" : "false");
	for (int v = 0; v < NR_VERDICTS; v++)
		fprintf(out, "%s\"%s\":%" PRIu64, v ? "," : "",
			verdict_name(v), res->verdicts[v]);
	fprintf(out, "},\"first_finding\":%" PRIu64
		",\"finding_decisions\":%u,\"reads_from\":%" PRIu64
		",\"hand_overs\":%" PRIu64 ",\"coverage_last\":%" PRIu64
		",\"coverage_recent\":%" PRIu64 ",\"searched\":%.6g,"
		"\"executions_left\":%.17g}\n", res->first_finding,
		res->finding_decisions, res->reads_from, res->hand_overs,
		res->coverage_last, res->coverage_recent, res->searched,
		res->complete ? 0 : remaining(res, res->searched));
}
