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
#include <unistd.h>

#include "explore/classes.h"
#include "explore/coverage.h"
#include "explore/crash.h"
#include "explore/engine.h"

struct finding {
	uint64_t n;
	uint64_t signature;
	enum verdict verdict;
};

/* An execution that may turn out to lie beyond the first finding. */
struct counted {
	uint64_t n;
	uint32_t steps;
	uint32_t events;
};

#define TAIL (1u << 16) /* a worker is never so far ahead of the others */

struct worker {
	pid_t pid;
	struct counted tail[TAIL]; /* the youngest, a ring */
	uint64_t at; /* (atomic) number of the execution it is in */
	struct explore_result res;
	uint32_t nr;
	struct finding found[MAX_SIGNATURES];
};

struct workers {
	uint64_t first; /* (atomic) least number with a finding, or ~0 */
	int stop; /* (atomic) one of them cannot go on */
	struct worker worker[];
};

static size_t size_of(unsigned int n)
{
	return sizeof(struct workers) + n * sizeof(struct worker);
}

bool workers_enough(const struct campaign *c, int64_t next)
{
	struct workers *all = c->workers;
	uint64_t first = __atomic_load_n(&all->first, __ATOMIC_RELAXED);

	__atomic_store_n(&all->worker[c->worker].at, (uint64_t)next,
			 __ATOMIC_RELAXED);
	if (__atomic_load_n(&all->stop, __ATOMIC_RELAXED))
		return true;
	return !c->opt->keep_going && (uint64_t)next > first;
}

bool workers_found(struct campaign *c, uint64_t signature)
{
	struct worker *w = &c->workers->worker[c->worker];
	uint64_t first = __atomic_load_n(&c->workers->first,
					 __ATOMIC_RELAXED);

	for (uint32_t i = 0; i < w->nr; i++)
		if (w->found[i].signature == signature)
			return false;
	if (w->nr < MAX_SIGNATURES)
		w->found[w->nr++] = (struct finding){ c->n, signature,
							  eng.verdict };
	while (c->n < first &&
	       !__atomic_compare_exchange_n(&c->workers->first, &first, c->n,
					    false, __ATOMIC_RELAXED,
					    __ATOMIC_RELAXED))
		;
	return true;
}

void workers_counted(struct campaign *c)
{
	struct worker *w = &c->workers->worker[c->worker];

	w->tail[(c->res->executions - 1) % TAIL] = (struct counted){
		.n = c->n, .steps = (uint32_t)eng.steps, .events = eng.events,
	};
}

static _Noreturn void be_worker(struct campaign *c, unsigned int i)
{
	unsigned int jobs = c->opt->jobs;
	struct explore_options opt = *c->opt;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	opt.progress = opt.progress && !i;
	c->opt = &opt;
	c->worker = i;
	c->res = &c->workers->worker[i].res;
	c->n = c->n + i + 1 - jobs;
	c->stride = jobs;
	classes_use(i + 1);
	coverage_use(i + 1);
	if (engine_forked())
		_exit(EXPLORE_EXIT_HARNESS);
	crash_watch();
	campaign_loop(c);
	if (c->res->verdicts[VERDICT_HARNESS])
		__atomic_store_n(&c->workers->stop, 1, __ATOMIC_RELAXED);
	fflush(campaign_out(c->opt));
	_exit(EXPLORE_EXIT_CLEAN);
}

static void add_result(struct explore_result *sum,
		       const struct explore_result *r)
{
	sum->executions += r->executions;
	sum->redundant += r->redundant;
	sum->steps += r->steps;
	sum->events += r->events;
	sum->again += r->again;
	for (int v = 0; v < NR_VERDICTS; v++)
		sum->verdicts[v] += r->verdicts[v];
	if (r->message[0] && !sum->message[0])
		memcpy(sum->message, r->message, sizeof(sum->message));
}

static int by_number(const void *a, const void *b)
{
	const struct finding *x = a, *y = b;

	return (x->n > y->n) - (x->n < y->n);
}

static void forget_tail(struct explore_result *res, const struct worker *w,
			uint64_t first)
{
	for (uint32_t i = 0; i < TAIL; i++) {
		if (w->tail[i].n <= first)
			continue;
		res->steps -= w->tail[i].steps;
		res->events -= w->tail[i].events;
	}
}

/*
 * A campaign that stops at a finding has run every execution up to it, and
 * others have run further: count as one process would have.
 */
static void forget_later(struct explore_result *res, uint64_t last,
			 enum verdict verdict)
{
	uint64_t budget = res->verdicts[VERDICT_BUDGET];

	for (int v = 0; v < NR_VERDICTS; v++)
		if (v == VERDICT_CLEAN || verdict_is_finding(v))
			res->verdicts[v] = 0;
	res->executions = last;
	res->verdicts[verdict] = 1;
	res->verdicts[VERDICT_CLEAN] = last - 1 - (budget < last ? budget : 0);
}

/* Run again, in order, what the workers found; the parent explains. */
static void report(struct campaign *c, const struct workers *all)
{
	unsigned int jobs = c->opt->jobs;
	struct finding *f = calloc(jobs, MAX_SIGNATURES * sizeof(*f));
	uint32_t n = 0;

	for (unsigned int i = 0; f && i < jobs; i++) {
		const struct worker *w = &all->worker[i];

		memcpy(f + n, w->found, w->nr * sizeof(*f));
		n += w->nr;
	}
	qsort(f, n, sizeof(*f), by_number);
	if (n && !c->opt->keep_going) {
		n = 1;
		for (unsigned int i = 0; i < jobs; i++)
			forget_tail(c->res, &all->worker[i], f[0].n);
		forget_later(c->res, f[0].n - c->n, f[0].verdict);
	}
	if (c->res->message[0])
		fprintf(campaign_out(c->opt), "explore: %s\n",
			c->res->message);
	for (uint32_t i = 0; i < n; i++)
		campaign_rerun(c, f[i].n);
	free(f);
}

/* What the workers wrote for the case that nobody lives to report it. */
static void remove_schedules(struct campaign *c, struct workers *all)
{
	char path[PATH_MAX];

	if (!c->opt->schedule_file)
		return;
	c->workers = all;
	for (unsigned int i = 0; i < c->opt->jobs; i++)
		for (uint32_t k = 0; k < all->worker[i].nr; k++) {
			campaign_schedule_path(c, all->worker[i].found[k].n,
					       path);
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

void workers_run(struct campaign *c)
{
	unsigned int jobs = c->opt->jobs;
	struct workers *all = mmap(NULL, size_of(jobs),
				   PROT_READ | PROT_WRITE,
				   MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	unsigned int started;

	if (all == MAP_FAILED) {
		c->res->verdicts[VERDICT_HARNESS]++;
		return;
	}
	all->first = ~0ull;
	c->workers = all;
	fflush(NULL);
	started = start_workers(c, all);
	c->workers = NULL;
	while (started--)
		wait_for_worker(c, all);
	for (unsigned int i = 0; i < jobs; i++)
		add_result(c->res, &all->worker[i].res);
	classes_merge();
	coverage_merge(c->opt->keep_going ? ~0ull : all->first);
	report(c, all);
	remove_schedules(c, all);
	munmap(all, size_of(jobs));
}
