// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Ordinary pthread programs linked with the explorer: each has a known
 * verdict.  Run from the top of the tree, where build/explore/programs is.
 */
#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/explore/run.h"

TestSuite(programs, .timeout = 120);

static long long verdicts(const struct run *r, const char *name)
{
	return json_integer_value(
		json_object_get(json_object_get(r->json, "verdicts"), name));
}

static const struct {
	char program[40]; /* and its arguments */
	char options[60];
	char verdict[20];
	int code;
} cases[] = {
	{ "counter", "-n 20000", "clean", 0 },
	{ "counter", "-n 5000 -S pct", "clean", 0 },
	{ "counter", "-n 5000 -S pos", "clean", 0 },
	{ "counter", "-n 5000 -S rff", "clean", 0 },
	{ "counter", "-n 5000 -M tso", "clean", 0 },
	{ "counter", "-n 5000 -M c11", "clean", 0 },
	{ "race", "-n 1000", "data-race", 1 },
	{ "race", "-S dpor", "data-race", 1 },
	{ "race", "-n 1000 -M c11", "data-race", 1 },
	{ "rwlock_race", "-n 1000", "data-race", 1 },
	{ "publish", "-S dpor -M c11", "clean", 0 },
	{ "last_user", "-S dpor", "clean", 0 },
	{ "last_user", "-n 200 -M tso", "clean", 0 },
	{ "last_user", "-n 200 -M c11", "clean", 0 },
	{ "publish relaxed", "-n 1000", "data-race", 1 },
	{ "publish relaxed", "-n 1000 -M tso", "data-race", 1 },
	{ "publish relaxed", "-n 1000 -M c11", "data-race", 1 },
	{ "deadlock", "-n 10000", "deadlock", 1 },
	{ "deadlock", "-S dfs", "deadlock", 1 },
	{ "deadlock", "-S dpor", "deadlock", 1 },
	{ "lost_wakeup", "-n 10000", "lost-wakeup", 1 },
	{ "lost_wakeup", "-S dpor", "lost-wakeup", 1 },
	{ "bounded_buffer", "-n 5000", "clean", 0 },
	{ "bounded_buffer careless", "-n 10000", "lost-wakeup", 1 },
	{ "bounded_buffer careless", "-n 10000 -S pos", "lost-wakeup", 1 },
	{ "account", "-n 10000", "assertion", 1 },
	{ "account", "-S dpor", "assertion", 1 },
	{ "reorder 3", "-n 10000", "assertion", 1 },
	{ "reorder 3", "-n 10000 -S rff", "assertion", 1 },
	{ "reorder 10", "-n 50000 -S pct", "assertion", 1 },
	{ "reorder 2", "-S dfs -p 1", "assertion", 1 },
	{ "crowd 6", "-n 100", "clean", 0 },
	{ "crowd 0", "-n 1", "data-race", 1 },
	{ "crowd 1", "-n 1", "data-race", 1 },
	{ "crowd 2", "-n 1", "data-race", 1 },
	{ "crowd 3", "-n 1", "data-race", 1 },
	{ "crowd 4", "-n 1", "data-race", 1 },
	{ "crowd 5", "-n 1", "data-race", 1 },
	{ "memory none", "-n 100", "clean", 0 },
	{ "memory leak", "-n 100", "leak", 1 },
	{ "memory leak", "-n 100 --no-leaks", "clean", 0 },
	{ "memory uninitialised", "-n 100", "memory-error", 1 },
	{ "memory strdup", "-n 100", "clean", 0 },
	{ "ranges ordered", "-n 1000", "clean", 0 },
	{ "ranges write", "-n 1000", "data-race", 1 },
	{ "ranges read", "-n 1000", "data-race", 1 },
	{ "ranges clear", "-n 1000", "data-race", 1 },
	{ "pool well", "-n 500", "clean", 0 },
	{ "pool well", "-n 500 -M tso", "clean", 0 },
	{ "pool uninitialised", "-n 10", "memory-error", 1 },
	{ "pool read", "-n 10", "memory-error", 1 },
	{ "pool write", "-n 10", "memory-error", 1 },
	{ "pool clear", "-n 10", "memory-error", 1 },
	{ "pool reused", "-n 10", "memory-error", 1 },
	{ "pool concurrent", "-n 100", "data-race", 1 },
	{ "memory overflow", "-n 100", "memory-error", 1 },
	{ "memory use-after-free", "-n 100", "memory-error", 1 },
	{ "memory used-at-once", "-n 100", "memory-error", 1 },
	{ "memory tail", "-n 100", "memory-error", 1 },
	{ "memory double-free", "-n 100", "memory-error", 1 },
	{ "memory crash", "-n 100", "crash", 1 },
	{ "memory abort", "-n 100", "crash", 1 },
	{ "memory stack", "-n 100", "crash", 1 },
	{ "memory exit", "-n 100", "assertion", 1 },
	{ "memory none", "-n 100 --fail-alloc", "crash", 1 },
	{ "spin yield", "-n 5000", "clean", 0 },
	{ "spin yield", "-S dpor", "clean", 0 },
	{ "spin sleep", "-S dpor", "clean", 0 },
	{ "spin bare", "-n 5000", "clean", 0 },
	{ "spin bare", "-n 1000 -S pct", "clean", 0 },
	{ "spin yield", "-S dpor -M tso", "clean", 0 },
	{ "spin yield", "-n 5000 -M c11", "clean", 0 },
	{ "spin stuck", "-n 10", "livelock", 1 },
	{ "spin stuck", "-S pct -n 10", "livelock", 1 },
	{ "peterson", "-S dpor", "clean", 0 },
	{ "peterson", "-S dpor -M tso", "clean", 0 },
	{ "peterson", "-S dpor -M c11", "clean", 0 },
	{ "peterson release", "-S dpor", "clean", 0 },
	{ "peterson release", "-S dpor -M tso", "assertion", 1 },
	{ "peterson release", "-n 10000 -M c11", "assertion", 1 },
	{ "errno", "-n 5000", "clean", 0 },
	{ "calls", "-n 20000", "clean", 0 },
	{ "calls", "-n 10000 -S pct", "clean", 0 },
	{ "calls", "-n 10000 -M tso", "clean", 0 },
	{ "calls", "-n 10000 -M c11", "clean", 0 },
	{ "large", "-n 20000", "clean", 0 },
	{ "rcu", "-n 10000", "clean", 0 },
	{ "rcu", "-S dpor -M tso", "clean", 0 },
	{ "rcu", "-S dpor -M c11", "clean", 0 },
	{ "rcu early", "-n 1000", "data-race", 1 },
	{ "rcu late", "-n 1000", "data-race", 1 },
	{ "rcu inside", "-n 1000", "deadlock", 1 },
	{ "outside poll", "-n 10", "harness-failure", 3 },
	{ "outside memory", "-n 10", "harness-failure", 3 },
	{ "outside compute", "-n 10 -J 1", "harness-failure", 3 },
};

