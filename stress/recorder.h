/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where a worker's findings go: the driver's memory and findings.jsonl. */
#ifndef STRESS_RECORDER_H
#define STRESS_RECORDER_H

#include "stress/shared.h"

/**
 * recorder_start() - take over findings
 * @sh: memory shared with the driver
 * @findings_fd: findings.jsonl, or -1
 *
 * Context: worker, before start_kernel().
 */
void recorder_start(struct stress_shared *sh, int findings_fd);

/**
 * recorder_harness_error() - tell the driver why the worker cannot go on
 * @fmt: printf format
 *
 * Context: worker.
 */
void recorder_harness_error(const char *fmt, ...) __printf(1, 2);

#endif
