// SPDX-License-Identifier: GPL-2.0-or-later
#include "stress/campaign.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "stress/rng.h"
#include "stress/series.h"
#include "stress/summary.h"

#define POLL_MS 100
/* A worker whose watchdog is silent this long is dead, busy host or not. */
#define SILENT_SECS 60

static volatile sig_atomic_t signals_got;

static void on_signal(int sig)
{
	(void)sig;
	signals_got++;
}

static void catch_signals(void)
{
	struct sigaction sa = { .sa_handler = on_signal };

	sigemptyset(&sa.sa_mask);
	sigaction(SIGINT, &sa, NULL);
	sigaction(SIGTERM, &sa, NULL);
	signal(SIGPIPE, SIG_IGN);
}

static void harness_failed(struct campaign *c, const char *why)
{
	if (!c->harness_error[0])
		snprintf(c->harness_error, sizeof(c->harness_error), "%s",
			 why);
}

/* The worker ended in a way that is a finding by itself. */
static void found_end(struct campaign *c, const char *kind, const char *how)
{
	struct found f = { 0 };
	char text[1024];

	snprintf(f.kind, sizeof(f.kind), "%s", kind);
	snprintf(f.where, sizeof(f.where), "round %u", c->rounds);
	snprintf(f.headline, sizeof(f.headline), "%s", how);
	f.signature = finding_signature(kind, "", how);
	snprintf(text, sizeof(text), "last words: %s",
		 c->last_line[0] ? c->last_line : "none");
	if (campaign_found(c, &f, text))
		campaign_keep(c, json_pack("{s:s, s:s}", "kind", kind, "text",
					   how));
}

static void judge_exit(struct campaign *c, int code)
{
	char why[1024];

	if (c->sh->clean_end || c->sh->fatal)
		return;
	c->round_lost = true;
	if (code == STRESS_EXIT_TSAN && c->crash_told)
		return;
	if (code == STRESS_EXIT_HARNESS && c->sh->harness_error[0])
		snprintf(why, sizeof(why), "%s", c->sh->harness_error);
	else
		snprintf(why, sizeof(why), "the worker ended early with exit"
			 " code %d; its last words: %s", code,
			 c->last_line[0] ? c->last_line : "none");
	harness_failed(c, why);
}

static void judge_worker(struct campaign *c)
{
	int status = c->worker.status;
	char how[128];

	if (WIFEXITED(status)) {
		judge_exit(c, WEXITSTATUS(status));
		return;
	}
	c->round_lost = true;
	snprintf(how, sizeof(how), "the worker process died of signal %d (%s)",
		 WTERMSIG(status), strsignal(WTERMSIG(status)));
	found_end(c, FOUND_CRASH, how);
}

/* False when the worker's watchdog gives no sign of life. */
static bool still_alive(struct campaign *c, uint64_t *beat, time_t *since)
{
	uint64_t now = READ_ONCE(c->sh->heartbeat);

	if (now != *beat || !*since) {
		*beat = now;
		*since = time(NULL);
	}
	return time(NULL) - *since < SILENT_SECS;
}

static void keep_series(struct campaign *c, const struct stress_totals *now)
{
	double secs = progress_seconds(&c->progress);

	if (secs < c->series_due)
		return;
	c->series_due = secs + 1;
	series_add(&c->results, secs, c->rounds, c->findings.total, now);
}

static void watch_worker(struct campaign *c)
{
	const struct timespec poll = { .tv_nsec = POLL_MS * 1000000L };
	struct stress_totals now;
	uint64_t beat = 0;
	time_t since = 0;

	while (!worker_ended(&c->worker)) {
		nanosleep(&poll, NULL);
		if (signals_got) {
			c->interrupted = true;
			smp_store_release(&c->sh->stop, 1);
		}
		if (signals_got > 2) {
			worker_kill(&c->worker);
			c->round_lost = true;
			return;
		}
		if (!still_alive(c, &beat, &since)) {
			worker_kill(&c->worker);
			c->round_lost = true;
			campaign_drain(c, false);
			found_end(c, "hang", "the worker's watchdog stood"
				  " still for a minute");
			return;
		}
		campaign_drain(c, false);
		campaign_totals(c, &now);
		progress_update(&c->progress, &now, c->findings.total,
				c->rounds - 1);
		keep_series(c, &now);
	}
	campaign_drain(c, true);
	judge_worker(c);
}

