// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What becomes of a run, or an exploration, whose results cannot be kept: the
 * verdict is given, the loss is said in one line, and the exit code is that
 * of a harness that failed.  Run from the top of the tree.
 */
#include <criterion/criterion.h>
#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define NATIVE "build/native/mmtorture"
#define EXPLORE "build/explore/mmtorture"
#define RUN NATIVE " run thread_exit --tasks 20 --cpus 4 --seed 1"
#define LOST "mmtorture: results are incomplete, could not write "

TestSuite(campaign, .timeout = 120);
TestSuite(commands, .timeout = 120);

struct run {
	int code;
	char out[1 << 14]; /* standard output */
	char err[1 << 14]; /* standard error */
};

static char dir[64];

static void make_dir(void)
{
	snprintf(dir, sizeof(dir), "/tmp/mmtorture-campaign-XXXXXX");
	cr_assert(mkdtemp(dir));
}

static void remove_dir(void)
{
	char command[128];

	snprintf(command, sizeof(command), "rm -r %s", dir);
	cr_expect_eq(system(command), 0);
}

static void read_file(char *buf, size_t size, const char *name)
{
	char path[128];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	f = fopen(path, "r");
	cr_assert(f, "%s", path);
	buf[fread(buf, 1, size - 1, f)] = '\0';
	fclose(f);
}

/* @results: as given to --results; @extra: further options, or shell. */
static void run(struct run *r, const char *command, const char *results,
		const char *extra)
{
	char line[512];

	snprintf(line, sizeof(line), "timeout 100 %s --results %s %s >%s/out"
		 " 2>%s/err", command, results, extra, dir, dir);
	r->code = WEXITSTATUS(system(line));
	read_file(r->out, sizeof(r->out), "out");
	read_file(r->err, sizeof(r->err), "err");
}

static unsigned int lines(const char *text)
{
	unsigned int n = 0;

	for (; *text; text++)
		n += *text == '\n';
	return n;
}

static void expect_lost(const struct run *r, const char *why)
{
	cr_expect_eq(r->code, 3, "exit code %d", r->code);
	cr_expect(strstr(r->out, "mmtorture: end: PASS findings=0"), "%s",
		  r->out);
	cr_expect(!strncmp(r->err, LOST, strlen(LOST)), "%s", r->err);
	cr_expect(strstr(r->err, why), "%s", r->err);
	cr_expect_eq(lines(r->err), 1u, "%s", r->err);
}

Test(campaign, folder_that_cannot_be_made)
{
	static struct run r;

	make_dir();
	run(&r, RUN, "/dev/null/a", "--secs 1");
	expect_lost(&r, "/dev/null/a");
	expect_lost(&r, strerror(ENOTDIR));
	remove_dir();
}

/* The one folder in @path: a run's own. */
static bool only_entry(const char *path, char *name, size_t size)
{
	DIR *d = opendir(path);
	struct dirent *e;
	bool found = false;

	while (d && (e = readdir(d)))
		if (e->d_name[0] != '.')
			found = snprintf(name, size, "%s/%s", path,
					 e->d_name) < (int)size;
	if (d)
		closedir(d);
	return found;
}

/* Take what the run has made away, as soon as its log is there. */
static void remove_run(const char *results)
{
	char own[384], log[448], command[512];

	while (!only_entry(results, own, sizeof(own)))
		usleep(1000);
	snprintf(log, sizeof(log), "%s/config.json", own);
	while (access(log, F_OK))
		usleep(1000);
	snprintf(command, sizeof(command), "rm -r %s", own);
	while (system(command)) /* it may be writing there */
		usleep(1000);
}

Test(campaign, folder_that_vanishes)
{
	static struct run r;
	char results[96];
	pid_t child;

	make_dir();
	snprintf(results, sizeof(results), "%s/deep/er", dir);
	child = fork();
	if (!child) {
		remove_run(results);
		_exit(0);
	}
	run(&r, RUN, results, "--secs 2");
	expect_lost(&r, "summary.json");
	expect_lost(&r, strerror(ENOENT));
	cr_expect_eq(kill(child, SIGKILL), 0);
	cr_expect_eq(waitpid(child, NULL, 0), child);
	remove_dir();
}

