// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Bounded scenarios of the emulated machine under the explorer: correct code
 * is clean, planted bugs are found, and what was found replays.  Run from the
 * top of the tree.
 */
#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <glob.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "stress/bounded/list.h"
#include "tests/explore/run.h"

#define PROGRAM "build/explore/mmtorture"
#define BUG(name) "build/bugs/" name "/explore/mmtorture"
#define RESULTS "/tmp/mmtorture-bounded-XXXXXX"

TestSuite(bounded, .timeout = 300);

/* "explore" with @options; what it finds goes below @dir. */
static void explore(struct run *r, const char *program, const char *options,
		    const char *dir)
{
	char command[512];

	snprintf(command, sizeof(command), "timeout 250 %s explore %s"
		 " --json --results %s 2>&1", program, options, dir);
	run_command(r, command);
}

static void remove_folder(const char *dir)
{
	char command[128];

	snprintf(command, sizeof(command), "rm -r %s", dir);
	cr_expect_eq(system(command), 0);
}

/* Each scenario there is, and some more often or otherwise. */
#define PLAIN(name) #name " -n 60",
static const char clean[][64] = {
	BOUNDED_SCENARIOS(PLAIN)
	"dump-exit -n 100 -M tso",
	"dump-exit -n 100 -M c11",
	"vfork-kill -n 200 --fail-alloc",
	"clone-dump -n 200 --strategy pct",
	"futex-fd -n 100 -M c11",
	"rwsem -n 3000",
	"spinlock -n 3000 -M c11",
	"stack-completion -n 3000 -M tso",
	"rcu -n 3000 -M c11",
};

ParameterizedTestParameters(bounded, correct_code_is_clean)
{
	return cr_make_param_array(__typeof__(clean[0]), (void *)clean,
				   sizeof(clean) / sizeof(*clean));
}

ParameterizedTest(__typeof__(clean[0]) *options, bounded, correct_code_is_clean)
{
	static struct run r;
	char dir[] = RESULTS, command[64];

	/* In list.h they are names of C. */
	snprintf(command, sizeof(command), "%s", *options);
	for (char *c = command; (c = strchr(c, '_')); )
		*c = '-';
	cr_assert(mkdtemp(dir));
	explore(&r, PROGRAM, command, dir);
	cr_expect_eq(r.code, 0, "%s: exit %d:\n%s", *options, r.code,
		     r.output);
	cr_expect(strstr(r.output, "\"first_finding\":0"));
	cr_expect_eq(rmdir(dir), 0, "%s left something behind", *options);
}

/*
 * On one CPU the smallest ones can be tried out.  How many executions that
 * takes depends on each lock mm/ takes: only the magnitude is checked.
 */
static const struct {
	char options[48];
	long long least, most;
} exhausted[] = {
	{ "get-mm -c 1 -S dpor", 2, 50 },
	{ "get-mm -c 1 -S dpor --from-boot", 10, 200 },
	{ "fault-unmap --cpus 1 -S dpor", 10, 300 },
	{ "fork-exit --cpus 1 -S dpor", 200, 5000 },
	{ "stack-completion -S dpor", 144, 144 },
	{ "rwlock -S dpor -M tso", 1332, 1332 },
};

ParameterizedTestParameters(bounded, small_machine_is_exhausted)
{
	return cr_make_param_array(__typeof__(exhausted[0]),
				   (void *)exhausted,
				   sizeof(exhausted) / sizeof(*exhausted));
}

ParameterizedTest(__typeof__(exhausted[0]) *e, bounded,
		  small_machine_is_exhausted)
{
	static struct run r;
	char dir[] = RESULTS;
	long long executions;
	json_t *json;

	cr_assert(mkdtemp(dir));
	explore(&r, PROGRAM, e->options, dir);
	cr_expect_eq(r.code, 0, "%s: exit %d:\n%s", e->options, r.code,
		     r.output);
	json = json_loads(r.output, 0, NULL);
	cr_assert(json, "%s", r.output);
	cr_expect(json_is_true(json_object_get(json, "complete")));
	executions = json_integer_value(json_object_get(json, "executions"));
	cr_expect(executions >= e->least && executions <= e->most, "%s: %lld",
		  e->options, executions);
	json_decref(json);
	cr_expect_eq(rmdir(dir), 0);
}