static void run_round(struct campaign *c, const char *scenario,
		      unsigned int secs, uint64_t ops)
{
	struct stress_round *round = &c->sh->round;
	char output[PATH_MAX + 64];
	struct stress_totals totals;
	struct errbuf err;

	shared_reset(c->sh);
	round->number = c->rounds;
	round->secs = secs;
	round->ops = ops;
	round->seed = rng_mix(c->cfg->seed + c->rounds);
	snprintf(round->scenario, sizeof(round->scenario), "%s", scenario);
	c->ring_read = 0;
	c->last_line[0] = '\0';
	snprintf(output, sizeof(output), "%s/worker-%u.txt",
		 c->results.dir[0] ? c->results.dir : "/nonexistent",
		 c->rounds);
	c->rounds++;
	if (worker_start(&c->worker, c->program, c->shared_fd,
			 c->results.findings_fd, output, &err)) {
		harness_failed(c, err.text);
		return;
	}
	watch_worker(c);
	worker_close(&c->worker);
	counters_sum(&c->sh->counters, &totals);
	totals_add(&c->done, &totals);
	/* A campaign in which nothing happened has proved nothing. */
	if (!totals_ops(&totals) && !c->interrupted && !c->findings.total)
		harness_failed(c, "a round ended without a single operation");
	/* What it printed is in log.txt and tsan/ by now. */
	if (c->results.dir[0])
		unlink(output);
}

static bool must_stop(const struct campaign *c)
{
	return c->interrupted || c->round_lost || c->harness_error[0] ||
	       c->sh->fatal;
}

/* Length of the next round, so that no rest is shorter than half of one. */
static unsigned int next_round(const struct campaign *c, unsigned int left)
{
	unsigned int most = c->cfg->round_secs;

	if (!most || left < most + most / 2)
		return left;
	return most;
}

static void run_scenario(struct campaign *c, const char *name)
{
	const struct stress_config *cfg = c->cfg;
	unsigned int left = cfg->secs / cfg->nr_scenarios;
	uint64_t before = totals_ops(&c->done);
	uint64_t ops = cfg->ops / cfg->nr_scenarios;

	left += cfg->secs && !left;
	ops += cfg->ops && !ops;
	while (!must_stop(c)) {
		uint64_t made = totals_ops(&c->done) - before;
		unsigned int secs = cfg->secs ? next_round(c, left) :
				    cfg->round_secs;

		if ((cfg->secs && !left) || (ops && made >= ops))
			return;
		run_round(c, name, secs, ops ? ops - made : 0);
		left -= cfg->secs ? secs : 0;
	}
}

int campaign_exit_code(const struct campaign *c)
{
	if (c->findings.total)
		return STRESS_EXIT_FINDINGS;
	return c->harness_error[0] || c->results.failed ?
	       STRESS_EXIT_HARNESS : STRESS_EXIT_CLEAN;
}

/* The verdict has been given; what it rests on cannot be looked up. */
static void report_lost_results(const struct campaign *c)
{
	if (c->results.failed)
		fprintf(stderr, "mmtorture: results are incomplete, could not"
			" write %s\n", c->results.why);
}

int campaign_run(const struct stress_config *cfg, const struct layout *layout,
		 const char *program)
{
	struct campaign *c = calloc(1, sizeof(*c));
	int code = STRESS_EXIT_HARNESS;

	if (!c)
		return code;
	c->cfg = cfg;
	c->sh = shared_create(&c->shared_fd);
	if (!c->sh) {
		fprintf(stderr, "mmtorture: no memory to share with workers:"
			" %s\n", strerror(errno));
		free(c);
		return code;
	}
	c->sh->config = *cfg;
	c->sh->layout = *layout;
	snprintf(c->program, sizeof(c->program), "%s", program);
	catch_signals();
	progress_init(&c->progress, cfg->json ? stderr : stdout);
	results_open(&c->results, cfg);
	series_start(&c->results);
	summary_start(c);
	for (unsigned int i = 0; i < cfg->nr_scenarios && !must_stop(c); i++)
		run_scenario(c, cfg->scenarios[i]);
	summary_end(c);
	results_close(&c->results);
	report_lost_results(c);
	code = campaign_exit_code(c);
	close(c->shared_fd);
	free(c);
	return code;
}
