// SPDX-License-Identifier: GPL-2.0-or-later
#include "explore/progress.h"

#include <inttypes.h>
#include <math.h>
#include <unistd.h>

#include "explore/classes.h"
#include "explore/coverage.h"
#include "explore/engine.h"
#include "explore/sched.h"
#include "explore/sched_list.h"
#include "explore/stuck.h"

static double shown EXPLORE_STATE; /* when the line was written last */

/* Executions a search still has to run, by the share it has searched. */
static double remaining(const struct explore_result *res, double searched)
{
	double done = (double)(res->executions + res->redundant);

	return searched > 0 && searched < 1 ? done / searched - done : 0;
}

void progress_line(const struct explore_result *res, double secs, bool last)
{
	static const double pause = 0.25;

	if (!last && secs - shown < pause && secs >= shown)
		return;
	shown = secs;
	dprintf(STDERR_FILENO, "\r%.0f s: %" PRIu64 " executions (%.0f/s), %"
		PRIu64 " steps (%.0f/s), %" PRIu64 " classes, %" PRIu64
		"+%" PRIu64 " pairs (%" PRIu64 " new in the last minute), ",
		secs, res->executions,
		(double)res->executions / (secs > 0 ? secs : 1), res->steps,
		(double)res->steps / (secs > 0 ? secs : 1), classes.distinct,
		coverage.nr[COVERAGE_READS_FROM],
		coverage.nr[COVERAGE_HAND_OVER], coverage_recent());
	if (eng.sched->searched)
		dprintf(STDERR_FILENO, "about %.3g executions left, ",
			res->complete ? 0 :
			remaining(res, eng.sched->searched()));
	dprintf(STDERR_FILENO, "%" PRIu64 " findings%s",
		res->distinct_findings, last ? "\n" : "  ");
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
	fprintf(out, "pct: a bug of depth %u would have been seen by now with"
		" probability at least %.4f\n", opt->depth,
		1 - pow(1 - p, (double)res->executions));
}

static void print_coverage(FILE *out, const struct explore_result *res)
{
	fprintf(out, "coverage: %" PRIu64 " reads-from pairs, %" PRIu64
		" lock hand-over pairs of lines; the last new one in execution"
		" %" PRIu64 "; of instructions, %" PRIu64 " new in the last"
		" minute\n",
		res->reads_from, res->hand_overs, res->coverage_last,
		res->coverage_recent);
	if (res->searched > 0 && !res->complete)
		fprintf(out, "searched: about %.3g %% of the tree, %.3g"
			" executions left\n", res->searched * 100,
			remaining(res, res->searched));
}

void progress_summary(FILE *out, const struct explore_options *opt,
		      const struct explore_result *res, int code)
{
	static const char *const ends[] = { "CLEAN", "FINDINGS", "USAGE",
					    "HARNESS FAILURE" };
	double secs = res->secs > 0 ? res->secs : 1e-9;

	if (eng.sched == &sched_pct)
		pct_guarantee(out, opt, res);
	if (!eng.sched->complete && res->executions)
		fprintf(out, "classes=%" PRIu64 "%s probability-next-is-new="
			"%.4f\n", res->classes, classes.full ? "+" : "",
			(double)res->classes_once / (double)res->executions);
	print_coverage(out, res);
	if (res->complete && eng.spins_assumed)
		fprintf(out, "complete if a thread that does %d operations"
			" without effect waits for another\n", STUCK_SPIN);
	for (int v = 0; v < NR_VERDICTS; v++)
		if (res->verdicts[v])
			fprintf(out, "%s=%" PRIu64 " ", verdict_name(v),
				res->verdicts[v]);
	fprintf(out, "\nexplore: end: %s%s executions=%" PRIu64 " redundant=%"
		PRIu64 " steps=%" PRIu64 " decisions=%" PRIu64 " secs=%.2f executions/s=%.0f"
		" steps/s=%.0f program=%s strategy=%s memory-model=%s seed=%"
		PRIu64 "\n", ends[code], res->complete ? " complete" : "",
		res->executions, res->redundant, res->steps, res->events,
		res->secs, (double)res->executions / secs,
		(double)res->steps / secs, opt->program, opt->strategy, opt->memory_model, opt->seed);
}

void progress_json(FILE *out, const struct explore_options *opt,
		   const struct explore_result *res, int code)
{
	fprintf(out, "{\"exit\":%d,\"complete\":%s,\"executions\":%" PRIu64
		",\"redundant\":%" PRIu64 ",\"steps\":%" PRIu64
		",\"decisions\":%" PRIu64 ",\"again\":%" PRIu64 ",\"classes\":%" PRIu64 ",\"secs\":%.3f,\"strategy\":\"%s\","
		"\"memory_model\":\"%s\",\"seed\":%" PRIu64 ",\"verdicts\":{",
		code, res->complete ? "true" : "false", res->executions,
		res->redundant, res->steps, res->events, res->again,
		res->classes, res->secs, opt->strategy, opt->memory_model, opt->seed);
	for (int v = 0; v < NR_VERDICTS; v++)
		fprintf(out, "%s\"%s\":%" PRIu64, v ? "," : "",
			verdict_name(v), res->verdicts[v]);
	fprintf(out, "},\"first_finding\":%" PRIu64
		",\"finding_decisions\":%u,\"reads_from\":%" PRIu64
		",\"hand_overs\":%" PRIu64 ",\"coverage_last\":%" PRIu64
		",\"coverage_recent\":%" PRIu64 ",\"searched\":%.6g,"
		"\"executions_left\":%.0f}\n", res->first_finding,
		res->finding_decisions, res->reads_from, res->hand_overs,
		res->coverage_last, res->coverage_recent, res->searched,
		res->complete ? 0 : remaining(res, res->searched));
}
