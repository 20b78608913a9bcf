// SPDX-License-Identifier: GPL-2.0-or-later
#include "explore/workers.h"

#include <inttypes.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "explore/classes.h"
#include "explore/coverage.h"
#include "explore/crash.h"
#include "explore/engine.h"
#include "explore/finding.h"
#include "explore/interrupt.h"

struct found_at {
	uint64_t n;
	uint64_t signature;
};

/* An execution that may turn out to lie beyond the last that counts. */
struct counted {
	uint64_t n;
	uint32_t steps;
	uint32_t events;
	uint32_t again;
	uint32_t verdict;
};

#define TAIL (1u << 16)
#define LOOK_EVERY (1u << 12) /* executions: how far ahead of the others? */
#define MAX_AHEAD (TAIL - 2 * LOOK_EVERY) /* in executions of one worker */

struct worker {
	pid_t pid;
	struct counted tail[TAIL]; /* the youngest, a ring */
	uint64_t at; /* (atomic) number of the execution it is in, or ~0 */
	uint64_t failed; /* number of the one it could not go on from, or 0 */
	struct explore_result res;
	uint32_t nr;
	struct found_at found[MAX_SIGNATURES];
};

struct workers {
	uint64_t end; /* (atomic) one process would end with this one, or ~0 */
	int stop; /* (atomic) one of them is gone */
	struct worker worker[];
};

static size_t size_of(unsigned int n)
{
	return sizeof(struct workers) + n * sizeof(struct worker);
}

/* ---- workers ---------------------------------------------------------------- */

static uint64_t slowest(const struct workers *all, unsigned int jobs)
{
	uint64_t least = UINT64_MAX;

	for (unsigned int i = 0; i < jobs; i++) {
		uint64_t at = __atomic_load_n(&all->worker[i].at,
					      __ATOMIC_RELAXED);

		if (at < least)
			least = at;
	}
	return least;
}

/* What lies beyond a finding of the slowest must still be in the tail. */
static void wait_for_slower(const struct campaign *c, uint64_t next)
{
	const struct timespec pause = { .tv_nsec = 1000000 };
	const struct workers *all = c->workers;
	uint64_t ahead = (uint64_t)MAX_AHEAD * c->opt->jobs;

	while (next > ahead && slowest(all, c->opt->jobs) < next - ahead) {
		if (__atomic_load_n(&all->stop, __ATOMIC_RELAXED) ||
		    interrupt_seen() ||
		    (c->opt->secs > 0 &&
		     campaign_now() - c->start >= c->opt->secs))
			return;
		nanosleep(&pause, NULL);
	}
}

bool workers_enough(const struct campaign *c, uint64_t next)
{
	struct workers *all = c->workers;

	__atomic_store_n(&all->worker[c->worker].at, next, __ATOMIC_RELAXED);
	if (c->done % LOOK_EVERY == 0)
		wait_for_slower(c, next);
	return __atomic_load_n(&all->stop, __ATOMIC_RELAXED) ||
	       next > __atomic_load_n(&all->end, __ATOMIC_RELAXED);
}

/* One process would not have gone on after execution @n. */
static void end_with(struct workers *all, uint64_t n)
{
	uint64_t end = __atomic_load_n(&all->end, __ATOMIC_RELAXED);

	while (n < end &&
	       !__atomic_compare_exchange_n(&all->end, &end, n, false,
					    __ATOMIC_RELAXED, __ATOMIC_RELAXED))
		;
}

bool workers_found(struct campaign *c, uint64_t signature)
{
	struct worker *w = &c->workers->worker[c->worker];

	for (uint32_t i = 0; i < w->nr; i++)
		if (w->found[i].signature == signature)
			return false;
	if (w->nr < MAX_SIGNATURES)
		w->found[w->nr++] = (struct found_at){ c->n, signature };
	if (!c->opt->keep_going)
		end_with(c->workers, c->n);
	return true;
}

void workers_counted(struct campaign *c, enum verdict v, uint32_t again)
{
	struct worker *w = &c->workers->worker[c->worker];

	w->tail[(c->res->executions - 1) % TAIL] = (struct counted){
		.n = c->n, .steps = (uint32_t)eng.steps, .events = eng.events,
		.again = again, .verdict = v,
	};
}

static _Noreturn void be_worker(struct campaign *c, unsigned int i)
{
	struct worker *w = &c->workers->worker[i];
	unsigned int jobs = c->opt->jobs;
	struct explore_options opt = *c->opt;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	opt.progress = opt.progress && !i;
	c->opt = &opt;
	c->worker = i;
	c->res = &w->res;
	c->n = c->n + i + 1 - jobs;
	c->stride = jobs;
	classes_use(i + 1);
	coverage_use(i + 1);
	if (engine_forked())
		_exit(EXPLORE_EXIT_HARNESS);
	crash_watch();
	campaign_loop(c);
	if (c->res->verdicts[VERDICT_HARNESS]) {
		w->failed = c->n;
		end_with(c->workers, c->n);
	}
	__atomic_store_n(&w->at, UINT64_MAX, __ATOMIC_RELAXED);
	fflush(campaign_out(c->opt));
	_exit(EXPLORE_EXIT_CLEAN);
}

/* ---- their parent ----------------------------------------------------------- */

/* Whether a worker's failure counts is seen at the end. */
static void add_result(struct explore_result *sum,
		       const struct explore_result *r)
{
	sum->executions += r->executions;
	sum->redundant += r->redundant;
	sum->steps += r->steps;
	sum->events += r->events;
	sum->again += r->again;
	for (int v = 0; v < NR_VERDICTS; v++)
		if (v != VERDICT_HARNESS)
			sum->verdicts[v] += r->verdicts[v];
}

