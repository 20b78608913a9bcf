// SPDX-License-Identifier: GPL-2.0-or-later
#include "explore/campaign.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>

#include "explore/classes.h"
#include "explore/coverage.h"
#include "explore/crash.h"
#include "explore/curve.h"
#include "explore/engine.h"
#include "explore/finding.h"
#include "explore/host.h"
#include "explore/interrupt.h"
#include "explore/progress.h"
#include "explore/quiet.h"
#include "explore/sched.h"
#include "explore/sched_list.h"
#include "explore/workers.h"
#include "explore/world.h"

/* How many executions pass between two looks at the clock. */
#define CLOCK_EVERY 256
/* One execution is repeated so often for races nobody knew of. */
#define MAX_TRIES 50
/* So many executions are done before other processes are ready to help. */
#define SHORT 100

double campaign_now(void)
{
	struct timespec ts;

	host.syscall(SYS_clock_gettime, CLOCK_MONOTONIC, (long)&ts, 0, 0, 0,
		     0);
	return (double)ts.tv_sec + (double)ts.tv_nsec * 1e-9;
}

/* The explorer cannot go on.  A worker leaves it to its parent to say so. */
static void __attribute__((format(printf, 2, 3)))
fail(struct campaign *c, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(c->res->message, sizeof(c->res->message), fmt, ap);
	va_end(ap);
	if (!c->workers)
		fprintf(campaign_out(c->opt), "explore: %s\n",
			c->res->message);
}

/* Run the same decisions again: does everything come out the same? */
static bool repeats(struct campaign *c)
{
	struct schedule s;
	bool same;

	finding_schedule(c, &s);
	campaign_repeat(&s, false, c->body, c->arg);
	same = eng.digest == s.digest && eng.verdict == s.verdict &&
	       !eng.diverged;
	schedule_free(&s);
	return same;
}

static bool time_is_up(struct campaign *c)
{
	double now;

	if (c->done % CLOCK_EVERY && c->done > CLOCK_EVERY)
		return false;
	now = campaign_now();
	coverage_tick(now - c->start);
	if (c->opt->progress)
		progress_line(c->res, now - c->start, false);
	return c->opt->secs > 0 && now - c->start >= c->opt->secs;
}

static bool limit_reached(struct campaign *c)
{
	uint64_t next = c->n + c->stride;

	if (c->opt->executions && next > c->opt->executions)
		return true;
	if (interrupt_seen())
		return true;
	if (c->workers && workers_enough(c, next))
		return true;
	return time_is_up(c);
}

static void count(struct campaign *c, enum verdict v, uint32_t again)
{
	c->res->steps += eng.steps - eng.resumed_at;
	c->res->events += eng.events;
	c->res->again += again;
	c->res->verdicts[v]++;
	if (v == VERDICT_BLOCKED) {
		c->res->redundant++;
		return;
	}
	c->res->executions++;
	classes_add(eng.class_hash, c->n);
	if (c->workers)
		workers_counted(c, v, again);
}

/*
 * A search has met a decision it did not know of: what it has tried so far
 * does not count, its tree is another one.
 */
static void search_anew(struct campaign *c)
{
	struct explore_result *res = c->res;
	uint64_t again = res->again + c->n;

	eng.sched->init(&eng);
	classes_begin(c->opt->jobs + 1);
	*res = (struct explore_result){ .again = again };
	c->n = 1;
}

/*
 * Was a race of atomic operations missed that makes a finer execution?  What
 * was found is a finding all the same.
 */
static bool is_coarse(unsigned int tries)
{
	if (!quiet.missed || verdict_is_finding(eng.verdict))
		return false;
	return eng.sched->complete || tries < MAX_TRIES;
}

/*
 * Run execution @c->n.
 * Return: how often that was necessary; 0 when there is none any more.
 */
static unsigned int run(struct campaign *c)
{
	quiet_forget();
	for (unsigned int tries = 1;; tries++) {
		eng.rng = rng_seed(eng.seed, c->n);
		coverage.now = c->n;
		if (!eng.sched->begin(&eng)) {
			c->res->complete = eng.sched->complete &&
					   eng.sched->complete();
			return 0;
		}
		engine_run(c->body, c->arg);
		c->done++;
		if (!is_coarse(tries))
			return tries;
		if (eng.sched->complete) {
			search_anew(c);
			tries = 0;
		}
	}
}

/* Return: false when there is no execution @c->n. */
static bool run_next(struct campaign *c)
{
	unsigned int tries = run(c);

	if (!tries)
		return false;
	count(c, eng.verdict, tries - 1);
	if (eng.sched->end)
		eng.sched->end(&eng, eng.verdict);
	return true;
}

