/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the census says, as text, for tests that break something by hand. */
#ifndef TESTS_STRESS_CENSUS_UTIL_H
#define TESTS_STRESS_CENSUS_UTIL_H

#include "stress/oracle.h"
#include "stress/world.h"
#include "tests/mm/life_util.h"

static struct stress_shared census_shared;
static char findings[64 * 1024]; /* texts, a line each, since census() */

static inline void note_finding(const struct finding *f)
{
	size_t at = strlen(findings);

	snprintf(findings + at, sizeof(findings) - at, "%s: %s\n",
		 finding_kind_name(f->kind), f->text);
}

/* After life_boot(). */
static inline void census_boot(void)
{
	world.sh = &census_shared;
	set_finding_sink(note_finding);
}

/* From here on a finding is a failure again. */
static inline void census_stop(void)
{
	set_finding_sink(print_finding);
	findings_reset();
}

/* Return: findings. */
static inline const char *census(void)
{
	findings[0] = '\0';
	census_run(1, 1000);
	return findings;
}

/* The latest census() found this. */
#define saw(text)							\
	cr_expect_not_null(strstr(findings, text), "\"%s\" not in:\n%s", \
			   text, findings)

#endif
