// SPDX-License-Identifier: GPL-2.0-or-later
#include <unistd.h>

#include "locking/spinlock.h"
#include "tests/locking/util.h"

TestSuite(report, .timeout = 20, .init = capture_findings,
	  .fini = assert_no_leaks);

DEFINE_LOCK_CLASS(report_class, "report lock");
static DEFINE_SPINLOCK(lock, &report_class);

Test(report, carries_place_and_held_locks)
{
	spin_lock(&lock);
	report_finding(FINDING_DATA, "value %d", 42);
	spin_unlock(&lock);
	assert_found(FINDING_DATA, "value 42");
	cr_assert_eq(captured[0].line, __LINE__ - 3);
	cr_assert(strstr(captured[0].held, "report lock"));
	cr_assert(strstr(captured[0].held, "test_report.c"));
	cr_assert_eq(findings_count(FINDING_DATA), 1);
	cr_assert_eq(findings_count(FINDING_BUG), 0);
}

Test(report, every_kind_has_a_name)
{
	for (int k = 0; k < NR_FINDING_KINDS; k++) {
		const char *name = finding_kind_name((enum finding_kind)k);

		cr_assert(name && name[0] != '?', "kind %d", k);
	}
	cr_assert_str_eq(finding_kind_name(NR_FINDING_KINDS), "?");
}

static void report_again(const struct finding *f)
{
	capture(f);
	report_finding(FINDING_BUG, "inside the sink");
}

Test(report, sink_does_not_recurse)
{
	set_finding_sink(report_again);
	report_finding(FINDING_DATA, "first");
	cr_assert_eq(captures(), 1);
	cr_assert_eq(findings_count(NR_FINDING_KINDS), 2);
}

Test(report, one_place_has_a_limit)
{
	for (int i = 0; i < 2 * FINDINGS_PER_SITE; i++)
		report_finding(FINDING_DATA, "again");
	cr_assert_eq(captures(), FINDINGS_PER_SITE);
	cr_assert_eq(findings_count(FINDING_DATA), 2 * FINDINGS_PER_SITE);
	findings_reset();
	cr_assert_eq(findings_count(NR_FINDING_KINDS), 0);
}

static void expect_bug(const struct finding *f)
{
	bool right = f->fatal && f->kind == FINDING_BUG && captures() == 1 &&
		     strstr(f->text, "map_count 3, list 2");

	_exit(right ? 7 : 8);
}

Test(report, bug_ends_the_run, .exit_code = 7)
{
	int count = 3, list = 2;

	set_fatal_handler(expect_bug);
	mm_bug_on(count == list, "not this one");
	mm_bug_on(count != list, "map_count %d, list %d", count, list);
	_exit(9);
}

Test(report, default_is_exit_status_1, .exit_code = 1)
{
	set_finding_sink(NULL);
	BUG_ON(1 + 1 == 2);
	_exit(9);
}

Test(report, warn_goes_on)
{
	cr_assert(WARN_ON(captures() == 0));
	cr_assert_not(WARN_ON(captures() == 0));
	assert_found(FINDING_BUG, "WARN_ON");
}