static const struct {
	char program[96];
	char options[48];
	char verdicts[32]; /* any of them */
} bugs[] = {
	{ BUG("exit-mm-checks-core-waiters-unlocked"), "dump-exit -n 1000",
	  "data-race" },
	{ BUG("coredump-fork-child-escapes-zap"), "clone-dump -n 1000",
	  "assertion lost-wakeup" },
	{ BUG("rwsem-grants-out-of-order"), "rwsem -n 10000", "assertion data-race crash" },
	{ BUG("exec-double-mmdrop-after-handover"),
	  "exec-siblings -n 2000 --fail-alloc", "assertion" },
	{ BUG("exec-double-mmdrop-after-handover"),
	  "exec-siblings -n 2000 --fail-alloc --from-boot", "assertion" },
};

ParameterizedTestParameters(bounded, planted_bug_is_found_and_replays)
{
	return cr_make_param_array(__typeof__(bugs[0]), (void *)bugs,
				   sizeof(bugs) / sizeof(*bugs));
}

/* Does the result have one of @verdicts, words with a space between? */
static bool says_one_of(const struct run *r, const char *verdicts)
{
	char words[64], expected[40];

	snprintf(words, sizeof(words), "%s", verdicts);
	for (char *w = strtok(words, " "); w; w = strtok(NULL, " ")) {
		snprintf(expected, sizeof(expected), "\"%s\":1,", w);
		if (strstr(r->output, expected))
			return true;
	}
	return false;
}

ParameterizedTest(__typeof__(bugs[0]) *bug, bounded,
		  planted_bug_is_found_and_replays)
{
	static struct run r;
	char dir[] = RESULTS, pattern[64], command[512];
	glob_t found;

	cr_assert(mkdtemp(dir));
	explore(&r, bug->program, bug->options, dir);
	cr_assert_eq(r.code, 1, "%s: exit %d:\n%s", bug->program, r.code,
		     r.output);
	cr_expect(says_one_of(&r, bug->verdicts), "none of %s in %s",
		  bug->verdicts, r.output);
	snprintf(pattern, sizeof(pattern), "%s/*/schedule", dir);
	cr_assert_eq(glob(pattern, 0, NULL, &found), 0);
	snprintf(command, sizeof(command), "%s replay %s 2>&1", bug->program,
		 found.gl_pathv[0]);
	run_command(&r, command);
	cr_expect_eq(r.code, 1, "%s: exit %d:\n%.2000s", command, r.code,
		     r.output);
	/* Another binary refuses the schedule and says why. */
	snprintf(command, sizeof(command), "%s replay %s 2>&1", PROGRAM,
		 found.gl_pathv[0]);
	run_command(&r, command);
	cr_expect_eq(r.code, 2);
	cr_expect(strstr(r.output, "made by binary"), "%s", r.output);
	globfree(&found);
	remove_folder(dir);
}

static void run_tool(struct run *r, const char *program, const char *what,
		     const char *file)
{
	char command[512];

	snprintf(command, sizeof(command), what, program, file);
	run_command(r, command);
}

/* EXIT-10: the one who should have woken it is gone. */
Test(bounded, a_forgotten_joiner_is_named)
{
	static struct run r;
	char dir[] = RESULTS, command[256];

	cr_assert(mkdtemp(dir));
	snprintf(command, sizeof(command), "timeout 250 %s explore tid-join"
		 " -n 1000 --results %s 2>&1",
		 BUG("child-tid-wake-before-clear"), dir);
	run_command(&r, command);
	cr_assert_eq(r.code, 1, "exit %d:\n%s", r.code, r.output);
	cr_expect(strstr(r.output, "!!! lost-wakeup"), "%s", r.output);
	cr_expect(strstr(r.output, "  pid 2 sleeps on the word at 0x10000000 of"
			 " mm 1, no known waker\n"), "%s", r.output);
	remove_folder(dir);
}

