// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * mmtorture of the exploration runtime: "explore", "replay" and "minimize".
 * The other programs execute this one for them.  Each scenario is explored
 * by a process of its own, since a machine is booted once in a process.
 */
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "explore/curve.h"
#include "explore/explore.h"
#include "explore/interrupt.h"
#include "explore/progress.h"
#include "explore/schedule.h"
#include "explore/world.h"
#include "locking/report.h"
#include "locking/rwlock.h"
#include "locking/rwsem.h"
#include "locking/semaphore.h"
#include "locking/spinlock.h"
#include "stress/bounded/bounded.h"
#include "stress/config.h"
#include "stress/explore_args.h"
#include "stress/explore_folder.h"
#include "stress/machinery.h"
#include "stress/scenario_names.h"
#include "stress/wakers.h"

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

/* The sleepers on futexes, and who is to wake them. */
static void explain_sleepers(FILE *out)
{
	struct wait_edges known;

	wakers_find(&known);
	for (unsigned int i = 0; i < known.nr; i++)
		fprintf(out, "  %s\n", known.edge[i].note);
	wakers_free(&known);
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
	explain_sleepers(out);
}

/*
 * A lock is known by its address alone: the class tells whether its map is
 * where it would be in this kind of lock.
 */
static const char *
	__attribute__((disable_sanitizer_instrumentation, no_sanitize_thread))
name_lock(const void *lock)
{
	static const size_t maps[] = {
		offsetof(spinlock_t, map), offsetof(rwlock_t, map),
		offsetof(struct rw_semaphore, map),
		offsetof(struct semaphore, map),
	};

	for (size_t i = 0; i < ARRAY_SIZE(maps); i++) {
		const char *map = (const char *)lock + maps[i];
		const char *name = lock_map_name((const struct lock_map *)map);

		if (name)
			return name;
	}
	return NULL;
}

/* The first finding ends the execution. */
static void sink(const struct finding *f)
{
	explore_finding(verdict_of(f->kind), "%s: %s (%s:%d)",
			finding_kind_name(f->kind), f->text,
			f->site ? f->site->file : "?",
			f->site ? f->site->line : 0);
}

static int boot(void *arg)
{
	set_finding_sink(sink);
	bounded_choose = explore_choose;
	bounded_ready = explore_ready;
	return bounded_boot(arg);
}

static void body(void *arg)
{
	bounded_run(arg);
}

static int boot_scenario(struct explore_args *args, const char *name,
			 const struct bounded_ops **ops)
{
	static char variant[32];
	int err;

	*ops = bounded_find(name);
	args->opt.program = name;
	bounded_fail_alloc = args->fail_alloc;
	bounded_cpus = (*ops)->cpus ? args->cpus : 0;
	explore_args_variant(args, variant, sizeof(variant));
	args->opt.variant = variant;
	args->opt.from_ready = (*ops)->cpus && !args->from_boot;
	args->opt.explain = explain;
	args->opt.machinery = is_machinery;
	args->opt.name_lock = name_lock;
	args->opt.leaks = false; /* the audit looks for them */
	err = explore_prepare(boot, (void *)*ops);
	if (err) {
		fprintf(stderr, "mmtorture: the emulated machine does not"
			" start: %s\n", strerror(-err));
		return STRESS_EXIT_HARNESS;
	}
	return 0;
}

static int run_campaign(struct explore_args *args,
			const struct bounded_ops *ops,
			struct explore_result *res)
{
	int code = explore_campaign(&args->opt, body, (void *)ops, res);

	if (code == EXPLORE_EXIT_CLEAN && progress_nothing_done(res))
		code = EXPLORE_EXIT_HARNESS;
	progress_summary(args->opt.out, &args->opt, res, code);
	return code;
}

/* Return: whether the results are on the disk. */
static bool report_campaign(struct explore_args *args,
			    const struct explore_result *res, int code)
{
	bool kept = explore_folder_close(res->first_finding ||
					 code == EXPLORE_EXIT_HARNESS);

	if (args->json)
		progress_json(stdout, &args->opt, res, code);
	else
		explore_folder_report(stdout);
	fflush(stdout);
	return kept;
}

static int explore_one(struct explore_args *args, const char *name)
{
	char command[1024];
	const struct bounded_ops *ops;
	struct explore_result res;
	int code = boot_scenario(args, name, &ops);

	if (code)
		return code;
	if (explore_folder_open(args, name))
		return STRESS_EXIT_HARNESS;
	args->opt.command = explore_args_command(args, name, command,
						 sizeof(command));
	args->opt.progress = isatty(STDERR_FILENO);
	if (!args->json) {
		printf("explore: start: %s\n", command);
		fflush(stdout);
	}
	code = run_campaign(args, ops, &res);
	if (!report_campaign(args, &res, code) && code == STRESS_EXIT_CLEAN)
		code = STRESS_EXIT_HARNESS;
	return code;
}

