// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * main() of an ordinary pthread program linked with -Wl,--wrap=main: takes
 * the explorer's options up to "--" and runs the program's own main() with
 * what follows, again and again.
 */
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "explore/atomics.h"
#include "explore/curve.h"
#include "explore/engine.h"
#include "explore/explore.h"
#include "explore/host.h"
#include "explore/progress.h"
#include "explore/schedule.h"
#include "explore/sched.h"
#include "explore/world.h"

int __real_main(int argc, char **argv, char **envp);
int __wrap_main(int argc, char **argv, char **envp);

enum { OPT_KEEP_GOING = 256, OPT_NO_LEAKS, OPT_FAIL_ALLOC, OPT_NO_MINIMIZE,
       OPT_OUTPUT, OPT_MAX_STEPS, OPT_FIRST,
       OPT_CHECK, OPT_MERMAID, OPT_CHROME, OPT_EVERY, OPT_CURVE };

static const struct option options[] = {
	{ "strategy", required_argument, NULL, 'S' },
	{ "depth", required_argument, NULL, 'd' },
	{ "preemptions", required_argument, NULL, 'p' },
	{ "executions", required_argument, NULL, 'n' },
	{ "secs", required_argument, NULL, 's' },
	{ "memory-model", required_argument, NULL, 'M' },
	{ "seed", required_argument, NULL, 'x' },
	{ "jobs", required_argument, NULL, 'J' },
	{ "replay", required_argument, NULL, 'R' },
	{ "schedule", required_argument, NULL, 'o' },
	{ "first", required_argument, NULL, OPT_FIRST },
	{ "max-steps", required_argument, NULL, OPT_MAX_STEPS },
	{ "check-every", required_argument, NULL, OPT_CHECK },
	{ "keep-going", no_argument, NULL, OPT_KEEP_GOING },
	{ "no-leaks", no_argument, NULL, OPT_NO_LEAKS },
	{ "fail-alloc", no_argument, NULL, OPT_FAIL_ALLOC },
	{ "every-operation", no_argument, NULL, OPT_EVERY },
	{ "no-minimize", no_argument, NULL, OPT_NO_MINIMIZE },
	{ "json", no_argument, NULL, 'j' },
	{ "output", no_argument, NULL, OPT_OUTPUT },
	{ "curve", required_argument, NULL, OPT_CURVE },
	{ "mermaid", required_argument, NULL, OPT_MERMAID },
	{ "chrome", required_argument, NULL, OPT_CHROME },
	{ "help", no_argument, NULL, 'h' },
	{ 0 }
};

static const char help[] =
"Runs the program under every schedule worth trying.\n"
"\n"
"  -S, --strategy=NAME      how to choose schedules (random)\n"
"  -d, --depth=N            pct: number of ordering constraints of a bug (3)\n"
"  -p, --preemptions=N      dfs: at most N preemptions an execution\n"
"  -n, --executions=N       stop after N executions (no limit)\n"
"  -s, --secs=S             stop after S seconds (10 without -n)\n"
"  -M, --memory-model=NAME  what loads may read (sc)\n"
"  -x, --seed=N             of all random choices (1)\n"
"  -J, --jobs=N             worker processes (one for each processor)\n"
"  -R, --replay=FILE        repeat the execution in FILE\n"
"  -o, --schedule=FILE      write the first finding's schedule to FILE\n"
"      --first=N            begin with execution N, as a token says\n"
"      --max-steps=N        of one execution (100000)\n"
"      --check-every=N      repeat each N-th execution and compare (10007)\n"
"      --keep-going         go on after the first finding\n"
"      --no-leaks           do not look for lost heap blocks\n"
"      --fail-alloc         let allocations fail, too\n"
"      --every-operation    also those that conflict with none (slower)\n"
"      --no-minimize        report the schedule as it was found\n"
"      --mermaid=FILE       draw the finding as a sequence diagram\n"
"      --chrome=FILE        write it as Chrome trace events (Perfetto)\n"
"      --curve=FILE         write what was learnt after how many executions\n"
"      --output             let the program's output through\n"
"  -j, --json               one JSON object at the end\n"
"      --                   what follows is for the program\n";

/* The command line, and what the program under test is called with. */
static struct {
	struct explore_options opt;
	const char *replay;
	bool json;
	bool output;
	int argc;
	char **argv;
	char **envp;
	char variant[SCHEDULE_VARIANT]; /* its arguments, in a line */
} cmd EXPLORE_STATE;

static uint64_t number(const char *option, const char *text, uint64_t max)
{
	char *end;
	uint64_t n;

	errno = 0;
	n = strtoull(text, &end, 10);
	if (!*end && end != text && *text != '-' && n <= max && !errno)
		return n;
	fprintf(stderr, "explore: --%s: '%s' is not a number from 0 to %" PRIu64
		"\n", option, text, max);
	_exit(EXPLORE_EXIT_USAGE);
}

static void set_number(int c)
{
	struct explore_options *o = &cmd.opt;

	switch (c) {
	case 'd':
		o->depth = number("depth", optarg, 1000);
		break;
	case 'p':
		o->preemptions = (int)number("preemptions", optarg, 1000000);
		break;
	case 'n':
		o->executions = number("executions", optarg, ~0ull);
		break;
	case 's':
		o->secs = (double)number("secs", optarg, 1u << 30);
		break;
	case 'x':
		o->seed = number("seed", optarg, ~0ull);
		break;
	case 'J':
		o->jobs = number("jobs", optarg, 1024);
		break;
	case OPT_FIRST:
		o->first = number("first", optarg, ~0ull);
		break;
	case OPT_MAX_STEPS:
		o->max_steps = number("max-steps", optarg, 1ull << 40);
		break;
	case OPT_CHECK:
		o->check_every = number("check-every", optarg, ~0ull);
		break;
	}
}

