/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a worker process does: boot, stress, drain, audit. */
#ifndef STRESS_WORKER_H
#define STRESS_WORKER_H

/**
 * worker_main() - one round
 * @shared_fd: inherited memory, see stress/shared.h
 * @findings_fd: findings.jsonl, or -1
 *
 * Context: the process's first thread, which becomes init.
 * Return: exit code of the worker.
 */
int worker_main(int shared_fd, int findings_fd);

#endif
