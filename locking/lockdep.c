// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The lock validator.
 *
 * The graph of classes is a set of bitmaps, a word per class:
 *
 *   known[a]  classes b that may be taken under a without another look:
 *             an edge a -> b, or a violation that has been reported
 *   edge[a]   edges alone
 *   reach[a]  everything below a, transitively
 *
 * The fast path reads one word of known[] for each lock held.  The rest runs
 * under graph_lock, once per new pair of classes.  A new edge a -> b closes a
 * cycle if and only if b already reaches a.
 *
 * Nothing here is instrumented (__no_instrument): a validator whose accesses
 * synchronised would hide the races of a broken lock from TSan.
 */
#include <stdio.h>
#include <string.h>

#include "locking/lockdep.h"
#include "locking/spinlock.h"

#if LOCK_VALIDATOR

#if defined(__clang__) && __has_feature(thread_sanitizer)
#pragma clang attribute push(__no_instrument, apply_to = function)
#endif

#define PATH_TEXT 1024

/* Where an edge was first seen; both NULL never, documented ones have one. */
struct edge_sites {
	const struct lock_site *outer;
	const struct lock_site *inner;
};

static DEFINE_RAW_SPINLOCK(graph_lock);
static unsigned long known[LOCK_MAX_CLASSES];
static unsigned long edge[LOCK_MAX_CLASSES];
static unsigned long reach[LOCK_MAX_CLASSES];
static struct edge_sites sites[LOCK_MAX_CLASSES][LOCK_MAX_CLASSES];
static struct lock_class *classes[LOCK_MAX_CLASSES];
static int nr_classes;

static int assign_id(struct lock_class *class)
{
	raw_spin_lock(&graph_lock);
	if (!READ_ONCE(class->id)) {
		/* Id 0 means none. */
		mm_bug_on(nr_classes + 1 >= LOCK_MAX_CLASSES,
			  "more than %d lock classes", LOCK_MAX_CLASSES - 1);
		classes[++nr_classes] = class;
		WRITE_ONCE(class->id, nr_classes);
	}
	raw_spin_unlock(&graph_lock);
	return class->id;
}

static inline int class_id(struct lock_class *class)
{
	int id = READ_ONCE(class->id);

	return likely(id) ? id : assign_id(class);
}

const char *lock_map_name(const struct lock_map *map)
{
	const struct lock_class *class = READ_ONCE(map->class);

	for (int i = 1; i <= READ_ONCE(nr_classes); i++)
		if (classes[i] == class)
			return class->name;
	return NULL;
}

void lock_map_init(struct lock_map *map, struct lock_class *class)
{
	map->class = class;
	WRITE_ONCE(map->owner, NULL);
	WRITE_ONCE(map->site, NULL);
	WRITE_ONCE(map->since, 0);
	WRITE_ONCE(map->readers, 0);
}

void lock_map_destroy(struct lock_map *map, const struct lock_site *site)
{
	const struct lthread *owner = READ_ONCE(map->owner);
	int readers = READ_ONCE(map->readers);
	char name[LTHREAD_NAME_LEN];

	if (owner || readers)
		report_finding_at(FINDING_LOCK, site,
				  "%s %p destroyed while held by %s (and %d readers), taken at "
				  SITE_FMT, map->class->name, (void *)map,
				  lthread_name(owner, name), readers,
				  SITE_ARGS(map->site));
}

/* Add a -> b and everything that follows.  Under graph_lock. */
static void add_edge(int a, int b, const struct lock_site *outer,
		     const struct lock_site *inner)
{
	unsigned long below = reach[b] | BIT(b);

	edge[a] |= BIT(b);
	sites[a][b] = (struct edge_sites) { .outer = outer, .inner = inner };
	for (int i = 1; i <= nr_classes; i++) {
		if (i == a || (reach[i] & BIT(a)))
			reach[i] |= below;
	}
	WRITE_ONCE(known[a], known[a] | BIT(b));
}