#define NR_CASES (sizeof(cases) / sizeof(cases[0]))

ParameterizedTestParameters(programs, verdict)
{
	static int index[NR_CASES];

	for (unsigned int i = 0; i < NR_CASES; i++)
		index[i] = (int)i;
	return cr_make_param_array(int, index, NR_CASES);
}

ParameterizedTest(int *index, programs, verdict)
{
	static struct run r;
	const char *program = cases[*index].program;
	const char *options = cases[*index].options;

	run_program(&r, options, program);
	cr_assert_eq(r.code, cases[*index].code, "%s %s: exit %d\n%s", program,
		     options, r.code, r.output);
	cr_assert(r.json, "%s %s: no JSON\n%s", program, options, r.output);
	cr_expect_gt(verdicts(&r, cases[*index].verdict), 0, "%s %s: no %s\n%s",
		     program, options, cases[*index].verdict, r.output);
	json_decref(r.json);
}

/*
 * T threads with S sections of one mutex each have (T S)! / (S!)^T orders;
 * Nidhugg and GenMC count the same.
 */
static const struct {
	char program[40];
	char options[40];
	long long executions;
} counts[] = {
	{ "sections 2 1", "-S dpor", 2 },
	{ "sections 3 1", "-S dpor", 6 },
	{ "sections 4 1", "-S dpor", 24 },
	{ "sections 2 2", "-S dpor", 6 },
	{ "sections 3 2", "-S dpor", 90 },
	{ "sections 4 2", "-S dpor", 2520 },
	{ "counter", "-S dpor", 6 },
	{ "counter", "-S dpor -M tso", 6 },
	{ "counter", "-S dpor -M c11", 6 },
	{ "counter", "-S dfs", 765 },
	{ "deadlock", "-S dpor --keep-going", 3 },
	{ "publish", "-S dpor", 2 },
	{ "spin yield", "-S dpor", 6 },
	{ "peterson", "-S dpor", 36 },
	{ "locks raw 3", "-S dpor", 180 },
	{ "locks raw 3", "-S dpor -M tso", 180 },
	{ "locks rwlock 3", "-S dpor", 1684 },
	{ "locks rwlock 3", "-S dpor -M tso", 1684 },
};

