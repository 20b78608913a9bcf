// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * mmtorture of the exploration runtime: "explore", "replay" and "minimize".
 * The other programs execute this one for them.  Each scenario is explored
 * by a process of its own, since a machine is booted once in a process.
 */
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <popt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "explore/explore.h"
#include "explore/progress.h"
#include "explore/schedule.h"
#include "explore/world.h"
#include "locking/report.h"
#include "stress/bounded.h"
#include "stress/config.h"
#include "stress/options.h"

#define MAX_NAMES 256

enum {
	OPT_STRATEGY = 1, OPT_DEPTH, OPT_PREEMPTIONS, OPT_EXECUTIONS, OPT_SECS,
	OPT_MODEL, OPT_SEED, OPT_JOBS, OPT_FIRST, OPT_MAX_STEPS, OPT_CHECK,
	OPT_KEEP_GOING, OPT_FAIL_ALLOC, OPT_NO_MINIMIZE, OPT_RESULTS, OPT_JSON,
	OPT_TRACE, OPT_EVERY, OPT_CPUS, OPT_GDB, OPT_MERMAID, OPT_PERFETTO,
	OPT_HELP
};

static const struct poptOption options[] = {
	{ "strategy", 's', POPT_ARG_STRING, NULL, OPT_STRATEGY,
	  "how to choose schedules: random, pct, pos, rff, dfs, dpor (default"
	  " pos)", "NAME" },
	{ "depth", 'd', POPT_ARG_STRING, NULL, OPT_DEPTH,
	  "pct: ordering constraints of a bug (default 3)", "N" },
	{ "preemptions", 'p', POPT_ARG_STRING, NULL, OPT_PREEMPTIONS,
	  "dfs: at most N preemptions an execution (default: no limit)", "N" },
	{ "executions", 'n', POPT_ARG_STRING, NULL, OPT_EXECUTIONS,
	  "of each scenario (default 10000 unless --secs is given)", "N" },
	{ "secs", 't', POPT_ARG_STRING, NULL, OPT_SECS,
	  "seconds for each scenario", "S" },
	{ "memory-model", 'm', POPT_ARG_STRING, NULL, OPT_MODEL,
	  "what loads may read: sc, tso or c11 (default sc)", "NAME" },
	{ "seed", 'x', POPT_ARG_STRING, NULL, OPT_SEED,
	  "of all random choices (default 1)", "X" },
	{ "jobs", 'j', POPT_ARG_STRING, NULL, OPT_JOBS,
	  "worker processes (default: one for each processor)", "N" },
	{ "first", 0, POPT_ARG_STRING, NULL, OPT_FIRST,
	  "begin with execution N, as a token says", "N" },
	{ "max-steps", 0, POPT_ARG_STRING, NULL, OPT_MAX_STEPS,
	  "of one execution (default 200000)", "N" },
	{ "check-every", 0, POPT_ARG_STRING, NULL, OPT_CHECK,
	  "repeat each N-th execution and compare (default 1009)", "N" },
	{ "keep-going", 'k', POPT_ARG_NONE, NULL, OPT_KEEP_GOING,
	  "go on after the first finding of a scenario", NULL },
	{ "cpus", 0, POPT_ARG_STRING, NULL, OPT_CPUS,
	  "of the emulated machine (default: what the scenario wants)", "N" },
	{ "fail-alloc", 0, POPT_ARG_NONE, NULL, OPT_FAIL_ALLOC,
	  "let allocations of tasks fail, too", NULL },
	{ "every-operation", 0, POPT_ARG_NONE, NULL, OPT_EVERY,
	  "decide at atomic operations that conflict with none, too", NULL },
	{ "no-minimize", 0, POPT_ARG_NONE, NULL, OPT_NO_MINIMIZE,
	  "keep a failing schedule as it was found", NULL },
	{ "results", 'o', POPT_ARG_STRING, NULL, OPT_RESULTS,
	  "folder in which a finding's own folder is made (default results)",
	  "DIR" },
	{ "json", 0, POPT_ARG_NONE, NULL, OPT_JSON,
	  "one JSON object for each scenario on standard output", NULL },
	{ "trace", 0, POPT_ARG_NONE, NULL, OPT_TRACE,
	  "replay: print all steps", NULL },
	{ "gdb", 0, POPT_ARG_NONE, NULL, OPT_GDB,
	  "replay: in gdb, up to the finding", NULL },
	{ "mermaid", 0, POPT_ARG_STRING, NULL, OPT_MERMAID,
	  "replay, minimize: draw a sequence diagram", "FILE" },
	{ "perfetto", 0, POPT_ARG_STRING, NULL, OPT_PERFETTO,
	  "replay, minimize: write Chrome trace events", "FILE" },
	{ "help", 'h', POPT_ARG_NONE, NULL, OPT_HELP, "show this", NULL },
	POPT_TABLEEND
};