/* Print the edges that lead from a down to b.  Under graph_lock. */
static void path_text(int a, int b, char *buf, size_t size)
{
	size_t len = 0;

	buf[0] = '\0';
	while (a != b) {
		int next = 0;

		if (edge[a] & BIT(b))
			next = b;
		for (int i = 1; !next && i <= nr_classes; i++) {
			if ((edge[a] & BIT(i)) && (reach[i] & BIT(b)))
				next = i;
		}
		if (!next)
			return;
		len += (size_t)snprintf(buf + len, size - len,
				"\n  known: %s (" SITE_FMT ") -> %s (" SITE_FMT ")",
				classes[a]->name, SITE_ARGS(sites[a][next].outer),
				classes[next]->name, SITE_ARGS(sites[a][next].inner));
		if (len >= size)
			return;
		a = next;
	}
}

/* See the pair for the first time: an edge, or a contradiction. */
static void learn_order(struct lock_class *outer, struct lock_class *inner,
			const struct lock_site *outer_site,
			const struct lock_site *inner_site)
{
	int a = class_id(outer), b = class_id(inner);
	char path[PATH_TEXT];
	bool bad = false;

	raw_spin_lock(&graph_lock);
	if (!(known[a] & BIT(b))) {
		bad = reach[b] & BIT(a);
		if (bad) {
			path_text(b, a, path, sizeof(path));
			WRITE_ONCE(known[a], known[a] | BIT(b));
		} else {
			add_edge(a, b, outer_site, inner_site);
		}
	}
	raw_spin_unlock(&graph_lock);
	if (bad)
		report_finding_at(FINDING_LOCK_ORDER, inner_site,
				  "%s taken at " SITE_FMT " inside %s taken at "
				  SITE_FMT "%s", inner->name,
				  SITE_ARGS(inner_site), outer->name,
				  SITE_ARGS(outer_site), path);
}

void lock_order_at(struct lock_class *outer, struct lock_class *inner,
		   const struct lock_site *site)
{
	learn_order(outer, inner, site, site);
}

void lockdep_reset(void)
{
	raw_spin_lock(&graph_lock);
	for (int i = 0; i < LOCK_MAX_CLASSES; i++) {
		WRITE_ONCE(known[i], 0);
		edge[i] = 0;
		reach[i] = 0;
	}
	raw_spin_unlock(&graph_lock);
}

/* Both hold for reading and may: PRIM-20. */
static inline bool readers_may_nest(const struct lheld *h, unsigned int how)
{
	return (how & LOCK_HOW_RECURSIVE) && (how & LOCK_HOW_READ) &&
	       h->mode == LOCK_READ;
}

/* The class is held already: the same lock, or another one of its class. */
static void check_same_class(const struct lock_map *map, unsigned int how,
			     const struct lheld *h,
			     const struct lock_site *site)
{
	bool read = how & LOCK_HOW_READ;

	if (readers_may_nest(h, how))
		return;
	if (h->lock == map)
		report_finding_at(FINDING_LOCK, site,
				  "%s %p taken twice by one thread: for %s here, for %s at "
				  SITE_FMT "%s", map->class->name, (void *)map,
				  read ? "reading" : "writing",
				  h->mode == LOCK_READ ? "reading" : "writing",
				  SITE_ARGS(h->site),
				  read && h->mode == LOCK_READ ?
				  " (INV-34)" : "");
	else if (how >> 8 <= h->subclass)
		report_finding_at(FINDING_LOCK_ORDER, site,
				  "two locks of class %s without _nested: %p here, %p taken at "
				  SITE_FMT, map->class->name, (void *)map,
				  (void *)h->lock, SITE_ARGS(h->site));
}

void lock_acquire(struct lock_map *map, unsigned int how,
		  const struct lock_site *site)
{
	struct lthread *self = lthread_self();
	int id = class_id(map->class);

	if (unlikely(self->innermost))
		report_finding_at(FINDING_LOCK_ORDER, site,
				  "%s %p taken under the innermost lock",
				  map->class->name, (void *)map);
	for (int i = 0; i < self->nr_held; i++) {
		const struct lheld *h = &self->held[i];

		if (unlikely(h->class == map->class))
			check_same_class(map, how, h, site);
		else if (unlikely(!(READ_ONCE(known[h->class->id]) & BIT(id))))
			learn_order(h->class, map->class, h->site, site);
	}
}

