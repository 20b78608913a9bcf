/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * struct lthread: what locking/ knows about a host thread: the locks it
 * holds, what it waits for, and the word on which it parks.
 *
 * A record belongs to its thread, which alone writes it.  A watchdog may
 * read it at any time, so published fields are written with WRITE_ONCE and
 * read with READ_ONCE, and records are recycled but never freed: a wake-up
 * that comes late finds a word that is still there.
 *
 * A wait: the waiter, under the lock of the thing it waits for, calls
 * lthread_prepare_wait(), queues itself, drops that lock, and calls
 * lthread_wait().  Whoever ends the wait calls lthread_wake() once.
 */
#ifndef LOCKING_THREAD_H
#define LOCKING_THREAD_H

#include "locking/compiler.h"
#include "locking/seam.h"
#include "locking/site.h"
#include "locking/time.h"

#define LTHREAD_MAX_HELD 48
#define LTHREAD_MAX_WAITS 4
#define LTHREAD_NAME_LEN 24
#define LTHREAD_NAME_WORDS (LTHREAD_NAME_LEN / sizeof(unsigned long))

struct lock_class;
struct lthread;
struct lwait;

enum lwait_kind {
	LWAIT_NONE,
	LWAIT_SPINLOCK,
	LWAIT_RWLOCK_READ,
	LWAIT_RWLOCK_WRITE,
	LWAIT_RWSEM_READ,
	LWAIT_RWSEM_WRITE,
	LWAIT_SEMAPHORE,
	LWAIT_COMPLETION,
	LWAIT_PAGE_LOCK,
	LWAIT_IPI,	/* acknowledgements of other CPUs */
	LWAIT_CHILD,	/* exit of a child */
	LWAIT_CPU,	/* an emulated CPU to run on */
	LWAIT_WORK,	/* a work item, a flush, a daemon's pass */
	LWAIT_OTHER,
	LWAIT_IDLE,	/* nothing to do: may last for ever */
	NR_LWAIT_KINDS
};

/*
 * Who must act before the wait of @w can end; NULL if nobody in particular
 * or unknown.  Called by the watchdog while the waiter may be going on: it
 * must read nothing that can be unmapped, and nothing without READ_ONCE.
 */
typedef struct lthread *(*lwait_blocker_t)(const struct lwait *w);

/* What a thread waits for. */
struct lwait {
	int kind;			/* enum lwait_kind */
	const void *object;		/* lock or whatever it is */
	const struct lock_class *class;	/* or NULL */
	const struct lock_site *site;
	unsigned long since;		/* jiffies */
	lwait_blocker_t blocker;	/* or NULL */
	void *blocker_arg;
};

enum lock_mode { LOCK_WRITE, LOCK_READ };

/* One lock held; @lock is an address to compare, not to follow. */
struct lheld {
	const void *lock;
	struct lock_class *class;
	const struct lock_site *site;
	unsigned long since;		/* jiffies */
	unsigned char mode;		/* enum lock_mode */
	unsigned char subclass;
};

enum { LTHREAD_GO, LTHREAD_WAIT };

/*
 * Key: (o) written by the owner, WRITE_ONCE, read by anybody
 *      (p) private to the owner   (c) constant once registered
 *      (w) set by the owner, cleared by lthread_wake() with release
 */
struct lthread {
	/* Each 8 bytes have one busy field: race detectors keep few accesses. */
	int nr_held;			/* (o) valid entries of held[] */
	unsigned int id;		/* (c) small number, never reused */
	long spin_depth;		/* (p) spinlocks and rwlocks held */
	long irqs_off;			/* (p) local_irq_disable() is in force */
	long innermost;			/* (p) holds a lock nothing goes under */
	int in_report;			/* (p) inside a finding sink */
	int in_use;			/* (o) registered */
	int wait_word;			/* (w) LTHREAD_WAIT while parked */
	unsigned int wait_seq;		/* (o) odd while waits change */
	int nr_waits;			/* (o) nesting, may exceed the array */
	struct lwait waits[LTHREAD_MAX_WAITS]; /* (o) outermost first */
	struct lheld held[LTHREAD_MAX_HELD]; /* (o) in order of taking */

	union {				/* (o) may be torn between words */
		char name[LTHREAD_NAME_LEN];
		unsigned long name_words[LTHREAD_NAME_WORDS];
	};
	void *owner_cookie;		/* (o) the program's task */
	unsigned int stall_seq;		/* waitgraph: last wait complained of */
	struct lthread *next_all;	/* (c) list of all records */
	struct lthread *next_free;	/* under the list's lock */
};

extern __thread struct lthread *lthread_current;

/**
 * lthread_register() - give the calling thread a record
 * @name: for reports, copied; NULL for "thread"
 *
 * Happens by itself on first use of a lock; a thread that has a record
 * already is renamed.  Registers the thread with RCU too.
 *
 * Context: any thread; may allocate from the host.
 * Return: the record.
 */
struct lthread *lthread_register(const char *name);