struct command_line {
	struct explore_options opt;
	const char *explores; /* an option for explore only that was given */
	const char *results;
	const char *names[MAX_NAMES];
	unsigned int nr_names;
	bool json;
	bool trace;
	bool gdb;
	bool fail_alloc;
	int cpus;
	char variant[32];
};

/* ---- options ------------------------------------------------------------------ */

static int bad(const char *option, const char *arg, const char *what)
{
	fprintf(stderr, "mmtorture: --%s: '%s' is not %s\n", option, arg,
		what);
	return STRESS_EXIT_USAGE;
}

static const struct {
	uint64_t min, max;
} ranges[] = {
	[OPT_DEPTH] = { 1, 64 },
	[OPT_PREEMPTIONS] = { 0, INT_MAX },
	[OPT_EXECUTIONS] = { 1, UINT64_MAX },
	[OPT_SECS] = { 1, INT_MAX },
	[OPT_SEED] = { 1, UINT64_MAX },
	[OPT_JOBS] = { 1, 64 },
	[OPT_FIRST] = { 1, UINT64_MAX },
	[OPT_MAX_STEPS] = { 1, UINT64_MAX / 4 },
	[OPT_CHECK] = { 0, UINT64_MAX },
	[OPT_CPUS] = { 1, 8 },
};

static int set_number(struct command_line *cl, int opt, const char *name,
		      const char *arg)
{
	struct explore_options *o = &cl->opt;
	uint64_t n;

	if (parse_number(arg, ranges[opt].min, ranges[opt].max, &n)) {
		fprintf(stderr, "mmtorture: --%s: '%s' is not a number from %"
			PRIu64 " to %" PRIu64 "\n", name, arg,
			ranges[opt].min, ranges[opt].max);
		return STRESS_EXIT_USAGE;
	}
	switch (opt) {
	case OPT_DEPTH:
		o->depth = (unsigned int)n;
		break;
	case OPT_PREEMPTIONS:
		o->preemptions = (int)n;
		break;
	case OPT_EXECUTIONS:
		o->executions = n;
		break;
	case OPT_SECS:
		o->secs = (double)n;
		break;
	case OPT_SEED:
		o->seed = n;
		break;
	case OPT_JOBS:
		o->jobs = (unsigned int)n;
		break;
	case OPT_FIRST:
		o->first = n;
		break;
	case OPT_MAX_STEPS:
		o->max_steps = n;
		break;
	case OPT_CPUS:
		cl->cpus = (int)n;
		break;
	default:
		o->check_every = n;
	}
	return 0;
}

/* All that a schedule file says itself. */
static bool is_for_explore(int opt)
{
	return opt != OPT_TRACE && opt != OPT_RESULTS && opt != OPT_JSON &&
	       opt != OPT_GDB && opt != OPT_MERMAID && opt != OPT_PERFETTO;
}

static int set_option(struct command_line *cl, int opt, const char *name,
		      char *arg)
{
	if (is_for_explore(opt))
		cl->explores = name;
	switch (opt) {
	case OPT_STRATEGY:
		cl->opt.strategy = arg;
		return 0;
	case OPT_MODEL:
		cl->opt.memory_model = arg;
		return 0;
	case OPT_RESULTS:
		cl->results = arg;
		return 0;
	case OPT_KEEP_GOING:
		cl->opt.keep_going = true;
		return 0;
	case OPT_FAIL_ALLOC:
		cl->fail_alloc = true;
		return 0;
	case OPT_EVERY:
		cl->opt.every_op = true;
		return 0;
	case OPT_NO_MINIMIZE:
		cl->opt.minimize = false;
		return 0;
	case OPT_JSON:
		cl->json = true;
		return 0;
	case OPT_TRACE:
		cl->trace = true;
		return 0;
	case OPT_GDB:
		cl->gdb = true;
		return 0;
	case OPT_MERMAID:
		cl->opt.mermaid_file = arg;
		return 0;
	case OPT_PERFETTO:
		cl->opt.chrome_file = arg;
		return 0;
	default:
		return set_number(cl, opt, name, arg);
	}
}

static const char *option_name(int opt)
{
	for (const struct poptOption *o = options; o->longName; o++)
		if (o->val == opt)
			return o->longName;
	return "?";
}

