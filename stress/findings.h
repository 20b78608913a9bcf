/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Findings of a run, told apart by a signature that survives rebuilding. */
#ifndef STRESS_FINDINGS_H
#define STRESS_FINDINGS_H

#include <stdbool.h>
#include <stdint.h>

#define FINDINGS_MAX 256

struct found {
	uint64_t signature;
	uint64_t count;
	uint32_t round; /* of the first one */
	char kind[40];
	char where[160]; /* file:line function */
	char headline[256];
};

/* The kind of a worker's end by a signal. */
#define FOUND_CRASH "crash"

struct findings {
	struct found list[FINDINGS_MAX];
	unsigned int nr; /* different ones */
	uint64_t total;
};

/**
 * finding_signature() - what a finding has in common with its repetitions
 * @kind: sort of finding
 * @where: function
 * @text: its words count, its numbers and addresses do not
 *
 * Context: any.
 * Return: a hash.
 */
uint64_t finding_signature(const char *kind, const char *where,
			   const char *text);

/**
 * findings_add() - count a finding
 * @fs: the run's findings
 * @f: the finding; its count is ignored
 *
 * Context: driver.
 * Return: true the first time this signature is seen.
 */
bool findings_add(struct findings *fs, const struct found *f);

#endif