static void forget_later(struct explore_result *res, const struct worker *w,
			 uint64_t end)
{
	for (uint32_t i = 0; i < TAIL && i < w->res.executions; i++) {
		const struct counted *t = &w->tail[i];

		if (t->n <= end)
			continue;
		res->executions--;
		res->steps -= t->steps;
		res->events -= t->events;
		res->again -= t->again;
		if (t->verdict != VERDICT_HARNESS)
			res->verdicts[t->verdict]--;
	}
}

/* Count as one process would have. */
static void add_up(struct campaign *c, const struct workers *all)
{
	for (unsigned int i = 0; i < c->opt->jobs; i++) {
		const struct worker *w = &all->worker[i];

		add_result(c->res, &w->res);
		forget_later(c->res, w, all->end);
		if (w->failed != all->end)
			continue;
		c->res->verdicts[VERDICT_HARNESS]++;
		memcpy(c->res->message, w->res.message,
		       sizeof(c->res->message));
		fprintf(campaign_out(c->opt), "explore: %s\n",
			c->res->message);
	}
	classes_merge(all->end);
	coverage_merge(all->end);
}

static int by_number(const void *a, const void *b)
{
	const struct found_at *x = a, *y = b;

	return (x->n > y->n) - (x->n < y->n);
}

/* Run again, in order, what the workers found; the parent explains. */
static void report(struct campaign *c, const struct workers *all)
{
	unsigned int jobs = c->opt->jobs;
	struct found_at *f = calloc(jobs, MAX_SIGNATURES * sizeof(*f));
	uint32_t n = 0;

	if (!f) {
		fprintf(campaign_out(c->opt), "explore: no memory to report"
			" what was found\n");
		c->res->verdicts[VERDICT_HARNESS]++;
		c->unwritten = true;
		return;
	}
	for (unsigned int i = 0; i < jobs; i++) {
		const struct worker *w = &all->worker[i];

		memcpy(f + n, w->found, w->nr * sizeof(*f));
		n += w->nr;
	}
	qsort(f, n, sizeof(*f), by_number);
	for (uint32_t i = 0; i < n && f[i].n <= all->end; i++)
		campaign_rerun(c, f[i].n);
	free(f);
}

/*
 * What the workers wrote for the case that nobody lives to report it; it
 * stays if that did not work out.
 */
static void remove_schedules(struct campaign *c, struct workers *all)
{
	char path[PATH_MAX];

	if (!c->opt->schedule_file || c->unwritten)
		return;
	c->workers = all;
	for (unsigned int i = 0; i < c->opt->jobs; i++)
		for (uint32_t k = 0; k < all->worker[i].nr; k++) {
			if (c->opt->before_files)
				c->opt->before_files();
			finding_path(c, all->worker[i].found[k].n, path);
			unlink(path);
		}
	c->workers = NULL;
}

/* A worker is gone that had not finished: its executions are not done. */
static void note_death(struct campaign *c, const struct worker *w, int status)
{
	FILE *out = campaign_out(c->opt);

	c->res->verdicts[VERDICT_HARNESS]++;
	if (WIFSIGNALED(status))
		fprintf(out, "explore: a worker was killed by signal %d in"
			" execution %" PRIu64 " or before it\n",
			WTERMSIG(status),
			__atomic_load_n(&w->at, __ATOMIC_RELAXED));
	else
		fprintf(out, "explore: a worker ended with status %d in"
			" execution %" PRIu64 "\n", WEXITSTATUS(status),
			__atomic_load_n(&w->at, __ATOMIC_RELAXED));
}

static void wait_for_worker(struct campaign *c, struct workers *all)
{
	int status;
	pid_t pid = wait(&status);

	if (pid > 0 && !status)
		return;
	__atomic_store_n(&all->stop, 1, __ATOMIC_RELAXED);
	for (unsigned int i = 0; i < c->opt->jobs; i++)
		if (all->worker[i].pid == pid)
			note_death(c, &all->worker[i], status);
}

static unsigned int start_workers(struct campaign *c, struct workers *all)
{
	unsigned int n = 0;

	for (; n < c->opt->jobs; n++) {
		pid_t pid = fork();

		if (!pid)
			be_worker(c, n);
		if (pid < 0)
			break;
		all->worker[n].pid = pid;
	}
	if (n < c->opt->jobs) {
		fprintf(campaign_out(c->opt), "explore: no process for worker"
			" %u\n", n);
		c->res->verdicts[VERDICT_HARNESS]++;
		__atomic_store_n(&all->stop, 1, __ATOMIC_RELAXED);
	}
	return n;
}

static struct workers *new_workers(const struct campaign *c)
{
	unsigned int jobs = c->opt->jobs;
	struct workers *all = mmap(NULL, size_of(jobs),
				   PROT_READ | PROT_WRITE,
				   MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (all == MAP_FAILED)
		return NULL;
	all->end = UINT64_MAX;
	for (unsigned int i = 0; i < jobs; i++)
		all->worker[i].at = c->n;
	return all;
}

void workers_run(struct campaign *c)
{
	struct workers *all = new_workers(c);
	unsigned int started;

	if (!all) {
		c->res->verdicts[VERDICT_HARNESS]++;
		return;
	}
	c->workers = all;
	fflush(NULL);
	started = start_workers(c, all);
	c->workers = NULL;
	while (started--)
		wait_for_worker(c, all);
	add_up(c, all);
	report(c, all);
	remove_schedules(c, all);
	munmap(all, size_of(c->opt->jobs));
}
