// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The prologue of executions, up to explore_ready(): done once, and whoever
 * resumes from there finds all that it left.  Each campaign here repeats every
 * execution from the beginning and compares.
 */
#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <urcu/urcu-memb.h>

#include "explore/engine.h"
#include "explore/explore.h"
#include "explore/poison.h"

TestSuite(prologue, .timeout = 60);

#define EXECUTIONS 200

/* These outlive executions, and count them. */
static unsigned int nr_prologues EXPLORE_STATE;
static unsigned int nr_rests EXPLORE_STATE;

static struct explore_options options(void)
{
	struct explore_options opt = explore_defaults();

	opt.executions = EXECUTIONS;
	opt.check_every = 1;
	opt.from_ready = true;
	opt.out = stderr;
	return opt;
}

/* ---- all sorts of state ------------------------------------------------------ */

#define BIG (256u << 10)
#define NR_THREADS 3

static struct {
	pthread_mutex_t lock;
	pthread_key_t key;
	sem_t arrived, go, three;
	atomic_int sum, level;
	int plain; /* under lock */
	int seen; /* by RCU callbacks */
	char *block;
	struct rcu_head head;
} world;

static char big[BIG]; /* so that pages are followed */
static __thread int local;

static void callback(struct rcu_head *head)
{
	(void)head;
	world.seen++;
}

static void expect(bool good, const char *what)
{
	if (!good)
		explore_finding(VERDICT_ASSERTION, "%s", what);
}

static void *worker(void *arg)
{
	int *on_stack = &(int){ 5 };

	local = 7;
	pthread_setspecific(world.key, arg);
	sem_post(&world.arrived);
	for (int i = 0; i < 3; i++)
		atomic_store_explicit(&world.level, i, memory_order_relaxed);
	sem_wait(&world.go);
	expect(local == 7 && *on_stack == 5, "stack or thread-local data");
	expect(pthread_getspecific(world.key) == arg, "value of a key");
	atomic_fetch_add_explicit(&world.sum, 1, memory_order_relaxed);
	pthread_mutex_lock(&world.lock);
	world.plain++;
	big[BIG / 2]++;
	pthread_mutex_unlock(&world.lock);
	local = 8;
	return NULL;
}

/* What it reads may be old, in some executions. */
static void *reader(void *arg)
{
	int level;

	sem_post(&world.arrived);
	sem_wait(&world.go);
	level = atomic_load_explicit(&world.level, memory_order_relaxed);
	expect(level >= 0 && level < 3, "atomic variable");
	return arg;
}

static void set_up(pthread_t *threads)
{
	pthread_mutex_init(&world.lock, NULL);
	pthread_key_create(&world.key, NULL);
	sem_init(&world.arrived, 0, 0);
	sem_init(&world.go, 0, 0);
	sem_init(&world.three, 0, 3);
	world.block = malloc(100);
	memset(world.block, 1, 100);
	world.plain = 10;
	big[BIG / 2] = 3;
	big[0] = 4;
	for (long i = 0; i < NR_THREADS; i++)
		pthread_create(&threads[i], NULL, i < 2 ? worker : reader,
			       (void *)(i + 1));
	urcu_memb_call_rcu(&world.head, callback);
	urcu_memb_barrier();
	for (int i = 0; i < NR_THREADS; i++)
		sem_wait(&world.arrived);
	nr_prologues++;
}

static void all_sorts(void *arg)
{
	pthread_t threads[NR_THREADS];
	int value = 0;

	(void)arg;
	expect(!world.block && !big[0], "the world was not reset");
	set_up(threads);
	explore_ready();
	nr_rests++;
	expect(world.seen == 1, "RCU callback");
	world.block[5]++;
	expect(world.block[5] == 2, "heap");
	expect(!sem_getvalue(&world.three, &value) && value == 3, "semaphore");
	for (int i = 0; i < NR_THREADS; i++)
		sem_post(&world.go);
	urcu_memb_call_rcu(&world.head, callback);
	for (int i = 0; i < NR_THREADS; i++)
		pthread_join(threads[i], NULL);
	expect(world.sum == 2 && world.plain == 12, "counters");
	expect(big[BIG / 2] == 5 && big[0] == 4, "variables");
	urcu_memb_barrier();
	expect(world.seen == 2, "second RCU callback");
	big[0] = 5;
	free(world.block);
}

static const struct {
	char strategy[8];
	char model[8];
} ways[] = {
	{ "random", "sc" }, { "pct", "sc" }, { "pos", "sc" }, { "rff", "sc" },
	{ "dfs", "sc" }, { "pos", "tso" }, { "random", "tso" },
	{ "pos", "c11" }, { "rff", "c11" },
};

ParameterizedTestParameters(prologue, is_done_once)
{
	return cr_make_param_array(__typeof__(ways[0]), (void *)ways,
				   sizeof(ways) / sizeof(ways[0]));
}

