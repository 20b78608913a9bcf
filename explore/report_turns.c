// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * report_turns.c - an execution turn by turn
 *
 * A turn is what one thread did before another one went on.  It is told by the
 * functions it went through, and of many by those that few turns have in
 * common.  What the program calls machinery, locks and sleeps as a rule, is
 * not told, and a turn of nothing else parts nothing.
 */
#include <string.h>

#include "explore/engine.h"
#include "explore/report.h"
#include "explore/symbol.h"
#include "explore/trace.h"

#define TURNS 24 /* the last ones that are told */
#define TOLD 6 /* functions of each */
#define CALLS 64 /* functions looked at of each */
#define SLOTS (1u << 12) /* more functions than an execution goes through */

bool (*report_machinery)(const char *function) EXPLORE_STATE;

struct turn {
	unsigned int column;
	bool preempted; /* the thread before it */
	uint32_t steps;
	unsigned int nr_calls;
	struct symbol calls[CALLS];
};

/* In how many turns a function is; names are of the program's symbol table. */
static struct often {
	const char *function;
	uint32_t turns;
} often[SLOTS] EXPLORE_STATE;

static uint32_t *turns_with(const char *function)
{
	size_t at = (uintptr_t)function * 0x9e3779b97f4a7c15ull >> 32;

	for (unsigned int tries = 0; tries < SLOTS; tries++, at++) {
		struct often *o = &often[at & (SLOTS - 1)];

		if (!o->function)
			o->function = function;
		if (o->function == function)
			return &o->turns;
	}
	return &often[0].turns;
}

/* ---- turns ------------------------------------------------------------------- */

/* The inner one of a step's two functions that says something. */
static bool find_call(const struct trace_step *s, struct symbol *call)
{
	unsigned int nr = s->nr_frames > 1 ? 2 : 1;

	for (unsigned int i = 0; i < nr; i++) {
		*call = symbol_code(i ? s->frames[0] : s->pc);
		if (call->file[0] != '?' && call->function[0] != '?' &&
		    !(report_machinery && report_machinery(call->function)))
			return true;
	}
	return false;
}

static void add_call(struct turn *t, const struct symbol *call)
{
	for (unsigned int i = 0; i < t->nr_calls; i++)
		if (t->calls[i].function == call->function)
			return;
	if (t->nr_calls < CALLS)
		t->calls[t->nr_calls++] = *call;
}

/* The steps of one thread from @i on.  Return: the first one after them. */
static uint32_t run_of_thread(const struct trace *tr, uint32_t i,
			      struct turn *t)
{
	struct symbol call;

	*t = (struct turn){ .column = trace_column(&tr->steps[i]),
			    .preempted = tr->steps[i].preempted };
	for (; i < tr->n && trace_column(&tr->steps[i]) == t->column; i++) {
		t->steps++;
		if (find_call(&tr->steps[i], &call))
			add_call(t, &call);
	}
	return i;
}

static void join(struct turn *t, const struct turn *more)
{
	t->steps += more->steps;
	for (unsigned int i = 0; i < more->nr_calls; i++)
		add_call(t, &more->calls[i]);
}

/*
 * The turn that begins at step @i or after it, in @t, which has no calls if
 * there is none.  Return: where the next one may begin.
 */
static uint32_t next_turn(const struct trace *tr, uint32_t i, struct turn *t)
{
	struct turn run;
	uint32_t after;

	t->nr_calls = 0;
	while (i < tr->n) {
		after = run_of_thread(tr, i, &run);
		if (run.nr_calls && t->nr_calls && run.column != t->column)
			return i;
		if (!t->nr_calls && run.nr_calls)
			*t = run;
		else if (run.nr_calls)
			join(t, &run);
		i = after;
	}
	return i;
}

static uint32_t count_turns(const struct trace *tr)
{
	uint32_t n = 0;
	struct turn t;

	memset(often, 0, sizeof(often));
	for (uint32_t i = 0; i < tr->n;) {
		i = next_turn(tr, i, &t);
		n += t.nr_calls > 0;
		for (unsigned int k = 0; k < t.nr_calls; k++)
			++*turns_with(t.calls[k].function);
	}
	return n;
}

/* ---- in words ------------------------------------------------------------------ */

/* How many functions of @t are in fewer turns than function @k, or told first. */
static unsigned int rank(const struct turn *t, unsigned int k)
{
	uint32_t mine = *turns_with(t->calls[k].function);
	unsigned int before = 0;

	for (unsigned int i = 0; i < t->nr_calls; i++) {
		uint32_t its = *turns_with(t->calls[i].function);

		before += its < mine || (its == mine && i < k);
	}
	return before;
}

/* A header's line is of something inlined there. */
static void put_call(FILE *out, const struct symbol *call)
{
	size_t len = strlen(call->file);

	fprintf(out, "%s", call->function);
	if (len < 2 || strcmp(call->file + len - 2, ".h"))
		fprintf(out, " %s:%d", call->file, call->line);
}

static void put_turn(FILE *out, const struct turn *t, int width)
{
	char name[REPORT_THREAD];
	const char *comma = "";
	bool left_out = false;

	fprintf(out, "    %c %2u %-*s ", t->preempted ? '*' : ' ', t->column,
		width, report_role(t->column, name, sizeof(name)));
	for (unsigned int i = 0; i < t->nr_calls; i++) {
		bool told = rank(t, i) < TOLD;

		if (told || !left_out)
			fprintf(out, "%s ", comma);
		if (told)
			put_call(out, &t->calls[i]);
		else if (!left_out)
			fprintf(out, "...");
		left_out = !told;
		comma = ",";
	}
	fprintf(out, " (%u step%s)\n", t->steps, t->steps == 1 ? "" : "s");
}

static int widest_role(void)
{
	char name[REPORT_THREAD];
	int width = 0;

	for (unsigned int i = 0; i < eng.nr_threads; i++) {
		int len = (int)strlen(report_role(i, name, sizeof(name)));

		width = len > width ? len : width;
	}
	return width;
}

void report_turns(FILE *out)
{
	const struct trace *tr = trace_last();
	int width = widest_role();
	uint32_t nr, n = 0;
	struct turn t;

	nr = tr ? count_turns(tr) : 0;
	if (!nr)
		return;
	fprintf(out, "  turns");
	if (nr > TURNS)
		fprintf(out, ", the last %u of %u", TURNS, nr);
	fprintf(out, ": where each thread went before another one did (*: the"
		" one before was preempted)\n");
	for (uint32_t i = 0; i < tr->n;) {
		i = next_turn(tr, i, &t);
		if (t.nr_calls && ++n + TURNS > nr)
			put_turn(out, &t, width);
	}
}