static void print_help(void)
{
	/* popt takes the program's name from here, not from its first word. */
	const char *argv[] = { "mmtorture", NULL };
	poptContext ctx = poptGetContext("mmtorture", 1, argv, options, 0);

	poptSetOtherOptionHelp(ctx, "explore [SCENARIO...|all] [OPTION...]\n"
			       "       mmtorture replay FILE [--trace|--gdb]\n"
			       "       mmtorture minimize FILE");
	poptPrintHelp(ctx, stdout, 0);
	poptFreeContext(ctx);
}

/* Return: -1 to go on, else an exit code. */
static int parse(struct command_line *cl, int argc, const char **argv)
{
	poptContext ctx = poptGetContext("mmtorture", argc, argv, options, 0);
	const char *word;
	int opt, ret;

	cl->opt = explore_defaults();
	cl->opt.jobs = explore_cpus();
	cl->opt.strategy = "pos";
	cl->opt.check_every = 1009;
	cl->opt.max_steps = 200000;
	cl->results = "results";
	while ((opt = poptGetNextOpt(ctx)) > 0) {
		if (opt == OPT_HELP) {
			print_help();
			return STRESS_EXIT_CLEAN;
		}
		ret = set_option(cl, opt, option_name(opt),
				 poptGetOptArg(ctx));
		if (ret)
			return ret;
	}
	if (opt < -1) {
		fprintf(stderr, "mmtorture: %s: %s\n", poptBadOption(ctx, 0),
			poptStrerror(opt));
		return STRESS_EXIT_USAGE;
	}
	while ((word = poptGetArg(ctx)) && cl->nr_names < MAX_NAMES)
		cl->names[cl->nr_names++] = word;
	if (!cl->opt.executions && cl->opt.secs <= 0)
		cl->opt.executions = 10000;
	return -1;
}

/* ---- one scenario -------------------------------------------------------------- */

static enum verdict verdict_of(enum finding_kind kind)
{
	switch (kind) {
	case FINDING_LEAK:
		return VERDICT_LEAK;
	case FINDING_DEADLOCK:
		return VERDICT_DEADLOCK;
	case FINDING_LOST_WAKEUP:
		return VERDICT_LOST_WAKEUP;
	case FINDING_USE_AFTER_FREE:
	case FINDING_MEMORY:
		return VERDICT_MEMORY;
	default:
		return VERDICT_ASSERTION;
	}
}

static void put_site(FILE *out, const struct lock_site *site)
{
	if (site)
		fprintf(out, ", at %s:%d (%s)", site->file, site->line,
			site->func);
	fprintf(out, "\n");
}

static void put_task(FILE *out, const struct task_struct *p)
{
	if (p)
		fprintf(out, ", pid %d (%s)", p->pid, p->comm);
}

/* What the threads of the machine wait for, in its own words. */
static void explain(FILE *out)
{
	char name[LTHREAD_NAME_LEN];
	unsigned int seq;
	struct lwait w;

	for (struct lthread *t = lthread_first(); t; t = t->next_all) {
		if (!t->in_use || !lwait_snapshot(t, &w, &seq))
			continue;
		/* Idle: a sleep that signals end, or a carrier in the pool. */
		if (w.kind == LWAIT_IDLE && !t->owner_cookie)
			continue;
		fprintf(out, "  %s #%u", lthread_name(t, name), t->id);
		put_task(out, t->owner_cookie);
		fprintf(out, " waits for %s%s%s", lwait_kind_name(w.kind),
			w.class ? " " : "", w.class ? w.class->name : "");
		put_site(out, w.site);
		for (int i = 0; i < t->nr_held && i < LTHREAD_MAX_HELD; i++) {
			fprintf(out, "    and holds %s",
				t->held[i].class->name);
			put_site(out, t->held[i].site);
		}
	}
}

/* The first finding ends the execution. */
static void sink(const struct finding *f)
{
	explore_finding(verdict_of(f->kind), "%s: %s (%s:%d)",
			finding_kind_name(f->kind), f->text,
			f->site ? f->site->file : "?",
			f->site ? f->site->line : 0);
}

static bool fail_alloc;

/* What shapes an execution besides scenario and schedule, as one word. */
static void set_variant(struct command_line *cl)
{
	snprintf(cl->variant, sizeof(cl->variant), "cpus=%d%s", cl->cpus,
		 cl->fail_alloc ? ",fail-alloc" : "");
	cl->opt.variant = cl->variant;
}

