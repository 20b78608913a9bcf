// SPDX-License-Identifier: GPL-2.0-or-later
/* What a campaign is to do, checked, and made the engine's. */
#include <inttypes.h>
#include <sched.h>
#include <string.h>

#include "explore/atomics.h"
#include "explore/campaign.h"
#include "explore/classes.h"
#include "explore/coverage.h"
#include "explore/crash.h"
#include "explore/engine.h"
#include "explore/prologue.h"
#include "explore/quiet.h"
#include "explore/race.h"
#include "explore/report.h"
#include "explore/sched.h"
#include "explore/sched_list.h"
#include "explore/trace.h"
#include "explore/world.h"

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

/* Executions are numbered from the first of all, so that a token fits. */
static int check_numbers(const struct explore_options *opt)
{
	if (!opt->executions || opt->first <= opt->executions)
		return 0;
	fprintf(campaign_out(opt), "explore: --first=%" PRIu64 " is behind the"
		" last one, --executions=%" PRIu64 "\n", opt->first,
		opt->executions);
	return EXPLORE_EXIT_USAGE;
}

static int make_ready(unsigned int nr_processes)
{
	int err = engine_init();

	if (!err)
		err = classes_begin(nr_processes);
	if (!err)
		err = coverage_begin(nr_processes);
	return err ? err : world_snapshot();
}

int campaign_setup(const struct explore_options *opt)
{
	int ret = check_names(opt);
	int err;

	if (!ret)
		ret = check_numbers(opt);
	if (ret)
		return ret;
	prologue_forget();
	err = make_ready(opt->jobs + 1);
	if (err) {
		fprintf(campaign_out(opt), "explore: cannot start: %s\n",
			strerror(-err));
		return EXPLORE_EXIT_HARNESS;
	}
	report_explain = opt->explain;
	report_machinery = opt->machinery;
	report_first_thread = opt->first_thread;
	trace_name_lock = opt->name_lock;
	eng.sched = sched_find(opt->strategy);
	eng.model = model_find(opt->memory_model);
	eng.seed = opt->seed;
	eng.depth = opt->depth;
	eng.preemptions = opt->preemptions;
	eng.max_steps = opt->max_steps;
	eng.check_leaks = opt->leaks;
	eng.fail_alloc = opt->fail_alloc;
	eng.from_ready = opt->from_ready;
	eng.nr_replay = 0;
	eng.spins_assumed = 0;
	eng.trace = NULL;
	race.watching = false;
	quiet_reset();
	quiet.wanted = false;
	crash_watch();
	return 0;
}
