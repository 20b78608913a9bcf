// SPDX-License-Identifier: GPL-2.0-or-later
/* An execution for other programs to draw: Mermaid, Chrome trace events. */
#include <inttypes.h>
#include <string.h>

#include "explore/engine.h"
#include "explore/object.h"
#include "explore/report.h"
#include "explore/symbol.h"
#include "explore/trace.h"

#define DIAGRAM_ROWS 300

static void name_step(const struct trace_step *s, char *buf, size_t size)
{
	char name[96];

	report_object(s, name, sizeof(name));
	snprintf(buf, size, "%s%s%s%s", op_name(s->kind), name[0] ? " " : "",
		 name, s->failed ? " (failed)" : "");
}

/* A diagram holds the last steps: they lead to the finding. */
static uint32_t first_shown(const struct trace *tr)
{
	uint32_t i = tr->n;
	uint32_t rows = 0;

	while (i && rows < DIAGRAM_ROWS)
		rows += trace_shown(tr, --i);
	return i;
}

/* Without what would end a name, or a line, in either language. */
static void put_words(FILE *out, const char *words)
{
	for (const char *p = words; *p; p++)
		fputc(strchr("\"\\;#%<>{}", *p) || (unsigned char)*p < ' ' ?
		      '_' : *p, out);
}

static void put_thread(FILE *out, unsigned int tid)
{
	char name[REPORT_THREAD];

	put_words(out, report_thread(tid, name, sizeof(name)));
}

static void put_verdict(FILE *out)
{
	put_words(out, verdict_name(eng.verdict));
	fprintf(out, ": ");
	put_words(out, eng.message);
}

void report_mermaid(FILE *out)
{
	const struct trace *tr = trace_last();

	if (!tr)
		return;
	fprintf(out, "sequenceDiagram\n");
	for (unsigned int i = 0; i < eng.nr_threads; i++) {
		fprintf(out, "    participant T%u as ", i);
		put_thread(out, i);
		fputc('\n', out);
	}
	for (uint32_t i = first_shown(tr); i < tr->n; i++) {
		const struct trace_step *s = &tr->steps[i];
		char name[160], where[256];

		if (!trace_shown(tr, i))
			continue;
		name_step(s, name, sizeof(name));
		report_where(s, where, sizeof(where));
		if (s->preempted)
			fprintf(out, "    T%u-->>T%u: preempted\n",
				trace_column(&s[-1]), trace_column(s));
		fprintf(out, "    Note over T%u: %u %s%s%s\n", trace_column(s),
			i + 1, name, where[0] ? "<br/>" : "",
			where + (where[0] == ' '));
	}
	fprintf(out, "    Note over T0,T%u: ", eng.nr_threads - 1);
	put_verdict(out);
	fputc('\n', out);
}

/* Time is the number of the step: one microsecond each. */
void report_chrome(FILE *out)
{
	const struct trace *tr = trace_last();

	fprintf(out, "{\"displayTimeUnit\":\"ms\",\"traceEvents\":[");
	for (unsigned int i = 0; i < eng.nr_threads; i++) {
		fprintf(out, "%s\n{\"ph\":\"M\",\"name\":\"thread_name\","
			"\"pid\":1,\"tid\":%u,\"args\":{\"name\":\"",
			i ? "," : "", i);
		put_thread(out, i);
		fprintf(out, "\"}}");
	}
	for (uint32_t i = 0; tr && i < tr->n; i++) {
		const struct trace_step *s = &tr->steps[i];
		struct symbol where = symbol_code(s->pc);
		char name[160];

		if (!trace_shown(tr, i))
			continue;
		name_step(s, name, sizeof(name));
		fprintf(out, ",\n{\"ph\":\"X\",\"name\":\"%s\",\"pid\":1,"
			"\"tid\":%u,\"ts\":%u,\"dur\":1,\"args\":{"
			"\"function\":\"%s\",\"file\":\"%s\",\"line\":%d,"
			"\"value\":\"%" PRIu64 "\",\"preempted\":%s}}",
			name, trace_column(s), i, where.function, where.file,
			where.line, s->value, s->preempted ? "true" : "false");
	}
	fprintf(out, ",\n{\"ph\":\"i\",\"s\":\"g\",\"pid\":1,\"tid\":0,"
		"\"ts\":%u,\"name\":\"", tr ? tr->n : 0);
	put_verdict(out);
	fprintf(out, "\"}\n]}\n");
}
