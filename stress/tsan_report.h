/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Cutting what a TSan worker prints into reports. */
#ifndef STRESS_TSAN_REPORT_H
#define STRESS_TSAN_REPORT_H

#include <stdbool.h>
#include <stddef.h>

#include "stress/findings.h"

/* Collects lines; zero-initialise, free @buf at the end. */
struct tsan_splitter {
	char *buf; /* the report, or the line, being collected */
	size_t len, room;
	size_t line; /* start of the last line in buf */
	bool in_report;
	bool dying; /* the report is of the signal that ends the worker */
};


struct tsan_sink {
	/* A whole report, NUL-terminated. */
	void (*report)(void *arg, const char *text);
	/* A line that is no part of a report, without its newline. */
	void (*line)(void *arg, const char *text);
	void *arg;
};

/**
 * tsan_split() - take more of a worker's output
 * @sp: state
 * @data: bytes, cut anywhere
 * @len: how many
 * @sink: gets what is complete
 *
 * Context: driver.
 */
void tsan_split(struct tsan_splitter *sp, const char *data, size_t len,
		const struct tsan_sink *sink);

/**
 * tsan_split_end() - the worker is gone: hand over what is left
 * @sp: state; emptied
 * @sink: as in tsan_split()
 *
 * Context: driver.
 */
void tsan_split_end(struct tsan_splitter *sp, const struct tsan_sink *sink);

/**
 * tsan_describe() - kind, place and signature of a report
 * @text: the report
 * @f: filled in, except round
 *
 * The signature hashes the kind and the names of the three innermost
 * functions of each of the first four stacks, of data races of the first two.
 *
 * Context: any.
 */
void tsan_describe(const char *text, struct found *f);

#endif