static void push_held(struct lthread *self, const struct lock_map *map,
		      unsigned int how, const struct lock_site *site)
{
	struct lheld *h = &self->held[self->nr_held];

	if (unlikely(self->nr_held == LTHREAD_MAX_HELD)) {
		report_finding_at(FINDING_LOCK, site, "more than %d locks held",
				  LTHREAD_MAX_HELD);
		return;
	}
	WRITE_ONCE(h->lock, map);
	WRITE_ONCE(h->class, map->class);
	WRITE_ONCE(h->site, site);
	WRITE_ONCE(h->since, jiffies);
	WRITE_ONCE(h->mode, how & LOCK_HOW_READ ? LOCK_READ : LOCK_WRITE);
	WRITE_ONCE(h->subclass, (unsigned char)(how >> 8));
	WRITE_ONCE(self->nr_held, self->nr_held + 1);
}

/* The lock says that we have it: may that be? */
static void report_grant(const struct lock_map *map, unsigned int how,
			 const struct lthread *owner, int readers,
			 const struct lock_site *site)
{
	char name[LTHREAD_NAME_LEN];

	report_finding_at(FINDING_LOCK, site,
			  "%s %p granted for %s while held by %s (and %d readers), last taken at "
			  SITE_FMT, map->class->name, (void *)map,
			  how & LOCK_HOW_READ ? "reading" : "writing",
			  lthread_name(owner, name), readers,
			  SITE_ARGS(READ_ONCE(map->site)));
}

void lock_acquired(struct lock_map *map, unsigned int how,
		   const struct lock_site *site)
{
	struct lthread *self = lthread_self();
	struct lthread *owner = READ_ONCE(map->owner);
	int readers;

	class_id(map->class);
	if (how & LOCK_HOW_READ) {
		readers = __atomic_fetch_add(&map->readers, 1,
					     __ATOMIC_RELAXED);
		if (unlikely(owner))
			report_grant(map, how, owner, readers, site);
	} else {
		readers = READ_ONCE(map->readers);
		if (unlikely(owner || readers))
			report_grant(map, how, owner, readers, site);
		WRITE_ONCE(map->owner, self);
	}
	WRITE_ONCE(map->site, site);
	WRITE_ONCE(map->since, jiffies);
	if (how & LOCK_HOW_SPIN)
		self->spin_depth++;
	push_held(self, map, how, site);
}

static int find_held(const struct lthread *t, const struct lock_map *map)
{
	int i = READ_ONCE(t->nr_held) - 1;

	while (i >= 0 && t->held[i].lock != map)
		i--;
	return i;
}

/* A watchdog may see an entry twice or torn; it checks again. */
static void remove_held(struct lthread *self, int i)
{
	for (; i < self->nr_held - 1; i++) {
		struct lheld *h = &self->held[i];

		WRITE_ONCE(h->lock, h[1].lock);
		WRITE_ONCE(h->class, h[1].class);
		WRITE_ONCE(h->site, h[1].site);
		WRITE_ONCE(h->since, h[1].since);
		WRITE_ONCE(h->mode, h[1].mode);
		WRITE_ONCE(h->subclass, h[1].subclass);
	}
	WRITE_ONCE(self->nr_held, self->nr_held - 1);
}

static void report_release(const struct lock_map *map, unsigned int how,
			   const char *why, const struct lock_site *site)
{
	const struct lthread *owner = READ_ONCE(map->owner);
	char name[LTHREAD_NAME_LEN];

	report_finding_at(FINDING_LOCK, site,
			  "%s %p released (%s) %s; writer %s, %d readers, last taken at "
			  SITE_FMT, map->class->name, (void *)map,
			  how & LOCK_HOW_READ ? "read" : "write", why,
			  lthread_name(owner, name),
			  READ_ONCE(map->readers),
			  SITE_ARGS(READ_ONCE(map->site)));
}