#define NR_COUNTS (sizeof(counts) / sizeof(counts[0]))

ParameterizedTestParameters(programs, count)
{
	static int index[NR_COUNTS];

	for (unsigned int i = 0; i < NR_COUNTS; i++)
		index[i] = (int)i;
	return cr_make_param_array(int, index, NR_COUNTS);
}

ParameterizedTest(int *index, programs, count)
{
	static struct run r;

	run_program(&r, counts[*index].options, counts[*index].program);
	cr_assert(r.json, "%s", r.output);
	cr_expect(json_is_true(json_object_get(r.json, "complete")));
	cr_expect_eq(json_integer_value(json_object_get(r.json, "executions")),
		     counts[*index].executions, "%s: %s",
		     counts[*index].program, r.output);
	cr_expect_eq(json_integer_value(json_object_get(r.json, "redundant")),
		     0, "%s: %s", counts[*index].program, r.output);
	json_decref(r.json);
}

/*
 * DFS and DPOR must see the same happens-before classes.  Not for programs
 * that end at once when one thread fails: where the others were by then is
 * no property of a class.
 */
static const char same_classes[][40] = {
	"counter", "deadlock",	   "lost_wakeup", "account",
	"publish", "sections 3 1", "memory none",
};

#define NR_SAME (sizeof(same_classes) / sizeof(same_classes[0]))

ParameterizedTestParameters(programs, same_as_dfs)
{
	static int index[NR_SAME];

	for (unsigned int i = 0; i < NR_SAME; i++)
		index[i] = (int)i;
	return cr_make_param_array(int, index, NR_SAME);
}

static long long classes(const char *strategy, const char *program)
{
	static struct run r;
	char options[80];
	long long n;

	snprintf(options, sizeof(options),
		 "-S %s --keep-going --no-minimize"
		 " -n 2000000",
		 strategy);
	run_program(&r, options, program);
	cr_assert(r.json, "%s", r.output);
	cr_assert(json_is_true(json_object_get(r.json, "complete")), "%s",
		  r.output);
	n = json_integer_value(json_object_get(r.json, "classes"));
	json_decref(r.json);
	return n;
}

ParameterizedTest(int *index, programs, same_as_dfs)
{
	const char *program = same_classes[*index];

	cr_expect_eq(classes("dpor", program), classes("dfs", program), "%s",
		     program);
}

