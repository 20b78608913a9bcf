// SPDX-License-Identifier: GPL-2.0-or-later
#include "stress/results.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static void fail(struct results *r, const char *what, int err)
{
	if (r->failed)
		return;
	r->failed = true;
	snprintf(r->why, sizeof(r->why), "%.180s: %s", what, strerror(err));
}

/* All of it, or the reason why not. */
static int write_all(int fd, const char *data, size_t len)
{
	while (len) {
		ssize_t n = write(fd, data, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return errno;
		data += n;
		len -= n;
	}
	return 0;
}

static int open_below(struct results *r, const char *name, int flags)
{
	char path[PATH_MAX + 128];
	int fd;

	if (!r->dir[0])
		return -1;
	snprintf(path, sizeof(path), "%s/%s", r->dir, name);
	fd = open(path, O_CREAT | O_CLOEXEC | flags, 0644);
	if (fd < 0)
		fail(r, path, errno);
	return fd;
}

void results_make_path(const char *path)
{
	char part[PATH_MAX];

	snprintf(part, sizeof(part), "%s", path);
	for (char *p = part + 1; *p; p++) {
		if (*p != '/')
			continue;
		*p = '\0';
		mkdir(part, 0777);
		*p = '/';
	}
	mkdir(part, 0777);
}

/* results/20261122-170102-mix-tsan-1f2e3d4c, with -2 and so on if taken */
static void make_run_folder(struct results *r, const struct stress_config *cfg)
{
	char stamp[32], base[PATH_MAX];
	time_t now = time(NULL);
	struct tm tm;

	localtime_r(&now, &tm);
	strftime(stamp, sizeof(stamp), "%Y%m%d-%H%M%S", &tm);
	results_make_path(cfg->results);
	for (int i = 1; i < 1000; i++) {
		char suffix[8] = "";

		if (i > 1)
			snprintf(suffix, sizeof(suffix), "-%d", i);
		if (snprintf(base, sizeof(base), "%s/%s-%s-%s-%" PRIx64 "%s",
			     cfg->results, stamp,
			     cfg->nr_scenarios == 1 ? cfg->scenarios[0] :
			     "several", stress_runtimes[cfg->runtime].name,
			     cfg->seed, suffix) >= (int)sizeof(base)) {
			fail(r, cfg->results, ENAMETOOLONG);
			return;
		}
		if (!mkdir(base, 0777)) {
			memcpy(r->dir, base, sizeof(base));
			return;
		}
		if (errno != EEXIST)
			break;
	}
	fail(r, base, errno);
}

void results_open(struct results *r, const struct stress_config *cfg)
{
	memset(r, 0, sizeof(*r));
	r->log_fd = -1;
	r->findings_fd = -1;
	r->series_fd = -1;
	make_run_folder(r, cfg);
	r->log_fd = open_below(r, "log.txt", O_WRONLY | O_APPEND);
	r->findings_fd = open_below(r, "findings.jsonl", O_WRONLY | O_APPEND);
	r->series_fd = open_below(r, "series.csv", O_WRONLY | O_APPEND);
}

static void append_line(struct results *r, int fd, const char *name,
			const char *line)
{
	size_t len = strlen(line);
	char *whole;
	int err;

	if (fd < 0)
		return;
	whole = malloc(len + 2);
	if (!whole) {
		fail(r, name, ENOMEM);
		return;
	}
	memcpy(whole, line, len);
	whole[len] = '\n';
	err = write_all(fd, whole, len + 1);
	if (err)
		fail(r, name, err);
	free(whole);
}

void results_log(struct results *r, const char *line)
{
	append_line(r, r->log_fd, "log.txt", line);
}

void results_finding(struct results *r, const json_t *json)
{
	char *line = json_dumps(json, JSON_COMPACT);

	if (line)
		append_line(r, r->findings_fd, "findings.jsonl", line);
	free(line);
}

void results_series(struct results *r, const char *line)
{
	append_line(r, r->series_fd, "series.csv", line);
}

void results_text(struct results *r, const char *name, const char *text)
{
	const char *slash = strchr(name, '/');
	char path[PATH_MAX + 128];
	int fd, err;

	if (slash && r->dir[0]) {
		snprintf(path, sizeof(path), "%s/%.*s", r->dir,
			 (int)(slash - name), name);
		mkdir(path, 0777);
	}
	fd = open_below(r, name, O_WRONLY | O_TRUNC);
	if (fd < 0)
		return;
	err = write_all(fd, text, strlen(text));
	if (close(fd) && !err)
		err = errno;
	if (err)
		fail(r, name, err);
}

void results_json(struct results *r, const char *name, const json_t *json)
{
	char *text = json_dumps(json, JSON_INDENT(2));

	if (text)
		results_text(r, name, text);
	free(text);
}

/* Some file systems report lack of space only here. */
static void close_file(struct results *r, int fd, const char *name)
{
	if (fd >= 0 && close(fd))
		fail(r, name, errno);
}

void results_close(struct results *r)
{
	close_file(r, r->log_fd, "log.txt");
	close_file(r, r->findings_fd, "findings.jsonl");
	close_file(r, r->series_fd, "series.csv");
	r->log_fd = -1;
	r->findings_fd = -1;
	r->series_fd = -1;
}
