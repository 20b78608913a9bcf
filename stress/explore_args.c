// SPDX-License-Identifier: GPL-2.0-or-later
#include "stress/explore_args.h"

#include <ctype.h>
#include <inttypes.h>
#include <limits.h>
#include <popt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "explore/atomics.h"
#include "explore/sched_list.h"
#include "locking/compiler.h"
#include "stress/config.h"
#include "stress/options.h"

enum {
	OPT_STRATEGY = 1, OPT_DEPTH, OPT_PREEMPTIONS, OPT_EXECUTIONS, OPT_SECS,
	OPT_MODEL, OPT_SEED, OPT_JOBS, OPT_FIRST, OPT_MAX_STEPS, OPT_CHECK,
	OPT_KEEP_GOING, OPT_FAIL_ALLOC, OPT_NO_MINIMIZE, OPT_RESULTS, OPT_JSON,
	OPT_FROM_BOOT, OPT_TRACE, OPT_EVERY, OPT_CPUS, OPT_GDB, OPT_MERMAID,
	OPT_PERFETTO, OPT_CURVE, OPT_HELP, NR_OPTS
};

#define MIN_SECS 0.05
#define MAX_SECS 1e9

#define VARIANT_FAIL ",fail-alloc"
#define VARIANT_BOOT ",from-boot"

/*
 * A letter that other commands of mmtorture have means the same here; capitals
 * are those of the explorer, in its other programs too.
 */
static const struct poptOption options[] = {
	{ "strategy", 'S', POPT_ARG_STRING, NULL, OPT_STRATEGY,
	  "how to choose schedules: random, pct, pos, rff, dfs, dpor (default"
	  " pos)", "NAME" },
	{ "depth", 'd', POPT_ARG_STRING, NULL, OPT_DEPTH,
	  "pct: ordering constraints of a bug (default 3)", "N" },
	{ "preemptions", 'p', POPT_ARG_STRING, NULL, OPT_PREEMPTIONS,
	  "dfs: at most N preemptions an execution (default: no limit)", "N" },
	{ "executions", 'n', POPT_ARG_STRING, NULL, OPT_EXECUTIONS,
	  "of each scenario (default 10000 unless --secs is given)", "N" },
	{ "secs", 's', POPT_ARG_STRING, NULL, OPT_SECS,
	  "seconds for each scenario", "S" },
	{ "memory-model", 'M', POPT_ARG_STRING, NULL, OPT_MODEL,
	  "what loads may read: sc, tso or c11 (default sc)", "NAME" },
	{ "seed", 'x', POPT_ARG_STRING, NULL, OPT_SEED,
	  "of all random choices (default 1)", "X" },
	{ "jobs", 'J', POPT_ARG_STRING, NULL, OPT_JOBS,
	  "worker processes (default: one for each processor)", "N" },
	{ "first", 0, POPT_ARG_STRING, NULL, OPT_FIRST,
	  "begin with execution N, as a token says", "N" },
	{ "max-steps", 0, POPT_ARG_STRING, NULL, OPT_MAX_STEPS,
	  "of one execution (default 200000)", "N" },
	{ "check-every", 0, POPT_ARG_STRING, NULL, OPT_CHECK,
	  "repeat each N-th execution and compare (default 1009)", "N" },
	{ "keep-going", 0, POPT_ARG_NONE, NULL, OPT_KEEP_GOING,
	  "go on after the first finding of a scenario", NULL },
	{ "cpus", 'c', POPT_ARG_STRING, NULL, OPT_CPUS,
	  "of the emulated machine (default: what the scenario wants)", "N" },
	{ "fail-alloc", 0, POPT_ARG_NONE, NULL, OPT_FAIL_ALLOC,
	  "let allocations of tasks fail, too", NULL },
	{ "from-boot", 0, POPT_ARG_NONE, NULL, OPT_FROM_BOOT,
	  "schedule the start of the scenario's processes, too", NULL },
	{ "every-operation", 0, POPT_ARG_NONE, NULL, OPT_EVERY,
	  "decide at atomic operations that conflict with none, too", NULL },
	{ "no-minimize", 0, POPT_ARG_NONE, NULL, OPT_NO_MINIMIZE,
	  "keep a failing schedule as it was found", NULL },
	{ "results", 'o', POPT_ARG_STRING, NULL, OPT_RESULTS,
	  "folder in which a finding's own folder is made (default results)",
	  "DIR" },
	{ "curve", 0, POPT_ARG_STRING, NULL, OPT_CURVE,
	  "write what was learnt after how many executions, as CSV", "FILE" },
	{ "json", 'j', POPT_ARG_NONE, NULL, OPT_JSON,
	  "one JSON object for each scenario on standard output", NULL },
	{ "trace", 0, POPT_ARG_NONE, NULL, OPT_TRACE, "print all steps",
	  NULL },
	{ "gdb", 0, POPT_ARG_NONE, NULL, OPT_GDB, "in gdb, up to the finding",
	  NULL },
	{ "mermaid", 0, POPT_ARG_STRING, NULL, OPT_MERMAID,
	  "draw a sequence diagram", "FILE" },
	{ "perfetto", 0, POPT_ARG_STRING, NULL, OPT_PERFETTO,
	  "write Chrome trace events", "FILE" },
	{ "help", 'h', POPT_ARG_NONE, NULL, OPT_HELP, "show this", NULL },
	POPT_TABLEEND
};

