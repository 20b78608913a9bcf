// SPDX-License-Identifier: GPL-2.0-or-later
/* mmtorture: the command line. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "mm/pgtable_types.h"
#include "stress/bounded/bounded.h"
#include "stress/campaign.h"
#include "stress/host_limits.h"
#include "stress/options.h"
#include "stress/scenario.h"
#include "stress/source_hash.h"
#include "stress/tree_tools.h"
#include "stress/worker.h"
#include "stress/worker_process.h"

#define MMTORTURE_VERSION "0.1"

struct command {
	const char *name;
	const char *why; /* NULL: not shown */
	int (*run)(int argc, const char **argv);
};

static int cmd_list(int argc, const char **argv);
static int cmd_run(int argc, const char **argv);
static int cmd_explorer(int argc, const char **argv);
static int cmd_version(int argc, const char **argv);
static int cmd_help(int argc, const char **argv);
static int cmd_worker(int argc, const char **argv);

static const struct command commands[] = {
	{ "list", "list scenarios, runtimes and layouts", cmd_list },
	{ "run", "run scenarios (default: mix) and give a verdict", cmd_run },
	{ "explore", "try the interleavings of bounded scenarios",
	  cmd_explorer },
	{ "replay", "repeat the execution in a schedule file", cmd_explorer },
	{ "minimize", "simplify the schedule in a file", cmd_explorer },
	{ "bugs", "attack planted bugs: are they still found?", tree_tool },
	{ "try", "attack the tree with a patch of yours in it", tree_tool },
	{ "selfcheck", "attack a sample of the planted bugs", tree_tool },
	{ "report", "write the results of a run as a page", tree_tool },
	{ "version", "print the version", cmd_version },
	{ "help", "show this, or the options of a command", cmd_help },
	{ "--version", NULL, cmd_version },
	{ "--help", NULL, cmd_help },
	{ "-h", NULL, cmd_help },
	{ "worker", NULL, cmd_worker }, /* what run starts */
	{ 0 },
};

/*
 * Defaults of the TSan flavours: go on after a report, name no build in each
 * line of it.  The driver adds the symbolizer's path through the environment.
 */
const char *__tsan_default_options(void);

__attribute__((used)) const char *__tsan_default_options(void)
{
	return "halt_on_error=0:second_deadlock_stack=1:history_size=7"
	       ":stack_trace_format='    #%n %f %L'";
}

static int usage_error(const char *text)
{
	fprintf(stderr, "mmtorture: %s\n", text);
	return STRESS_EXIT_USAGE;
}

/* "list, run, ... or help" */
static void put_commands(FILE *out)
{
	const char *before = "";

	for (const struct command *c = commands; c->name; c++) {
		if (!c->why)
			continue;
		fprintf(out, "%s%s", before, c->name);
		before = c[1].why && c[2].why ? ", " : " or ";
	}
	fputc('\n', out);
}

static const struct command *command_find(const char *name)
{
	for (const struct command *c = commands; c->name; c++)
		if (!strcmp(c->name, name))
			return c;
	fprintf(stderr, "mmtorture: unknown command '%.64s'; known: ", name);
	put_commands(stderr);
	return NULL;
}

/*
 * A command without arguments: is there one?  Return: -1 to go on, else an
 * exit code.
 */
static int no_argument(int argc, const char **argv)
{
	if (argc < 2)
		return -1;
	if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h")) {
		printf("Usage: mmtorture %s\n", argv[0]);
		return STRESS_EXIT_CLEAN;
	}
	fprintf(stderr, "mmtorture: %s takes no argument: '%.64s'\n", argv[0],
		argv[1]);
	return STRESS_EXIT_USAGE;
}

static void put_entry(const char *name, const char *why, const char *items)
{
	printf("  %-16s %s%s%s%s\n", name, why, *items ? " (" : "", items,
	       *items ? ")" : "");
}

