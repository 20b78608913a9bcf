/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A run: one or more rounds, each in a worker process of its own, watched
 * from outside, with one verdict.
 */
#ifndef STRESS_CAMPAIGN_H
#define STRESS_CAMPAIGN_H

#include "stress/config.h"
#include "stress/findings.h"
#include "stress/progress.h"
#include "stress/results.h"
#include "stress/shared.h"
#include "stress/tsan_report.h"
#include "stress/worker_process.h"

struct campaign {
	const struct stress_config *cfg;
	struct stress_shared *sh;
	int shared_fd;
	char program[PATH_MAX]; /* the worker's */
	struct worker worker;
	struct tsan_splitter splitter;
	struct results results;
	struct progress progress;
	double series_due; /* when the next line of series.csv is, seconds */
	struct findings findings;
	struct stress_totals done; /* of finished rounds */
	unsigned int rounds; /* started */
	unsigned int ring_read; /* findings taken from sh this round */
	char last_line[512]; /* printed by the worker, no report */
	bool interrupted;
	bool crash_told; /* ThreadSanitizer has reported how the worker died */
	bool round_lost; /* the worker did not reach its end */
	char harness_error[1024]; /* "" when the harness is well */
};

/**
 * campaign_run() - run what is configured, to the verdict
 * @cfg: complete and checked
 * @layout: the ancestor's address space
 * @program: path of the worker's program
 *
 * Context: driver; handles SIGINT and SIGTERM meanwhile.
 * Return: exit code of the program.
 */
int campaign_run(const struct stress_config *cfg, const struct layout *layout,
		 const char *program);

/**
 * campaign_exit_code() - what the run has to say, as a number
 * @c: campaign
 *
 * Context: driver.
 * Return: findings come first; then whatever the harness could not do, and
 *	that includes keeping the results; else clean.
 */
int campaign_exit_code(const struct campaign *c);

/**
 * campaign_totals() - counters of the run so far
 * @c: campaign
 * @out: filled in
 *
 * Context: driver.
 */
void campaign_totals(const struct campaign *c, struct stress_totals *out);

/**
 * campaign_found() - account for a finding, say it if it is new
 * @c: campaign
 * @f: what; @f->round is set here
 * @text: in full, several lines
 *
 * Context: driver.
 * Return: true if it is new.
 */
bool campaign_found(struct campaign *c, struct found *f, const char *text);

/**
 * campaign_rerun_seed() - what --seed makes the running round the first one
 * @c: campaign
 *
 * Context: driver.
 */
uint64_t campaign_rerun_seed(const struct campaign *c);

/**
 * campaign_keep() - write a finding of the driver's to findings.jsonl
 * @c: campaign
 * @json: what there is to say; round and seed are added; taken over
 *
 * Context: driver.
 */
void campaign_keep(struct campaign *c, json_t *json);

/**
 * campaign_drain() - take over what the worker has printed and found
 * @c: campaign
 * @final: the worker is gone
 *
 * Context: driver.
 */
void campaign_drain(struct campaign *c, bool final);

#endif