ParameterizedTest(const __typeof__(ways[0]) *way, prologue, is_done_once)
{
	struct explore_options opt = options();
	struct explore_result res;

	opt.strategy = way->strategy;
	opt.memory_model = way->model;
	cr_expect_eq(explore_campaign(&opt, all_sorts, NULL, &res),
		     EXPLORE_EXIT_CLEAN, "%s", res.message);
	cr_expect_eq(res.executions, EXECUTIONS);
	/* Each was repeated from the beginning; and one of the others began. */
	cr_expect_eq(nr_prologues, EXECUTIONS + 1);
	cr_expect_geq(nr_rests, 2 * EXECUTIONS);
	cr_expect_eq(res.verdicts[VERDICT_CLEAN], EXECUTIONS);
}

/* Each worker process does it once more. */
Test(prologue, in_other_processes)
{
	struct explore_options opt = options();
	struct explore_result res;

	opt.executions = 10 * EXECUTIONS;
	opt.jobs = 2;
	cr_expect_eq(explore_campaign(&opt, all_sorts, NULL, &res),
		     EXPLORE_EXIT_CLEAN, "%s", res.message);
	cr_expect_eq(res.verdicts[VERDICT_CLEAN], 10 * EXECUTIONS);
}

/* ---- what is written again ------------------------------------------------------ */

#define PAGES 200

static char pages[PAGES][4096];

/* Each execution another page: restoring what changed once is not enough. */
static void writes_again(void *arg)
{
	unsigned int page;

	(void)arg;
	for (int i = 0; i < PAGES; i++)
		pages[i][0] = 1;
	explore_ready();
	page = explore_choose(PAGES);
	expect(pages[page][0] == 1, "what an older execution wrote");
	pages[page][0] = 2;
}

Test(prologue, is_restored_where_it_is_written_again)
{
	struct explore_options opt = options();
	struct explore_result res;

	opt.executions = 10 * PAGES;
	opt.check_every = 0;
	cr_expect_eq(explore_campaign(&opt, writes_again, NULL, &res),
		     EXPLORE_EXIT_CLEAN, "%s", res.message);
}

/* ---- detectors ----------------------------------------------------------------- */

static volatile int shared;
static int *freed;

static void *writes(void *arg)
{
	sem_post(&world.arrived);
	shared = 1;
	sem_wait(&world.go);
	return arg;
}

static char area[4096];

static void *writes_to_area(void *arg)
{
	sem_post(&world.arrived);
	area[300] = 1;
	sem_wait(&world.go);
	return arg;
}

static void set_shared(void)
{
	shared = 2;
}

static void set_area(void)
{
	memset(area, 2, sizeof(area));
}

static const struct {
	void *(*fn)(void *);
	void (*other)(void);
} races[] = { { writes, set_shared }, { writes_to_area, set_area } };

static void races_with_prologue(void *arg)
{
	int i = *(int *)arg;
	pthread_t t;

	sem_init(&world.arrived, 0, 0);
	sem_init(&world.go, 0, 0);
	pthread_create(&t, NULL, races[i].fn, NULL);
	sem_wait(&world.arrived);
	explore_ready();
	if (explore_choose(20) == 19)
		races[i].other();
	sem_post(&world.go);
	pthread_join(t, NULL);
}

/* One access in the prologue, the other in an execution that resumed. */
Test(prologue, race_with_what_comes_later)
{
	for (int i = 0; i < 2; i++) {
		struct explore_options opt = options();
		struct explore_result res;

		cr_expect_eq(explore_campaign(&opt, races_with_prologue, &i,
					      &res), EXPLORE_EXIT_FINDINGS);
		cr_expect_eq(res.verdicts[VERDICT_RACE], 1, "%d: %s", i, res.message);
		cr_expect_gt(res.first_finding, 1);
	}
}

static void uses_freed(void *arg)
{
	freed = malloc(8);
	free(freed);
	explore_ready();
	if (explore_choose(20) == 19)
		*freed = *(int *)arg;
}

Test(prologue, use_of_what_it_freed)
{
	struct explore_options opt = options();
	struct explore_result res;

	cr_expect_eq(explore_campaign(&opt, uses_freed, &(int){ 1 }, &res),
		     EXPLORE_EXIT_FINDINGS);
	cr_expect_eq(res.verdicts[VERDICT_MEMORY], 1, "%s", res.message);
	cr_expect_gt(res.first_finding, 1);
}

/* In memory that the prologue wrote as a whole. */
static void uses_poisoned(void *arg)
{
	memset(area, 1, sizeof(area));
	explore_ready();
	if (explore_choose(20) < 19)
		return;
	__asan_poison_memory_region(area, sizeof(area));
	*(int *)arg = area[2000];
}

Test(prologue, use_of_what_was_freed_later)
{
	struct explore_options opt = options();
	struct explore_result res;

	cr_expect_eq(explore_campaign(&opt, uses_poisoned, &(int){ 0 }, &res),
		     EXPLORE_EXIT_FINDINGS);
	cr_expect_eq(res.verdicts[VERDICT_MEMORY], 1, "%s", res.message);
	cr_expect_gt(res.first_finding, 1);
}

