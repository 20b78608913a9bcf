/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The folder a run leaves behind: results/<run-id>/. */
#ifndef STRESS_RESULTS_H
#define STRESS_RESULTS_H

#include <limits.h>
#include <stdbool.h>

#include <jansson.h>

#include "locking/compiler.h"
#include "stress/config.h"

struct results {
	char dir[PATH_MAX]; /* "" when nothing can be written */
	int log_fd; /* log.txt, or -1 */
	int findings_fd; /* findings.jsonl, append only, or -1 */
	int series_fd; /* series.csv, append only, or -1 */
	bool failed; /* something could not be written */
	char why[256]; /* what, the first time */
};

/**
 * results_open() - make the folder and the files that grow in it
 * @r: filled in; usable even on failure, it then drops what it is given
 * @cfg: complete
 *
 * Context: driver.
 */
void results_open(struct results *r, const struct stress_config *cfg);

/**
 * results_make_path() - make a folder and those it is in, as far as it can
 * @path: of the folder
 *
 * Errors show when something is to be written there.
 *
 * Context: any process.
 */
void results_make_path(const char *path);

/**
 * results_log() - append a line to log.txt
 * @r: results
 * @line: without newline
 *
 * Context: driver.
 */
void results_log(struct results *r, const char *line);

/**
 * results_finding() - append a line to findings.jsonl
 * @r: results
 * @json: an object; borrowed
 *
 * Context: driver.
 */
void results_finding(struct results *r, const json_t *json);

/**
 * results_series() - append a line to series.csv
 * @r: results
 * @line: without newline
 *
 * Context: driver.
 */
void results_series(struct results *r, const char *line);

/**
 * results_text() - write a whole file
 * @r: results
 * @name: path below the run's folder; one level of folders is made
 * @text: its contents
 *
 * Context: driver.
 */
void results_text(struct results *r, const char *name, const char *text);

/**
 * results_json() - write an object as a file
 * @r: results
 * @name: as in results_text()
 * @json: borrowed
 *
 * Context: driver.
 */
void results_json(struct results *r, const char *name, const json_t *json);

/**
 * results_close() - close what results_open() opened
 * @r: results
 *
 * Context: driver.
 */
void results_close(struct results *r);

#endif