static const struct {
	const char *name;
	const char *usage;
} commands[] = {
	[COMMAND_EXPLORE] = { "explore",
			      "explore [SCENARIO...|all] [OPTION...]" },
	[COMMAND_REPLAY] = { "replay", "replay FILE [OPTION...]" },
	[COMMAND_MINIMIZE] = { "minimize", "minimize FILE [OPTION...]" },
};

/* Where the number of an option goes, and what it may be. */
static const struct number {
	size_t offset;
	enum { NONE, WORD, LONG } type;
	uint64_t min, max;
} numbers[NR_OPTS] = {
#define FIELD(field) offsetof(struct explore_args, field)
	[OPT_DEPTH] = { FIELD(opt.depth), WORD, 1, 64 },
	[OPT_PREEMPTIONS] = { FIELD(opt.preemptions), WORD, 0, INT_MAX },
	[OPT_EXECUTIONS] = { FIELD(opt.executions), LONG, 1, UINT64_MAX },
	[OPT_SEED] = { FIELD(opt.seed), LONG, 1, UINT64_MAX },
	[OPT_JOBS] = { FIELD(opt.jobs), WORD, 1, 64 },
	[OPT_FIRST] = { FIELD(opt.first), LONG, 1, UINT64_MAX },
	[OPT_MAX_STEPS] = { FIELD(opt.max_steps), LONG, 1, UINT64_MAX / 4 },
	[OPT_CHECK] = { FIELD(opt.check_every), LONG, 0, UINT64_MAX },
	[OPT_CPUS] = { FIELD(cpus), WORD, 1, 8 },
};

static int __attribute__((format(printf, 1, 2))) bad(const char *fmt, ...)
{
	va_list ap;

	fprintf(stderr, "mmtorture: ");
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	return STRESS_EXIT_USAGE;
}

int explore_command_find(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(commands); i++)
		if (!strcmp(commands[i].name, name))
			return (int)i;
	return -1;
}

/* A schedule file says itself what the other options would. */
static bool belongs(int opt, enum explore_command command)
{
	switch (opt) {
	case OPT_TRACE:
	case OPT_GDB:
		return command == COMMAND_REPLAY;
	case OPT_MERMAID:
	case OPT_PERFETTO:
		return command != COMMAND_EXPLORE;
	case OPT_HELP:
		return true;
	default:
		return command == COMMAND_EXPLORE;
	}
}

static const char *option_name(int opt)
{
	for (const struct poptOption *o = options; o->longName; o++)
		if (o->val == opt)
			return o->longName;
	return "?";
}

static int set_number(struct explore_args *args, int opt, const char *arg)
{
	const struct number *n = &numbers[opt];
	char *field = (char *)args + n->offset;
	uint64_t value;

	if (parse_number(arg, n->min, n->max, &value))
		return bad("--%s: '%s' is not a number from %" PRIu64 " to %"
			   PRIu64, option_name(opt), arg, n->min, n->max);
	if (n->type == WORD)
		*(unsigned int *)field = (unsigned int)value;
	else
		*(uint64_t *)field = value;
	return 0;
}

