/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The explorer as a library.  A host program gives a function as the program
 * under test; libexplore runs it many times, each time with another schedule
 * of the threads it creates, and reports what goes wrong.  The host must
 * have no other thread running meanwhile.
 *
 * A program with a main() of its own needs none of this: see README.md.
 */
#ifndef EXPLORE_EXPLORE_H
#define EXPLORE_EXPLORE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "explore/verdict.h"

struct explore_options {
	const char *program; /* name that schedule files carry */
	const char *command; /* begins the same campaign again; or NULL */
	/* One line: what else shapes its executions; as the name. */
	const char *variant;
	const char *first_thread; /* its name in reports; NULL: the body's */
	const char *strategy; /* see explore_help() */
	const char *memory_model;
	uint64_t seed;
	uint64_t first; /* number of the first execution, for a token */
	uint64_t executions; /* at most this many, 0 for no limit */
	double secs; /* at most this long, 0 for no limit */
	unsigned int depth; /* PCT: bug depth */
	int preemptions; /* DFS: at most this many, negative for no limit */
	unsigned int jobs; /* worker processes */
	uint64_t max_steps; /* of one execution */
	uint64_t check_every; /* repeat each n-th execution, 0 for none */
	bool keep_going; /* after the first finding */
	bool leaks; /* look for leaks */
	bool fail_alloc; /* allocations may fail */
	bool from_ready; /* the program calls explore_ready() */
	bool every_op; /* each atomic operation is a decision, see quiet.h */
	bool minimize; /* reduce a failing schedule before reporting it */
	bool full_trace; /* a replay prints all steps, not the last ones */
	bool progress; /* a status line on a terminal */
	const char *mermaid_file; /* and drawn, or NULL */
	const char *chrome_file; /* and as Chrome trace events, or NULL */
	const char *curve_file; /* gets what was learnt when, or NULL */
	void (*explain)(FILE *out); /* adds to a report of a stuck execution */
	/* Is a function what every turn is full of?  Or NULL: none is. */
	bool (*machinery)(const char *function);
	/* Name of a hand-made lock that exists, or NULL; see trace.h. */
	const char *(*name_lock)(const void *lock);
	/* Where findings go, or NULL: FILE, FILE-2, and so on. */
	const char *schedule_file;
	/* Called before a finding's first file is written, and when all is
	 * said about it, by the process that does so; the first may fill in
	 * what the names above point to.  Or NULL. */
	void (*before_files)(void);
	void (*reported)(void);
	FILE *out; /* reports; NULL for standard output */
};

struct explore_result {
	uint64_t executions; /* counted, not the redundant ones */
	uint64_t redundant;
	uint64_t steps;
	uint64_t events; /* steps that were decisions */
	uint64_t again; /* executions repeated for an unforeseen race */
	uint64_t classes; /* distinct happens-before classes seen */
	uint64_t classes_once; /* of them, seen exactly once */
	uint64_t reads_from; /* pairs of lines: one reads what one wrote */
	uint64_t hand_overs; /* and one takes the lock that one gave up */
	uint64_t coverage_last; /* execution that saw a new one last */
	uint64_t coverage_recent; /* pairs of sites new in the last minute */
	double searched; /* share of the tree, an estimate; dfs, dpor only */
	uint64_t verdicts[NR_VERDICTS];
	uint64_t first_finding; /* number of the execution, from 1, or 0 */
	uint64_t distinct_findings;
	unsigned int finding_decisions; /* of the first finding */
	double secs;
	bool complete; /* nothing was left to try */
	bool interrupted; /* by SIGINT or SIGTERM, before its end */
	char message[512]; /* of the first finding or failure */
};

/** explore_cpus() - Return: processors there are, for explore_options.jobs. */
unsigned int explore_cpus(void);

/** explore_defaults() - Return: options as without a command line, one job. */
struct explore_options explore_defaults(void);

/**
 * explore_prepare() - run @fn(@arg) once, ahead of the executions
 *
 * What it leaves in variables, and in memory it gets from malloc() and its
 * family or as a private anonymous mapping, is what each execution of a
 * later campaign starts with.  Thread-local variables are not: an execution
 * starts on a thread of its own.  It must not start threads.
 *
 * Context: host, before the first campaign.
 * Return: what @fn returns, or -errno.
 */
int explore_prepare(int (*fn)(void *), void *arg);

/**
 * explore_campaign() - explore @body(@arg)
 * @opt: what to do
 * @body: the program under test; compiled with -fsanitize=thread
 * @res: what came out
 *
 * The program's variables at the time of the call are what every execution
 * starts with.
 *
 * Return: an enum explore_exit.
 */
int explore_campaign(const struct explore_options *opt, void (*body)(void *),
		     void *arg, struct explore_result *res);

/**
 * explore_replay() - repeat the execution in schedule file @path
 *
 * Return: an enum explore_exit; FINDINGS when the recorded verdict came out.
 */
int explore_replay(const struct explore_options *opt, const char *path,
		   void (*body)(void *), void *arg);

/**
 * explore_minimize() - simplify the schedule in file @path, explain it
 *
 * The file is overwritten with the simpler schedule.
 *
 * Return: an enum explore_exit; FINDINGS when it still fails.
 */
int explore_minimize(const struct explore_options *opt, const char *path,
		     void (*body)(void *), void *arg);

/**
 * explore_ready() - executions differ only in what comes after this
 *
 * With explore_options.from_ready; without it, this does nothing.  What comes
 * before is the prologue: each thread goes on as long as it can.  It is done
 * once, and later executions resume from here.  So it is a failure of the
 * harness when explore_choose() comes first, or the end of the program.
 *
 * Context: program under test, any thread; further calls do nothing.
 */
void explore_ready(void);

/**
 * explore_finding() - an oracle of the program under test found something
 * @kind: VERDICT_ASSERTION or another finding
 *
 * Ends the execution.  Context: program under test.
 */
_Noreturn void explore_finding(enum verdict kind, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/**
 * explore_choose() - let the scheduler choose something
 * @n: number of alternatives, at least 1
 *
 * Context: program under test.
 * Return: 0 to @n - 1; 0 while no program under test is running.
 */
unsigned int explore_choose(unsigned int n);

#endif
