// SPDX-License-Identifier: GPL-2.0-or-later
/* The parts of the explorer that can be tried without a program. */
#include <criterion/criterion.h>
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "explore/clock.h"
#include "explore/coverage.h"
#include "explore/engine.h"
#include "explore/explore.h"
#include "explore/schedule.h"
#include "explore/verdict.h"

TestSuite(engine, .timeout = 60);

Test(engine, vclock_join_takes_the_later)
{
	struct vclock a = { .n = 2, .c = { 3, 1 } };
	struct vclock b = { .n = 3, .c = { 1, 4, 2 } };

	vclock_join(&a, &b);
	cr_expect_eq(a.n, 3);
	cr_expect_eq(a.c[0], 3);
	cr_expect_eq(a.c[1], 4);
	cr_expect_eq(a.c[2], 2);
	cr_expect_eq(vclock_get(&a, 5), 0);
}

/* What a clock knew before it was cleared is nowhere to be seen. */
Test(engine, vclock_forgets)
{
	struct vclock a = { .n = 7, .c = { 9, 9, 9, 9, 9, 9, 9 } };
	struct vclock b = { .n = 7, .c = { 1, 1, 1, 1, 1, 1, 1 } };

	vclock_clear(&a);
	vclock_grow(&a, 5);
	a.c[4] = 3;
	vclock_grow(&a, 6);
	vclock_join(&b, &a);
	cr_expect_eq(b.n, 7);
	for (unsigned int i = 0; i < b.n; i++)
		cr_expect_eq(b.c[i], i == 4 ? 3 : 1, "entry %u is %u", i,
			     b.c[i]);
}

Test(engine, verdict_names_are_invertible)
{
	for (int v = 0; v < NR_VERDICTS; v++)
		cr_expect_eq(verdict_from_name(verdict_name(v)), v);
	cr_expect_eq(verdict_from_name("nonsense"), -1);
	cr_expect(!verdict_is_finding(VERDICT_CLEAN));
	cr_expect(!verdict_is_finding(VERDICT_BUDGET));
	cr_expect(!verdict_is_finding(VERDICT_HARNESS));
	cr_expect(verdict_is_finding(VERDICT_LEAK));
}

Test(engine, mask_nth_counts_set_bits)
{
	cr_expect_eq(mask_nth(0x8000000000000111ull, 0), 0);
	cr_expect_eq(mask_nth(0x8000000000000111ull, 1), 4);
	cr_expect_eq(mask_nth(0x8000000000000111ull, 3), 63);
}

Test(engine, coverage_is_a_set_of_pairs)
{
	cr_assert_eq(coverage_begin(3), 0);
	coverage_use(2);
	coverage_pair(COVERAGE_READS_FROM, 10, 20);
	coverage_pair(COVERAGE_READS_FROM, 10, 20);
	coverage_pair(COVERAGE_READS_FROM, 20, 10);
	coverage_pair(COVERAGE_HAND_OVER, 10, 20);
	cr_expect_eq(coverage.nr[COVERAGE_READS_FROM], 2);
	cr_expect_eq(coverage.nr[COVERAGE_HAND_OVER], 1);
	coverage_use(1);
	cr_expect_eq(coverage.nr[COVERAGE_READS_FROM], 0);
	coverage_pair(COVERAGE_READS_FROM, 10, 20);
	coverage_pair(COVERAGE_READS_FROM, 10, 21);
	coverage_use(0);
	coverage_merge(~0ull);
	cr_expect_eq(coverage.nr[COVERAGE_READS_FROM], 3);
	cr_expect_eq(coverage.nr[COVERAGE_HAND_OVER], 1);
}

Test(engine, coverage_of_the_last_minute)
{
	cr_assert_eq(coverage_begin(1), 0);
	coverage_pair(COVERAGE_READS_FROM, 1, 1);
	coverage_tick(30);
	cr_expect_eq(coverage_recent(), 1);
	coverage_pair(COVERAGE_READS_FROM, 1, 2);
	coverage_tick(59.5);
	cr_expect_eq(coverage_recent(), 2);
	coverage_tick(75);
	cr_expect_eq(coverage_recent(), 1);
	coverage_tick(200);
	cr_expect_eq(coverage_recent(), 0);
}

/* Campaigns with other seeds are others, not the same shifted by a few. */
Test(engine, seeds_share_no_execution)
{
	static uint64_t states[50 * 50];

	for (unsigned int i = 0; i < 50 * 50; i++)
		states[i] = rng_seed(i / 50, i % 50);
	for (unsigned int i = 1; i < 50 * 50; i++)
		for (unsigned int k = 0; k < i; k++)
			cr_assert_neq(states[i], states[k]);
}

Test(engine, schedule_survives_the_file)
{
	uint8_t decisions[] = { 0, 1, 1, 1, 2, 33, 33, 0 };
	struct schedule s = { .program = "p",
			      .strategy = "pct",
			      .model = "sc",
			      .seed = 7,
			      .execution = 99,
			      .max_steps = 1000,
			      .digest = 0x123456789abcdefull,
			      .verdict = VERDICT_RACE,
			      .n = 8,
			      .decisions = decisions };
	char file[] = "/tmp/explore-test-XXXXXX";
	char why[256];
	struct schedule back;

	close(mkstemp(file));
	snprintf(s.binary, sizeof(s.binary), "%s", schedule_binary());
	cr_assert_eq(schedule_write(&s, file), 0);
	cr_assert_eq(schedule_read(&back, file, why, sizeof(why)), 0, "%s",
		     why);
	cr_expect_eq(back.n, 8);
	cr_expect(!memcmp(back.decisions, decisions, 8));
	cr_expect_eq(back.seed, 7);
	cr_expect_eq(back.digest, s.digest);
	cr_expect_eq(back.verdict, VERDICT_RACE);
	schedule_free(&back);
	unlink(file);
}

