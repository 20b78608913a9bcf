// SPDX-License-Identifier: GPL-2.0-or-later
#include "explore/report.h"

#include <inttypes.h>
#include <string.h>

#include "explore/crash.h"
#include "explore/engine.h"
#include "explore/heap.h"
#include "explore/object.h"
#include "explore/race.h"
#include "explore/stuck.h"
#include "explore/symbol.h"
#include "explore/trace.h"

void (*report_explain)(FILE *out) EXPLORE_STATE;
const char *report_first_thread EXPLORE_STATE;
uint32_t report_rows EXPLORE_STATE = REPORT_ROWS;
bool report_all_steps EXPLORE_STATE;

const char *report_role(unsigned int tid, char *buf, size_t size)
{
	const struct thread *t = &eng.threads[tid];
	uintptr_t entry = tid ? (uintptr_t)t->entry : (uintptr_t)eng.body;
	const char *name = t->names;

	if (!name[0] && !tid && report_first_thread)
		name = report_first_thread;
	snprintf(buf, size, "%s",
		 name[0] ? name : symbol_code(entry + 1).function);
	return buf;
}

const char *report_thread(unsigned int tid, char *buf, size_t size)
{
	char role[REPORT_THREAD - 16];

	snprintf(buf, size, "thread %u (%s)", tid,
		 report_role(tid, role, sizeof(role)));
	return buf;
}

static void put_place(FILE *out, uintptr_t pc)
{
	struct symbol s = symbol_code(pc);

	fprintf(out, "%s() %s:%d", s.function, s.file, s.line);
}

static void put_stack(FILE *out, uintptr_t pc, const uintptr_t *sites,
		      unsigned int n)
{
	fprintf(out, "    #0 ");
	put_place(out, pc);
	fprintf(out, "\n");
	/* The last frame was entered from the explorer, not from code. */
	for (unsigned int i = 0; i + 1 < n; i++) {
		fprintf(out, "    #%u ", i + 1);
		put_place(out, sites[i]);
		fprintf(out, "\n");
	}
}

/* Locks of one name differ in where they are. */
static void name_lock(char *buf, size_t size, uintptr_t addr, const char *name)
{
	if (name)
		snprintf(buf, size, "%s@%04lx", name,
			 (unsigned long)addr & 0xffff);
	else
		symbol_data(addr, buf, size);
}

static void put_locks(FILE *out, const struct race_held *held, unsigned int n)
{
	char name[96];

	fprintf(out, "    holding %s", n ? "" : "no lock");
	for (unsigned int i = 0; i < n; i++) {
		name_lock(name, sizeof(name), held[i].addr, held[i].name);
		fprintf(out, "%s%s%s", i ? ", " : "", name,
			held[i].shared ? " (shared)" : "");
	}
	fprintf(out, "\n");
}

static void put_access(FILE *out, const struct access *a, const char *when)
{
	char name[REPORT_THREAD];

	fprintf(out, "  %s: %s%s%s by %s\n", when,
		access_flags(a) & RACE_ATOMIC ? "atomic " : "",
		access_flags(a) & RACE_WRITE ? "write" : "read",
		access_flags(a) & RACE_FREE ? " (free)" : "",
		report_thread(access_tid(a), name, sizeof(name)));
}

static void report_race(FILE *out)
{
	char name[96];

	symbol_data(race.addr, name, sizeof(name));
	fprintf(out, "  on %s, %u bytes\n", name, race.size);
	put_access(out, &race.new, "now");
	put_stack(out, eng.text_base + race.new.pc, race.new_stack,
		  race.nr_new);
	put_locks(out, race.new_held, race.nr_new_held);
	put_access(out, &race.old, "before");
	put_stack(out, eng.text_base + race.old.pc, race.old_stack,
		  race.nr_old);
	put_locks(out, race.old_held, race.nr_old_held);
}

static void report_wait(FILE *out, const struct stuck_wait *w)
{
	char name[REPORT_THREAD];

	fprintf(out, "  %c %s: %s", w->in_cycle ? '*' : ' ',
		report_thread(w->tid, name, sizeof(name)), op_name(w->kind));
	if (w->obj && w->obj->kind != OBJECT_THREAD) {
		name_lock(name, sizeof(name), w->obj->addr,
			  trace_lock_name(w->obj->addr));
		fprintf(out, " %s", name);
	}
	if (w->holder >= 0)
		fprintf(out, ", waiting for %s",
			report_thread((unsigned int)w->holder, name,
				      sizeof(name)));
	fprintf(out, ", at ");
	put_place(out, w->pc);
	fprintf(out, "\n");
	if (!w->obj || !w->obj->last_wake_step)
		return;
	fprintf(out, "      last chance to wake it: step %" PRIu64 ", %s, ",
		w->obj->last_wake_step,
		report_thread(w->obj->last_waker, name, sizeof(name)));
	put_place(out, w->obj->last_wake_pc);
	fprintf(out, "\n");
}

static void report_waits(FILE *out)
{
	for (unsigned int i = 0; i < stuck.n; i++)
		report_wait(out, &stuck.waits[i]);
}

/* The thread that was running, with where it was. */
static void report_place(FILE *out)
{
	const struct trace *tr = trace_last();
	const struct thread *t = &eng.threads[0];
	char name[REPORT_THREAD];

	if (tr && tr->n)
		t = &eng.threads[tr->steps[tr->n - 1].tid];
	fprintf(out, "  %s\n",
		report_thread(t->id, name, sizeof(name)));
	put_stack(out, t->op.pc, t->frame - (t->frame > t->frames),
		  t->frame > t->frames);
	for (const uintptr_t *f = t->frame; f > t->frames + 1;) {
		fprintf(out, "    from ");
		put_place(out, *--f);
		fprintf(out, "\n");
	}
}