/*
 * The final states of small programs drawn from numbers are the same whether
 * each operation is a decision and all schedules are tried, or those that
 * conflict with none are not, or one schedule for each class is.
 */
static const int drawn[] = {
	1,  2,	4,  5,	6,  8,	14, 15, 16, 18, 21, 22, 23, 24, 25, 26, 28,
	31, 34, 35, 37, 38, 40, 41, 44, 45, 47, 48, 51, 54, 57, 58, 59, 60,
};

/* With futexes: enough schedules, and more than two final states. */
static const int drawn_futexes[] = {
	2, 11, 14, 24, 28, 34, 38, 47, 48, 64, 74, 81, 84, 91, 94, 103, 121,
};

#define NR_DRAWN_FUTEXES (sizeof(drawn_futexes) / sizeof(drawn_futexes[0]))

#define NR_DRAWN (sizeof(drawn) / sizeof(drawn[0]))

ParameterizedTestParameters(programs, final_states)
{
	return cr_make_param_array(int, (void *)drawn, NR_DRAWN);
}

struct states {
	char text[OUTPUT_SIZE]; /* one a line, sorted, each once */
	long long executions;
};

/* Of the executions that count: others came before them. */
static void final_states(struct states *s, const char *options, int program,
			 const char *kinds)
{
	static struct run r;
	char command[512];
	FILE *f;

	snprintf(command, sizeof(command), FOLDER "/mixed --json --output"
		 " --check-every 0 %s -- %d %s >/tmp/mixed-%d.%d", options,
		 program, kinds, program, (int)getpid());
	run_command(&r, command);
	cr_assert_eq(r.code, 0, "%s: exit %d", command, r.code);
	snprintf(command, sizeof(command), "tail -1 /tmp/mixed-%d.%d", program,
		 (int)getpid());
	run_command(&r, command);
	cr_assert(r.json, "%s", r.output);
	cr_expect(json_is_true(json_object_get(r.json, "complete")));
	s->executions = json_integer_value(json_object_get(r.json,
							   "executions"));
	json_decref(r.json);
	snprintf(command, sizeof(command), "f=/tmp/mixed-%d.%d; grep ^state $f"
		 " | tail -%lld | sort -u; rm $f", program, (int)getpid(),
		 s->executions);
	f = popen(command, "r");
	s->text[fread(s->text, 1, sizeof(s->text) - 1, f)] = 0;
	pclose(f);
}

static void same_states(int number, const char *kinds, const char *model)
{
	static const char *const others[] = {
		"-S dfs", "-S dpor --every-operation", "-S dpor",
	};
	static struct states all, some;
	char options[80];

	snprintf(options, sizeof(options), "-S dfs --every-operation -n 1000000"
		 " -M %s", model);
	final_states(&all, options, number, kinds);
	cr_expect_gt(all.executions, 500);
	cr_expect(strstr(all.text, "state"), "%s", all.text);
	for (int i = 0; i < 3; i++) {
		snprintf(options, sizeof(options), "%s -n 1000000 -M %s",
			 others[i], model);
		final_states(&some, options, number, kinds);
		cr_expect_str_eq(some.text, all.text, "mixed %d %s %s", number,
				 kinds, options);
		cr_expect_leq(some.executions, all.executions);
		cr_expect(i == 0 || some.executions < 500, "mixed %d %s: %lld",
			  number, options, some.executions);
	}
}

ParameterizedTest(int *number, programs, final_states)
{
	same_states(*number, "", "sc");
}

ParameterizedTestParameters(programs, final_states_with_futexes)
{
	return cr_make_param_array(int, (void *)drawn_futexes,
				   NR_DRAWN_FUTEXES);
}

ParameterizedTest(int *number, programs, final_states_with_futexes)
{
	same_states(*number, "futex", "sc");
}

/* Those of few schedules even with store buffers. */
static const int drawn_buffered[] = { 5, 8, 14, 21, 51 };

