/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which operations commute. */
#ifndef EXPLORE_DEPEND_H
#define EXPLORE_DEPEND_H

#include <stdbool.h>

#include "explore/engine.h"

/** op_reads_only() - does an operation of this kind leave its object alone? */
static inline bool op_reads_only(const struct op *op)
{
	switch (op->kind) {
	case OP_LOAD:
		return true;
	case OP_RMW:
	case OP_TRYLOCK:
	case OP_TRYRDLOCK:
		return op->failed;
	case OP_RDLOCK:
	case OP_RDUNLOCK:
		return true; /* among readers */
	default:
		return false;
	}
}

/**
 * ops_conflict() - may the order of two operations of two threads matter?
 *
 * Pending operations count as what they do when they succeed.
 */
static inline bool ops_conflict(const struct op *a, const struct op *b)
{
	return a->obj && a->obj == b->obj &&
	       !(op_reads_only(a) && op_reads_only(b));
}

#endif
