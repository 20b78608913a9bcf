// SPDX-License-Identifier: GPL-2.0-or-later
#include "stress/options.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <libgen.h>
#include <popt.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "mm/cpumask.h"
#include "stress/scenario.h"
#include "stress/scenario_names.h"

enum {
	OPT_RUNTIME = 1, OPT_TASKS, OPT_CPUS, OPT_RAM, OPT_SECS, OPT_OPS,
	OPT_SEED, OPT_LAYOUT, OPT_JSON, OPT_RESULTS, OPT_ROUND_SECS,
	OPT_SWAP, OPT_SWAP_FILE, OPT_VERBOSE, OPT_HELP, NR_OPTS
};

static const struct poptOption run_options[] = {
	{ "runtime", 'r', POPT_ARG_STRING, NULL, OPT_RUNTIME,
	  "native, tsan or tsan-bare (default native)", "NAME" },
	{ "tasks", 't', POPT_ARG_STRING, NULL, OPT_TASKS,
	  "tasks alive at once (default 2000; tsan 500)", "N" },
	{ "cpus", 'c', POPT_ARG_STRING, NULL, OPT_CPUS,
	  "emulated CPUs (default 64)", "N" },
	{ "ram", 'm', POPT_ARG_STRING, NULL, OPT_RAM,
	  "emulated memory (default 128 + tasks / 4); with % so much of that is"
	  " taken away that this share of the pages user programs have touched"
	  " fits", "MIB|N%" },
	{ "swap", 'w', POPT_ARG_STRING, NULL, OPT_SWAP,
	  "size of all swap devices together (default 16; with --ram N% a little"
	  " more than what does not fit)", "MIB" },
	{ "swap-file", 0, POPT_ARG_STRING, NULL, OPT_SWAP_FILE,
	  "keep swap in files of this name (default in memory)", "FILE" },
	{ "secs", 's', POPT_ARG_STRING, NULL, OPT_SECS,
	  "seconds to run (default 30 unless --ops is given)", "S" },
	{ "ops", 'n', POPT_ARG_STRING, NULL, OPT_OPS,
	  "stop after this many forks, clones, execs and exits", "N" },
	{ "seed", 'x', POPT_ARG_STRING, NULL, OPT_SEED,
	  "campaign seed (default: random)", "X" },
	{ "layout", 'l', POPT_ARG_STRING, NULL, OPT_LAYOUT,
	  "the ancestor's address space: a maps or smaps file, a process id,"
	  " or bash, python3, sleep (default bash)", "FILE|PID|NAME" },
	{ "json", 'j', POPT_ARG_NONE, NULL, OPT_JSON,
	  "print the summary as JSON, nothing else, on standard output",
	  NULL },
	{ "results", 'o', POPT_ARG_STRING, NULL, OPT_RESULTS,
	  "folder in which the run's own folder is made (default results)",
	  "DIR" },
	{ "round-secs", 0, POPT_ARG_STRING, NULL, OPT_ROUND_SECS,
	  "start a fresh process every S seconds, 0 never (default tsan 10 +"
	  " tasks / 100, native 0)", "S" },
	{ "verbose", 'v', POPT_ARG_NONE, NULL, OPT_VERBOSE,
	  "show findings in full, and what the worker processes print",
	  NULL },
	{ "help", 'h', POPT_ARG_NONE, NULL, OPT_HELP, "show this", NULL },
	POPT_TABLEEND
};

/* Where the number of an option goes, and what it may be. */
struct number_rule {
	size_t offset, size;
	uint64_t min, max;
};

#define RULE(field, lo, hi)						\
	{ offsetof(struct stress_config, field),			\
	  sizeof(((struct stress_config *)0)->field), (lo), (hi) }

static const struct number_rule number_rules[NR_OPTS] = {
	[OPT_TASKS] = RULE(tasks, 1, 1000000),
	[OPT_CPUS] = RULE(cpus, 1, NR_CPUS),
	[OPT_RAM] = RULE(ram_mib, 16, 1 << 20),
	[OPT_SWAP] = RULE(swap_mib, 1, 1 << 15),
	[OPT_SECS] = RULE(secs, 1, 10000000),
	[OPT_OPS] = RULE(ops, 1, UINT64_MAX),
	[OPT_SEED] = RULE(seed, 1, UINT64_MAX),
	[OPT_ROUND_SECS] = RULE(round_secs, 0, 10000000),
};

int parse_number(const char *text, uint64_t min, uint64_t max,
		 uint64_t *value)
{
	unsigned long long n;
	char *end;

	if (!isdigit((unsigned char)text[0]))
		return -EINVAL;
	errno = 0;
	n = strtoull(text, &end, strncasecmp(text, "0x", 2) ? 10 : 16);
	if (*end)
		return -EINVAL;
	if (errno == ERANGE || n < min || n > max)
		return -ERANGE;
	*value = n;
	return 0;
}

static int set_number(struct stress_config *cfg, int opt, const char *arg,
		      struct errbuf *err)
{
	const struct number_rule *rule = &number_rules[opt];
	char *field = (char *)cfg + rule->offset;
	const char *name = "?";
	uint64_t n;