static int cmd_list(int argc, const char **argv)
{
	int ret = no_argument(argc, argv);

	if (ret >= 0)
		return ret;
	printf("scenarios of mmtorture run"
	       " (rules they are about: docs/protocol.md):\n");
	for (int i = 0; stress_scenarios[i]; i++)
		put_entry(stress_scenarios[i]->name, stress_scenarios[i]->why,
			  stress_scenarios[i]->items);
	printf("bounded scenarios of mmtorture explore:\n");
	for (int i = 0; bounded_scenarios[i]; i++)
		put_entry(bounded_scenarios[i]->name,
			  bounded_scenarios[i]->why,
			  bounded_scenarios[i]->items);
	printf("runtimes of mmtorture run:\n");
	for (int i = 0; i < NR_RUNTIMES; i++)
		put_entry(stress_runtimes[i].name, stress_runtimes[i].why, "");
	printf("layouts of mmtorture run:\n");
	for (const struct builtin_layout *b = builtin_layouts; b->name; b++)
		put_entry(b->name, b->why, "");
	return STRESS_EXIT_CLEAN;
}

static int cmd_run(int argc, const char **argv)
{
	static struct stress_config cfg;
	static struct layout layout;
	char program[PATH_MAX];
	struct host_limits limits;
	struct errbuf err;
	int ret = options_parse(&cfg, argc, argv, &err);

	if (ret == OPTIONS_HELP) {
		options_help(stdout);
		return STRESS_EXIT_CLEAN;
	}
	if (ret < 0 ||
	    layout_load(&layout, cfg.layout, TASK_SIZE, &err) < 0)
		return usage_error(err.text);
	host_limits_read(&limits);
	if (host_limits_check(&limits, &cfg, &err) < 0)
		return usage_error(err.text);
	if (worker_find(cfg.runtime, program, &err) < 0) {
		fprintf(stderr, "mmtorture: %s\n", err.text);
		return STRESS_EXIT_HARNESS;
	}
	return campaign_run(&cfg, &layout, program);
}

/* The program of the exploration runtime does it all. */
static int cmd_explorer(int argc, const char **argv)
{
	char program[PATH_MAX];
	struct errbuf err;

	(void)argc;
	if (program_find("explore", program, &err) < 0) {
		fprintf(stderr, "mmtorture: %s\n", err.text);
		return STRESS_EXIT_HARNESS;
	}
	/* The word before the command is the program's name. */
	execv(program, (char *const *)(argv - 1));
	fprintf(stderr, "mmtorture: %s: %s\n", program, strerror(errno));
	return STRESS_EXIT_HARNESS;
}

static int cmd_version(int argc, const char **argv)
{
	int ret = no_argument(argc, argv);

	if (ret >= 0)
		return ret;
	printf("mmtorture %s, sources %s\n", MMTORTURE_VERSION, source_hash);
	return STRESS_EXIT_CLEAN;
}

static void put_help(void)
{
	printf("Usage: mmtorture COMMAND [ARGUMENT...]\n\n"
	       "Attacks an emulation of Linux 2.6.11's address-space life"
	       " cycle with thousands of\nthreads and says whether its locking"
	       " holds.\n\nCommands:\n");
	for (const struct command *c = commands; c->name; c++)
		if (c->why)
			printf("  %-10s %s\n", c->name, c->why);
	printf("\nmmtorture COMMAND --help has the options of each.\n"
	       "Exit codes: 0 clean, 1 findings, 2 usage, 3 the harness"
	       " itself failed.\n");
}

/* "help", or "help COMMAND" for "COMMAND --help" */
static int cmd_help(int argc, const char **argv)
{
	const char *args[] = { "mmtorture", NULL, "--help", NULL };
	const struct command *c;

	if (argc < 2) {
		put_help();
		return STRESS_EXIT_CLEAN;
	}
	c = command_find(argv[1]);
	if (!c)
		return STRESS_EXIT_USAGE;
	if (c->run == cmd_help)
		return cmd_help(1, argv);
	args[1] = c->name;
	return c->run(2, &args[1]);
}

static int cmd_worker(int argc, const char **argv)
{
	if (argc != 3)
		return usage_error("worker is started by run");
	return worker_main(atoi(argv[1]), atoi(argv[2]));
}

int main(int argc, const char **argv)
{
	const struct command *c;

	if (argc < 2) {
		fprintf(stderr, "mmtorture: no command; known: ");
		put_commands(stderr);
		return STRESS_EXIT_USAGE;
	}
	c = command_find(argv[1]);
	return c ? c->run(argc - 1, argv + 1) : STRESS_EXIT_USAGE;
}
