// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Sequential consistency: a load reads the newest store.  The orders still
 * decide what happens before what, so a relaxed store that should have been
 * a release shows as a race on the data it was to publish.
 */
#include "explore/atomics.h"
#include "explore/coverage.h"

static uint64_t sc_load(struct thread *t, struct object *o, int order)
{
	clocks_load(t, &o->rel, order);
	coverage_read(t, o);
	return atomic_peek(o->addr, o->size);
}

static void sc_store(struct thread *t, struct object *o, uint64_t value,
		     int order)
{
	clocks_store(t, &o->rel, order);
	atomic_poke(o, value);
	coverage_leave(t, o, t->op.pc);
	engine_wrote(t);
}

static uint64_t sc_rmw(struct thread *t, struct object *o, enum rmw_op op,
		       uint64_t operand, int order)
{
	uint64_t old = atomic_peek(o->addr, o->size);

	clocks_load(t, &o->rel, order);
	clocks_rmw_store(t, &o->rel, order);
	coverage_read(t, o);
	coverage_leave(t, o, t->op.pc);
	atomic_poke(o, rmw_result(op, old, operand, o->size));
	return old;
}

static bool sc_cas(struct thread *t, struct object *o, struct cas *cas)
{
	cas->old = atomic_peek(o->addr, o->size);
	coverage_read(t, o);
	if (cas->old != cas->expected) {
		clocks_load(t, &o->rel, cas->fail_order);
		return false;
	}
	clocks_load(t, &o->rel, cas->order);
	clocks_rmw_store(t, &o->rel, cas->order);
	coverage_leave(t, o, t->op.pc);
	atomic_poke(o, cas->desired);
	return true;
}

const struct memory_model mm_sc = {
	.name = "sc",
	.help = "sequential consistency",
	.load = sc_load,
	.store = sc_store,
	.rmw = sc_rmw,
	.cas = sc_cas,
	.fence = clocks_fence,
	.newest = true,
};
