// SPDX-License-Identifier: GPL-2.0-or-later
#include "explore/depend.h"

#include "explore/atomics.h"

static bool is_reader(enum op_kind k)
{
	return k == OP_LOAD || k == OP_RDLOCK || k == OP_RDUNLOCK ||
	       k == OP_TRYRDLOCK;
}

/* A lock that waits until it is free. */
static bool is_blocking_lock(enum op_kind k)
{
	return k == OP_LOCK || k == OP_RDLOCK;
}

static bool is_unlock(enum op_kind k)
{
	return k == OP_UNLOCK || k == OP_RDUNLOCK || k == OP_COND_WAIT;
}

static bool is_memory(enum op_kind k)
{
	return k == OP_LOAD || k == OP_STORE || k == OP_RMW || k == OP_FLUSH;
}

static enum dependence memory_dependence(enum op_kind first,
					 enum op_kind second)
{
	/* A store only enters the thread's own buffer. */
	if (eng.model->flush && (first == OP_STORE || second == OP_STORE))
		return INDEPENDENT;
	return first == OP_LOAD && second == OP_LOAD ? INDEPENDENT : RACING;
}

static enum dependence futex_dependence(enum op_kind first,
					enum op_kind second)
{
	enum op_kind other = first;

	if (first == OP_FUTEX_NOBODY && second == OP_FUTEX_NOBODY)
		return INDEPENDENT;
	if (first == OP_FUTEX_NOBODY)
		first = OP_FUTEX_WAKE;
	if (second == OP_FUTEX_NOBODY)
		second = OP_FUTEX_WAKE;
	if (first == OP_FUTEX_WAKE || second == OP_FUTEX_WAKE) {
		/* Waking does not look at the word. */
		other = first == OP_FUTEX_WAKE ? second : first;
		return is_memory(other) ? INDEPENDENT : RACING;
	}
	other = first == OP_FUTEX_WAIT ? second : first;
	if (eng.model->flush && other == OP_STORE)
		return INDEPENDENT;
	return other == OP_LOAD ? INDEPENDENT : RACING;
}

static enum dependence rcu_dependence(enum op_kind first,
				      enum op_kind second)
{
	if (first == OP_RCU_CALL && second == OP_RCU_CALL)
		return RACING; /* callbacks run in order */
	if (first == OP_RCU_UNLOCK && second == OP_RCU_SYNC)
		return ENABLING;
	if ((first == OP_RCU_LOCK && second == OP_RCU_SYNC) ||
	    (first == OP_RCU_SYNC && second == OP_RCU_LOCK))
		return RACING;
	return INDEPENDENT;
}

enum dependence op_dependence(enum op_kind first, enum op_kind second)
{
	if (is_memory(first) && is_memory(second))
		return memory_dependence(first, second);
	if (op_is_futex(first) || op_is_futex(second))
		return futex_dependence(first, second);
	if (first >= OP_RCU_LOCK)
		return rcu_dependence(first, second);
	if (is_unlock(first) && is_blocking_lock(second))
		return first == OP_RDUNLOCK && second == OP_RDLOCK ?
		       INDEPENDENT : ENABLING;
	if (is_reader(first) && is_reader(second))
		return INDEPENDENT;
	if ((first == OP_EXIT && second == OP_JOIN) ||
	    (first == OP_SEM_POST && second == OP_SEM_WAIT))
		return ENABLING;
	if (first == OP_JOIN && second == OP_JOIN)
		return INDEPENDENT;
	return RACING;
}

bool op_is_total(enum op_kind kind)
{
	switch (kind) {
	case OP_LOCK:
	case OP_RMW:
	case OP_FLUSH:
		return true;
	case OP_STORE:
		return !eng.model->flush;
	default:
		return false;
	}
}

static bool conflict_on(const struct object *oa, enum op_kind a,
			const struct object *ob, enum op_kind b)
{
	return oa && oa == ob &&
	       (op_dependence(a, b) != INDEPENDENT ||
		op_dependence(b, a) != INDEPENDENT);
}

/* What an operation is to its second object. */
static enum op_kind second_kind(const struct op *op)
{
	return op->kind == OP_COND_WAIT ? OP_UNLOCK :
	       op->kind == OP_FENCE ? OP_STORE : OP_LOAD;
}

static bool conflict_as(const struct op *a, enum op_kind ka,
			const struct op *b, enum op_kind kb)
{
	if (a->passive || b->passive)
		return false;
	return conflict_on(a->obj, ka, b->obj, kb) ||
	       conflict_on(a->obj2, second_kind(a), b->obj, kb) ||
	       conflict_on(a->obj, ka, b->obj2, second_kind(b)) ||
	       conflict_on(a->obj2, second_kind(a), b->obj2, second_kind(b));
}

bool ops_conflict(const struct op *a, const struct op *b)
{
	return conflict_as(a, a->kind, b, b->kind);
}

bool ops_conflict_now(const struct op *a, const struct op *b)
{
	return conflict_as(a, op_effect(a), b, op_effect(b));
}

enum op_kind op_effect(const struct op *op)
{
	if (op->passive || !op->obj || eng.model == &mm_c11)
		return op->kind;
	if (op->kind == OP_FUTEX_WAKE && !op->obj->waiters)
		return OP_FUTEX_NOBODY;
	if (op->conditional &&
	    atomic_peek(op->obj->addr, op->size) != op->value)
		return OP_LOAD;
	return op->kind;
}
