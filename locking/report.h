/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Findings: what every checker calls when a rule has been broken.  A finding
 * goes to a sink; it does not change the control flow, unless it is fatal.
 */
#ifndef LOCKING_REPORT_H
#define LOCKING_REPORT_H

#include "locking/compiler.h"
#include "locking/site.h"

enum finding_kind {
	FINDING_BUG,		/* an assertion of the code itself */
	FINDING_LOCK,		/* misuse of a lock, or a lock that is broken */
	FINDING_LOCK_ORDER,	/* two orders of taking two classes of locks */
	FINDING_ATOMIC_SLEEP,	/* sleeping where that is forbidden */
	FINDING_REFCOUNT,	/* shadow of reference counts */
	FINDING_STRUCTURE,	/* an INV rule */
	FINDING_TLB,		/* a stale translation */
	FINDING_RMAP,		/* page tables and reverse map disagree */
	FINDING_DATA,		/* a value that must not be there */
	FINDING_STALL,		/* somebody waits for too long */
	FINDING_DEADLOCK,	/* a cycle of waiters */
	FINDING_LOST_WAKEUP,	/* waits for what has happened already */
	FINDING_LEAK,		/* left over at quiescence */
	FINDING_USE_AFTER_FREE,	/* access to a freed object or frame */
	FINDING_MEMORY,		/* allocator misuse: double free, overrun */
	NR_FINDING_KINDS
};

/* What a sink is given; pointers are valid during the call only. */
struct finding {
	enum finding_kind kind;
	const struct lock_site *site;
	const char *text;	/* one line without newline, or several */
	const char *thread;	/* lthread name */
	unsigned int thread_id;
	void *owner_cookie;	/* the program's task, may be NULL */
	const char *held;	/* locks held, a line each, may be "" */
	bool fatal;		/* the fatal handler runs next */
};

typedef void (*finding_sink_t)(const struct finding *f);
typedef void (*fatal_handler_t)(const struct finding *f);

/**
 * finding_kind_name() - the kind in lower case, as in "lock-order"
 * @kind: any value
 *
 * Context: any.
 * Return: a constant string, "?" for values out of range.
 */
const char *finding_kind_name(enum finding_kind kind);

/**
 * set_finding_sink() - have findings delivered to @sink
 * @sink: called in the context of the finder, possibly by several threads at
 *	once and with locks of any kind held: it must not take locks of
 *	locking/ that have a class, nor sleep through them.  NULL restores
 *	the default, which prints to stderr.
 *
 * A finding made inside a sink by the same thread is counted and dropped, so
 * is one of a place that has made FINDINGS_PER_SITE already.
 *
 * Context: any.
 * Return: the sink until now.
 */
finding_sink_t set_finding_sink(finding_sink_t sink);

/**
 * set_fatal_handler() - choose what ends the run after a fatal finding
 * @fn: must not return (the caller aborts if it does); NULL restores the
 *	default, which ends the process with status 1
 *
 * Context: any.
 * Return: the handler until now.
 */
fatal_handler_t set_fatal_handler(fatal_handler_t fn);

/**
 * findings_count() - findings so far, dropped ones included
 * @kind: which, NR_FINDING_KINDS for all together
 *
 * Context: any.
 * Return: a snapshot of the counter.
 */
unsigned long findings_count(enum finding_kind kind);

/** findings_reset() - forget counters and per-place limits; for tests. */
void findings_reset(void);

#define FINDINGS_PER_SITE 32

/**
 * report_finding_at() - report_finding() on behalf of another place
 * @kind: what has been found
 * @site: where
 * @fmt: printf format of the text
 *
 * Context: any; does not sleep.
 */
void report_finding_at(enum finding_kind kind, const struct lock_site *site,
		       const char *fmt, ...) __printf(3, 4) __cold;

/**
 * report_fatal_at() - report a finding and end the run
 * @kind: what has been found
 * @site: where
 * @fmt: printf format of the text
 *
 * Context: any.
 */
void report_fatal_at(enum finding_kind kind, const struct lock_site *site,
		     const char *fmt, ...)
	__printf(3, 4) __cold __noreturn;

#define report_finding(kind, ...) \
	report_finding_at((kind), LOCK_SITE(), __VA_ARGS__)

#define report_fatal(...) \
	report_fatal_at(FINDING_BUG, LOCK_SITE(), __VA_ARGS__)

/* The run ends here if @cond is true; print what broke it. */
#define mm_bug_on(cond, ...) do {					\
	if (unlikely(cond))						\
		report_fatal_at(FINDING_BUG, LOCK_SITE(),		\
				__VA_ARGS__);				\
} while (0)

#define BUG_ON(cond) mm_bug_on((cond), "BUG_ON(%s)", #cond)
#define BUG() report_fatal("BUG()")

/* Report, once per evaluation, and go on.  Value: the condition. */
#define WARN_ON(cond) ({						\
	bool __warn = (cond);						\
	if (unlikely(__warn))						\
		report_finding(FINDING_BUG, "WARN_ON(%s)", #cond);	\
	unlikely(__warn); })

#endif
