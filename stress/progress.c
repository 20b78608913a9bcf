// SPDX-License-Identifier: GPL-2.0-or-later
#include "stress/progress.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#define TTY_NS 1000000000ull
#define PIPE_NS 5000000000ull
#define COUNT_DIGITS 10 /* room in a table */
#define NR_SHOWN EV_SAMPLES /* what follows are sums, to make means of */

static uint64_t now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000000ull + ts.tv_nsec;
}

void progress_init(struct progress *p, FILE *out)
{
	const char *no_color = getenv("NO_COLOR");
	const char *term = getenv("TERM");

	memset(p, 0, sizeof(*p));
	p->out = out;
	p->tty = isatty(fileno(out)) && term && strcmp(term, "dumb") != 0;
	p->colour = p->tty && (!no_color || !*no_color);
	p->start_ns = p->last_ns = now_ns();
}

double progress_seconds(const struct progress *p)
{
	return (now_ns() - p->start_ns) / 1e9;
}

static void clear_line(struct progress *p)
{
	if (p->line_shown)
		fputs("\r\033[K", p->out);
	p->line_shown = false;
}

/* Per second since the last line, in at most five characters or so. */
static const char *rate(char *buf, size_t size, uint64_t now, uint64_t before,
			double secs)
{
	double r = now > before ? (now - before) / secs : 0;

	if (r >= 99999.5)
		snprintf(buf, size, "%.0fk", r / 1000);
	else
		snprintf(buf, size, "%.0f", r);
	return buf;
}

static void format_line(char *line, size_t size, const struct progress *p,
			const struct stress_totals *t, double secs,
			uint64_t findings, unsigned int round)
{
	const uint64_t *n = t->n, *b = p->last.n;
	char fork[16], clone[16], exit[16], dump[16], fault[16];

	/* What matters comes first: a narrow terminal cuts the end. */
	snprintf(line, size, "%4.0fs round %u findings %" PRIu64 ": alive %"
		 PRIu64 " fork/s %s clone/s %s exit/s %s dump/s %s fault/s %s"
		 " queue %" PRIu64 " park %" PRIu64 "ms rss %" PRIu64 "M"
		 " own %" PRIu64 "M",
		 progress_seconds(p), round + 1, findings,
		 t->gauges[GAUGE_ALIVE],
		 rate(fork, sizeof(fork), n[EV_FORK] + n[EV_VFORK],
		      b[EV_FORK] + b[EV_VFORK], secs),
		 rate(clone, sizeof(clone),
		      n[EV_CLONE_THREAD] + n[EV_CLONE_VM],
		      b[EV_CLONE_THREAD] + b[EV_CLONE_VM], secs),
		 rate(exit, sizeof(exit), n[EV_EXIT], b[EV_EXIT], secs),
		 rate(dump, sizeof(dump), n[EV_DUMP], b[EV_DUMP], secs),
		 rate(fault, sizeof(fault), n[EV_FAULT], b[EV_FAULT], secs),
		 t->gauges[GAUGE_QUEUE], t->gauges[GAUGE_PARK_MS],
		 t->gauges[GAUGE_RSS_MIB], t->gauges[GAUGE_OWN_MIB]);
}

static unsigned int columns(const struct progress *p)
{
	struct winsize ws;

	if (ioctl(fileno(p->out), TIOCGWINSZ, &ws) || ws.ws_col < 20)
		return 80;
	return ws.ws_col;
}

void progress_update(struct progress *p, const struct stress_totals *now,
		     uint64_t findings, unsigned int round)
{
	uint64_t ns = now_ns();
	char line[512];

	if (ns - p->last_ns < (p->tty ? TTY_NS : PIPE_NS))
		return;
	format_line(line, sizeof(line), p, now, (ns - p->last_ns) / 1e9,
		    findings, round);
	p->last = *now;
	p->last_ns = ns;
	if (!p->tty) {
		fprintf(p->out, "mmtorture: %s\n", line);
	} else {
		unsigned int width = columns(p) - 1;

		clear_line(p);
		fprintf(p->out, "%s%.*s%s", p->colour && findings ?
			"\033[31m" : "", (int)width, line,
			p->colour && findings ? "\033[0m" : "");
		p->line_shown = true;
	}
	fflush(p->out);
}

void progress_say(struct progress *p, bool alarm, const char *fmt, ...)
{
	bool red = alarm && p->colour;
	va_list args;

	clear_line(p);
	if (red)
		fputs("\033[31m", p->out);
	va_start(args, fmt);
	vfprintf(p->out, fmt, args);
	va_end(args);
	fputs(red ? "\033[0m\n" : "\n", p->out);
	fflush(p->out);
}

void progress_words(struct progress *p, const char *head, const char *words)
{
	size_t width = p->tty ? columns(p) : ~(size_t)0;
	size_t at = strlen(head);

	clear_line(p);
	fputs(head, p->out);
	while (*words) {
		size_t n = strspn(words, " ");

		n += strcspn(words + n, " ");
		if (at + n >= width) {
			fputs("\n ", p->out);
			at = 1;
		}
		fwrite(words, 1, n, p->out);
		at += n;
		words += n;
	}
	fputs("\n", p->out);
	fflush(p->out);
}

static int longest_event_name(void)
{
	size_t longest = 0;

	for (int i = 0; i < NR_SHOWN; i++)
		longest = max(longest, strlen(stress_counter_info[i].name));
	return (int)longest;
}

/* Column by column, as ls does it: related events stand below each other. */
static void event_table(struct progress *p, const struct stress_totals *totals)
{
	int name = longest_event_name();
	int cell = 2 + name + 1 + COUNT_DIGITS;
	int cols = max((int)columns(p) / cell, 1);
	int rows = (NR_SHOWN + cols - 1) / cols;

	fputs("mmtorture: counters\n", p->out);
	for (int row = 0; row < rows; row++) {
		for (int i = row; i < NR_SHOWN; i += rows)
			fprintf(p->out, "  %-*s %*" PRIu64, name,
				stress_counter_info[i].name, COUNT_DIGITS,
				totals->n[i]);
		fputc('\n', p->out);
	}
}

void progress_events(struct progress *p, const struct stress_totals *totals)
{
	clear_line(p);
	if (p->tty) {
		event_table(p, totals);
	} else {
		fputs("mmtorture: counters:", p->out);
		for (int i = 0; i < NR_SHOWN; i++)
			fprintf(p->out, " %s=%" PRIu64,
				stress_counter_info[i].name, totals->n[i]);
		fputc('\n', p->out);
	}
	fflush(p->out);
}