ParameterizedTestParameters(programs, final_states_with_buffers)
{
	return cr_make_param_array(int, (void *)drawn_buffered,
				   sizeof(drawn_buffered) / sizeof(int));
}

ParameterizedTest(int *number, programs, final_states_with_buffers)
{
	same_states(*number, "", "tso");
}

/* With buffers, too, a search is as long with fewer decisions. */
Test(programs, buffers_and_quiet_operations)
{
	static const char *const options[] = {
		"-S dpor -M tso -n 100000",
		"-S dpor -M tso -n 100000 --every-operation",
	};
	static struct run r;
	double executions[2], decisions[2];

	for (int i = 0; i < 2; i++) {
		run_program(&r, options[i], "locks rwsem");
		cr_assert(r.json, "%s", r.output);
		cr_expect(json_is_true(json_object_get(r.json, "complete")));
		executions[i] = json_number_value(json_object_get(r.json,
							"executions"));
		decisions[i] = json_number_value(json_object_get(r.json,
							"decisions"));
		json_decref(r.json);
	}
	cr_expect_eq(executions[0], executions[1]);
	cr_expect_lt(decisions[0], decisions[1]);
}

/*
 * Each lock of locking/, two threads: mutual exclusion (else a data race) and
 * no lost wake-up in any execution.
 */
static const char locks[][16] = {
	"raw", "spin", "rwlock", "rwsem", "writers", "sem", "completion",
};

#define NR_LOCKS (sizeof(locks) / sizeof(locks[0]))

ParameterizedTestParameters(programs, locks)
{
	static int index[NR_LOCKS];

	for (unsigned int i = 0; i < NR_LOCKS; i++)
		index[i] = (int)i;
	return cr_make_param_array(int, index, NR_LOCKS);
}

static void exhaust(const char *options, const char *program)
{
	static struct run r;

	run_program(&r, options, program);
	cr_assert(r.json, "%s", r.output);
	cr_expect_eq(r.code, 0, "%s %s: %s", program, options, r.output);
	cr_expect(json_is_true(json_object_get(r.json, "complete")), "%s %s",
		  program, options);
	json_decref(r.json);
}

ParameterizedTest(int *index, programs, locks)
{
	char program[32];

	snprintf(program, sizeof(program), "locks %s", locks[*index]);
	exhaust("-S dpor -n 2000000", program);
	exhaust("-S dpor -M tso -n 2000000", program);
}

/* Three threads; scripts/nightly.sh exhausts those that take longer. */
Test(programs, locks_of_three)
{
	exhaust("-S dpor -n 2000000", "locks spin 3");
	exhaust("-S dpor -M tso -n 2000000", "locks spin 3");
	exhaust("-S dpor -n 2000000", "locks completion 3");
}

/* Under C11 loops of stale loads make that too long: sample. */
ParameterizedTestParameters(programs, locks_c11)
{
	static int index[NR_LOCKS];

	for (unsigned int i = 0; i < NR_LOCKS; i++)
		index[i] = (int)i;
	return cr_make_param_array(int, index, NR_LOCKS);
}

ParameterizedTest(int *index, programs, locks_c11)
{
	static struct run r;
	char program[32];

	snprintf(program, sizeof(program), "locks %s 3", locks[*index]);
	run_program(&r, "-M c11 -n 20000", program);
	cr_expect_eq(r.code, 0, "%s: %s", program, r.output);
	json_decref(r.json);
}