/* Parts of a second, too: short budgets are for many scenarios. */
static int set_secs(struct explore_args *args, const char *arg)
{
	char *end = NULL;
	double secs = 0;

	if (isdigit((unsigned char)arg[0]) &&
	    arg[strspn(arg, "0123456789.")] == '\0')
		secs = strtod(arg, &end);
	if (!end || *end || secs < MIN_SECS || secs > MAX_SECS)
		return bad("--secs: '%s' is not a number from %g to %.0f", arg,
			   MIN_SECS, MAX_SECS);
	args->opt.secs = secs;
	return 0;
}

static int set_strategy(struct explore_args *args, const char *name)
{
	args->opt.strategy = name;
	if (sched_find(name))
		return 0;
	fprintf(stderr, "mmtorture: --strategy: '%.64s' is none of", name);
	for (const struct sched_ops *const *s = sched_list(); *s; s++)
		fprintf(stderr, " %s", (*s)->name);
	fputc('\n', stderr);
	return STRESS_EXIT_USAGE;
}

static int set_model(struct explore_args *args, const char *name)
{
	args->opt.memory_model = name;
	if (model_find(name))
		return 0;
	fprintf(stderr, "mmtorture: --memory-model: '%.64s' is none of", name);
	for (const struct memory_model *const *m = model_list(); *m; m++)
		fprintf(stderr, " %s", (*m)->name);
	fputc('\n', stderr);
	return STRESS_EXIT_USAGE;
}

static int set_path(const char **field, int opt, const char *arg)
{
	if (!*arg || strlen(arg) >= PATH_MAX)
		return bad("--%s: not a path: '%.64s'", option_name(opt), arg);
	*field = arg;
	return 0;
}

static void set_flag(struct explore_args *args, int opt)
{
	switch (opt) {
	case OPT_KEEP_GOING:
		args->opt.keep_going = true;
		break;
	case OPT_FROM_BOOT:
		args->from_boot = true;
		break;
	case OPT_FAIL_ALLOC:
		args->fail_alloc = true;
		break;
	case OPT_EVERY:
		args->opt.every_op = true;
		break;
	case OPT_NO_MINIMIZE:
		args->opt.minimize = false;
		break;
	case OPT_JSON:
		args->json = true;
		break;
	case OPT_TRACE:
		args->trace = true;
		break;
	case OPT_GDB:
		args->gdb = true;
		break;
	}
}

static int set_option(struct explore_args *args, int opt, const char *arg)
{
	if (!belongs(opt, args->command))
		return bad("--%s: not an option of %s", option_name(opt),
			   commands[args->command].name);
	if (numbers[opt].type != NONE)
		return set_number(args, opt, arg);
	switch (opt) {
	case OPT_SECS:
		return set_secs(args, arg);
	case OPT_STRATEGY:
		return set_strategy(args, arg);
	case OPT_MODEL:
		return set_model(args, arg);
	case OPT_RESULTS:
		return set_path(&args->results, opt, arg);
	case OPT_MERMAID:
		return set_path(&args->opt.mermaid_file, opt, arg);
	case OPT_PERFETTO:
		return set_path(&args->opt.chrome_file, opt, arg);
	case OPT_CURVE:
		return set_path(&args->opt.curve_file, opt, arg);
	default:
		set_flag(args, opt);
		return 0;
	}
}

/* The command's own options only. */
static int print_help(enum explore_command command)
{
	/* popt takes the program's name from here, not from its first word. */
	const char *argv[] = { "mmtorture", NULL };
	struct poptOption table[ARRAY_SIZE(options)];
	poptContext ctx;
	size_t n = 0;

	for (const struct poptOption *o = options; o->longName; o++)
		if (belongs(o->val, command))
			table[n++] = *o;
	table[n] = options[ARRAY_SIZE(options) - 1];
	ctx = poptGetContext("mmtorture", 1, argv, table, 0);
	poptSetOtherOptionHelp(ctx, commands[command].usage);
	poptPrintHelp(ctx, stdout, 0);
	poptFreeContext(ctx);
	return STRESS_EXIT_CLEAN;
}

static void set_defaults(struct explore_args *args)
{
	args->opt = explore_defaults();
	args->opt.jobs = explore_cpus();
	args->opt.strategy = "pos";
	args->opt.check_every = 1009;
	args->opt.max_steps = 200000;
	args->results = "results";
}

