// SPDX-License-Identifier: GPL-2.0-or-later
#include "explore/atomics.h"
#include "explore/coverage.h"

#include <string.h>

#include "explore/quiet.h"
#include "explore/race.h"
#include "explore/stuck.h"
#include "explore/trace.h"

#define noinline __attribute__((noinline))

static const struct memory_model *const models[] = {
	&mm_sc, &mm_tso, &mm_c11, NULL,
};

const struct memory_model *const *model_list(void)
{
	return models;
}

const struct memory_model *model_find(const char *name)
{
	for (unsigned int i = 0; models[i]; i++)
		if (!strcmp(models[i]->name, name))
			return models[i];
	return NULL;
}

int atomics_init(void)
{
	for (unsigned int i = 0; models[i]; i++) {
		int err = models[i]->init ? models[i]->init() : 0;

		if (err)
			return err;
	}
	return 0;
}

void atomics_begin(void)
{
	if (eng.model->begin)
		eng.model->begin();
}

void atomics_thread_start(struct thread *t, struct thread *parent)
{
	if (eng.model->thread_start)
		eng.model->thread_start(t, parent);
}

static void atomic_write(uintptr_t addr, unsigned int size, uint64_t value)
{
	switch (size) {
	case 1:
		*(uint8_t *)addr = value;
		break;
	case 2:
		*(uint16_t *)addr = value;
		break;
	case 4:
		*(uint32_t *)addr = value;
		break;
	default:
		*(uint64_t *)addr = value;
	}
}

void atomic_poke(const struct object *o, uint64_t value)
{
	atomic_write(o->addr, o->size, value);
}

static uint64_t rmw_full(enum rmw_op op, uint64_t old, uint64_t operand)
{
	switch (op) {
	case RMW_ADD:
		return old + operand;
	case RMW_SUB:
		return old - operand;
	case RMW_AND:
		return old & operand;
	case RMW_OR:
		return old | operand;
	case RMW_XOR:
		return old ^ operand;
	case RMW_NAND:
		return ~(old & operand);
	default:
		return operand;
	}
}

uint64_t rmw_result(enum rmw_op op, uint64_t old, uint64_t operand,
		    unsigned int size)
{
	uint64_t all = size < 8 ? (1ull << (8 * size)) - 1 : ~0ull;

	return rmw_full(op, old, operand) & all;
}

void clocks_fence(struct thread *t, int order)
{
	if (order_acquires(order))
		vclock_join(&t->hb, &t->acq);
	if (order_releases(order)) {
		vclock_release(&t->rel_fence, &t->hb, t->id);
		t->rel_fenced = true;
		thread_epoch(t);
	}
}

/* The order of all SC operations, as an object that fences write. */
static char sc_order EXPLORE_STATE;

static struct object *sc_object(int order)
{
	if (likely(!eng.model->sc_order) || order != __ATOMIC_SEQ_CST)
		return NULL;
	return object_get((uintptr_t)&sc_order, OBJECT_ATOMIC, 1);
}

/* Is an operation of @t at @addr no decision?  See quiet.h. */
static inline bool is_quiet(const struct thread *t, uintptr_t addr)
{
	return quiet.on && !race_cell(addr)->marked &&
	       t->idle <= STUCK_SPIN && (eng.runnable & t->bit);
}

/*
 * The object a quiet operation, for which the cell is up to date, needs: if
 * @always, or if there is one.
 */
static inline struct object *quiet_object(uintptr_t addr, unsigned int size,
					  bool always)
{
	if (always)
		return object_get(addr, OBJECT_ATOMIC, size);
	return race_cell(addr)->obj ? object_find(addr, OBJECT_ATOMIC, size) :
	       NULL;
}

static inline bool leaves_clock(const struct thread *t, int order)
{
	return order_releases(order) || t->rel_fenced;
}

static noinline uint64_t load_acquired(struct thread *t, uintptr_t addr,
				       unsigned int size, int order)
{
	const struct object *o = object_find(addr, OBJECT_ATOMIC, size);

	if (o)
		clocks_load(t, &o->rel, order);
	return atomic_peek(addr, size);
}

static __always_inline uint64_t quiet_load(struct thread *t, uintptr_t addr,
					   unsigned int size, int order,
					   uintptr_t pc)
{
	engine_quiet_step(t, OP_LOAD, pc);
	race_atomic(t, addr, size, 0, pc);
	if (unlikely(race_cell(addr)->obj))
		return load_acquired(t, addr, size, order);
	return atomic_peek(addr, size);
}

static void quiet_store(struct thread *t, uintptr_t addr, unsigned int size,
			uint64_t value, int order, uintptr_t pc)
{
	struct object *o;

	engine_quiet_step(t, OP_STORE, pc);
	race_atomic(t, addr, size, RACE_WRITE, pc);
	o = quiet_object(addr, size, leaves_clock(t, order));
	if (o) {
		clocks_store(t, &o->rel, order);
		coverage_leave(t, o, pc);
	}
	atomic_write(addr, size, value);
	engine_wrote(t);
}

static uint64_t quiet_rmw(struct thread *t, uintptr_t addr, unsigned int size,
			  enum rmw_op op, uint64_t operand, int order,
			  uintptr_t pc)
{
	uint64_t old = atomic_peek(addr, size);
	uint64_t new = rmw_result(op, old, operand, size);
	struct object *o;

	engine_quiet_step(t, OP_RMW, pc);
	race_atomic(t, addr, size, RACE_WRITE, pc);
	o = quiet_object(addr, size, leaves_clock(t, order));
	if (o) {
		clocks_load(t, &o->rel, order);
		clocks_rmw_store(t, &o->rel, order);
		coverage_leave(t, o, pc);
	}
	atomic_write(addr, size, new);
	if (new != old)
		engine_wrote(t);
	return old;
}