/* ---- commands ------------------------------------------------------------------- */

/* Return: its exit code. */
static int explore_in_child(struct explore_args *args, const char *name)
{
	int status;
	pid_t pid;

	fflush(NULL);
	pid = fork();
	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGTERM);
		_exit(explore_one(args, name));
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		return STRESS_EXIT_HARNESS;
	if (!WIFEXITED(status)) {
		fprintf(stderr, "mmtorture: %s: the explorer was killed by"
			" signal %d\n", name, WTERMSIG(status));
		return STRESS_EXIT_HARNESS;
	}
	return WEXITSTATUS(status);
}

/* Each scenario adds to it. */
static int make_curve(const struct explore_args *args)
{
	const char *path = args->opt.curve_file;
	int ret = path ? curve_create(path) : 0;

	if (ret < 0)
		fprintf(stderr, "mmtorture: --curve: %s: %s\n", path,
			strerror(-ret));
	return ret;
}

static int explore_all(struct explore_args *args)
{
	int worst = STRESS_EXIT_CLEAN;

	if (interrupt_catch())
		return STRESS_EXIT_HARNESS;
	if (make_curve(args) < 0)
		return STRESS_EXIT_USAGE;
	for (unsigned int i = 0; i < args->nr_names && !interrupt_seen(); i++) {
		int code = explore_in_child(args, args->names[i]);

		worst = code > worst ? code : worst;
	}
	return worst;
}

static int unknown_scenario(const char *name)
{
	struct errbuf err;

	scenario_unknown(&err, SCENARIOS_OF_EXPLORE, name);
	fprintf(stderr, "mmtorture: %s\n", err.text);
	return STRESS_EXIT_USAGE;
}

static int cmd_explore(struct explore_args *args)
{
	unsigned int n = 0;

	if (!args->nr_names || !strcmp(args->names[0], "all")) {
		while (bounded_scenarios[n] && n < EXPLORE_MAX_NAMES) {
			args->names[n] = bounded_scenarios[n]->name;
			n++;
		}
		args->nr_names = n;
	}
	for (unsigned int i = 0; i < args->nr_names; i++)
		if (!bounded_find(args->names[i]))
			return unknown_scenario(args->names[i]);
	return explore_all(args);
}

/* The scenario a schedule file was made by, and its machine. */
static int boot_for_file(struct explore_args *args,
			 const struct bounded_ops **ops)
{
	static struct schedule s;
	char why[512];

	if (schedule_read(&s, args->names[0], why, sizeof(why))) {
		fprintf(stderr, "mmtorture: %s\n", why);
		return STRESS_EXIT_USAGE;
	}
	if (!bounded_find(s.program))
		return unknown_scenario(s.program);
	if (!explore_args_set_variant(args, s.variant)) {
		fprintf(stderr, "mmtorture: %s: variant '%s' is not known\n",
			args->names[0], s.variant);
		return STRESS_EXIT_USAGE;
	}
	return boot_scenario(args, s.program, ops);
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

static int cmd_replay(struct explore_args *args)
{
	const struct bounded_ops *ops;
	int code;

	if (args->gdb)
		return replay_in_gdb(args->names[0]);
	code = boot_for_file(args, &ops);
	args->opt.full_trace = args->trace;
	return code ? code : explore_replay(&args->opt, args->names[0], body,
					    (void *)ops);
}

static int cmd_minimize(struct explore_args *args)
{
	const struct bounded_ops *ops;
	int code = boot_for_file(args, &ops);

	return code ? code : explore_minimize(&args->opt, args->names[0], body,
					      (void *)ops);
}

static int (*const commands[])(struct explore_args *args) = {
	[COMMAND_EXPLORE] = cmd_explore,
	[COMMAND_REPLAY] = cmd_replay,
	[COMMAND_MINIMIZE] = cmd_minimize,
};

int main(int argc, const char **argv)
{
	static struct explore_args args;
	int code;

	world_fix_addresses();
	if (argc < 2 || explore_command_find(argv[1]) < 0) {
		fprintf(stderr, "mmtorture: this program explores, replays and"
			" minimizes only\n");
		return STRESS_EXIT_USAGE;
	}
	code = explore_args_parse(&args, argc - 1, argv + 1);
	return code < 0 ? commands[args.command](&args) : code;
}