/* A host program's own body, without any main() of the explorer. */
static atomic_int value;
static int local;

static void *add(void *arg)
{
	atomic_fetch_add(&value, 1);
	return arg;
}

static void body(void *arg)
{
	pthread_t t;

	local += 1;
	if (local != 1 || value)
		explore_finding(VERDICT_ASSERTION, "the world was not reset");
	pthread_create(&t, NULL, add, NULL);
	add(NULL);
	if (value == *(int *)arg)
		explore_finding(VERDICT_ASSERTION, "oracle saw %d", value);
	pthread_join(t, NULL);
}

static int campaign(int bad, struct explore_result *res)
{
	struct explore_options opt = explore_defaults();

	opt.executions = 1000;
	opt.out = stderr;
	return explore_campaign(&opt, body, &bad, res);
}

Test(engine, host_program_resets_its_variables)
{
	struct explore_result res;

	cr_expect_eq(campaign(-1, &res), EXPLORE_EXIT_CLEAN, "%s", res.message);
	cr_expect_eq(res.executions, 1000);
	cr_expect_eq(res.verdicts[VERDICT_CLEAN], 1000);
	cr_expect_eq(local, 0);
	cr_expect_gt(res.classes, 2);
}

Test(engine, oracle_ends_the_execution)
{
	struct explore_result res;

	cr_expect_eq(campaign(2, &res), EXPLORE_EXIT_FINDINGS);
	cr_expect_str_eq(res.message, "oracle saw 2");
	cr_expect_eq(res.verdicts[VERDICT_ASSERTION], 1);
}

Test(engine, same_seed_same_campaign)
{
	struct explore_result a, b;

	campaign(2, &a);
	campaign(2, &b);
	cr_expect_eq(a.first_finding, b.first_finding);
	cr_expect_eq(a.steps, b.steps);
}

/* ---- names ------------------------------------------------------------------- */

static void *has_two_roles(void *arg)
{
	pthread_setname_np(pthread_self(), "first");
	pthread_setname_np(pthread_self(), "second");
	pthread_setname_np(pthread_self(), "second");
	return arg;
}

static void fail_with_names(void *arg)
{
	pthread_t t;

	pthread_create(&t, NULL, has_two_roles, arg);
	pthread_join(t, NULL);
	pthread_create(&t, NULL, add, arg);
	pthread_join(t, NULL);
	explore_finding(VERDICT_ASSERTION, "said \"so\"");
}

static void read_file(const char *path, char *buf, size_t size)
{
	FILE *f = fopen(path, "r");

	cr_assert(f, "%s", path);
	buf[fread(buf, 1, size - 1, f)] = 0;
	fclose(f);
	unlink(path);
}

/* Those a thread gave itself, else of the function it was started with. */
Test(engine, threads_have_names)
{
	static char report[8192], diagram[8192], trace[8192];
	char dir[] = "/tmp/explore-test-XXXXXX", files[3][64];
	struct explore_options opt = explore_defaults();
	struct explore_result res;

	cr_assert(mkdtemp(dir));
	snprintf(files[0], sizeof(files[0]), "%s/diagram", dir);
	snprintf(files[1], sizeof(files[1]), "%s/trace", dir);
	snprintf(files[2], sizeof(files[2]), "%s/report", dir);
	opt.executions = 1;
	opt.mermaid_file = files[0];
	opt.chrome_file = files[1];
	opt.out = fopen(files[2], "w");
	cr_assert(opt.out);
	cr_expect_eq(explore_campaign(&opt, fail_with_names, NULL, &res),
		     EXPLORE_EXIT_FINDINGS);
	fclose(opt.out);
	read_file(files[2], report, sizeof(report));
	cr_expect(strstr(report, "| thread 0 (fail_with_names) "), "%s",
		  report);
	cr_expect(strstr(report, "| thread 1 (first, second) "), "%s", report);
	cr_expect(strstr(report, "| thread 2 (add) "), "%s", report);
	read_file(files[0], diagram, sizeof(diagram));
	cr_expect(strstr(diagram, "participant T1 as thread 1 (first, second)\n"),
		  "%s", diagram);
	cr_expect(strstr(diagram, "T0,T2: assertion: said _so_\n"), "%s",
		  diagram);
	read_file(files[1], trace, sizeof(trace));
	cr_expect(strstr(trace, "{\"name\":\"thread 1 (first, second)\"}"), "%s",
		  trace);
	rmdir(dir);
}

/* ---- memory of explore_prepare() ---------------------------------------------- */

#define PREPARED (64u << 10)

static char *prepared;

static int prepare(void *arg)
{
	(void)arg;
	prepared = calloc(1, PREPARED);
	return prepared ? 0 : -ENOMEM;
}

/* As a library would: no access of it is announced. */
__attribute__((disable_sanitizer_instrumentation, noinline))
static void write_unannounced(char *p)
{
	*(volatile char *)p = 1;
}

static void use_prepared(void *arg)
{
	(void)arg;
	if (prepared[PREPARED / 2])
		explore_finding(VERDICT_ASSERTION, "the image was not reset");
	prepared[0]++;
	write_unannounced(&prepared[PREPARED / 2]);
}

Test(engine, large_prepared_memory_is_reset_whoever_wrote_it)
{
	struct explore_options opt = explore_defaults();
	struct explore_result res;

	opt.executions = 3000;
	opt.leaks = false;
	opt.out = stderr;
	cr_assert_eq(explore_prepare(prepare, NULL), 0);
	cr_expect_eq(explore_campaign(&opt, use_prepared, NULL, &res),
		     EXPLORE_EXIT_CLEAN, "%s", res.message);
	cr_expect_eq(res.executions, 3000);
}
