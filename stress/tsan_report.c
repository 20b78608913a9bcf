// SPDX-License-Identifier: GPL-2.0-or-later
#include "stress/tsan_report.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RULER "=================="
#define REPORT_MAX (1u << 20)
#define RACE_STACKS 2 /* the two accesses; behind them who made what */
#define STACKS 4
#define FRAMES 3

static void flush(struct tsan_splitter *sp)
{
	sp->len = 0;
	sp->line = 0;
}

/* A whole line stands at sp->buf + sp->line, without its newline. */
static void line_complete(struct tsan_splitter *sp,
			  const struct tsan_sink *sink)
{
	const char *line = sp->buf + sp->line;
	bool ruler = !strcmp(line, RULER);

	if (!sp->in_report) {
		if (ruler)
			sp->in_report = true;
		else if (*line)
			sink->line(sink->arg, line);
		flush(sp);
		return;
	}
	if (ruler) {
		sp->buf[sp->line] = '\0';
		sink->report(sink->arg, sp->buf);
		sp->in_report = false;
		flush(sp);
		return;
	}
	sp->buf[sp->len++] = '\n';
	sp->line = sp->len;
}

static bool make_room(struct tsan_splitter *sp)
{
	size_t room = sp->room ? sp->room * 2 : 4096;
	char *bigger;

	if (sp->len + 2 < sp->room)
		return true;
	bigger = room > REPORT_MAX ? NULL : realloc(sp->buf, room);
	if (!bigger)
		return false;
	sp->buf = bigger;
	sp->room = room;
	return true;
}

void tsan_split(struct tsan_splitter *sp, const char *data, size_t len,
		const struct tsan_sink *sink)
{
	for (size_t i = 0; i < len; i++) {
		if (!make_room(sp))
			continue; /* absurdly long: cut */
		if (data[i] != '\n') {
			sp->buf[sp->len++] = data[i] ? data[i] : '?';
			continue;
		}
		sp->buf[sp->len] = '\0';
		line_complete(sp, sink);
	}
}

void tsan_split_end(struct tsan_splitter *sp, const struct tsan_sink *sink)
{
	if (sp->len && make_room(sp)) {
		sp->buf[sp->len] = '\0';
		if (sp->in_report)
			sink->report(sink->arg, sp->buf);
		else
			sink->line(sink->arg, sp->buf);
	}
	free(sp->buf);
	memset(sp, 0, sizeof(*sp));
}

/* "    #3 name file:line:col (module+0x1)": the name, or false. */
static bool frame_name(const char *line, unsigned int *depth, char *name,
		       size_t size, const char **place)
{
	int at = 0;
	size_t n;

	if (sscanf(line, " #%u %n", depth, &at) != 1 || !at)
		return false;
	line += at;
	n = strcspn(line, " \n");
	snprintf(name, size, "%.*s", (int)n, line);
	*place = line + n;
	return true;
}

static void set_kind(struct found *f, const char *text)
{
	static const char mark[] = "WARNING: ThreadSanitizer: ";
	const char *at = strstr(text, mark);
	size_t n;

	if (!at) {
		snprintf(f->kind, sizeof(f->kind), "tsan");
		return;
	}
	at += sizeof(mark) - 1;
	n = strcspn(at, "(\n");
	while (n && at[n - 1] == ' ')
		n--;
	snprintf(f->kind, sizeof(f->kind), "%.*s", (int)n, at);
	for (char *p = f->kind; *p; p++)
		if (*p == ' ')
			*p = '-';
}

static void set_where(struct found *f, const char *name, const char *place)
{
	size_t n;

	place += strspn(place, " ");
	n = strcspn(place, " \n");
	snprintf(f->where, sizeof(f->where), "%.*s %s", (int)(n < 100 ? n : 100),
		 place, name);
}

void tsan_describe(const char *text, struct found *f)
{
	char path[1024] = "", name[96];
	unsigned int depth, stacks = 0, most;
	const char *place;
	size_t at = 0;

	memset(f, 0, sizeof(*f));
	set_kind(f, text);
	most = strncmp(f->kind, "data-race", 9) ? STACKS : RACE_STACKS;
	for (const char *line = text; *line; line++) {
		if (frame_name(line, &depth, name, sizeof(name), &place)) {
			stacks += depth == 0;
			if (stacks == 1 && depth == 0)
				set_where(f, name, place);
			if (stacks <= most && depth < FRAMES &&
			    at < sizeof(path))
				at += snprintf(path + at, sizeof(path) - at,
					       "%s%s", depth ? " < " :
					       at ? " | " : "", name);
		}
		line = strchr(line, '\n');
		if (!line)
			break;
	}
	f->signature = finding_signature(f->kind, "", path);
	snprintf(f->headline, sizeof(f->headline), "%.*s",
		 (int)sizeof(f->headline) - 1, path);
}