/* What Perfetto calls the track of thread @tid. */
static const char *track_name(const json_t *trace, int tid)
{
	size_t i;
	json_t *event;

	json_array_foreach(json_object_get(trace, "traceEvents"), i, event) {
		if (strcmp(json_string_value(json_object_get(event, "ph")), "M"))
			continue;
		if (json_integer_value(json_object_get(event, "tid")) == tid)
			return json_string_value(json_object_get(
				json_object_get(event, "args"), "name"));
	}
	return "";
}

/* What a finding leaves behind, and what can be done with it. */
Test(bounded, a_finding_is_explained)
{
	static const char program[] =
		BUG("exit-mm-checks-core-waiters-unlocked");
	static struct run r;
	char dir[] = RESULTS, pattern[64], path[300];
	json_error_t error;
	json_t *trace;
	glob_t found;

	cr_assert(mkdtemp(dir));
	explore(&r, program, "dump-exit -n 1000", dir);
	cr_assert_eq(r.code, 1, "%s", r.output);
	snprintf(pattern, sizeof(pattern), "%s/*/schedule", dir);
	cr_assert_eq(glob(pattern, 0, NULL, &found), 0);
	snprintf(path, sizeof(path), "%.*s/trace.json",
		 (int)strlen(found.gl_pathv[0]) - (int)strlen("/schedule"),
		 found.gl_pathv[0]);
	trace = json_load_file(path, 0, &error);
	cr_assert(trace, "%s: %s", path, error.text);
	cr_expect_gt(json_array_size(json_object_get(trace, "traceEvents")),
		     10);
	cr_expect_str_eq(track_name(trace, 0), "thread 0 (init)");
	cr_expect_str_eq(track_name(trace, 1), "thread 1 (dump_exit_main)");
	cr_expect_str_eq(track_name(trace, 2), "thread 2 (exits_at_once)");
	json_decref(trace);
	/* All steps, then a simpler schedule, which replays, too. */
	run_tool(&r, program, "%s replay %s --trace 2>&1", found.gl_pathv[0]);
	cr_expect_eq(r.code, 1, "%.2000s", r.output);
	cr_expect(strstr(r.output, "\n    1  | start"), "%.2000s", r.output);
	run_tool(&r, program, "%s minimize %s --mermaid /dev/stdout 2>&1",
		 found.gl_pathv[0]);
	cr_expect_eq(r.code, 1, "%.2000s", r.output);
	cr_expect(strstr(r.output, "sequenceDiagram"), "%.2000s", r.output);
	run_tool(&r, program, "%s replay %s 2>&1", found.gl_pathv[0]);
	cr_expect_eq(r.code, 1, "%.2000s", r.output);
	cr_expect(strstr(r.output, "    holding mm->mmap_sem@"), "%.2000s",
		  r.output);
	/* A stand-in for gdb tells how it was called. */
	snprintf(path, sizeof(path), "%s/gdb", dir);
	run_tool(&r, path, "printf '#!/bin/sh\\necho gdb $*\\n' >%s;"
		 " chmod +x %s", path);
	run_tool(&r, dir, "PATH=%s:$PATH build/explore/mmtorture replay %s"
		 " --gdb", found.gl_pathv[0]);
	cr_expect_eq(r.code, 0, "%s", r.output);
	cr_expect(strstr(r.output, "break engine_finish -ex run --args "),
		  "%s", r.output);
	cr_expect(strstr(r.output, "/mmtorture replay "), "%s", r.output);
	globfree(&found);
	remove_folder(dir);
}