/* The words stay: they are part of @args, and so is what popt copied. */
static int read_words(struct explore_args *args, poptContext ctx)
{
	const char *word;

	while ((word = poptGetArg(ctx))) {
		if (args->nr_names == EXPLORE_MAX_NAMES)
			return bad("more than %d names", EXPLORE_MAX_NAMES);
		args->names[args->nr_names++] = word;
	}
	if (args->command != COMMAND_EXPLORE && args->nr_names != 1)
		return bad("%s: one schedule file is needed, not %u",
			   commands[args->command].name, args->nr_names);
	if (args->command != COMMAND_EXPLORE && !*args->names[0])
		return bad("%s: not a path: ''", commands[args->command].name);
	return -1;
}

int explore_args_parse(struct explore_args *args, int argc, const char **argv)
{
	poptContext ctx = poptGetContext("mmtorture", argc, argv, options, 0);
	int opt, ret;

	args->command = explore_command_find(argv[0]);
	set_defaults(args);
	while ((opt = poptGetNextOpt(ctx)) > 0) {
		if (opt == OPT_HELP)
			return print_help(args->command);
		ret = set_option(args, opt, poptGetOptArg(ctx));
		if (ret)
			return ret;
	}
	if (opt < -1)
		return bad("%s: %s", poptBadOption(ctx, 0), poptStrerror(opt));
	if (!args->opt.executions && args->opt.secs <= 0)
		args->opt.executions = 10000 + max(args->opt.first, 1ul) - 1;
	if (args->opt.executions && args->opt.first > args->opt.executions)
		return bad("--first=%" PRIu64 " is behind the last one,"
			   " --executions=%" PRIu64, args->opt.first,
			   args->opt.executions);
	return read_words(args, ctx);
}

/* ---- and back to text ---------------------------------------------------- */

struct text {
	char *buf;
	size_t size, at;
};

static void __attribute__((format(printf, 2, 3)))
add(struct text *t, const char *fmt, ...)
{
	va_list ap;

	if (t->at >= t->size)
		return;
	va_start(ap, fmt);
	t->at += (size_t)vsnprintf(t->buf + t->at, t->size - t->at, fmt, ap);
	va_end(ap);
}

/* Numbers of jobs and results do not change what is found. */
const char *explore_args_command(const struct explore_args *args,
				 const char *scenario, char *buf, size_t size)
{
	const struct explore_options *o = &args->opt;
	struct text t = { buf, size, 0 };

	add(&t, "mmtorture explore %s --strategy=%s", scenario, o->strategy);
	if (!strcmp(o->strategy, "pct"))
		add(&t, " --depth=%u", o->depth);
	if (o->preemptions >= 0)
		add(&t, " --preemptions=%d", o->preemptions);
	add(&t, " --memory-model=%s", o->memory_model);
	if (o->executions)
		add(&t, " --executions=%" PRIu64, o->executions);
	if (o->secs > 0)
		add(&t, " --secs=%g", o->secs);
	if (o->first)
		add(&t, " --first=%" PRIu64, o->first);
	add(&t, " --max-steps=%" PRIu64 " --check-every=%" PRIu64,
	    o->max_steps, o->check_every);
	if (args->cpus)
		add(&t, " --cpus=%d", args->cpus);
	add(&t, "%s%s%s%s%s --seed=%" PRIu64,
	    args->fail_alloc ? " --fail-alloc" : "",
	    args->from_boot ? " --from-boot" : "",
	    o->every_op ? " --every-operation" : "",
	    o->keep_going ? " --keep-going" : "",
	    o->minimize ? "" : " --no-minimize", o->seed);
	return buf;
}

void explore_args_variant(const struct explore_args *args, char *buf,
			  size_t size)
{
	snprintf(buf, size, "cpus=%d%s%s", args->cpus,
		 args->fail_alloc ? VARIANT_FAIL : "",
		 args->from_boot ? VARIANT_BOOT : "");
}

/* Return: whether *@text begins with @word, which is then behind it. */
static bool skip_word(const char **text, const char *word)
{
	if (strncmp(*text, word, strlen(word)))
		return false;
	*text += strlen(word);
	return true;
}

bool explore_args_set_variant(struct explore_args *args, const char *text)
{
	int n = 0;

	if (sscanf(text, "cpus=%d%n", &args->cpus, &n) != 1 ||
	    args->cpus < 0 || (uint64_t)args->cpus > numbers[OPT_CPUS].max)
		return false;
	text += n;
	args->fail_alloc = skip_word(&text, VARIANT_FAIL);
	args->from_boot = skip_word(&text, VARIANT_BOOT);
	return !*text;
}