	for (const struct poptOption *o = run_options; o->longName; o++)
		if (o->val == opt)
			name = o->longName;
	if (parse_number(arg, rule->min, rule->max, &n)) {
		errbuf_set(err, "--%s: '%s' is not a number from %" PRIu64
			   " to %" PRIu64, name, arg, rule->min, rule->max);
		return -EINVAL;
	}
	if (rule->size == sizeof(uint32_t))
		*(uint32_t *)field = (uint32_t)n;
	else
		*(uint64_t *)field = n;
	return 0;
}

/* --ram N% */
static int set_ram_share(struct stress_config *cfg, const char *arg,
			 struct errbuf *err)
{
	char digits[8] = "";
	uint64_t n;

	if (strlen(arg) <= sizeof(digits))
		memcpy(digits, arg, strlen(arg) - 1);
	if (parse_number(digits, 1, 100, &n)) {
		errbuf_set(err, "--ram: '%.64s' is not a share from 1%% to"
			   " 100%%", arg);
		return -EINVAL;
	}
	cfg->ram_share = (unsigned int)n;
	cfg->ram_mib = 0;
	return 0;
}

static bool is_share(const char *arg)
{
	return *arg && arg[strlen(arg) - 1] == '%';
}

static int set_path(char *field, const char *name, const char *arg,
		    struct errbuf *err)
{
	if (!*arg || strlen(arg) >= PATH_MAX) {
		errbuf_set(err, "--%s: not a path: '%.64s'", name, arg);
		return -EINVAL;
	}
	memcpy(field, arg, strlen(arg) + 1);
	return 0;
}

/* What cannot be made would be noticed by the machine alone, as no swap. */
static int set_swap_file(struct stress_config *cfg, const char *arg,
			 struct errbuf *err)
{
	char copy[PATH_MAX];
	const char *folder;
	int ret = set_path(cfg->swap_file, "swap-file", arg, err);

	if (ret)
		return ret;
	memcpy(copy, cfg->swap_file, sizeof(copy));
	folder = dirname(copy);
	if (!access(folder, W_OK | X_OK))
		return 0;
	errbuf_set(err, "--swap-file: cannot make files in %.256s: %s", folder,
		   strerror(errno));
	return -EINVAL;
}

static int set_runtime(struct stress_config *cfg, const char *arg,
		       struct errbuf *err)
{
	int runtime = runtime_find(arg);

	if (runtime < 0) {
		errbuf_set(err, "--runtime: '%s' is not native, tsan or"
			   " tsan-bare", arg);
		return -EINVAL;
	}
	cfg->runtime = runtime;
	return 0;
}

static int set_option(struct stress_config *cfg, int opt, const char *arg,
		      struct errbuf *err)
{
	switch (opt) {
	case OPT_RUNTIME:
		return set_runtime(cfg, arg, err);
	case OPT_LAYOUT:
		return set_path(cfg->layout, "layout", arg, err);
	case OPT_RESULTS:
		return set_path(cfg->results, "results", arg, err);
	case OPT_SWAP_FILE:
		return set_swap_file(cfg, arg, err);
	case OPT_RAM:
		if (is_share(arg))
			return set_ram_share(cfg, arg, err);
		cfg->ram_share = 0;
		return set_number(cfg, opt, arg, err);
	case OPT_JSON:
		cfg->json = true;
		return 0;
	case OPT_VERBOSE:
		cfg->verbose = true;
		return 0;
	case OPT_HELP:
		return OPTIONS_HELP;
	default:
		return set_number(cfg, opt, arg, err);
	}
}

static int add_scenario(struct stress_config *cfg, const char *name,
			struct errbuf *err)
{
	if (!scenario_find(name)) {
		scenario_unknown(err, SCENARIOS_OF_RUN, name);
		return -EINVAL;
	}
	if (cfg->nr_scenarios == STRESS_MAX_SCENARIOS) {
		errbuf_set(err, "more than %d scenarios",
			   STRESS_MAX_SCENARIOS);
		return -EINVAL;
	}
	snprintf(cfg->scenarios[cfg->nr_scenarios++], STRESS_NAME_MAX, "%s",
		 name);
	return 0;
}

static int read_options(struct stress_config *cfg, poptContext ctx,
			struct errbuf *err)
{
	const char *word;
	int opt, ret = 0;

	while (!ret && (opt = poptGetNextOpt(ctx)) > 0) {
		char *arg = poptGetOptArg(ctx);

		ret = set_option(cfg, opt, arg, err);
		free(arg);
	}
	if (ret)
		return ret;
	if (opt < -1) {
		errbuf_set(err, "%s: %s", poptBadOption(ctx, 0),
			   poptStrerror(opt));
		return -EINVAL;
	}
	while (!ret && (word = poptGetArg(ctx)))
		ret = add_scenario(cfg, word, err);
	return ret;
}

int options_parse(struct stress_config *cfg, int argc, const char **argv,
		  struct errbuf *err)
{
	poptContext ctx = poptGetContext("mmtorture", argc, argv, run_options,
					 0);
	int ret;

	config_init(cfg);
	ret = read_options(cfg, ctx, err);
	poptFreeContext(ctx);
	if (ret == OPTIONS_RUN)
		config_complete(cfg);
	return ret;
}

void options_help(FILE *out)
{
	const char *argv[] = { "mmtorture", NULL };
	poptContext ctx = poptGetContext("mmtorture", 1, argv, run_options,
					 0);

	poptSetOtherOptionHelp(ctx, "run [SCENARIO...] [OPTION...]");
	poptPrintHelp(ctx, out, 0);
	poptFreeContext(ctx);
}
