// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Records of host threads, sleeping and waking, interrupts of the emulated
 * CPU.
 *
 * All records are on one list that only grows at its head, so a watchdog
 * walks it without a lock: next_all is set before the release that publishes
 * a record and never changes.  Records of threads that ended wait on a free
 * list, under registry_lock.
 */
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "locking/atomic.h"
#include "locking/rcu.h"
#include "locking/report.h"
#include "locking/spinlock.h"
#include "locking/thread.h"

__thread struct lthread *lthread_current;
const struct sched_hooks *sched_hooks;

static const struct sched_hooks no_hooks;

static DEFINE_RAW_SPINLOCK(registry_lock);
static struct lthread *all_records;	/* release to publish */
static struct lthread *free_records __guarded_by(&registry_lock);
static atomic_t last_id;

static pthread_once_t key_once = PTHREAD_ONCE_INIT;
static pthread_key_t exit_key;

static const char *const wait_names[NR_LWAIT_KINDS] = {
	[LWAIT_NONE] = "nothing",
	[LWAIT_SPINLOCK] = "spinlock",
	[LWAIT_RWLOCK_READ] = "rwlock(read)",
	[LWAIT_RWLOCK_WRITE] = "rwlock(write)",
	[LWAIT_RWSEM_READ] = "rwsem(read)",
	[LWAIT_RWSEM_WRITE] = "rwsem(write)",
	[LWAIT_SEMAPHORE] = "semaphore",
	[LWAIT_COMPLETION] = "completion",
	[LWAIT_PAGE_LOCK] = "page lock",
	[LWAIT_IPI] = "IPI acknowledgement",
	[LWAIT_CHILD] = "child exit",
	[LWAIT_CPU] = "CPU",
	[LWAIT_WORK] = "work",
	[LWAIT_OTHER] = "event",
	[LWAIT_IDLE] = "idle",
};

const char *lwait_kind_name(enum lwait_kind kind)
{
	return (unsigned int)kind < NR_LWAIT_KINDS ? wait_names[kind] : "?";
}

static void thread_exits(void *record)
{
	lthread_current = record;
	lthread_unregister();
}

static void make_exit_key(void)
{
	BUG_ON(pthread_key_create(&exit_key, thread_exits));
}

static struct lthread *take_free_record(void)
{
	struct lthread *t;

	raw_spin_lock(&registry_lock);
	t = free_records;
	if (t)
		free_records = t->next_free;
	raw_spin_unlock(&registry_lock);
	return t;
}

static struct lthread *make_record(void)
{
	struct lthread *t = calloc(1, sizeof(*t));

	if (!t) {
		fputs("no memory for a thread record\n", stderr);
		abort();
	}
	raw_spin_lock(&registry_lock);
	t->next_all = all_records;
	smp_store_release(&all_records, t);
	raw_spin_unlock(&registry_lock);
	return t;
}

struct lthread *lthread_register(const char *name)
{
	struct lthread *t = lthread_current;

	if (!t) {
		t = take_free_record();
		if (!t)
			t = make_record();
		WRITE_ONCE(t->id, (unsigned int)atomic_inc_return(&last_id));
		lthread_current = t;
		lthread_set_name("thread");
		WRITE_ONCE(t->in_use, 1);
		pthread_once(&key_once, make_exit_key);
		pthread_setspecific(exit_key, t);
		rcu_thread_register();
	}
	if (name)
		lthread_set_name(name);
	return t;
}

/* A leftover must not be inherited by the next user of the record. */
static void forget_locks(struct lthread *t)
{
	if (t->nr_held || t->irqs_off)
		report_finding(FINDING_LOCK, "thread ends with %d locks held%s",
			       t->nr_held, t->irqs_off ? ", irqs off" : "");
	WRITE_ONCE(t->nr_held, 0);
	t->irqs_off = 0;
	WRITE_ONCE(t->nr_waits, 0);
	t->spin_depth = 0;
}

void lthread_unregister(void)
{
	struct lthread *t = lthread_current;

	if (!t)
		return;
	forget_locks(t);
	rcu_thread_unregister();
	pthread_setspecific(exit_key, NULL);
	WRITE_ONCE(t->owner_cookie, NULL);
	WRITE_ONCE(t->in_use, 0);
	lthread_current = NULL;

	raw_spin_lock(&registry_lock);
	t->next_free = free_records;
	free_records = t;
	raw_spin_unlock(&registry_lock);
}

void lthread_set_name(const char *name)
{
	unsigned long words[LTHREAD_NAME_WORDS] = { 0 };
	struct lthread *self = lthread_self();

	/* The last byte stays 0: a torn name is still a string. */
	memcpy(words, name, strnlen(name, LTHREAD_NAME_LEN - 1));
	for (size_t i = 0; i < LTHREAD_NAME_WORDS; i++)
		WRITE_ONCE(self->name_words[i], words[i]);
}

void lthread_name_host(const char *name)
{
	char host_name[16] = "";

	memcpy(host_name, name, strnlen(name, sizeof(host_name) - 1));
	pthread_setname_np(pthread_self(), host_name);
}

const char *lthread_name(const struct lthread *t, char *buf)
{
	static const struct lthread nobody = { .name = "nobody" };
	unsigned long words[LTHREAD_NAME_WORDS];

	if (!t)
		t = &nobody;
	for (size_t i = 0; i < LTHREAD_NAME_WORDS; i++)
		words[i] = READ_ONCE(t->name_words[i]);
	memcpy(buf, words, LTHREAD_NAME_LEN);
	return buf;
}

