/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finding, starting and reaping worker processes. */
#ifndef STRESS_WORKER_PROCESS_H
#define STRESS_WORKER_PROCESS_H

#include <limits.h>
#include <stdbool.h>
#include <sys/types.h>

#include "stress/config.h"
#include "stress/errbuf.h"

struct worker {
	pid_t pid; /* 0: none */
	int output_fd; /* what it prints: a file, read by offset */
	off_t output_at; /* read so far */
	int status; /* of waitpid, once it has ended */
};

/**
 * worker_find() - where the program of a runtime is
 * @runtime: which
 * @path: filled in, PATH_MAX bytes
 * @err: on failure, where it was looked for and how it is made
 *
 * Looks beside the running program: ../<runtime>/mmtorture in a build tree,
 * ../libexec/mmtorture/mmtorture-<runtime> when installed.
 *
 * Context: driver.
 * Return: 0 or -ENOENT.
 */
int worker_find(enum stress_runtime runtime, char *path, struct errbuf *err);

/**
 * program_find() - worker_find() by the name of a flavour
 * @name: as in build/NAME/mmtorture
 * @path: PATH_MAX bytes
 * @err: on failure one line
 *
 * Context: driver.
 * Return: 0 or -ENOENT.
 */
int program_find(const char *name, char *path, struct errbuf *err);

/**
 * worker_start() - start a round
 * @w: filled in
 * @path: the program
 * @shared_fd: memory of struct stress_shared
 * @findings_fd: findings.jsonl, or -1
 * @output: name of a new file for what it prints; if it cannot be made,
 *	memory is used
 * @err: on failure one line
 *
 * Context: driver.
 * Return: 0 or -Exxx.
 */
int worker_start(struct worker *w, const char *path, int shared_fd,
		 int findings_fd, const char *output, struct errbuf *err);

/**
 * worker_output() - read more of what the worker printed
 * @w: worker, running or not
 * @buf: for the bytes
 * @size: of @buf
 *
 * Context: driver.
 * Return: bytes read, 0 if there is nothing new.
 */
ssize_t worker_output(struct worker *w, char *buf, size_t size);

/**
 * worker_ended() - has it ended, without waiting
 * @w: worker
 *
 * Context: driver.
 * Return: true once; @w->status tells how.
 */
bool worker_ended(struct worker *w);

/**
 * worker_kill() - end it by force
 * @w: worker; reaped on return
 *
 * Context: driver.
 */
void worker_kill(struct worker *w);

/**
 * worker_close() - forget an ended worker
 * @w: worker
 *
 * Context: driver.
 */
void worker_close(struct worker *w);

#endif
