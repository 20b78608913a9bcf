// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Findings on their way to the sink.
 *
 * The counters are statistics.  The per-place limit is a table hashed by
 * place: two places that collide share a limit, which loses repetitions
 * only after FINDINGS_PER_SITE findings of the same kind.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "locking/atomic.h"
#include "locking/lockdep.h"
#include "locking/report.h"
#include "locking/thread.h"

#define TEXT_SIZE 4096
#define HELD_SIZE 1024
#define NR_LIMITS 1024

static atomic_long_t counts[NR_FINDING_KINDS];
static atomic_t limits[NR_LIMITS];

static finding_sink_t sink_fn;
static fatal_handler_t fatal_fn;

static const char *const kind_names[NR_FINDING_KINDS] = {
	[FINDING_BUG] = "bug",
	[FINDING_LOCK] = "lock",
	[FINDING_LOCK_ORDER] = "lock-order",
	[FINDING_ATOMIC_SLEEP] = "atomic-sleep",
	[FINDING_REFCOUNT] = "refcount",
	[FINDING_STRUCTURE] = "structure",
	[FINDING_TLB] = "tlb",
	[FINDING_RMAP] = "rmap",
	[FINDING_DATA] = "data",
	[FINDING_STALL] = "stall",
	[FINDING_DEADLOCK] = "deadlock",
	[FINDING_LOST_WAKEUP] = "lost-wakeup",
	[FINDING_LEAK] = "leak",
	[FINDING_USE_AFTER_FREE] = "use-after-free",
	[FINDING_MEMORY] = "memory",
};

const char *finding_kind_name(enum finding_kind kind)
{
	return (unsigned int)kind < NR_FINDING_KINDS ? kind_names[kind] : "?";
}

static void print_finding(const struct finding *f)
{
	fprintf(stderr, "!!! %s: %s:%d %s(): %s [thread %s/%u]\n%s",
		finding_kind_name(f->kind), f->site->file, f->site->line,
		f->site->func, f->text, f->thread, f->thread_id, f->held);
}

static void exit_on_fatal(const struct finding *f)
{
	(void)f;
	_exit(1);
}

finding_sink_t set_finding_sink(finding_sink_t sink)
{
	sink = xchg(&sink_fn, sink);
	return sink ? sink : print_finding;
}

fatal_handler_t set_fatal_handler(fatal_handler_t fn)
{
	fn = xchg(&fatal_fn, fn);
	return fn ? fn : exit_on_fatal;
}

unsigned long findings_count(enum finding_kind kind)
{
	unsigned long sum = 0;

	if (kind < NR_FINDING_KINDS)
		return (unsigned long)atomic_long_read(&counts[kind]);
	for (int i = 0; i < NR_FINDING_KINDS; i++)
		sum += (unsigned long)atomic_long_read(&counts[i]);
	return sum;
}

void findings_reset(void)
{
	for (int i = 0; i < NR_FINDING_KINDS; i++)
		atomic_long_set(&counts[i], 0);
	for (int i = 0; i < NR_LIMITS; i++)
		atomic_set(&limits[i], 0);
}

static bool below_limit(enum finding_kind kind, const struct lock_site *site)
{
	unsigned long key = (unsigned long)site / sizeof(*site) * 31 + kind;
	atomic_t *limit = &limits[key % NR_LIMITS];

	return atomic_read(limit) < FINDINGS_PER_SITE &&
	       atomic_inc_return(limit) <= FINDINGS_PER_SITE;
}

/* The text is in @f already. */
static void deliver(struct finding *f, struct lthread *self)
{
	finding_sink_t sink = smp_load_acquire(&sink_fn);
	char held[HELD_SIZE];

	self->in_report++;
	locks_held_text(self, held, sizeof(held));
	f->thread = self->name;
	f->thread_id = self->id;
	f->owner_cookie = self->owner_cookie;
	f->held = held;
	(sink ? sink : print_finding)(f);
	self->in_report--;
}

void report_finding_at(enum finding_kind kind, const struct lock_site *site,
		       const char *fmt, ...)
{
	struct finding f = { .kind = kind, .site = site };
	struct lthread *self = lthread_self();
	char text[TEXT_SIZE];
	va_list ap;

	atomic_long_inc(&counts[kind]);
	if (self->in_report || !below_limit(kind, site))
		return;
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	f.text = text;
	deliver(&f, self);
}

void report_fatal_at(enum finding_kind kind, const struct lock_site *site,
		     const char *fmt, ...)
{
	struct finding f = { .kind = kind, .site = site, .fatal = true };
	struct lthread *self = lthread_self();
	fatal_handler_t handler = smp_load_acquire(&fatal_fn);
	char text[TEXT_SIZE];
	va_list ap;

	atomic_long_inc(&counts[kind]);
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	f.text = text;
	f.thread = self->name;
	if (!self->in_report)
		deliver(&f, self);
	(handler ? handler : exit_on_fatal)(&f);
	abort();
}
