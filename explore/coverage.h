/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Interleaving coverage: which code site read what which site of another
 * thread wrote, and which site got a lock that which site of another thread
 * gave up.  A campaign that meets no new pair any more has stopped learning.
 *
 * Sites are instructions while it runs, source lines in the summary.
 */
#ifndef EXPLORE_COVERAGE_H
#define EXPLORE_COVERAGE_H

#include <stdint.h>

#include "explore/engine.h"
#include "explore/object.h"

#define COVERAGE_SLOTS (1u << 16)
#define COVERAGE_RECENT 512u

enum coverage_kind { COVERAGE_READS_FROM = 1, COVERAGE_HAND_OVER = 2 };

struct coverage {
	uint64_t *pairs; /* set, by hash */
	uint64_t nr[3]; /* pairs seen, by kind */
	uint64_t now; /* number of the running execution */
	uint64_t recent[COVERAGE_RECENT]; /* members of the set, near at hand */
};

/* The same pairs counted by line. */
struct coverage_lines {
	uint64_t reads_from;
	uint64_t hand_overs;
	uint64_t last; /* execution that saw a new pair of either last */
};

extern EXPLORE_OWN struct coverage coverage;

/**
 * coverage_begin() - forget all
 * @workers: how many processes will count, at least 1
 *
 * Return: 0, or -errno.
 */
int coverage_begin(unsigned int workers);

/** coverage_use() - this process is worker @i and counts for itself. */
void coverage_use(unsigned int i);

/** coverage_merge() - add up what all workers saw up to execution @last. */
void coverage_merge(uint64_t last);

/** coverage_tick() - @secs seconds have passed; for coverage_recent(). */
void coverage_tick(double secs);

/** coverage_recent() - Return: pairs seen first in the last minute. */
uint64_t coverage_recent(void);

/**
 * coverage_firsts() - the execution that saw each pair first
 * @kind: of pairs of instructions
 * @nr: gets how many
 *
 * Context: host; after coverage_merge().
 * Return: their numbers in no order, to be freed; NULL: no memory.
 */
uint64_t *coverage_firsts(enum coverage_kind kind, size_t *nr);

/** coverage_lines() - count pairs of lines.  Context: host. */
struct coverage_lines coverage_lines(void);

/** coverage_add() - the slow half of coverage_pair(). */
void coverage_add(uint64_t key);

/** coverage_key() - Return: a pair as one word, never 0. */
static inline uint64_t coverage_key(enum coverage_kind kind, uint32_t from,
				    uint32_t to)
{
	return (uint64_t)kind << 62 | (uint64_t)(from & 0x7fffffff) << 31 |
	       (to & 0x7fffffff);
}

/** coverage_slot() - Return: where to look for @key first. */
static inline uint32_t coverage_slot(uint64_t key)
{
	return (uint32_t)(key * 0x9e3779b97f4a7c15ull >> 48);
}

/** coverage_pair() - site @to saw site @from, both from eng.text_base. */
static inline void coverage_pair(enum coverage_kind kind, uint32_t from,
				 uint32_t to)
{
	uint64_t key = coverage_key(kind, from, to);
	uint64_t *recent = &coverage.recent[coverage_slot(key) %
					    COVERAGE_RECENT];

	if (likely(*recent == key))
		return;
	if (likely(coverage.pairs[coverage_slot(key)] == key))
		*recent = key;
	else
		coverage_add(key);
}

/** coverage_leave() - @t wrote, or gave up, @o at @pc. */
static inline void coverage_leave(const struct thread *t, struct object *o,
				  uintptr_t pc)
{
	o->left_pc = (uint32_t)(pc - eng.text_base);
	o->left_tid = t->id;
}

/** coverage_read() - @t at its operation reads what was left in @o. */
static inline void coverage_read(const struct thread *t,
				 const struct object *o)
{
	if (o->left_tid != t->id || !o->left_pc)
		coverage_pair(COVERAGE_READS_FROM, o->left_pc,
			      (uint32_t)(t->op.pc - eng.text_base));
}

/** coverage_take() - @t at @pc gets the lock @o. */
static inline void coverage_take(const struct thread *t,
				 const struct object *o, uintptr_t pc)
{
	if (o->left_tid != t->id && o->left_pc)
		coverage_pair(COVERAGE_HAND_OVER, o->left_pc,
			      (uint32_t)(pc - eng.text_base));
}

#endif