/* Make the shadow free whatever it was, so that one bug is one finding. */
static void release_shadow(struct lock_map *map, unsigned int how)
{
	if (!(how & LOCK_HOW_READ))
		WRITE_ONCE(map->owner, NULL);
	else if (__atomic_sub_fetch(&map->readers, 1, __ATOMIC_RELAXED) < 0)
		WRITE_ONCE(map->readers, 0);
}

void lock_release(struct lock_map *map, unsigned int how,
		  const struct lock_site *site)
{
	struct lthread *self = lthread_self();
	int mode = how & LOCK_HOW_READ ? LOCK_READ : LOCK_WRITE;
	int i = find_held(self, map);

	if (unlikely(i < 0))
		report_release(map, how, "by a thread that does not hold it",
			       site);
	else if (unlikely(self->held[i].mode != mode))
		report_release(map, how, "but held in the other mode", site);
	else if (unlikely(mode == LOCK_WRITE &&
			  READ_ONCE(map->owner) != self))
		report_release(map, how, "but the owner is another", site);
	release_shadow(map, how);
	if (unlikely(i < 0))
		return;
	if (how & LOCK_HOW_SPIN)
		self->spin_depth--;
	remove_held(self, i);
}

void lock_downgrade(struct lock_map *map, const struct lock_site *site)
{
	struct lthread *self = lthread_self();
	int i = find_held(self, map);

	if (i < 0 || self->held[i].mode != LOCK_WRITE) {
		report_release(map, 0, "for downgrade, but not held for writing",
			       site);
		return;
	}
	WRITE_ONCE(self->held[i].mode, LOCK_READ);
	WRITE_ONCE(map->owner, NULL);
	__atomic_fetch_add(&map->readers, 1, __ATOMIC_RELAXED);
}

int lock_is_held(const struct lock_map *map)
{
	const struct lthread *self = lthread_self();
	int i = find_held(self, map);

	if (i < 0)
		return 0;
	return self->held[i].mode == LOCK_READ ? 1 : 2;
}

void lock_assert_at(const struct lock_map *map, int at_least, int at_most,
		    const struct lock_site *site)
{
	static const char *const modes[] = { "not", "for reading", "for writing" };
	int held = lock_is_held(map);

	if (unlikely(held < at_least || held > at_most))
		report_finding_at(FINDING_LOCK, site,
				  "%s %p held %s where it must be held %s%s",
				  map->class->name, (void *)map, modes[held],
				  at_least ? "at least " : "", modes[at_least]);
}

void might_sleep_at(const struct lock_site *site)
{
	const struct lthread *self = lthread_self();

	if (unlikely(self->spin_depth || self->irqs_off))
		report_finding_at(FINDING_ATOMIC_SLEEP, site,
				  "may sleep with %ld spinlocks held, irqs %s",
				  self->spin_depth,
				  self->irqs_off ? "off" : "on");
}

int locks_held_text(const struct lthread *t, char *buf, size_t size)
{
	int nr = clamp(READ_ONCE(t->nr_held), 0, LTHREAD_MAX_HELD);
	size_t len = 0;

	buf[0] = '\0';
	for (int i = 0; i < nr && len < size; i++) {
		const struct lheld *h = &t->held[i];
		const struct lock_class *class = READ_ONCE(h->class);
		const struct lock_site *site = READ_ONCE(h->site);

		len += (size_t)snprintf(buf + len, size - len,
				"  %s %p (%s) for %lu ms, taken at "
				SITE_FMT "\n", class ? class->name : "?",
				READ_ONCE(h->lock),
				READ_ONCE(h->mode) == LOCK_READ ? "read" : "write",
				jiffies_to_ms(jiffies - READ_ONCE(h->since)),
				SITE_ARGS(site));
	}
	return nr;
}

#if defined(__clang__) && __has_feature(thread_sanitizer)
#pragma clang attribute pop
#endif

#endif /* LOCK_VALIDATOR */