static const struct {
	char arguments[48];
	char says[48];
} wrong[] = {
	{ "explore nothing", "unknown scenario 'nothing'; 'mmtorture" },
	{ "explore rwsem -S nothing", "--strategy: 'nothing' is none of random" },
	{ "explore rwsem -M nothing", "--memory-model: 'nothing' is none of sc" },
	{ "explore rwsem -n 0", "--executions: '0' is not a number from 1 to" },
	{ "explore rwsem -s 0", "--secs: '0' is not a number from 0.05 to" },
	{ "explore rwsem -s 1.2.3", "--secs: '1.2.3' is not a number" },
	{ "explore rwsem -s 0x10", "--secs: '0x10' is not a number" },
	{ "explore rwsem -s inf", "--secs: 'inf' is not a number" },
	{ "explore get-mm --cpus 9", "--cpus: '9' is not a number from 1 to 8" },
	{ "explore rwsem -n 3 --first 9", "--first=9 is behind the last one" },
	{ "explore rwsem -J 65", "--jobs: '65' is not a number from 1 to 64" },
	{ "explore rwsem --gdb", "--gdb: not an option of explore" },
	{ "explore rwsem -o ''", "--results: not a path: ''" },
	{ "replay /nowhere -M tso", "--memory-model: not an option of" },
	{ "minimize /nowhere --trace", "--trace: not an option of minimize" },
	{ "replay /nowhere", "/nowhere" },
	{ "replay ''", "replay: not a path: ''" },
	{ "replay", "replay: one schedule file is needed, not 0" },
	{ "minimize a b", "one schedule file is needed, not 2" },
};

ParameterizedTestParameters(bounded, bad_input_is_named)
{
	return cr_make_param_array(__typeof__(wrong[0]), (void *)wrong,
				   sizeof(wrong) / sizeof(*wrong));
}

ParameterizedTest(__typeof__(wrong[0]) *w, bounded, bad_input_is_named)
{
	static struct run r;
	char command[256];

	snprintf(command, sizeof(command), "%s %s 2>&1", PROGRAM,
		 w->arguments);
	run_command(&r, command);
	cr_expect_eq(r.code, 2, "%s: exit %d", command, r.code);
	cr_expect(strstr(r.output, w->says), "%s says: %s", command,
		  r.output);
	cr_expect_eq(strchr(r.output, '\n'), r.output + strlen(r.output) - 1,
		     "%s says more than a line: %s", command, r.output);
}

/* Ctrl-C as soon as it has begun: a verdict, and the next one is not begun. */
Test(bounded, interrupt_ends_with_a_verdict)
{
	static struct run r;
	char command[512], dir[] = RESULTS;

	cr_assert(mkdtemp(dir));
	snprintf(command, sizeof(command), "%s explore rwsem spinlock"
		 " -n 1000000000 -J 2 -o %s >%s/out & p=$!;"
		 " until grep -q start %s/out; do :; done;"
		 " kill -INT $p; wait $p; echo code $?; cat %s/out",
		 PROGRAM, dir, dir, dir, dir);
	run_command(&r, command);
	cr_expect(strstr(r.output, "code 0\n"), "%s", r.output);
	cr_expect(strstr(r.output, "explore: end: CLEAN (interrupted) "), "%s",
		  r.output);
	cr_expect_null(strstr(r.output, "explore spinlock"), "%s", r.output);
	remove_folder(dir);
}

/*
 * Begin "explore @options" below @dir, wait until @ready, kill the process that
 * explores, which takes its workers with it.
 */
