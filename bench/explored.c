// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * explored.c - how fast the explorer runs fixed programs
 *
 * The same program natively, with threads of the host, is the reference.
 * Both sides are processes, and both are charged the processor time they
 * used, user and system: it is what a core can do, whatever else runs.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/bench.h"

#define OUTPUT_SIZE 65536
#define MAX_WORDS 16

struct program {
	const char *title;
	const char *explored; /* command, without the number of executions */
	const char *args; /* of the program, after it */
	const char *native; /* command, or NULL: has no native form */
	int executions;
	int native_executions;
};

static const struct program programs[] = {
	{ "lock ping-pong", "build/explore/programs/sections --json -J 1 -n",
	  "-- 2 2000", "build/bench/programs/sections", 1000, 100 },
	{ "counter", "build/explore/programs/counter --json -J 1 -n", "",
	  "build/bench/programs/counter", 3000000, 2000 },
	{ "bounded buffer", "build/explore/programs/bounded_buffer --json -J 1 -n",
	  "", "build/bench/programs/bounded_buffer", 50000, 1000 },
	{ "dump-exit, oracles on",
	  "build/explore/mmtorture explore dump-exit --json -J 1 -o build/bench -n",
	  "", NULL, 10000, 0 },
};

/* What one run did, and the processor time it used. */
struct sample {
	double executions;
	double steps;
	double secs;
};

static void exec_words(char *command, int out)
{
	char *words[MAX_WORDS + 1] = { 0 };
	char *save;
	int n = 0;

	for (char *w = strtok_r(command, " ", &save); w && n < MAX_WORDS;
	     w = strtok_r(NULL, " ", &save))
		words[n++] = w;
	dup2(out, STDOUT_FILENO);
	execv(words[0], words);
	fprintf(stderr, "bench: %s: %s\n", words[0], strerror(errno));
	_exit(127);
}

static void read_all(int fd, char *output)
{
	size_t n = 0;
	ssize_t got;

	while (n < OUTPUT_SIZE - 1 &&
	       (got = read(fd, output + n, OUTPUT_SIZE - 1 - n)) > 0)
		n += got;
	output[n] = 0;
}

/* Run @command; its output, the seconds it used.  Return: 0 or -Exxx. */
static int run(char *command, char *output, double *secs)
{
	struct rusage used;
	int fds[2], status;
	pid_t pid;

	if (pipe(fds))
		return -errno;
	fflush(NULL);
	pid = fork();
	if (!pid) {
		close(fds[0]);
		exec_words(command, fds[1]);
	}
	close(fds[1]);
	if (pid > 0)
		read_all(fds[0], output);
	close(fds[0]);
	if (pid < 0 || wait4(pid, &status, 0, &used) != pid)
		return -errno;
	*secs = used.ru_utime.tv_sec + used.ru_stime.tv_sec +
		(used.ru_utime.tv_usec + used.ru_stime.tv_usec) * 1e-6;
	return WIFEXITED(status) && !WEXITSTATUS(status) ? 0 : -EIO;
}

static int run_explored(const struct program *p, struct sample *s)
{
	static char output[OUTPUT_SIZE];
	char command[256];
	json_t *line;
	int err;

	snprintf(command, sizeof(command), "%s %d %s", p->explored,
		 p->executions, p->args);
	err = run(command, output, &s->secs);
	if (err)
		return err;
	line = json_loads(output, JSON_DISABLE_EOF_CHECK, NULL);
	if (!line)
		return -EPROTO;
	s->executions = json_number_value(json_object_get(line, "executions"));
	s->steps = json_number_value(json_object_get(line, "steps"));
	json_decref(line);
	return 0;
}

/* The reference takes as many steps an execution as @explored did. */
static int run_native(const struct program *p, const struct sample *explored,
		      struct sample *s)
{
	static char output[OUTPUT_SIZE];
	char command[256];
	const char *args = p->args + strspn(p->args, "- ");

	snprintf(command, sizeof(command), "%s %d %s", p->native,
		 p->native_executions, args);
	s->executions = p->native_executions;
	s->steps = explored->steps / explored->executions * s->executions;
	return run(command, output, &s->secs);
}

struct rates {
	double explored[MAX_PAIRS], native[MAX_PAIRS];
};

static struct rates executions, steps;

static int measure(const struct program *p, int pairs)
{
	struct sample explored, native;

	for (int i = -1; i < pairs; i++) {
		int err = run_explored(p, &explored);

		if (!err && p->native)
			err = run_native(p, &explored, &native);
		if (err)
			return err;
		if (i < 0) /* the first pair warms both sides up */
			continue;
		executions.explored[i] = explored.executions / explored.secs;
		steps.explored[i] = explored.steps / explored.secs;
		if (!p->native)
			continue;
		executions.native[i] = native.executions / native.secs;
		steps.native[i] = native.steps / native.secs;
	}
	return 0;
}

static void print_row(const struct program *p, const char *what,
		      struct rates *r, int pairs, json_t *rows)
{
	double median = bench_median(r->explored, pairs);
	double native = p->native ? bench_median(r->native, pairs) : 0;

	printf("%-22s %-13s %12.0f  (%.0f to %.0f)", p->title, what, median,
	       r->explored[0], r->explored[pairs - 1]);
	if (p->native)
		printf("  %.0f native, %.1fx", native, median / native);
	printf("\n");
	json_array_append_new(rows, json_pack(
		"{s:s,s:s,s:f,s:f,s:f,s:f}", "program", p->title, "what",
		what, "explored", median, "explored_min", r->explored[0],
		"explored_max", r->explored[pairs - 1], "native", native));
}

int bench_explorer(int pairs, json_t *rows)
{
	printf("\n%-22s %-13s %12s  %s\n", "explored program", "a cpu second",
	       "median", "(min to max)");
	for (size_t i = 0; i < sizeof(programs) / sizeof(*programs); i++) {
		const struct program *p = &programs[i];
		int err = measure(p, pairs);

		if (err) {
			fprintf(stderr, "bench: %s: %s\n", p->title,
				strerror(-err));
			return err;
		}
		print_row(p, "executions", &executions, pairs, rows);
		print_row(p, "steps", &steps, pairs, rows);
	}
	return 0;
}
