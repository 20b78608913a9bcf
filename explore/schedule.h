/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Schedule files: one execution as text.  Valid for one binary only, because
 * decisions mean something only for the same sequence of operations.
 */
#ifndef EXPLORE_SCHEDULE_H
#define EXPLORE_SCHEDULE_H

#include <stdbool.h>
#include <stdint.h>

#include "explore/verdict.h"

#define SCHEDULE_VERSION 2
#define SCHEDULE_VARIANT 256

struct schedule {
	char binary[64];
	char program[128];
	char variant[SCHEDULE_VARIANT]; /* of the program: one line */
	char strategy[16];
	char model[16];
	uint64_t seed;
	uint64_t execution;
	uint64_t max_steps;
	uint64_t digest;
	bool fail_alloc;
	bool minimised; /* not in the file */
	enum verdict verdict;
	uint32_t n;
	uint8_t *decisions; /* malloc'ed, or NULL */
};

/** schedule_write() - write @s to @path.  Return: 0, or -errno. */
int schedule_write(const struct schedule *s, const char *path);

/**
 * schedule_read() - read @path into @s
 * @why: buffer for one line that says what is wrong with the file
 * @size: of @why
 *
 * Refuses a truncated file, one of another version and one of another
 * binary or program.
 *
 * Return: 0, or -errno with @why set.
 */
int schedule_read(struct schedule *s, const char *path, char *why,
		  unsigned long size);

/** schedule_free() - give back what schedule_read() allocated. */
void schedule_free(struct schedule *s);

/** schedule_binary() - Return: what identifies this executable. */
const char *schedule_binary(void);

/** schedule_token() - write a short name of @s to @buf, at least 96 bytes. */
void schedule_token(const struct schedule *s, char *buf);

#endif