static bool get_variant(struct command_line *cl, const char *text)
{
	int n = 0;

	if (sscanf(text, "cpus=%d%n", &cl->cpus, &n) != 1 || cl->cpus < 0 ||
	    (uint64_t)cl->cpus > ranges[OPT_CPUS].max)
		return false;
	cl->fail_alloc = !strcmp(text + n, ",fail-alloc");
	return cl->fail_alloc || !text[n];
}

static int boot(void *arg)
{
	set_finding_sink(sink);
	bounded_choose = explore_choose;
	bounded_fail_alloc = fail_alloc;
	return bounded_boot(arg);
}

static void body(void *arg)
{
	bounded_run(arg);
}

/* results/20261122-170102-fork-exit-explore-1, with -2 and so on if taken */
static int make_folder(char *dir, const struct command_line *cl,
		       const char *scenario)
{
	char stamp[32];
	time_t now = time(NULL);
	struct tm tm;

	localtime_r(&now, &tm);
	strftime(stamp, sizeof(stamp), "%Y%m%d-%H%M%S", &tm);
	mkdir(cl->results, 0777);
	for (int i = 1; i < 1000; i++) {
		if (snprintf(dir, PATH_MAX, "%s/%s-%s-explore-%" PRIx64 "%s%.0d",
			     cl->results, stamp, scenario, cl->opt.seed,
			     i > 1 ? "-" : "", i > 1 ? i : 0) >= PATH_MAX)
			return -ENAMETOOLONG;
		if (!mkdir(dir, 0777))
			return 0;
		if (errno != EEXIST)
			break;
	}
	return -errno;
}

static void copy_to_stdout(const char *path)
{
	char buf[4096];
	size_t n;
	FILE *f = fopen(path, "r");

	if (!f)
		return;
	while ((n = fread(buf, 1, sizeof(buf), f)) > 0)
		fwrite(buf, 1, n, stdout);
	fclose(f);
}

static int boot_scenario(struct command_line *cl, const char *name,
			 const struct bounded_ops **ops)
{
	int err;

	*ops = bounded_find(name);
	if (!*ops)
		return bad("scenario", name, "known");
	cl->opt.program = name;
	fail_alloc = cl->fail_alloc;
	bounded_cpus = (*ops)->cpus ? cl->cpus : 0;
	set_variant(cl);
	cl->opt.explain = explain;
	cl->opt.leaks = false; /* the audit looks for them */
	err = explore_prepare(boot, (void *)*ops);
	if (err) {
		fprintf(stderr, "mmtorture: the emulated machine does not"
			" start: %s\n", strerror(-err));
		return STRESS_EXIT_HARNESS;
	}
	return 0;
}

static int explore_one(struct command_line *cl, const char *name)
{
	char dir[PATH_MAX], schedule[PATH_MAX + 16], report[PATH_MAX + 16];
	char diagram[PATH_MAX + 16], trace[PATH_MAX + 16];
	const struct bounded_ops *ops;
	struct explore_result res;
	int code = boot_scenario(cl, name, &ops);

	if (code)
		return code;
	if (make_folder(dir, cl, name)) {
		fprintf(stderr, "mmtorture: %s: %s\n", cl->results,
			strerror(errno));
		return STRESS_EXIT_HARNESS;
	}
	snprintf(schedule, sizeof(schedule), "%s/schedule", dir);
	snprintf(report, sizeof(report), "%s/report.txt", dir);
	snprintf(diagram, sizeof(diagram), "%s/diagram.mmd", dir);
	snprintf(trace, sizeof(trace), "%s/trace.json", dir);
	cl->opt.schedule_file = schedule;
	cl->opt.mermaid_file = diagram;
	cl->opt.chrome_file = trace;
	cl->opt.out = fopen(report, "w");
	cl->opt.progress = isatty(STDERR_FILENO);
	code = explore_campaign(&cl->opt, body, (void *)ops, &res);
	if (code != EXPLORE_EXIT_USAGE)
		progress_summary(cl->opt.out, &cl->opt, &res, code);
	fclose(cl->opt.out);
	if (cl->json && code != EXPLORE_EXIT_USAGE)
		progress_json(stdout, &cl->opt, &res, code);
	else
		copy_to_stdout(report);
	if (!res.first_finding && code != EXPLORE_EXIT_HARNESS) {
		unlink(report);
		rmdir(dir);
	}
	fflush(stdout);
	return code;
}

/* ---- commands ------------------------------------------------------------------- */

