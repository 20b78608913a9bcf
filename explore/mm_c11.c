// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * C11, operationally.  Each location keeps its stores in modification order,
 * which is the order in which they are executed, and a load may read any of
 * them that coherence, happens-before and fences leave.
 *
 * Not produced, because a load reads only what was executed before it and a
 * store is never placed before an older one: load buffering (LB with both
 * loads reading 1), out-of-thin-air values, and the weak outcomes of 2+2W
 * and S, which need a store to be overtaken in modification order.  As in
 * C23, a plain store of the same thread does not continue a release
 * sequence; only read-modify-writes do.  What a fence made visible does not
 * travel through mutexes, so a little more is produced there than allowed.
 *
 * Happens-before lives in the threads' clocks, which the race detector uses
 * as well.  Sequentially consistent fences order less than that: what they
 * make visible is kept in @vis and never counts as synchronisation.
 */
#include <errno.h>
#include <sys/mman.h>

#include "explore/atomics.h"
#include "explore/coverage.h"
#include "explore/prologue.h"
#include "explore/race.h"

#define MAX_STORES (1u << 20)
#define MAX_READS (1u << 22)
#define SPIN_OBJECTS 8
#define EVERYBODY 255 /* writer of a value that was there before */

struct store {
	uint32_t prev; /* in modification order, or 0 */
	uint32_t mo; /* position, from 1 */
	uint32_t clk; /* epoch of the writer */
	uint8_t tid;
	uint32_t pc; /* of the writer, from eng.text_base */
	uint64_t value;
	uint64_t sc; /* place in the order of SC operations, or 0 */
	struct vclock rel; /* what acquiring it adds */
	struct vclock rel_vis;
};

struct read {
	uint32_t prev; /* of the same location, or 0 */
	uint32_t clk;
	uint32_t mo; /* what was read */
	uint8_t tid;
	uint64_t sc;
};

/* What a thread looked at since it last gave up spinning. */
struct spin {
	unsigned int n;
	struct object *obj[SPIN_OBJECTS];
};

static struct {
	struct store *stores;
	struct read *reads;
	uint32_t *last_read; /* by object id */
	uint32_t nr_stores;
	uint32_t nr_reads;
	uint64_t sc; /* SC operations so far */
	uint64_t fence_sc[EX_MAX_THREADS]; /* last SC fence of each thread */
	struct vclock sc_vis; /* what the last SC fence made visible */
	struct spin spin[EX_MAX_THREADS];
	struct vclock vis[EX_MAX_THREADS];
	struct vclock acq_vis[EX_MAX_THREADS];
	struct vclock rel_fence_vis[EX_MAX_THREADS];
} c11 EXPLORE_STATE;

