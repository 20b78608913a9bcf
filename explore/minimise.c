// SPDX-License-Identifier: GPL-2.0-or-later
#include "explore/minimise.h"

#include <stdlib.h>
#include <string.h>

#include "explore/campaign.h"
#include "explore/engine.h"
#include "explore/finding.h"
#include "explore/interrupt.h"

#define MAX_RUNS 2000

/*
 * First the end is cut off, then threads are held back, then decisions go.
 * One that is not needed is replaced by CONTINUE; the engine turns
 * what is left into plain decisions when it runs the schedule.  Then whole turns
 * are left out, so that nobody runs in vain.
 */
struct reduction {
	const struct schedule *goal;
	void (*body)(void *);
	void *arg;
	unsigned int runs;
	uint64_t signature; /* of the finding */
};

/* Does @trial still fail the same way?  Then eng.decisions says how. */
static bool still_fails(struct reduction *r, uint8_t *trial, uint32_t n)
{
	struct schedule s = *r->goal;
	enum verdict v;

	if (r->runs++ >= MAX_RUNS || interrupt_seen())
		return false;
	s.decisions = trial;
	s.n = n;
	v = campaign_repeat(&s, false, r->body, r->arg);
	return v == s.verdict && campaign_signature(v) == r->signature;
}

/* Let thread @tid go on only when nobody else can. */
static bool try_without(struct reduction *r, struct schedule *s,
			unsigned int tid, uint8_t *trial)
{
	bool changes = false;

	memcpy(trial, s->decisions, s->n);
	for (uint32_t i = 0; i < s->n; i++) {
		if (trial[i] != tid)
			continue;
		trial[i] = DECISION_CONTINUE;
		changes = true;
	}
	if (!changes || !still_fails(r, trial, s->n))
		return false;
	memcpy(s->decisions, trial, s->n);
	return true;
}

/* Let [@from, @from + @len) be "go on" and see. */
static bool try_piece(struct reduction *r, struct schedule *s, uint32_t from,
		      uint32_t len, uint8_t *trial)
{
	bool changes = false;

	memcpy(trial, s->decisions, s->n);
	for (uint32_t i = from; i < from + len && i < s->n; i++) {
		changes |= trial[i] != DECISION_CONTINUE;
		trial[i] = DECISION_CONTINUE;
	}
	if (!changes || !still_fails(r, trial, s->n))
		return false;
	memcpy(s->decisions, trial, s->n);
	return true;
}

/* Cut the end off: what follows the last needed decision runs by itself. */
static void cut_tail(struct reduction *r, struct schedule *s, uint8_t *trial)
{
	uint32_t low = 0;

	while (low < s->n) {
		uint32_t mid = low + (s->n - low) / 2;

		memcpy(trial, s->decisions, mid);
		if (still_fails(r, trial, mid))
			s->n = mid;
		else
			low = mid + 1;
	}
}

/* Leave [@from, @from + @len) out: what one thread did there. */
static bool try_delete(struct reduction *r, struct schedule *s, uint32_t from,
		       uint32_t len, uint8_t *trial)
{
	memcpy(trial, s->decisions, from);
	memcpy(trial + from, s->decisions + from + len, s->n - from - len);
	if (!still_fails(r, trial, s->n - len))
		return false;
	s->n -= len;
	memcpy(s->decisions, trial, s->n);
	return true;
}

/* Each turn of a thread, the last first. */
static void delete_turns(struct reduction *r, struct schedule *s,
			 uint8_t *trial)
{
	for (uint32_t end = s->n; end;) {
		uint32_t from = end - 1;

		while (from && s->decisions[from - 1] == s->decisions[from])
			from--;
		try_delete(r, s, from, end - from, trial);
		end = from;
	}
}

/* Write the decisions as they were really taken. */
static void settle(struct reduction *r, struct schedule *s)
{
	uint8_t *real;

	if (campaign_repeat(s, false, r->body, r->arg) != s->verdict ||
	    campaign_signature(s->verdict) != r->signature)
		return;
	real = malloc(eng.nr_decisions + 1);
	if (!real)
		return;
	memcpy(real, eng.decisions, eng.nr_decisions);
	free(s->decisions);
	s->decisions = real;
	s->n = eng.nr_decisions;
	s->digest = eng.digest;
}

void minimise(struct schedule *s, void (*body)(void *), void *arg)
{
	struct schedule goal = *s;
	struct reduction r = { .goal = &goal, .body = body, .arg = arg };
	uint8_t *trial = malloc(EX_MAX_DECISIONS);

	if (!trial || !s->decisions) {
		free(trial);
		return;
	}
	campaign_repeat(s, false, body, arg);
	r.signature = campaign_signature(s->verdict);
	cut_tail(&r, s, trial);
	for (unsigned int tid = 1; tid < EX_MAX_THREADS; tid++)
		try_without(&r, s, tid, trial);
	for (uint32_t len = s->n / 2; len; len /= 2)
		for (uint32_t at = 0; at < s->n; at += len)
			try_piece(&r, s, at, len, trial);
	settle(&r, s);
	delete_turns(&r, s, trial);
	settle(&r, s);
	s->minimised = true;
	free(trial);
}