/* A full disk: a file system of two pages, on hosts that let us mount one. */
Test(campaign, full_disk)
{
	static const char mount[] =
		"unshare -rm sh -c 'mount -t tmpfs -o size=%s none %s && %s'";
	static struct run r;
	char results[96], command[1024], line[512];

	make_dir();
	snprintf(results, sizeof(results), "%s/small", dir);
	cr_assert_eq(mkdir(results, 0700), 0);
	snprintf(command, sizeof(command), mount, "8k", results, "true");
	if (system(command)) {
		remove_dir();
		cr_skip_test("no mounts here");
	}
	snprintf(line, sizeof(line), "timeout 100 " RUN " --secs 1 --results %s"
		 " >%s/out 2>%s/err", results, dir, dir);
	snprintf(command, sizeof(command), mount, "8k", results, line);
	r.code = WEXITSTATUS(system(command));
	read_file(r.out, sizeof(r.out), "out");
	read_file(r.err, sizeof(r.err), "err");
	expect_lost(&r, strerror(ENOSPC));
	remove_dir();
}

/* Nothing has been explored yet: better not begin. */
Test(campaign, explorer_refuses_an_unwritable_folder)
{
	static struct run r;

	make_dir();
	run(&r, EXPLORE " explore get-mm -n 5", "/dev/null/a", "");
	cr_expect_eq(r.code, 3);
	cr_expect(strstr(r.err, "/dev/null/a"), "%s", r.err);
	cr_expect_eq(lines(r.err), 1u, "%s", r.err);
	remove_dir();
}

/* When there is something to put into it, and only then. */
Test(campaign, explorer_makes_the_whole_path)
{
	static struct run r;
	struct stat st;
	char results[96];

	make_dir();
	snprintf(results, sizeof(results), "%s/a/b/c", dir);
	run(&r, EXPLORE " explore get-mm -n 5", results, "");
	cr_expect_eq(r.code, 0, "%s", r.err);
	cr_expect_eq(stat(results, &st), -1, "%s was made", results);
	run(&r, EXPLORE " explore get-mm -n 5 --max-steps 5", results, "");
	cr_expect_eq(r.code, 3, "%s", r.err);
	cr_expect_eq(stat(results, &st), 0);
	cr_expect(S_ISDIR(st.st_mode));
	remove_dir();
}

/* ---- what letters mean ------------------------------------------------------- */

#define NAME_SIZE 32

struct letter {
	char name[NAME_SIZE]; /* what "-s" is short for */
	char command[NAME_SIZE]; /* according to whom */
};

/* These say how many there shall be, and where results go: of what, differs. */
static bool may_differ(char letter)
{
	return letter == 'n' || letter == 'o';
}

/* One line of help: "  -s, --secs=S   ..." */
static void note_letter(struct letter *letters, const char *command,
			const char *line)
{
	char name[NAME_SIZE], c;
	struct letter *known;

	if (sscanf(line, " -%c, --%31[a-z-]", &c, name) != 2 || may_differ(c))
		return;
	known = &letters[(unsigned char)c];
	if (known->name[0])
		cr_expect_str_eq(name, known->name, "-%c is --%s of %s, --%s of"
				 " %s", c, known->name, known->command, name,
				 command);
	memcpy(known->name, name, sizeof(name));
	snprintf(known->command, NAME_SIZE, "%s", command);
}

static unsigned int note_help(struct letter *letters, const char *program,
			      const char *command)
{
	char line[256];
	unsigned int n = 0;
	FILE *f;

	snprintf(line, sizeof(line), "%s %s --help", program, command);
	f = popen(line, "r");
	cr_assert(f);
	for (; fgets(line, sizeof(line), f); n++)
		note_letter(letters, command[0] ? command : program, line);
	cr_expect_eq(pclose(f), 0, "%s %s", program, command);
	return n;
}

/* A letter means the same to each command, and to what the explorer runs. */
Test(commands, letters_mean_one_thing)
{
	static const char *const commands[] = {
		"run", "explore", "replay", "minimize", "bugs", "try",
		"selfcheck", "report",
	};
	static struct letter letters[256];

	for (size_t i = 0; i < sizeof(commands) / sizeof(*commands); i++)
		cr_expect_gt(note_help(letters, NATIVE, commands[i]), 2u, "%s",
			     commands[i]);
	note_help(letters, "build/explore/programs/counter", "");
	cr_expect_str_eq(letters['s'].name, "secs");
	cr_expect_str_eq(letters['j'].name, "json");
	cr_expect_str_eq(letters['J'].name, "jobs");
}
