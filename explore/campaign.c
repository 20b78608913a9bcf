// SPDX-License-Identifier: GPL-2.0-or-later
#include "explore/campaign.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <sched.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "explore/atomics.h"
#include "explore/classes.h"
#include "explore/coverage.h"
#include "explore/crash.h"
#include "explore/engine.h"
#include "explore/host.h"
#include "explore/interrupt.h"
#include "explore/minimise.h"
#include "explore/progress.h"
#include "explore/quiet.h"
#include "explore/race.h"
#include "explore/report.h"
#include "explore/sched.h"
#include "explore/sched_list.h"
#include "explore/trace.h"
#include "explore/workers.h"
#include "explore/world.h"

/* How many executions pass between two looks at the clock. */
#define CLOCK_EVERY 256
/* One execution is repeated so often for races nobody knew of. */
#define MAX_TRIES 50
/* So many executions are done before other processes are ready to help. */
#define SHORT 100

unsigned int explore_cpus(void)
{
	cpu_set_t set;

	if (sched_getaffinity(0, sizeof(set), &set))
		return 1;
	return (unsigned int)CPU_COUNT(&set);
}

struct explore_options explore_defaults(void)
{
	return (struct explore_options){
		.program = "program", .variant = "-", .strategy = "random",
		.memory_model = "sc", .seed = 1, .depth = 3,
		.preemptions = -1, .jobs = 1, .max_steps = 100000,
		.check_every = 10007, .leaks = true, .minimize = true,
	};
}

FILE *campaign_out(const struct explore_options *opt)
{
	return opt->out ? opt->out : stdout;
}

double campaign_now(void)
{
	struct timespec ts;

	host.syscall(SYS_clock_gettime, CLOCK_MONOTONIC, (long)&ts, 0, 0, 0,
		     0);
	return (double)ts.tv_sec + (double)ts.tv_nsec * 1e-9;
}

static void list_names(FILE *out, const char *what, const char *wrong)
{
	fprintf(out, "explore: unknown %s '%s'; known:", what, wrong);
}

static int check_names(const struct explore_options *opt)
{
	FILE *out = campaign_out(opt);

	if (!sched_find(opt->strategy)) {
		list_names(out, "strategy", opt->strategy);
		for (const struct sched_ops *const *s = sched_list(); *s; s++)
			fprintf(out, " %s", (*s)->name);
		fprintf(out, "\n");
		return EXPLORE_EXIT_USAGE;
	}
	if (!model_find(opt->memory_model)) {
		list_names(out, "memory model", opt->memory_model);
		for (const struct memory_model *const *m = model_list(); *m;
		     m++)
			fprintf(out, " %s", (*m)->name);
		fprintf(out, "\n");
		return EXPLORE_EXIT_USAGE;
	}
	return 0;
}

int campaign_setup(const struct explore_options *opt)
{
	int ret = check_names(opt);

	if (ret)
		return ret;
	if (engine_init() || classes_begin(opt->jobs + 1) ||
	    coverage_begin(opt->jobs + 1) || world_snapshot()) {
		fprintf(campaign_out(opt), "explore: no memory: %s\n",
			strerror(errno));
		return EXPLORE_EXIT_HARNESS;
	}
	report_explain = opt->explain;
	trace_name_lock = opt->name_lock;
	eng.sched = sched_find(opt->strategy);
	eng.model = model_find(opt->memory_model);
	eng.seed = opt->seed;
	eng.depth = opt->depth;
	eng.preemptions = opt->preemptions;
	eng.max_steps = opt->max_steps;
	eng.check_leaks = opt->leaks;
	eng.fail_alloc = opt->fail_alloc;
	eng.nr_replay = 0;
	eng.spins_assumed = 0;
	eng.trace = NULL;
	race.watching = false;
	quiet_reset();
	quiet.wanted = false;
	crash_watch();
	return 0;
}

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

/* The execution just run, as a schedule. */
static void keep_schedule(const struct campaign *c, struct schedule *s)
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

