/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which operations commute, and which orders can be reversed. */
#ifndef EXPLORE_DEPEND_H
#define EXPLORE_DEPEND_H

#include <stdbool.h>

#include "explore/engine.h"

enum dependence {
	INDEPENDENT, /* either order gives the same state */
	RACING, /* both orders are possible and may differ */
	ENABLING, /* ordered, but the second cannot go before the first */
};

/**
 * op_dependence() - how a later operation depends on an earlier one
 * @first: kind of the earlier operation
 * @second: kind of the later one, of another thread on the same object
 *
 * Operations that may fail count as what they do when they succeed.
 *
 * Return: never too little: INDEPENDENT only when that is certain.
 */
enum dependence op_dependence(enum op_kind first, enum op_kind second);

/**
 * ops_conflict() - may the order of two operations of two threads matter?
 *
 * Both may be pending.
 */
bool ops_conflict(const struct op *a, const struct op *b);

/**
 * op_effect() - the kind of a published operation, were it done now
 *
 * A compare-and-swap or a futex wait that finds another value is a load, and
 * a wake that finds nobody commutes with its like.  What it does may change
 * only by operations that do not commute with it in either role, so classes
 * of executions stay well-defined.
 *
 * Return: an enum op_kind for op_dependence().
 */
enum op_kind op_effect(const struct op *op);

/** ops_conflict_now() - the same in the present state. */
bool ops_conflict_now(const struct op *a, const struct op *b);

/** op_is_futex() - a wait or a wake: is on memory, and on a queue? */
static inline bool op_is_futex(enum op_kind kind)
{
	return kind >= OP_FUTEX_WAIT && kind <= OP_FUTEX_NOBODY;
}

/** op_is_total() - does everything but wakes depend on @kind? */
bool op_is_total(enum op_kind kind);

#endif
