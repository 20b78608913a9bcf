/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Evidence that two threads were at it at the same time.  A thread takes a
 * number before and leaves its interval behind afterwards; whoever leaves the
 * later one sees whether the two intersect.  A thread that is killed in
 * between leaves nothing, so nothing is counted that did not happen.
 */
#ifndef STRESS_OVERLAP_H
#define STRESS_OVERLAP_H

#include <stdint.h>

/* What intervals of other threads met, as bits. */
enum { OVERLAP_SAME = 1, OVERLAP_OTHER = 2 };

/**
 * overlap_begin() - about to do something
 *
 * Context: any thread of a worker.
 * Return: a number for overlap_end().
 */
uint64_t overlap_begin(void);

/**
 * overlap_end() - it is done
 * @place: where one can meet: the number of an mm, or any other number that
 *	is never used again
 * @what: what was done there
 * @begun: from overlap_begin()
 *
 * Context: any thread of a worker.
 * Return: OVERLAP_SAME if another thread did @what at @place meanwhile,
 *	OVERLAP_OTHER if it did something else.
 */
unsigned int overlap_end(uint64_t place, unsigned int what, uint64_t begun);

#endif