void lthread_set_cookie(void *cookie)
{
	WRITE_ONCE(lthread_self()->owner_cookie, cookie);
}

struct lthread *lthread_first(void)
{
	return smp_load_acquire(&all_records);
}

/*
 * waits[] is published as by a seqcount: its reader, lwait_snapshot(), starts
 * over when wait_seq is odd or has changed.
 */
static __no_instrument void waits_change(struct lthread *self)
{
	WRITE_ONCE(self->wait_seq, self->wait_seq + 1);
	smp_wmb();
}

static __no_instrument void waits_changed(struct lthread *self)
{
	smp_store_release(&self->wait_seq, self->wait_seq + 1);
}

static __no_instrument void push_wait(const struct lwait *w)
{
	struct lthread *self = lthread_self();
	int nr = self->nr_waits;

	waits_change(self);
	if (nr < LTHREAD_MAX_WAITS) {
		struct lwait *slot = &self->waits[nr];

		WRITE_ONCE(slot->kind, w->kind);
		WRITE_ONCE(slot->object, w->object);
		WRITE_ONCE(slot->class, w->class);
		WRITE_ONCE(slot->site, w->site);
		WRITE_ONCE(slot->since, jiffies);
		WRITE_ONCE(slot->blocker, w->blocker);
		WRITE_ONCE(slot->blocker_arg, w->blocker_arg);
	}
	WRITE_ONCE(self->nr_waits, nr + 1);
	waits_changed(self);
}

void lwait_begin(enum lwait_kind kind, const void *object,
		 const struct lock_class *class, const struct lock_site *site)
{
	struct lwait w = {
		.kind = kind, .object = object, .class = class, .site = site,
	};

	push_wait(&w);
}

void lwait_begin_on(enum lwait_kind kind, const void *object,
		    const struct lock_site *site, lwait_blocker_t blocker,
		    void *arg)
{
	struct lwait w = {
		.kind = kind, .object = object, .site = site,
		.blocker = blocker, .blocker_arg = arg,
	};

	push_wait(&w);
}

__no_instrument void lwait_end(void)
{
	struct lthread *self = lthread_self();

	BUG_ON(self->nr_waits <= 0);
	waits_change(self);
	WRITE_ONCE(self->nr_waits, self->nr_waits - 1);
	waits_changed(self);
}

static __no_instrument void copy_wait(struct lwait *to,
				      const struct lwait *from)
{
	to->kind = READ_ONCE(from->kind);
	to->object = READ_ONCE(from->object);
	to->class = READ_ONCE(from->class);
	to->site = READ_ONCE(from->site);
	to->since = READ_ONCE(from->since);
	to->blocker = READ_ONCE(from->blocker);
	to->blocker_arg = READ_ONCE(from->blocker_arg);
}

__no_instrument bool lwait_snapshot(const struct lthread *t, struct lwait *w,
				    unsigned int *seq)
{
	int nr;

	do {
		*seq = smp_load_acquire(&t->wait_seq);
		nr = READ_ONCE(t->nr_waits);
		if (nr > 0)
			copy_wait(w, &t->waits[min(nr, LTHREAD_MAX_WAITS) - 1]);
		smp_rmb();
	} while ((*seq & 1) || READ_ONCE(t->wait_seq) != *seq);
	return nr > 0;
}

void set_sched_hooks(const struct sched_hooks *hooks)
{
	smp_store_release(&sched_hooks, hooks);
}

static const struct sched_hooks *hooks(void)
{
	const struct sched_hooks *h = smp_load_acquire(&sched_hooks);

	return h ? h : &no_hooks;
}

void lthread_block_on_raw(int *word, int val)
{
	while (smp_load_acquire(word) == val)
		seam_futex_wait(word, val, -1);
}

void lthread_block_on(int *word, int val)
{
	const struct sched_hooks *h = hooks();

	if (h->sleep)
		h->sleep();
	lthread_block_on_raw(word, val);
	if (h->wake)
		h->wake();
}

void lthread_wait(struct lthread *self)
{
	lthread_block_on(&self->wait_word, LTHREAD_WAIT);
}

void lthread_wake(struct lthread *t)
{
	smp_store_release(&t->wait_word, LTHREAD_GO);
	seam_futex_wake(&t->wait_word, INT_MAX);
}

static void irqs_disable(struct lthread *self)
{
	const struct sched_hooks *h = hooks();

	if (h->irq_disable)
		h->irq_disable();
	self->irqs_off = 1;
}

static void irqs_enable(struct lthread *self)
{
	const struct sched_hooks *h = hooks();

	self->irqs_off = 0;
	if (h->irq_enable)
		h->irq_enable();
}

void local_irq_disable(void)
{
	struct lthread *self = lthread_self();

	if (!self->irqs_off)
		irqs_disable(self);
}

void local_irq_enable(void)
{
	struct lthread *self = lthread_self();

	if (self->irqs_off)
		irqs_enable(self);
}

unsigned long irq_save(void)
{
	struct lthread *self = lthread_self();
	unsigned long flags = self->irqs_off;

	if (!flags)
		irqs_disable(self);
	return flags;
}

void irq_restore(unsigned long flags)
{
	struct lthread *self = lthread_self();

	if (!flags == !self->irqs_off)
		return;
	if (flags)
		irqs_disable(self);
	else
		irqs_enable(self);
}