static int explore_all(struct command_line *cl)
{
	int worst = STRESS_EXIT_CLEAN;

	for (unsigned int i = 0; i < cl->nr_names; i++) {
		int status, code;
		pid_t pid;

		fflush(NULL);
		pid = fork();
		if (!pid)
			_exit(explore_one(cl, cl->names[i]));
		if (pid < 0 || waitpid(pid, &status, 0) != pid)
			return STRESS_EXIT_HARNESS;
		code = WIFEXITED(status) ? WEXITSTATUS(status) :
		       STRESS_EXIT_HARNESS;
		worst = code > worst ? code : worst;
	}
	return worst;
}

static int unknown_scenario(const char *name)
{
	fprintf(stderr, "mmtorture: unknown scenario '%.64s'; known:", name);
	for (int i = 0; bounded_scenarios[i]; i++)
		fprintf(stderr, " %s", bounded_scenarios[i]->name);
	fprintf(stderr, "\n");
	return STRESS_EXIT_USAGE;
}

static int cmd_explore(struct command_line *cl)
{
	if (!cl->nr_names || !strcmp(cl->names[0], "all")) {
		cl->nr_names = 0;
		for (int i = 0; bounded_scenarios[i] && i < MAX_NAMES; i++)
			cl->names[cl->nr_names++] = bounded_scenarios[i]->name;
	}
	for (unsigned int i = 0; i < cl->nr_names; i++)
		if (!bounded_find(cl->names[i]))
			return unknown_scenario(cl->names[i]);
	return explore_all(cl);
}

/* The scenario a schedule file was made by, and its machine. */
static int boot_for_file(struct command_line *cl,
			 const struct bounded_ops **ops)
{
	static struct schedule s;
	char why[512];

	if (cl->nr_names != 1) {
		fprintf(stderr, "mmtorture: one schedule file is needed\n");
		return STRESS_EXIT_USAGE;
	}
	if (cl->explores) {
		fprintf(stderr, "mmtorture: --%s: is for explore; here the"
			" schedule file says it\n", cl->explores);
		return STRESS_EXIT_USAGE;
	}
	if (schedule_read(&s, cl->names[0], why, sizeof(why))) {
		fprintf(stderr, "mmtorture: %s\n", why);
		return STRESS_EXIT_USAGE;
	}
	if (!bounded_find(s.program))
		return unknown_scenario(s.program);
	if (!get_variant(cl, s.variant)) {
		fprintf(stderr, "mmtorture: %s: variant '%s' is not known\n",
			cl->names[0], s.variant);
		return STRESS_EXIT_USAGE;
	}
	return boot_scenario(cl, s.program, ops);
}

/* Replay @path in gdb, which stops when the finding is made. */
static int replay_in_gdb(const char *path)
{
	char exe[PATH_MAX] = "";
	const char *argv[] = {
		"gdb", "-q", "-ex", "set breakpoint pending on", "-ex",
		"break engine_finish", "-ex", "run", "--args", exe, "replay",
		path, NULL
	};

	if (readlink("/proc/self/exe", exe, sizeof(exe) - 1) > 0) {
		fflush(NULL);
		execvp(argv[0], (char *const *)argv);
	}
	fprintf(stderr, "mmtorture: gdb: %s\n", strerror(errno));
	return STRESS_EXIT_HARNESS;
}

static int cmd_replay(struct command_line *cl)
{
	const struct bounded_ops *ops;
	int code;

	if (cl->gdb && cl->nr_names == 1)
		return replay_in_gdb(cl->names[0]);
	code = boot_for_file(cl, &ops);
	cl->opt.full_trace = cl->trace;
	return code ? code : explore_replay(&cl->opt, cl->names[0], body,
					    (void *)ops);
}

static int cmd_minimize(struct command_line *cl)
{
	const struct bounded_ops *ops;
	int code = boot_for_file(cl, &ops);

	return code ? code : explore_minimize(&cl->opt, cl->names[0], body,
					      (void *)ops);
}

static const struct {
	const char *name;
	int (*run)(struct command_line *cl);
} commands[] = {
	{ "explore", cmd_explore },
	{ "replay", cmd_replay },
	{ "minimize", cmd_minimize },
};

int main(int argc, const char **argv)
{
	static struct command_line cl;
	int code;

	world_fix_addresses();
	for (size_t i = 0; argc > 1 && i < ARRAY_SIZE(commands); i++) {
		if (strcmp(commands[i].name, argv[1]))
			continue;
		code = parse(&cl, argc - 1, argv + 1);
		return code < 0 ? commands[i].run(&cl) : code;
	}
	fprintf(stderr, "mmtorture: this program explores, replays and"
		" minimizes only\n");
	return STRESS_EXIT_USAGE;
}