static void *reserve(size_t size)
{
	void *p = mmap(NULL, size, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	return p == MAP_FAILED ? NULL : p;
}

static int c11_init(void)
{
	c11.stores = reserve(MAX_STORES * sizeof(struct store));
	c11.reads = reserve(MAX_READS * sizeof(struct read));
	c11.last_read = reserve(EX_MAX_OBJECTS * sizeof(uint32_t));
	return c11.stores && c11.reads && c11.last_read ? 0 : -ENOMEM;
}

static void c11_begin(void)
{
	c11.nr_stores = 0;
	c11.nr_reads = 0;
	c11.sc = 0;
	vclock_clear(&c11.sc_vis);
}

static void c11_keep(void)
{
	prologue_keep(&c11, sizeof(c11));
	prologue_keep(c11.stores + 1, c11.nr_stores * sizeof(*c11.stores));
	prologue_keep(c11.reads + 1, c11.nr_reads * sizeof(*c11.reads));
	prologue_keep(c11.last_read, (eng.nr_objects + 1) *
		      sizeof(*c11.last_read));
}

static void c11_thread_start(struct thread *t, struct thread *parent)
{
	c11.fence_sc[t->id] = 0;
	c11.spin[t->id].n = 0;
	vclock_clear(&c11.acq_vis[t->id]);
	vclock_clear(&c11.rel_fence_vis[t->id]);
	if (parent)
		vclock_copy(&c11.vis[t->id], &c11.vis[parent->id]);
	else
		vclock_clear(&c11.vis[t->id]);
}

static struct store *new_store(struct object *o, uint64_t value)
{
	struct store *s;

	if (c11.nr_stores + 1 == MAX_STORES)
		engine_fail(VERDICT_HARNESS, "more than %u atomic stores",
			    MAX_STORES);
	s = &c11.stores[++c11.nr_stores];
	s->prev = o->store_head;
	s->mo = o->store_head ? c11.stores[o->store_head].mo + 1 : 1;
	s->value = value;
	s->tid = EVERYBODY;
	s->pc = 0;
	s->sc = 0;
	vclock_clear(&s->rel);
	vclock_clear(&s->rel_vis);
	o->store_head = c11.nr_stores;
	return s;
}

/* The newest store; what plain code put there meanwhile becomes one. */
static struct store *newest(struct object *o)
{
	uint64_t now = atomic_peek(o->addr, o->size);
	struct store *s = &c11.stores[o->store_head];

	if (!o->store_head) {
		c11.last_read[o->id] = 0;
		return new_store(o, now);
	}
	return s->value == now ? s : new_store(o, now);
}

static bool sees(const struct thread *t, uint8_t tid, uint32_t clk)
{
	return tid == EVERYBODY || vclock_get(&t->hb, tid) >= clk ||
	       vclock_get(&c11.vis[t->id], tid) >= clk;
}

/* Must a load of @t, SC or not, respect this earlier operation? */
static bool binds(const struct thread *t, uint8_t tid, uint32_t clk,
		  uint64_t sc, bool sc_load)
{
	if (sees(t, tid, clk))
		return true;
	if (sc && (sc_load || sc < c11.fence_sc[t->id]))
		return true;
	return sc_load && vclock_get(&c11.sc_vis, tid) >= clk;
}

/* The oldest store, by position, that @t may still read. */
static uint32_t oldest_readable(const struct thread *t,
				const struct object *o, int order)
{
	bool sc = order == __ATOMIC_SEQ_CST;
	uint32_t floor = 0;

	for (uint32_t i = o->store_head; i && !floor; i = c11.stores[i].prev) {
		const struct store *s = &c11.stores[i];

		if (!s->prev || binds(t, s->tid, s->clk, s->sc, sc))
			floor = s->mo;
	}
	for (uint32_t i = c11.last_read[o->id]; i; i = c11.reads[i].prev) {
		const struct read *r = &c11.reads[i];

		if (r->mo > floor && binds(t, r->tid, r->clk, r->sc, sc))
			floor = r->mo;
	}
	return floor;
}

static void add_read(const struct thread *t, const struct object *o,
		     const struct store *s, uint64_t sc)
{
	struct read *r;

	if (c11.nr_reads + 1 == MAX_READS)
		engine_fail(VERDICT_HARNESS, "more than %u atomic loads",
			    MAX_READS);
	r = &c11.reads[++c11.nr_reads];
	*r = (struct read){ .prev = c11.last_read[o->id], .mo = s->mo,
			    .clk = t->hb.c[t->id], .tid = t->id, .sc = sc };
	c11.last_read[o->id] = c11.nr_reads;
}

static void note_spin(const struct thread *t, struct object *o)
{
	struct spin *spin = &c11.spin[t->id];

	for (unsigned int i = 0; i < spin->n; i++)
		if (spin->obj[i] == o)
			return;
	if (spin->n < SPIN_OBJECTS)
		spin->obj[spin->n++] = o;
}

/* @t reads @s: coherence and synchronisation. */
static void note_read(struct thread *t, struct object *o,
		      const struct store *s, int order)
{
	bool sc = order == __ATOMIC_SEQ_CST;

	add_read(t, o, s, sc ? ++c11.sc : 0);
	note_spin(t, o);
	if (s->tid != t->id)
		coverage_pair(COVERAGE_READS_FROM, s->pc,
			      (uint32_t)(t->op.pc - eng.text_base));
	clocks_load(t, &s->rel, order);
	if (s->rel_vis.n)
		vclock_join(order_acquires(order) ? &c11.vis[t->id] :
			    &c11.acq_vis[t->id], &s->rel_vis);
	t->hash ^= (s->mo + 1) * 0x9e3779b97f4a7c15ull;
}

static struct store *step_back(struct store *s, unsigned int n)
{
	while (n--)
		s = &c11.stores[s->prev];
	return s;
}

static uint64_t c11_load(struct thread *t, struct object *o, int order)
{
	struct store *s = newest(o);
	uint32_t floor = oldest_readable(t, o, order);

	if (s->mo > floor)
		s = step_back(s, engine_choose(s->mo - floor + 1));
	note_read(t, o, s, order);
	return s->value;
}

/* Sign a store of @t, and let it carry what the order says. */
static void sign(struct thread *t, struct store *s, int order)
{
	s->tid = t->id;
	s->pc = (uint32_t)(t->op.pc - eng.text_base);
	s->clk = t->hb.c[t->id];
	if (order == __ATOMIC_SEQ_CST)
		s->sc = ++c11.sc;
}

static void c11_store(struct thread *t, struct object *o, uint64_t value,
		      int order)
{
	struct store *s;

	newest(o);
	s = new_store(o, value);
	sign(t, s, order);
	if (order_releases(order))
		vclock_copy(&s->rel_vis, &c11.vis[t->id]);
	else if (t->rel_fenced)
		vclock_copy(&s->rel_vis, &c11.rel_fence_vis[t->id]);
	clocks_store(t, &s->rel, order);
	atomic_poke(o, value);
	engine_wrote(t);
}

/* A read-modify-write continues the release sequence of what it read. */
static void store_after(struct thread *t, struct object *o,
			const struct store *old, uint64_t value, int order)
{
	struct store *s;

	note_read(t, o, old, order);
	s = new_store(o, value);
	sign(t, s, order);
	vclock_copy(&s->rel, &old->rel);
	vclock_copy(&s->rel_vis, &old->rel_vis);
	if (order_releases(order))
		vclock_join(&s->rel_vis, &c11.vis[t->id]);
	else if (t->rel_fenced)
		vclock_join(&s->rel_vis, &c11.rel_fence_vis[t->id]);
	clocks_rmw_store(t, &s->rel, order);
	atomic_poke(o, value);
}

static uint64_t c11_rmw(struct thread *t, struct object *o, enum rmw_op op,
			uint64_t operand, int order)
{
	const struct store *old = newest(o);
	uint64_t value = old->value;

	store_after(t, o, old, rmw_result(op, value, operand, o->size),
		    order);
	return value;
}

/* Fail by reading an older, different value, where that is allowed. */
static struct store *failing_store(struct thread *t, struct object *o,
				   const struct cas *cas)
{
	uint32_t floor = oldest_readable(t, o, cas->fail_order);
	struct store *s = newest(o);
	unsigned int different = 0;
	unsigned int n;

	for (; s->mo > floor;) {
		s = &c11.stores[s->prev];
		different += s->value != cas->expected;
	}
	n = engine_choose(different + 1);
	s = newest(o);
	while (n) {
		s = &c11.stores[s->prev];
		n -= s->value != cas->expected;
	}
	return s;
}

static bool c11_cas(struct thread *t, struct object *o, struct cas *cas)
{
	struct store *s = newest(o);

	s = failing_store(t, o, cas);
	cas->old = s->value;
	if (s->value != cas->expected) {
		note_read(t, o, s, cas->fail_order);
		return false;
	}
	store_after(t, o, s, cas->desired, cas->order);
	return true;
}

static void c11_fence(struct thread *t, int order)
{
	struct vclock *vis = &c11.vis[t->id];

	if (order_acquires(order))
		vclock_join(vis, &c11.acq_vis[t->id]);
	if (order == __ATOMIC_SEQ_CST) {
		vclock_join(&t->hb, &t->acq);
		vclock_join(vis, &t->hb);
		vclock_join(vis, &c11.sc_vis);
		vclock_copy(&c11.sc_vis, vis);
		c11.fence_sc[t->id] = ++c11.sc;
	}
	if (order_releases(order))
		vclock_copy(&c11.rel_fence_vis[t->id], vis);
	clocks_fence(t, order);
}

/* @t gives up spinning: the stores it was late to see have arrived. */
static void c11_refresh(struct thread *t)
{
	struct spin *spin = &c11.spin[t->id];

	for (unsigned int i = 0; i < spin->n; i++)
		add_read(t, spin->obj[i], newest(spin->obj[i]), 0);
	spin->n = 0;
}

const struct memory_model mm_c11 = {
	.name = "c11",
	.help = "C11: stale reads as coherence and happens-before allow",
	.init = c11_init,
	.begin = c11_begin,
	.keep = c11_keep,
	.thread_start = c11_thread_start,
	.load = c11_load,
	.store = c11_store,
	.rmw = c11_rmw,
	.cas = c11_cas,
	.fence = c11_fence,
	.refresh = c11_refresh,
	.sc_order = true,
};
