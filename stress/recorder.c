// SPDX-License-Identifier: GPL-2.0-or-later
#include "stress/recorder.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <jansson.h>

#include "locking/report.h"

static struct stress_shared *shared;
static int jsonl_fd = -1;
static volatile int jsonl_failed;

static void copy_text(char *to, size_t size, const char *from)
{
	snprintf(to, size, "%s", from ? from : "");
}

/* One write(), so that lines of several threads do not mix. */
static void write_line(const struct finding *f)
{
	char seed[24];
	json_t *json;
	char *text;
	size_t len;

	snprintf(seed, sizeof(seed), "%" PRIu64, shared->config.seed +
		 shared->round.number);
	json = json_pack("{s:s, s:s, s:i, s:s, s:s, s:s, s:s, s:b, s:i, s:s}",
			 "kind", finding_kind_name(f->kind),
			 "file", f->site ? f->site->file : "?",
			 "line", f->site ? f->site->line : 0,
			 "function", f->site ? f->site->func : "?",
			 "text", f->text, "thread", f->thread,
			 "held", f->held, "fatal", f->fatal,
			 "round", (int)shared->round.number,
			 "rerun_seed", seed);
	text = json ? json_dumps(json, JSON_COMPACT) : NULL;
	json_decref(json);
	if (!text)
		return;
	len = strlen(text);
	text[len] = '\n'; /* over the final NUL */
	/* A full disk: the driver's memory still has the finding. */
	if (write(jsonl_fd, text, len + 1) < 0)
		jsonl_failed = 1;
	free(text);
}

static void sink(const struct finding *f)
{
	uint64_t n = __atomic_fetch_add(&shared->nr_findings, 1,
					__ATOMIC_RELAXED);
	struct shared_finding *sf;

	if (jsonl_fd >= 0)
		write_line(f);
	if (n >= SHARED_FINDINGS)
		return;
	sf = &shared->findings[n];
	WRITE_ONCE(sf->state, 1);
	sf->kind = f->kind;
	sf->fatal = f->fatal;
	sf->line = f->site ? f->site->line : 0;
	copy_text(sf->file, sizeof(sf->file), f->site ? f->site->file : "?");
	copy_text(sf->func, sizeof(sf->func), f->site ? f->site->func : "?");
	snprintf(sf->thread, sizeof(sf->thread), "%s #%u",
		 f->thread ? f->thread : "?", f->thread_id);
	copy_text(sf->text, sizeof(sf->text), f->text);
	copy_text(sf->held, sizeof(sf->held), f->held);
	smp_store_release(&sf->state, 2);
}

/* The state of the emulation is past repair: end at once. */
static void fatal(const struct finding *f)
{
	(void)f;
	smp_store_release(&shared->fatal, 1);
	_exit(STRESS_EXIT_FINDINGS);
}

void recorder_start(struct stress_shared *sh, int findings_fd)
{
	shared = sh;
	jsonl_fd = findings_fd;
	set_finding_sink(sink);
	set_fatal_handler(fatal);
}

void recorder_harness_error(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(shared->harness_error, sizeof(shared->harness_error), fmt,
		  args);
	va_end(args);
}