static void kill_explorer(struct run *r, const char *program,
			  const char *options, const char *dir,
			  const char *ready)
{
	char command[768];

	snprintf(command, sizeof(command), "cd %s && timeout 200 %s/%s explore"
		 " %s -o . >out & t=$!; cd %s; until %s; do sleep 0.1; done;"
		 " read p </proc/$t/task/$t/children;"
		 " kill -KILL $(cat /proc/$p/task/$p/children); wait $t;"
		 " echo code $?", dir, getenv("PWD"), program, options, dir,
		 ready);
	run_command(r, command);
	cr_expect(strstr(r->output, "code 3\n"), "%s", r->output);
}

Test(bounded, killed_without_a_finding_it_leaves_nothing)
{
	static struct run r;
	char dir[] = RESULTS, command[128];

	cr_assert(mkdtemp(dir));
	kill_explorer(&r, PROGRAM, "rwsem -n 1000000000 -J 2", dir,
		      "grep -q start out");
	snprintf(command, sizeof(command), "ls %s", dir);
	run_command(&r, command);
	cr_expect_str_eq(r.output, "out\n");
	remove_folder(dir);
}

/* Each of @pattern below @dir replays. */
static void expect_replays(const char *program, const char *dir,
			   const char *pattern, size_t least)
{
	static struct run r;
	char path[256];
	glob_t found;

	snprintf(path, sizeof(path), "%s/%s", dir, pattern);
	cr_assert_eq(glob(path, 0, NULL, &found), 0, "nothing is %s", path);
	cr_expect_geq(found.gl_pathc, least);
	for (size_t i = 0; i < found.gl_pathc; i++) {
		snprintf(path, sizeof(path), "%s replay %s 2>&1", program,
			 found.gl_pathv[i]);
		run_command(&r, path);
		cr_expect_eq(r.code, 1, "%s: exit %d:\n%.2000s", path, r.code,
			     r.output);
	}
	globfree(&found);
}

/* By a worker: its schedule.  By the only process: all but the summary. */
Test(bounded, killed_after_a_finding_it_keeps_it)
{
	static const char program[] =
		BUG("exit-mm-checks-core-waiters-unlocked");
	static struct run r;
	char dir[] = RESULTS, command[128];

	cr_assert(mkdtemp(dir));
	kill_explorer(&r, program, "dump-exit --keep-going -n 1000000000 -J 2", dir,
		      "ls */schedule.*[0-9] >/dev/null 2>&1");
	expect_replays(program, dir, "*/schedule.*[0-9]", 1);
	snprintf(command, sizeof(command), "rm -r %s/*", dir);
	run_command(&r, command);
	kill_explorer(&r, program, "dump-exit --keep-going -n 1000000000 -J 1", dir,
		      "ls */report.txt >/dev/null 2>&1");
	expect_replays(program, dir, "*/schedule", 1);
	snprintf(command, sizeof(command), "cat %s/*/report.txt", dir);
	run_command(&r, command);
	cr_expect(strstr(r.output, "!!! data-race"), "%.2000s", r.output);
	cr_expect(strstr(r.output, "schedule written to "), "%.2000s",
		  r.output);
	remove_folder(dir);
}

/* None takes the place of another. */
Test(bounded, each_finding_has_files_of_its_own)
{
	static const char program[] =
		BUG("exit-mm-checks-core-waiters-unlocked");
	static struct run r;
	char dir[] = RESULTS;

	cr_assert(mkdtemp(dir));
	explore(&r, program, "dump-exit --keep-going -n 300 -J 2", dir);
	cr_assert_eq(r.code, 1, "%s", r.output);
	expect_replays(program, dir, "*/schedule*", 2);
	remove_folder(dir);
}

/* A verdict on executions of which none came to its end would mean nothing. */
Test(bounded, nothing_done_is_no_verdict)
{
	static struct run r;
	char dir[] = RESULTS;

	cr_assert(mkdtemp(dir));
	explore(&r, PROGRAM, "rwsem -n 20 --max-steps 5", dir);
	cr_expect_eq(r.code, 3, "%s", r.output);
	cr_expect(strstr(r.output, "\"budget\":20"), "%s", r.output);
	remove_folder(dir);
}
