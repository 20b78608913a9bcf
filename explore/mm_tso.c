// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * x86 total store order: stores enter the thread's FIFO buffer and reach
 * memory when the scheduler says so; the thread itself sees them at once.
 * Atomic read-modify-writes, full fences, sequentially consistent stores
 * (an xchg on this machine), locks and system calls wait until the buffer
 * is empty.
 *
 * The buffer of thread n acts as thread EX_FLUSH_BASE + n, which has only
 * the fields a step needs; so the other modules need no special case.
 */
#include <errno.h>
#include <sys/mman.h>

#include "explore/atomics.h"
#include "explore/coverage.h"
#include "explore/prologue.h"
#include "explore/trace.h"

#define BUFFER_SIZE 64

struct entry {
	struct object *obj;
	uint64_t value;
	uintptr_t pc;
	uint32_t step; /* that put it here */
	struct vclock rel;
};

struct buffer {
	uint32_t head; /* oldest entry */
	uint32_t n;
	bool draining; /* its thread waits until it is empty */
	struct entry e[BUFFER_SIZE];
};

static struct buffer *buffers EXPLORE_STATE;

static int tso_init(void)
{
	buffers = mmap(NULL, EX_FLUSH_BASE * sizeof(*buffers),
		       PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
		       -1, 0);
	return buffers == MAP_FAILED ? -errno : 0;
}

static struct thread *flusher(const struct thread *t)
{
	return &eng.threads[EX_FLUSH_BASE + t->id];
}

static struct entry *entry_at(struct buffer *b, uint32_t i)
{
	return &b->e[(b->head + i) % BUFFER_SIZE];
}

static void tso_thread_start(struct thread *t, struct thread *parent)
{
	struct thread *p = flusher(t);

	(void)parent;
	buffers[t->id].head = 0;
	buffers[t->id].n = 0;
	buffers[t->id].draining = false;
	p->idle = 0;
	p->hash = EX_FLUSH_BASE + t->id;
	p->frame = p->frames;
	p->op = (struct op){ .kind = OP_FLUSH };
}

/* Publish the flush of the oldest entry. */
static void publish(struct thread *t)
{
	struct buffer *b = &buffers[t->id];
	struct thread *p = flusher(t);
	const struct entry *e = entry_at(b, 0);

	if (!b->n) {
		eng.runnable &= ~p->bit;
		return;
	}
	p->op.obj = e->obj;
	p->op.value = e->value;
	p->op.size = e->obj->size;
	p->op.pc = e->pc;
	p->enabled_by = e->step;
	eng.runnable |= p->bit;
}

static void tso_flush(struct thread *t)
{
	struct buffer *b = &buffers[t->id];
	struct entry *e = entry_at(b, 0);
	struct thread *p = flusher(t);

	note_step(p);
	p->idle = 0;
	atomic_poke(e->obj, e->value);
	vclock_copy(&e->obj->rel, &e->rel);
	coverage_leave(t, e->obj, e->pc);
	b->head = (b->head + 1) % BUFFER_SIZE;
	b->n--;
	publish(t);
	engine_wrote(t);
	if (b->n || !b->draining)
		return;
	b->draining = false;
	t->enabled_by = eng.events;
	eng.runnable |= t->bit;
}

static void tso_drain(struct thread *t)
{
	struct buffer *b = &buffers[t->id];
	struct op op = t->op;

	if (!b->n)
		return;
	b->draining = true;
	thread_block(t);
	t->op.value = 0;
	op_begin(t, OP_FENCE, NULL, op.pc);
	t->op = op;
}

static void tso_keep(void)
{
	prologue_keep(buffers, eng.nr_threads * sizeof(*buffers));
}

static void tso_ready(void)
{
	for (uint32_t t = 0; t < eng.nr_threads; t++)
		for (uint32_t i = 0; i < buffers[t].n; i++)
			entry_at(&buffers[t], i)->step = 0;
}

static bool overlap(const struct object *a, const struct object *b)
{
	return a->addr < b->addr + b->size && b->addr < a->addr + a->size;
}

static void tso_plain(struct thread *t, uintptr_t addr, uintptr_t size)
{
	struct buffer *b = &buffers[t->id];

	for (uint32_t i = 0; i < b->n; i++) {
		const struct object *o = entry_at(b, i)->obj;

		if (o->addr < addr + size && addr < o->addr + o->size) {
			tso_drain(t);
			return;
		}
	}
}

static uint64_t tso_load(struct thread *t, struct object *o, int order)
{
	struct buffer *b = &buffers[t->id];

	for (uint32_t i = b->n; i-- > 0;) {
		struct entry *e = entry_at(b, i);

		if (e->obj == o)
			return e->value;
		if (overlap(e->obj, o))
			tso_drain(t);
	}
	clocks_load(t, &o->rel, order);
	coverage_read(t, o);
	return atomic_peek(o->addr, o->size);
}

static void tso_store(struct thread *t, struct object *o, uint64_t value,
		      int order)
{
	struct buffer *b = &buffers[t->id];
	struct entry *e;

	if (order == __ATOMIC_SEQ_CST) {
		clocks_store(t, &o->rel, order);
		atomic_poke(o, value);
		coverage_leave(t, o, t->op.pc);
		engine_wrote(t);
		return;
	}
	if (b->n == BUFFER_SIZE)
		tso_drain(t);
	e = entry_at(b, b->n++);
	e->obj = o;
	e->value = value;
	e->pc = t->op.pc;
	e->step = eng.events;
	clocks_store(t, &e->rel, order);
	t->idle = 0;
	if (b->n == 1)
		publish(t);
}

static uint64_t tso_rmw(struct thread *t, struct object *o, enum rmw_op op,
			uint64_t operand, int order)
{
	return mm_sc.rmw(t, o, op, operand, order);
}

static bool tso_cas(struct thread *t, struct object *o, struct cas *cas)
{
	return mm_sc.cas(t, o, cas);
}

const struct memory_model mm_tso = {
	.name = "tso",
	.help = "x86: store buffers",
	.init = tso_init,
	.keep = tso_keep,
	.ready = tso_ready,
	.thread_start = tso_thread_start,
	.load = tso_load,
	.store = tso_store,
	.rmw = tso_rmw,
	.cas = tso_cas,
	.fence = clocks_fence,
	.flush = tso_flush,
	.drain = tso_drain,
	.plain = tso_plain,
};