static uint64_t quiet_cas(struct thread *t, uintptr_t addr, unsigned int size,
			  const struct cas *cas, uintptr_t pc)
{
	uint64_t old = atomic_peek(addr, size);
	struct object *o;

	if (old == cas->expected)
		return quiet_rmw(t, addr, size, RMW_XCHG, cas->desired,
				 cas->order, pc);
	engine_quiet_step(t, OP_RMW, pc);
	race_atomic(t, addr, size, 0, pc);
	o = quiet_object(addr, size, false);
	if (o)
		clocks_load(t, &o->rel, cas->fail_order);
	return old;
}

/* Publish an atomic operation, wait to be chosen, check the memory. */
static struct object *begin(uintptr_t addr, unsigned int size,
			    enum op_kind kind, int order,
			    const struct cas *cas, uintptr_t pc)
{
	struct thread *t = eng.cur;
	struct object *o = object_get(addr, OBJECT_ATOMIC, size);
	unsigned int flags = kind == OP_STORE ? RACE_WRITE : 0;

	if (unlikely(eng.model->drain != NULL) &&
	    (kind == OP_RMW ||
	     (kind == OP_STORE && order == __ATOMIC_SEQ_CST))) {
		kind = OP_RMW;
		eng.model->drain(t);
	}
	t->op.kind = kind;
	t->op.failed = false;
	t->op.passive = false;
	t->op.conditional = cas != NULL;
	if (cas)
		t->op.value = cas->expected;
	t->op.order = order;
	t->op.size = size;
	t->op.obj = o;
	t->op.obj2 = sc_object(order);
	t->op.pc = pc;
	if (!eng.model->newest && !t->op.obj2 && is_quiet(t, addr) &&
	    !(kind == OP_STORE && eng.model->flush))
		engine_quiet_step(t, kind, pc);
	else
		engine_step(t);
	race_atomic(t, addr, size, flags, pc);
	return o;
}

static inline void result(struct thread *t, uint64_t value, bool failed)
{
	t->op.value = value;
	t->op.failed = failed;
	if (unlikely(eng.trace != NULL))
		trace_result(t);
}

static noinline uint64_t load_chosen(struct thread *t, uintptr_t addr,
				     unsigned int size, int order,
				     uintptr_t pc)
{
	struct object *o = begin(addr, size, OP_LOAD, order, NULL, pc);
	uint64_t value = eng.model->load(t, o, order);

	result(t, value, false);
	return value;
}

/* There are so many that each size has its own. */
#define LOAD(bits)							\
uint64_t ex_load##bits(uintptr_t addr, int order, uintptr_t pc)	\
{									\
	struct thread *t = eng.cur;					\
									\
	if (likely(eng.model->newest && is_quiet(t, addr)))		\
		return quiet_load(t, addr, bits / 8, order, pc);	\
	return load_chosen(t, addr, bits / 8, order, pc);		\
}

LOAD(8)
LOAD(16)
LOAD(32)
LOAD(64)

void ex_store(uintptr_t addr, unsigned int size, uint64_t value, int order,
	      uintptr_t pc)
{
	struct thread *t = eng.cur;
	struct object *o;

	if (eng.model->newest && is_quiet(t, addr)) {
		quiet_store(t, addr, size, value, order, pc);
		return;
	}
	t->op.value = value;
	o = begin(addr, size, OP_STORE, order, NULL, pc);
	eng.model->store(t, o, value, order);
	result(t, value, false);
}

uint64_t ex_rmw(uintptr_t addr, unsigned int size, enum rmw_op op,
		uint64_t operand, int order, uintptr_t pc)
{
	struct thread *t = eng.cur;
	struct object *o;
	uint64_t old, new;

	if (eng.model->newest && is_quiet(t, addr))
		return quiet_rmw(t, addr, size, op, operand, order, pc);
	o = begin(addr, size, OP_RMW, order, NULL, pc);
	race_atomic(t, addr, size, RACE_WRITE, pc);
	old = eng.model->rmw(t, o, op, operand, order);
	new = rmw_result(op, old, operand, size);
	/* Who spins on an exchange changes nothing. */
	if (new != old)
		engine_wrote(t);
	result(t, new, false);
	return old;
}

uint64_t ex_cas(uintptr_t addr, unsigned int size, struct cas *cas,
		uintptr_t pc)
{
	struct thread *t = eng.cur;
	struct object *o;
	bool done;

	if (eng.model->newest && is_quiet(t, addr)) {
		cas->old = quiet_cas(t, addr, size, cas, pc);
		return cas->old;
	}
	o = begin(addr, size, OP_RMW, cas->order, cas, pc);
	/* Before the model starts a new epoch: what it releases covers this. */
	if (atomic_peek(addr, size) == cas->expected)
		race_atomic(t, addr, size, RACE_WRITE, pc);
	done = eng.model->cas(t, o, cas);
	if (done)
		engine_wrote(t);
	result(t, done ? cas->desired : cas->old, !done);
	return cas->old;
}

void ex_fence(int order, uintptr_t pc)
{
	struct thread *t = eng.cur;

	if (unlikely(eng.model->drain != NULL) && order == __ATOMIC_SEQ_CST)
		eng.model->drain(t);
	t->op = (struct op){ .kind = OP_FENCE, .order = order, .pc = pc,
			     .obj2 = sc_object(order) };
	/* Without stale loads a fence, once drained, is for the clocks only. */
	if (quiet.on && (eng.model->newest || eng.model->flush))
		engine_quiet_step(t, OP_FENCE, pc);
	else
		engine_step(t);
	eng.model->fence(t, order);
	result(t, 0, false);
}