/* Return: false when the campaign must stop. */
static bool judge(struct campaign *c)
{
	uint64_t every = c->opt->check_every;

	if (eng.verdict == VERDICT_HARNESS) {
		fail(c, "execution %" PRIu64 ": %.400s", c->n, eng.message);
		return false;
	}
	if (verdict_is_finding(eng.verdict)) {
		finding_made(c);
		return c->opt->keep_going || c->workers;
	}
	if (eng.verdict == VERDICT_BLOCKED)
		return true; /* cut short: not to be repeated */
	if (every && (c->n == 1 || c->n % every == 0) && !repeats(c)) {
		fail(c, "execution %" PRIu64 " does not repeat: the program"
		     " depends on something outside the explorer's control",
		     c->n);
		c->res->verdicts[VERDICT_HARNESS]++;
		return false;
	}
	return true;
}

void campaign_loop(struct campaign *c)
{
	c->start = campaign_now();
	while (!limit_reached(c)) {
		c->n += c->stride;
		if (!run_next(c) || !judge(c))
			return;
	}
}

void campaign_rerun(struct campaign *c, uint64_t n)
{
	c->n = n;
	if (run(c) && verdict_is_finding(eng.verdict)) {
		finding_made(c);
		return;
	}
	fail(c, "execution %" PRIu64 " had a finding and has none when repeated:"
	     " the program depends on something outside the explorer's"
	     " control", n);
	c->res->verdicts[VERDICT_HARNESS]++;
	c->unwritten = true;
}

/* How long is an execution?  PCT spreads its changes over that many steps. */
static void calibrate(struct campaign *c)
{
	const struct sched_ops *sched = eng.sched;

	eng.sched = &sched_random;
	eng.rng = rng_seed(eng.seed, 0);
	engine_run(c->body, c->arg);
	eng.typical_events = eng.events;
	eng.sched = sched;
}

/* Not worth starting processes for. */
static bool is_short(const struct explore_options *opt)
{
	return opt->executions && opt->executions - opt->first < SHORT;
}

static int exit_code(const struct explore_result *res)
{
	if (res->verdicts[VERDICT_HARNESS])
		return EXPLORE_EXIT_HARNESS;
	return res->first_finding ? EXPLORE_EXIT_FINDINGS :
	       EXPLORE_EXIT_CLEAN;
}

static void count_coverage(struct explore_result *res)
{
	struct coverage_lines lines = coverage_lines();

	res->reads_from = lines.reads_from;
	res->hand_overs = lines.hand_overs;
	res->coverage_last = lines.last;
	res->coverage_recent = coverage_recent();
	if (eng.sched->searched)
		res->searched = res->complete ? 1 : eng.sched->searched();
}

/* A few executions that do not count. */
static void learn(struct campaign *c)
{
	quiet.wanted = !c->opt->every_op;
	if (quiet.wanted)
		quiet_learn(c->body, c->arg);
	quiet.keep = eng.sched->history;
	if (eng.sched->calibrate)
		calibrate(c);
}

static void write_curve(struct campaign *c)
{
	int ret = curve_append(c->opt->curve_file, c->opt->program,
			       c->res->executions + c->res->redundant);

	if (!ret)
		return;
	fail(c, "%s: %s", c->opt->curve_file, strerror(-ret));
	c->res->verdicts[VERDICT_HARNESS]++;
}

static void finish(struct campaign *c, double start)
{
	struct explore_result *res = c->res;

	crash_unwatch();
	world_restore(false);
	res->secs = campaign_now() - start;
	res->interrupted = interrupt_seen();
	res->classes = classes.distinct;
	res->classes_once = classes.once;
	count_coverage(res);
	if (c->opt->curve_file)
		write_curve(c);
	if (c->opt->progress)
		progress_line(res, res->secs, true);
}

int explore_campaign(const struct explore_options *opt, void (*body)(void *),
		     void *arg, struct explore_result *res)
{
	struct campaign *c;
	double start;
	int ret;

	memset(res, 0, sizeof(*res));
	ret = campaign_setup(opt);
	if (ret)
		return ret;
	start = campaign_now();
	if ((eng.sched->init && eng.sched->init(&eng)) || interrupt_catch())
		return EXPLORE_EXIT_HARNESS;
	c = calloc(1, sizeof(*c));
	if (!c)
		return EXPLORE_EXIT_HARNESS;
	*c = (struct campaign){ .opt = opt, .res = res, .body = body,
				.arg = arg, .start = start, .stride = 1 };
	c->n = opt->first ? opt->first - 1 : 0;
	learn(c);
	if (opt->jobs > 1 && !eng.sched->history && !is_short(opt))
		workers_run(c);
	else
		campaign_loop(c);
	finish(c, start);
	free(c);
	return exit_code(res);
}
