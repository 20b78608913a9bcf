// SPDX-License-Identifier: GPL-2.0-or-later
#include "explore/curve.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "explore/classes.h"
#include "explore/coverage.h"

/* Numbers of the executions that saw something first, in order. */
struct firsts {
	uint64_t *n;
	size_t nr;
};

static int by_number(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static void sort(struct firsts *f)
{
	if (f->nr)
		qsort(f->n, f->nr, sizeof(*f->n), by_number);
}

/* How many had been seen after @executions; @at is where the last look ended. */
static size_t seen(const struct firsts *f, size_t *at, uint64_t executions)
{
	while (*at < f->nr && f->n[*at] <= executions)
		(*at)++;
	return *at;
}

static void write_points(FILE *out, const char *program, uint64_t executions,
			 const struct firsts f[3])
{
	size_t at[3] = { 0 };

	for (uint64_t n = 1; executions; n += n / 8 + 1) {
		if (n > executions)
			n = executions;
		fprintf(out, "%s,%" PRIu64 ",%zu,%zu,%zu\n", program, n,
			seen(&f[0], &at[0], n), seen(&f[1], &at[1], n),
			seen(&f[2], &at[2], n));
		if (n == executions)
			return;
	}
}

int curve_create(const char *path)
{
	FILE *out = fopen(path, "w");

	if (!out)
		return -errno;
	fprintf(out, "program,executions,classes,reads_from,hand_overs\n");
	return fclose(out) ? -errno : 0;
}

int curve_append(const char *path, const char *program, uint64_t executions)
{
	struct firsts f[3];
	int ret = 0;
	FILE *out = fopen(path, "a");

	if (!out)
		return -errno;
	f[0].n = classes_firsts(&f[0].nr);
	f[1].n = coverage_firsts(COVERAGE_READS_FROM, &f[1].nr);
	f[2].n = coverage_firsts(COVERAGE_HAND_OVER, &f[2].nr);
	if (!f[0].n || !f[1].n || !f[2].n)
		ret = -ENOMEM;
	for (int i = 0; !ret && i < 3; i++)
		sort(&f[i]);
	if (!ret)
		write_points(out, program, executions, f);
	for (int i = 0; i < 3; i++)
		free(f[i].n);
	return fclose(out) ? -errno : ret;
}