void campaign_schedule_path(const struct campaign *c, uint64_t n, char *path)
{
	if (c->workers)
		snprintf(path, PATH_MAX, "%s.%" PRIu64, c->opt->schedule_file,
			 n);
	else
		snprintf(path, PATH_MAX, "%s", c->opt->schedule_file);
}

static void report_to(FILE *out, const char *path, void (*fn)(FILE *))
{
	FILE *f = path ? fopen(path, "w") : NULL;

	if (!path)
		return;
	if (!f) {
		fprintf(out, "explore: %s: %s\n", path, strerror(errno));
		return;
	}
	fn(f);
	fclose(f);
}

static void report_files(const struct explore_options *opt)
{
	report_to(campaign_out(opt), opt->mermaid_file, report_mermaid);
	report_to(campaign_out(opt), opt->chrome_file, report_chrome);
}

static void explain(struct campaign *c, struct schedule *s)
{
	FILE *out = campaign_out(c->opt);
	enum verdict v;

	if (c->opt->minimize)
		minimise(s, c->body, c->arg);
	v = campaign_repeat(s, true, c->body, c->arg);
	s->digest = eng.digest;
	if (v != s->verdict)
		fprintf(out, "explore: the replay ended as %s, not as %s\n",
			verdict_name(v), verdict_name(s->verdict));
	report_finding_found(out, s);
	report_files(c->opt);
	if (!c->opt->schedule_file)
		return;
	if (schedule_write(s, c->opt->schedule_file))
		fprintf(out, "explore: %s: %s\n", c->opt->schedule_file,
			strerror(errno));
	else
		fprintf(out, "schedule written to %s\n",
			c->opt->schedule_file);
}

/*
 * A finding is on the disk before anything else is done with it; it is
 * written again when it has been made simpler.
 */
static void save(const struct campaign *c, const struct schedule *s)
{
	char path[PATH_MAX];

	if (!c->opt->schedule_file)
		return;
	campaign_schedule_path(c, c->n, path);
	if (schedule_write(s, path))
		fprintf(campaign_out(c->opt), "explore: %s: %s\n", path,
			strerror(errno));
}

static void found(struct campaign *c)
{
	struct schedule s;

	if (c->workers) {
		if (!workers_found(c, campaign_signature(eng.verdict)))
			return;
		keep_schedule(c, &s);
		save(c, &s);
		schedule_free(&s);
		return;
	}
	keep_schedule(c, &s);
	if (!c->res->first_finding) {
		c->res->first_finding = c->n;
		memcpy(c->res->message, eng.message, sizeof(eng.message));
	}
	if (is_new(c, campaign_signature(eng.verdict))) {
		save(c, &s);
		c->res->distinct_findings++;
		explain(c, &s);
		if (c->res->distinct_findings == 1)
			c->res->finding_decisions = s.n;
	}
	schedule_free(&s);
}

/* Run the same decisions again: everything must come out the same. */
static bool repeats(struct campaign *c)
{
	struct schedule s;
	bool same;

	keep_schedule(c, &s);
	campaign_repeat(&s, false, c->body, c->arg);
	same = eng.digest == s.digest && eng.verdict == s.verdict &&
	       !eng.diverged;
	schedule_free(&s);
	if (!same)
		fprintf(campaign_out(c->opt), "explore: execution %" PRIu64
			" does not repeat: the program depends on something"
			" outside the explorer's control\n", c->n);
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
	int64_t next = (int64_t)(c->n + c->stride);

	if (c->opt->executions && next > (int64_t)c->opt->executions)
		return true;
	if (interrupt_seen())
		return true;
	if (c->workers && workers_enough(c, next))
		return true;
	return time_is_up(c);
}

