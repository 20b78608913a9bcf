// SPDX-License-Identifier: GPL-2.0-or-later
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "stress/tsan_report.h"

static char reports[4][2048], lines[8][128];
static int nr_reports, nr_lines;

static void on_report(void *arg, const char *text)
{
	(void)arg;
	snprintf(reports[nr_reports++ % 4], sizeof(reports[0]), "%s", text);
}

static void on_line(void *arg, const char *text)
{
	(void)arg;
	snprintf(lines[nr_lines++ % 8], sizeof(lines[0]), "%s", text);
}

static const struct tsan_sink sink = { on_report, on_line, NULL };

#define RULER "==================\n"
#define RACE(addr, pid, first, second)					\
	RULER "WARNING: ThreadSanitizer: data race (pid=" pid ")\n"	\
	"  Write of size 8 at " addr " by thread T3:\n"			\
	"    #0 " first " mm/fork.c:12:3 (prog+0x1)\n"			\
	"    #1 caller mm/fork.c:99 (prog+0x2)\n"			\
	"\n"								\
	"  Previous read of size 8 at " addr " by thread T4:\n"		\
	"    #0 " second " mm/exit.c:45:1 (prog+0x3)\n"			\
	"\n"								\
	"SUMMARY: ThreadSanitizer: data race mm/fork.c:12:3 in " first "\n" RULER

TestSuite(tsan_report, .timeout = 10);

static void feed(const char *text, size_t chunk)
{
	struct tsan_splitter sp = { 0 };
	size_t len = strlen(text);

	nr_reports = nr_lines = 0;
	for (size_t at = 0; at < len; at += chunk)
		tsan_split(&sp, text + at, len - at < chunk ? len - at : chunk,
			   &sink);
	tsan_split_end(&sp, &sink);
}

static const char output[] =
	"hello\n" RACE("0x7f01", "77", "dup_mmap", "exit_mm")
	"between\n" RACE("0x7f02", "77", "do_wp_page", "exit_mm")
	"ThreadSanitizer: reported 2 warnings\n";

Test(tsan_report, splits_wherever_the_stream_is_cut)
{
	for (size_t chunk = 1; chunk < 200; chunk += 7) {
		feed(output, chunk);
		cr_assert_eq(nr_reports, 2, "chunk %zu: %d", chunk,
			     nr_reports);
		cr_assert_eq(nr_lines, 3);
		cr_assert_str_eq(lines[1], "between");
		cr_assert(strstr(reports[1], "do_wp_page"));
		cr_assert(!strstr(reports[0], "===="));
	}
}

Test(tsan_report, a_report_cut_short_is_not_lost)
{
	feed(RULER "WARNING: ThreadSanitizer: data race (pid=1)\n  Write", 64);
	cr_assert_eq(nr_reports, 1);
}

Test(tsan_report, describes_kind_and_place)
{
	struct found f;

	feed(output, 64);
	tsan_describe(reports[0], &f);
	cr_assert_str_eq(f.kind, "data-race");
	cr_assert_str_eq(f.where, "mm/fork.c:12:3 dup_mmap");
	cr_assert_str_eq(f.headline, "dup_mmap < caller | exit_mm");
}

Test(tsan_report, signature_ignores_addresses_and_pids)
{
	struct found a, b, c;

	feed(RACE("0x1", "1", "f", "g") RACE("0x9999", "2", "f", "g")
	     RACE("0x1", "1", "f", "h"), 1000);
	cr_assert_eq(nr_reports, 3);
	tsan_describe(reports[0], &a);
	tsan_describe(reports[1], &b);
	tsan_describe(reports[2], &c);
	cr_assert_eq(a.signature, b.signature);
	cr_assert_neq(a.signature, c.signature);
}

TestSuite(findings, .timeout = 10);

Test(findings, same_signature_is_counted_once)
{
	static struct findings fs;
	struct found f = { .signature = 5 }, g = { .signature = 6 };

	cr_assert(findings_add(&fs, &f));
	cr_assert(!findings_add(&fs, &f));
	cr_assert(findings_add(&fs, &g));
	cr_assert_eq(fs.nr, 2);
	cr_assert_eq(fs.total, 3);
	cr_assert_eq(fs.list[0].count, 2);
}

Test(findings, numbers_do_not_matter_words_do)
{
	uint64_t a = finding_signature("data", "f", "mm 12 has 3 users");
	uint64_t b = finding_signature("data", "f", "mm 9999 has 1 users");
	uint64_t c = finding_signature("data", "f", "mm 12 has 3 tasks");
	uint64_t d = finding_signature("leak", "f", "mm 12 has 3 users");

	cr_assert_eq(a, b);
	cr_assert_neq(a, c);
	cr_assert_neq(a, d);
}

Test(findings, more_than_fit_are_still_counted)
{
	static struct findings fs;

	for (uint64_t i = 1; i <= FINDINGS_MAX + 10; i++) {
		struct found f = { .signature = i };

		findings_add(&fs, &f);
	}
	cr_assert_eq(fs.nr, FINDINGS_MAX);
	cr_assert_eq(fs.total, FINDINGS_MAX + 10);
}

#define CRASH								\
	"ThreadSanitizer:DEADLYSIGNAL\n"				\
	"==77==ERROR: ThreadSanitizer: SEGV on unknown address 0x0 (pc 0x1)\n" \
	"==77==The signal is caused by a WRITE memory access.\n"	\
	"    #0 __tsan_atomic32_store (prog+0x1) (BuildId: be9b)\n"	\
	"    #1 lthread_wake locking/thread.c:310:2 (prog+0x2)\n"	\
	"    #2 grant locking/rwsem.c:225:3 (prog+0x3)\n"		\
	"ThreadSanitizer can not provide additional info.\n"		\
	"SUMMARY: ThreadSanitizer: SEGV (prog+0x1) in __tsan_atomic32_store\n"

/* The signal that ends a worker is a report, and behind it are lines again. */
Test(tsan_report, a_crash)
{
	struct found f;

	for (size_t chunk = 1; chunk < 200; chunk += 13) {
		feed("one\n" CRASH "==77==ABORTING\nbehind\n", chunk);
		cr_assert_eq(nr_reports, 1);
		cr_assert_eq(nr_lines, 3);
		cr_assert_str_eq(lines[2], "behind");
	}
	tsan_describe(reports[0], &f);
	cr_expect_str_eq(f.kind, FOUND_CRASH);
	cr_expect_str_eq(f.where, "locking/thread.c:310:2 lthread_wake");
	cr_expect_str_eq(f.headline, "SEGV in lthread_wake < grant");
	cr_expect(strstr(reports[0], "SEGV on unknown address 0x0"));
}

/* The worker may be gone before the last word is out. */
Test(tsan_report, a_crash_cut_short)
{
	feed(CRASH, 64);
	cr_expect_eq(nr_reports, 1);
	feed("==x==ERROR: ThreadSanitizer: no\n==7==ERROR: other\n", 64);
	cr_expect_eq(nr_reports, 0);
	cr_expect_eq(nr_lines, 2);
}