/**
 * lthread_unregister() - the calling thread is about to end
 *
 * Happens by itself at thread exit.  Locks still held are a finding.
 *
 * Context: any thread, registered or not.
 */
void lthread_unregister(void);

/* The record of the calling thread. */
static inline struct lthread *lthread_self(void)
{
	struct lthread *self = lthread_current;

	return likely(self) ? self : lthread_register(NULL);
}

/**
 * lthread_set_name() - rename the calling thread
 * @name: copied, cut at LTHREAD_NAME_LEN - 1
 *
 * Context: any.
 */
void lthread_set_name(const char *name);

/**
 * lthread_name_host() - name the calling host thread
 * @name: for debuggers, sanitizers, the explorer; cut at 15 bytes
 *
 * Context: any.
 */
void lthread_name_host(const char *name);

/**
 * lthread_name() - the name of any thread
 * @t: thread, NULL for none
 * @buf: LTHREAD_NAME_LEN bytes
 *
 * Context: any; the name may be changing.
 * Return: @buf.
 */
const char *lthread_name(const struct lthread *t, char *buf);

/**
 * lthread_set_cookie() - tie the calling thread to the program's task
 * @cookie: what findings carry as owner_cookie
 *
 * Context: any.
 */
void lthread_set_cookie(void *cookie);

/**
 * lthread_first() - start of the list of all records, for watchdogs
 *
 * Follow next_all; skip those without in_use.  New ones come in front.
 *
 * Context: any.
 * Return: a record or NULL.
 */
struct lthread *lthread_first(void);

/**
 * lwait_snapshot() - what a thread waits for now
 * @t: any thread
 * @w: where the innermost wait goes
 * @seq: its number, to compare with t->wait_seq later
 *
 * Context: any, usually a watchdog.
 * Return: whether it waits.
 */
bool lwait_snapshot(const struct lthread *t, struct lwait *w,
		    unsigned int *seq);

/**
 * lwait_kind_name() - "rwsem(write)" and the like
 * @kind: any value
 *
 * Context: any.
 * Return: a constant string.
 */
const char *lwait_kind_name(enum lwait_kind kind);

/**
 * lwait_begin() - publish what the calling thread is going to wait for
 * @kind: what sort of thing
 * @object: its address, for identification only
 * @class: lock class, NULL if it has none
 * @site: where the wait is
 *
 * Waits nest, as when the scheduler's sleep hook finds a lock contended.
 *
 * Context: any.
 */
void lwait_begin(enum lwait_kind kind, const void *object,
		 const struct lock_class *class, const struct lock_site *site);

/**
 * lwait_begin_on() - lwait_begin() with somebody to blame
 * @kind: what sort of thing
 * @object: its address, for identification only
 * @site: where the wait is
 * @blocker: tells who must act, see lwait_blocker_t; may be NULL
 * @arg: for @blocker, as w->blocker_arg
 *
 * Context: any.
 */
void lwait_begin_on(enum lwait_kind kind, const void *object,
		    const struct lock_site *site, lwait_blocker_t blocker,
		    void *arg);

/** lwait_end() - the innermost wait is over.  Context: the waiter. */
void lwait_end(void);

/*
 * How the program's scheduler hears of sleeps.  sleep() gives the emulated
 * CPU up, wake() takes one again; irq_disable() and irq_enable() take and
 * drop the interrupt lock of the current CPU.  Members may be NULL.
 */
struct sched_hooks {
	void (*sleep)(void);
	void (*wake)(void);
	void (*irq_disable)(void);
	void (*irq_enable)(void);
};

/**
 * set_sched_hooks() - install the program's scheduler
 * @hooks: must live as long as it is installed; NULL for none
 *
 * Context: before other threads use locks.
 */
void set_sched_hooks(const struct sched_hooks *hooks);

extern const struct sched_hooks *sched_hooks;

/**
 * lthread_block_on_raw() - sleep while *@word == @val, keeping the CPU
 * @word: futex word; its writer stores with release, then wakes it
 * @val: value for which to sleep
 *
 * Context: the scheduler and locks that must not give up the CPU.  What
 *	preceded the store that ends the wait is visible afterwards.
 */
void lthread_block_on_raw(int *word, int val);

/**
 * lthread_block_on() - give the CPU up, sleep while *@word == @val, take one
 * @word: as for lthread_block_on_raw()
 * @val: value for which to sleep
 *
 * Context: may sleep.
 */
void lthread_block_on(int *word, int val);

/* Announce a wait; before the record can be found by whoever ends it. */
static inline void lthread_prepare_wait(struct lthread *self)
{
	WRITE_ONCE(self->wait_word, LTHREAD_WAIT);
}

/**
 * lthread_wait() - sleep until lthread_wake(), without the CPU
 * @self: the calling thread, after lthread_prepare_wait()
 *
 * Context: may sleep.
 */
void lthread_wait(struct lthread *self);

/**
 * lthread_wake() - end the wait of @t
 * @t: a thread after lthread_prepare_wait(); woken by one caller only
 *
 * Context: any.  What the caller did before is visible to @t.
 */
void lthread_wake(struct lthread *t);

#endif