static void count(struct campaign *c, enum verdict v)
{
	c->res->steps += eng.steps;
	c->res->events += eng.events;
	c->res->verdicts[v]++;
	if (v == VERDICT_BLOCKED) {
		c->res->redundant++;
		return;
	}
	c->res->executions++;
	classes_add(eng.class_hash);
	if (c->workers)
		workers_counted(c);
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

/* Run execution @c->n.  Return: false when there is none any more. */
static bool run_next(struct campaign *c)
{
	enum verdict v;

	quiet_forget();
	for (unsigned int tries = 1;; tries++) {
		eng.rng = rng_seed(eng.seed, c->n);
		coverage.now = c->n;
		if (!eng.sched->begin(&eng)) {
			c->res->complete = eng.sched->complete &&
					   eng.sched->complete();
			return false;
		}
		v = engine_run(c->body, c->arg);
		c->done++;
		if (!is_coarse(tries))
			break;
		if (eng.sched->complete)
			search_anew(c);
		else
			c->res->again++;
	}
	count(c, v);
	if (eng.sched->end)
		eng.sched->end(&eng, v);
	return true;
}

/* Return: false when the campaign must stop. */
static bool judge(struct campaign *c)
{
	uint64_t every = c->opt->check_every;

	if (eng.verdict == VERDICT_HARNESS) {
		snprintf(c->res->message, sizeof(c->res->message),
			 "execution %" PRIu64 ": %.400s", c->n, eng.message);
		if (!c->workers)
			fprintf(campaign_out(c->opt), "explore: %s\n",
				c->res->message);
		return false;
	}
	if (verdict_is_finding(eng.verdict)) {
		found(c);
		return c->opt->keep_going || c->workers;
	}
	if (eng.verdict == VERDICT_BLOCKED)
		return true; /* cut short: not to be repeated */
	if (every && (c->n == 1 || c->n % every == 0) && !repeats(c)) {
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
	struct explore_result ignored = { 0 };
	struct explore_result *res = c->res;

	c->n = n;
	c->res = &ignored;
	run_next(c);
	c->res = res;
	if (verdict_is_finding(eng.verdict))
		found(c);
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
	quiet.wanted = !opt->every_op;
	if (quiet.wanted)
		quiet_learn(body, arg);
	quiet.keep = eng.sched->history;
	if (eng.sched->calibrate)
		calibrate(c);
	if (opt->jobs > 1 && !eng.sched->history && !is_short(opt))
		workers_run(c);
	else
		campaign_loop(c);
	crash_unwatch();
	world_restore();
	res->secs = campaign_now() - start;
	res->interrupted = interrupt_seen();
	res->classes = classes.distinct;
	res->classes_once = classes.once;
	count_coverage(res);
	if (opt->progress)
		progress_line(res, res->secs, true);
	free(c);
	return exit_code(res);
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

	if (engine_init())
		return EXPLORE_EXIT_HARNESS;
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
	report_files(opt);
	crash_unwatch();
	world_restore();
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
		report_files(opt);
		fprintf(out, "explore: %u decisions, %u before\n", s.n, before);
		ret = verdict_is_finding(s.verdict) ? EXPLORE_EXIT_FINDINGS :
		      EXPLORE_EXIT_CLEAN;
	}
	crash_unwatch();
	world_restore();
	if (ret != EXPLORE_EXIT_HARNESS && schedule_write(&s, path)) {
		fprintf(out, "explore: %s: %s\n", path, strerror(errno));
		ret = EXPLORE_EXIT_HARNESS;
	}
	schedule_free(&s);
	return ret;
}

_Noreturn void explore_finding(enum verdict kind, const char *fmt, ...)
{
	va_list ap;

	if (eng.cur)
		eng.cur->op.pc = (uintptr_t)__builtin_return_address(0);
	eng.cur = NULL;
	va_start(ap, fmt);
	vsnprintf(eng.message, sizeof(eng.message), fmt, ap);
	va_end(ap);
	engine_finish(kind);
}

unsigned int explore_choose(unsigned int n)
{
	return eng.cur ? engine_choose(n) : 0;
}
