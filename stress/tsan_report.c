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

/* "==123==ERROR: ThreadSanitizer: SEGV on ...", "==123==ABORTING" */
static bool by_process(const char *line, const char *words)
{
	size_t digits;

	if (strncmp(line, "==", 2))
		return false;
	digits = strspn(line + 2, "0123456789");
	return digits && !strncmp(line + 2 + digits, "==", 2) &&
	       !strncmp(line + 4 + digits, words, strlen(words));
}

static void keep_line(struct tsan_splitter *sp)
{
	sp->buf[sp->len++] = '\n';
	sp->line = sp->len;
}

static void between_reports(struct tsan_splitter *sp,
			    const struct tsan_sink *sink)
{
	const char *line = sp->buf + sp->line;

	if (by_process(line, "ERROR: ThreadSanitizer: ")) {
		sp->in_report = sp->dying = true;
		keep_line(sp);
		return;
	}
	if (!strcmp(line, RULER))
		sp->in_report = true;
	else if (*line)
		sink->line(sink->arg, line);
	flush(sp);
}

/* A whole line stands at sp->buf + sp->line, without its newline. */
static void line_complete(struct tsan_splitter *sp,
			  const struct tsan_sink *sink)
{
	const char *line = sp->buf + sp->line;

	if (!sp->in_report) {
		between_reports(sp, sink);
		return;
	}
	if (sp->dying ? !by_process(line, "ABORTING") : strcmp(line, RULER)) {
		keep_line(sp);
		return;
	}
	sp->buf[sp->line] = '\0';
	sink->report(sink->arg, sp->buf);
	sp->in_report = sp->dying = false;
	flush(sp);
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
		snprintf(f->kind, sizeof(f->kind), "%s",
			 by_process(text, "ERROR: ") ? FOUND_CRASH : "tsan");
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

/* The innermost functions of the first stacks; @f->where is the very first. */
static void list_functions(const char *text, struct found *f, char *list,
			   size_t size)
{
	unsigned int depth, stacks = 0, kept = 0, most;
	const char *place;
	char name[96];
	size_t at = 0;

	list[0] = '\0';
	most = strncmp(f->kind, "data-race", 9) ? STACKS : RACE_STACKS;
	for (const char *line = text; line && *line;
	     line = strchr(line, '\n'), line = line ? line + 1 : NULL) {
		if (!frame_name(line, &depth, name, sizeof(name), &place))
			continue;
		if (!depth) {
			stacks++;
			kept = 0;
		}
		if (!strncmp(name, "__tsan_", 7))
			continue; /* the runtime, on behalf of the next one */
		if (stacks == 1 && !kept)
			set_where(f, name, place);
		if (stacks <= most && kept < FRAMES && at < size)
			at += snprintf(list + at, size - at, "%s%s",
				       kept ? " < " : at ? " | " : "", name);
		kept++;
	}
}

/* "SEGV" of a crash. */
static int signal_len(const char *text, const char **name)
{
	static const char mark[] = "ThreadSanitizer: ";

	*name = strstr(text, mark);
	if (!*name)
		return 0;
	*name += sizeof(mark) - 1;
	return (int)strcspn(*name, " \n");
}

void tsan_describe(const char *text, struct found *f)
{
	char list[1024];
	const char *name;
	int n = 0;

	memset(f, 0, sizeof(*f));
	set_kind(f, text);
	list_functions(text, f, list, sizeof(list));
	f->signature = finding_signature(f->kind, "", list);
	if (!strcmp(f->kind, FOUND_CRASH))
		n = signal_len(text, &name);
	snprintf(f->headline, sizeof(f->headline), "%.*s%s%.*s", n,
		 n ? name : "", n ? " in " : "",
		 (int)sizeof(f->headline) - 32, list);
}
