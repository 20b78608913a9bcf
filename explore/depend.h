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

/** op_is_total() - does everything on the object depend on @kind? */
bool op_is_total(enum op_kind kind);

#endif