static void uses_unpoisoned(void *arg)
{
	memset(area, 1, sizeof(area));
	__asan_poison_memory_region(area, sizeof(area));
	explore_ready();
	__asan_unpoison_memory_region(area, sizeof(area));
	*(int *)arg = area[2000];
}

Test(prologue, use_of_what_was_freed_before)
{
	struct explore_options opt = options();
	struct explore_result res;

	cr_expect_eq(explore_campaign(&opt, uses_unpoisoned, &(int){ 0 }, &res),
		     EXPLORE_EXIT_CLEAN, "%s", res.message);
}

static void loses_block(void *arg)
{
	(void)arg;
	world.block = malloc(8);
	explore_ready();
	if (explore_choose(20) == 19)
		world.block = NULL;
}

Test(prologue, leak_of_what_it_allocated)
{
	struct explore_options opt = options();
	struct explore_result res;

	cr_expect_eq(explore_campaign(&opt, loses_block, NULL, &res),
		     EXPLORE_EXIT_FINDINGS);
	cr_expect_eq(res.verdicts[VERDICT_LEAK], 1, "%s", res.message);
	cr_expect_gt(res.first_finding, 1);
}

/* ---- searches -------------------------------------------------------------------- */

static void *two_sections(void *arg)
{
	for (int i = 0; i < 2; i++) {
		pthread_mutex_lock(&world.lock);
		world.plain++;
		pthread_mutex_unlock(&world.lock);
	}
	return arg;
}

/* Threads that exist and have not begun. */
static void contends(void *arg)
{
	pthread_t threads[2];

	(void)arg;
	pthread_mutex_init(&world.lock, NULL);
	pthread_mutex_lock(&world.lock);
	pthread_mutex_unlock(&world.lock);
	for (int i = 0; i < 2; i++)
		pthread_create(&threads[i], NULL, two_sections, NULL);
	explore_ready();
	for (int i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
}

/* Two sections of two threads have six orders, wherever the search begins. */
Test(prologue, search_begins_behind_it)
{
	uint64_t events[2];

	for (int from_ready = 0; from_ready < 2; from_ready++) {
		struct explore_options opt = options();
		struct explore_result res;

		opt.executions = 0;
		opt.strategy = "dpor";
		opt.from_ready = from_ready;
		cr_expect_eq(explore_campaign(&opt, contends, NULL, &res),
			     EXPLORE_EXIT_CLEAN, "%s", res.message);
		cr_expect(res.complete);
		cr_expect_eq(res.executions, 6);
		events[from_ready] = res.events;
	}
	/* A start, a lock, an unlock and two creations each. */
	cr_expect_eq(events[0] - events[1], 6 * 5);
}

/* ---- too much to keep --------------------------------------------------------------- */

static void allocates(void *arg)
{
	world.block = malloc(*(size_t *)arg);
	nr_prologues++;
	explore_ready();
	free(world.block);
}

/* Return: how often the prologue was done. */
static unsigned int count_prologues(size_t size)
{
	struct explore_options opt = options();
	struct explore_result res;

	opt.executions = 10;
	opt.check_every = 0;
	nr_prologues = 0;
	cr_expect_eq(explore_campaign(&opt, allocates, &size, &res),
		     EXPLORE_EXIT_CLEAN, "%s", res.message);
	cr_expect_eq(res.executions, 10);
	return nr_prologues;
}

/* Then each execution does it; another program is another matter. */
Test(prologue, is_done_each_time_where_it_is_too_large)
{
	cr_expect_geq(count_prologues(100u << 20), 10);
	cr_expect_eq(count_prologues(100), 1);
}

/* ---- misuse ------------------------------------------------------------------------ */

static void is_never_ready(void *arg)
{
	(void)arg;
}

static void chooses_early(void *arg)
{
	(void)arg;
	explore_choose(2);
	explore_ready();
}

static void expect_refusal(void (*body)(void *), const char *why)
{
	struct explore_options opt = options();
	struct explore_result res;

	cr_expect_eq(explore_campaign(&opt, body, NULL, &res),
		     EXPLORE_EXIT_HARNESS);
	cr_expect(strstr(res.message, why), "%s", res.message);
}

Test(prologue, without_an_end)
{
	expect_refusal(is_never_ready, "was never ready");
}

Test(prologue, with_a_choice)
{
	expect_refusal(chooses_early, "chooses something before it is ready");
}

/* Without the option the call does nothing. */
Test(prologue, that_nobody_wants)
{
	struct explore_options opt = options();
	struct explore_result res;

	opt.from_ready = false;
	cr_expect_eq(explore_campaign(&opt, all_sorts, NULL, &res),
		     EXPLORE_EXIT_CLEAN, "%s", res.message);
	cr_expect_geq(nr_prologues, 2 * EXECUTIONS);
}