static void put_value(char *buf, size_t size, const struct trace_step *s)
{
	switch (s->kind) {
	case OP_LOAD:
	case OP_STORE:
	case OP_RMW:
	case OP_FLUSH:
		snprintf(buf, size, "=%" PRId64 "%s", (int64_t)s->value,
			 s->failed ? " (failed)" : "");
		break;
	default:
		snprintf(buf, size, "%s", s->failed ? " (failed)" : "");
	}
}

void report_object(const struct trace_step *s, char *buf, size_t size)
{
	buf[0] = '\0';
	if (s->obj && s->obj_kind != OBJECT_THREAD)
		name_lock(buf, size, s->addr, s->name);
}

void report_where(const struct trace_step *s, char *buf, size_t size)
{
	struct symbol at = symbol_code(s->pc);
	struct symbol from = symbol_code(s->frames[0]);
	char line[96] = "";

	buf[0] = '\0';
	if (!s->pc)
		return;
	if (!s->name || s->nr_frames < 2)
		snprintf(line, sizeof(line), " %s:%d", at.file, at.line);
	if (s->nr_frames > 1)
		snprintf(buf, size, " %s%s < %s %s:%d", at.function, line,
			 from.function, from.file, from.line);
	else
		snprintf(buf, size, " %s%s", at.function, line);
}

static void put_cell(char *buf, size_t size, const struct trace_step *s)
{
	char name[96], lock[96], held[112] = "", where[256], value[40];

	report_object(s, name, sizeof(name));
	put_value(value, sizeof(value), s);
	if (s->lock) {
		name_lock(lock, sizeof(lock), s->lock, s->lock_name);
		snprintf(held, sizeof(held), " [%s%s]", lock,
			 s->nr_held > 1 ? ", ..." : "");
	}
	report_where(s, where, sizeof(where));
	snprintf(buf, size, "%s %s%s%s%s", op_name(s->kind), name, value,
		 where, s->pc ? held : "");
}

/* The first step of those that make the last @rows rows. */
static uint32_t first_row(const struct trace *tr, uint32_t rows)
{
	uint32_t i = tr->n;

	while (i && rows) {
		i--;
		rows -= trace_shown(tr, i);
	}
	return i;
}

/* A cell may run on over the columns to its right: those are empty. */
static int column_width(void)
{
	return eng.nr_threads > 3 ? 10 : 34;
}

static void put_row(FILE *out, const struct trace_step *s, uint32_t number)
{
	char cell[512];

	put_cell(cell, sizeof(cell), s);
	fprintf(out, "%5u%c", number, s->preempted ? '*' : ' ');
	for (unsigned int k = 0; k < trace_column(s); k++)
		fprintf(out, " | %-*s", column_width(), "");
	fprintf(out, " | %s\n", cell);
}

/* Narrow columns have numbers alone, and a list of the names above. */
static void put_head(FILE *out)
{
	char name[REPORT_THREAD];

	for (unsigned int i = 0; column_width() < 34 && i < eng.nr_threads; i++)
		fprintf(out, "  %s\n", report_thread(i, name, sizeof(name)));
	fprintf(out, "%6s", "step");
	for (unsigned int i = 0; i < eng.nr_threads; i++) {
		if (column_width() < 34)
			snprintf(name, sizeof(name), "thread %u", i);
		else
			report_thread(i, name, sizeof(name));
		fprintf(out, " | %-*.*s", column_width(), column_width(),
			name);
	}
	fprintf(out, "\n");
}

void report_trace(FILE *out)
{
	const struct trace *tr = trace_last();
	uint32_t first;

	if (!tr)
		return;
	first = first_row(tr, report_rows);
	put_head(out);
	if (first)
		fprintf(out, "   ... %u steps before these\n", first);
	for (uint32_t i = first; i < tr->n; i++)
		if (trace_shown(tr, i))
			put_row(out, &tr->steps[i], i + 1);
}

/* After minimisation each preemption is needed; the last one decides. */
static void report_decisive(FILE *out, bool minimised)
{
	const struct trace *tr = trace_last();
	const struct trace_step *s = NULL;
	char cell[512], before[REPORT_THREAD], after[REPORT_THREAD];

	for (uint32_t i = 0; tr && i < tr->n; i++)
		if (tr->steps[i].preempted)
			s = &tr->steps[i];
	if (!s)
		return;
	put_cell(cell, sizeof(cell), s - 1);
	fprintf(out, "  %s: %s gives way to %s at step %u, after %s\n",
		minimised ? "decisive" : "last preemption",
		report_thread(trace_column(s - 1), before, sizeof(before)),
		report_thread(trace_column(s), after, sizeof(after)),
		(unsigned int)(s - tr->steps) + 1, cell);
}

static void call_explain(void *out)
{
	report_explain(out);
}

void report_finding_found(FILE *out, const struct schedule *s)
{
	char token[96];

	schedule_token(s, token);
	fprintf(out, "!!! %s: %s\n", verdict_name(s->verdict), eng.message);
	fprintf(out, "  token %s, %u decisions\n", token, s->n);
	switch (s->verdict) {
	case VERDICT_RACE:
		report_race(out);
		break;
	case VERDICT_DEADLOCK:
	case VERDICT_LOST_WAKEUP:
	case VERDICT_LIVELOCK:
		report_waits(out);
		if (report_explain && !crash_protect(call_explain, out))
			fprintf(out, "  (what the program left behind cannot"
				" be read)\n");
		break;
	default:
		report_place(out);
	}
	report_trace(out);
	report_turns(out);
	report_decisive(out, s->minimised);
}