static void print_help(void)
{
	fputs(help, stdout);
	printf("\nStrategies:\n");
	for (const struct sched_ops *const *s = sched_list(); *s; s++)
		printf("  %-8s %s\n", (*s)->name, (*s)->help);
	printf("Memory models:\n");
	for (const struct memory_model *const *m = model_list(); *m; m++)
		printf("  %-8s %s\n", (*m)->name, (*m)->help);
	fflush(stdout);
	_exit(EXPLORE_EXIT_CLEAN);
}

static void set_option(int c)
{
	struct explore_options *o = &cmd.opt;

	switch (c) {
	case 'S':
		o->strategy = optarg;
		break;
	case 'M':
		o->memory_model = optarg;
		break;
	case 'R':
		cmd.replay = optarg;
		break;
	case 'o':
		o->schedule_file = optarg;
		break;
	case OPT_MERMAID:
		o->mermaid_file = optarg;
		break;
	case OPT_CURVE:
		o->curve_file = optarg;
		break;
	case OPT_CHROME:
		o->chrome_file = optarg;
		break;
	case OPT_KEEP_GOING:
		o->keep_going = true;
		break;
	case OPT_NO_LEAKS:
		o->leaks = false;
		break;
	case OPT_FAIL_ALLOC:
		o->fail_alloc = true;
		break;
	case OPT_EVERY:
		o->every_op = true;
		break;
	case OPT_NO_MINIMIZE:
		o->minimize = false;
		break;
	case 'j':
		cmd.json = true;
		break;
	case OPT_OUTPUT:
		cmd.output = true;
		break;
	case 'h':
		print_help();
		break;
	case '?':
		_exit(EXPLORE_EXIT_USAGE);
	default:
		set_number(c);
	}
}

/* Reports go where output went; the program's own output goes nowhere. */
static void redirect(void)
{
	static char stdout_buf[4096] EXPLORE_STATE;
	int fd = dup(STDOUT_FILENO);

	/* libc must not allocate a buffer while the program runs. */
	setvbuf(stdout, stdout_buf, _IOFBF, sizeof(stdout_buf));
	cmd.opt.out = fdopen(fd, "w");
	setvbuf(cmd.opt.out, NULL, _IOLBF, 0);
	if (!cmd.output && !freopen("/dev/null", "w", stdout))
		_exit(EXPLORE_EXIT_HARNESS);
	if (!cmd.output)
		setvbuf(stdout, stdout_buf, _IOFBF, sizeof(stdout_buf));
}

/* What the program is called with shapes its executions. */
static void set_variant(int argc, char **argv)
{
	size_t used = 0;

	cmd.variant[0] = '-';
	for (int i = 1; i < argc && used < sizeof(cmd.variant); i++)
		used += (size_t)snprintf(cmd.variant + used,
					 sizeof(cmd.variant) - used, "%s%s",
					 i > 1 ? " " : "", argv[i]);
	for (char *p = cmd.variant; *p; p++)
		if (*p == '\n')
			*p = ' ';
	cmd.opt.variant = cmd.variant;
}

static void run_program(void *arg)
{
	int status;

	(void)arg;
	status = __real_main(cmd.argc, cmd.argv, cmd.envp);
	if (status)
		explore_finding(VERDICT_ASSERTION, "exit status %d", status);
}

static int campaign(void)
{
	struct explore_result res;
	int code = cmd.opt.curve_file ? curve_create(cmd.opt.curve_file) : 0;

	if (code) {
		fprintf(stderr, "explore: --curve: %s: %s\n",
			cmd.opt.curve_file, strerror(-code));
		return EXPLORE_EXIT_USAGE;
	}
	code = explore_campaign(&cmd.opt, run_program, NULL, &res);
	if (code == EXPLORE_EXIT_USAGE)
		return code;
	if (code == EXPLORE_EXIT_CLEAN && progress_nothing_done(&res))
		code = EXPLORE_EXIT_HARNESS;
	if (cmd.json)
		progress_json(cmd.opt.out, &cmd.opt, &res, code);
	else
		progress_summary(cmd.opt.out, &cmd.opt, &res, code);
	return code;
}

int __wrap_main(int argc, char **argv, char **envp)
{
	char *slash = strrchr(argv[0], '/');
	int c, code, err;

	world_fix_addresses();
	err = engine_init();
	if (err) {
		fprintf(stderr, "explore: cannot start: %s\n", strerror(-err));
		return EXPLORE_EXIT_HARNESS;
	}
	cmd.opt = explore_defaults();
	cmd.opt.jobs = explore_cpus();
	cmd.opt.first_thread = "main";
	cmd.opt.program = slash ? slash + 1 : argv[0];
	while ((c = getopt_long(argc, argv, "+S:d:p:n:s:M:x:J:jR:o:h", options,
				NULL)) != -1)
		set_option(c);
	if (!cmd.opt.executions && !cmd.opt.secs)
		cmd.opt.secs = 10;
	cmd.opt.progress = isatty(STDERR_FILENO);
	cmd.argv = argv + optind - 1;
	cmd.argv[0] = argv[0];
	cmd.argc = argc - optind + 1;
	set_variant(cmd.argc, cmd.argv);
	cmd.envp = envp;
	optind = 1;
	redirect();
	code = cmd.replay ? explore_replay(&cmd.opt, cmd.replay,
					   run_program, NULL) : campaign();
	fflush(cmd.opt.out);
	_exit(code);
}