/* A finding is stored, replays bit for bit, and only with its own binary. */
Test(programs, replay)
{
	static struct run r;
	char file[] = "/tmp/explore-test-XXXXXX";
	char options[128];
	int fd = mkstemp(file);

	cr_assert_geq(fd, 0);
	close(fd);
	snprintf(options, sizeof(options), "-n 10000 -o %s", file);
	run_program(&r, options, "bounded_buffer careless");
	cr_assert_eq(r.code, 1, "%s", r.output);
	snprintf(options, sizeof(options), "--replay %s", file);
	run_program(&r, options, "bounded_buffer careless");
	cr_expect_eq(r.code, 1, "%s", r.output);
	cr_expect(strstr(r.output, "!!! lost-wakeup"), "%s", r.output);
	cr_expect(strstr(r.output, "bounded_buffer.c"), "%s", r.output);
	run_program(&r, options, "counter");
	cr_expect_eq(r.code, 2, "%s", r.output);
	cr_expect(strstr(r.output, "made by binary"), "%s", r.output);
	run_program(&r, options, "bounded_buffer");
	cr_expect_eq(r.code, 2, "%s", r.output);
	cr_expect(strstr(r.output, "made by variant careless, this is -"),
		  "%s", r.output);
	cr_assert_eq(truncate(file, 200), 0);
	run_program(&r, options, "bounded_buffer careless");
	cr_expect_eq(r.code, 2, "%s", r.output);
	cr_expect(strstr(r.output, "truncated"), "%s", r.output);
	unlink(file);
}

/* A token's numbers bring the same execution back. */
Test(programs, token)
{
	static struct run r;
	char options[80];
	long long n;

	run_program(&r, "-n 10000 -x 7 -S pct", "reorder 5");
	cr_assert(r.json);
	n = json_integer_value(json_object_get(r.json, "first_finding"));
	cr_assert_gt(n, 0);
	json_decref(r.json);
	snprintf(options, sizeof(options), "-S random -x 5 -n 100000");
	run_program(&r, options, "reorder 5");
	cr_assert(r.json);
	n = json_integer_value(json_object_get(r.json, "first_finding"));
	json_decref(r.json);
	snprintf(options, sizeof(options),
		 "-S random -x 5 --first %lld -n %lld", n, n);
	run_program(&r, options, "reorder 5");
	cr_expect_eq(r.code, 1, "%s", r.output);
}

/* The checker comes between the two stores of a setter: one preemption. */
Test(programs, minimize)
{
	static struct run r;
	unsigned int preemptions = 0, threads = 0;

	run_program(&r, "-n 10000", "reorder 6");
	cr_assert_eq(r.code, 1);
	for (const char *p = r.output; (p = strstr(p, "* ")) != NULL; p++)
		preemptions += p[-1] >= '0' && p[-1] <= '9';
	cr_expect_eq(preemptions, 1, "%s", r.output);
	/* main(), a setter, the checker; the other five stay away. */
	for (const char *p = r.output; (p = strstr(p, "| start")) != NULL; p++)
		threads++;
	cr_expect_eq(threads, 3, "%s", r.output);
	cr_expect(strstr(r.output, "decisive: "), "%s", r.output);
	cr_expect(strstr(r.output, "store a=1 set reorder.c:15"), "%s",
		  r.output);
	cr_expect(strstr(r.output, " 0 main   main reorder.c:35 ("), "%s",
		  r.output);
	cr_expect(strstr(r.output, "    *  7 check  check reorder.c:22 ("),
		  "%s", r.output);
}

Test(programs, usage)
{
	static struct run r;

	run_program(&r, "-S nonsense", "counter");
	cr_expect_eq(r.code, 2);
	cr_expect(strstr(r.output, "known: random"), "%s", r.output);
	run_program(&r, "-M nonsense", "counter");
	cr_expect_eq(r.code, 2);
	cr_expect(strstr(r.output, "known: sc tso c11"), "%s", r.output);
	run_program(&r, "-n -5", "counter");
	cr_expect_eq(r.code, 2);
	run_program(&r, "-J 1025", "counter");
	cr_expect_eq(r.code, 2);
	cr_expect(strstr(r.output, "not a number from 0 to 1024"), "%s",
		  r.output);
	run_program(&r, "--replay /nowhere", "counter");
	cr_expect_eq(r.code, 2);
}
