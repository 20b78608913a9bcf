/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The race detector's own: an access is compared with those its cell knows.
 * Inline, because race.c does so for most accesses of a program and
 * race_range.c for each cell of a range; what is rare is behind calls.
 *
 * Here @addr is any address in the cell, @now what access_word() gives, @pc
 * counts from eng.text_base.  All of it runs in the program under test, and a
 * race ends the execution.
 */
#ifndef EXPLORE_RACE_CELL_H
#define EXPLORE_RACE_CELL_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "explore/atomics.h"
#include "explore/coverage.h"
#include "explore/engine.h"
#include "explore/image.h"
#include "explore/race.h"
#include "explore/world.h"

#define noinline __attribute__((noinline))
#define LINK_INFO ACCESS_INFO(0xff, 0, RACE_LINK) /* of no thread */

/* ---- race.c ---------------------------------------------------------------- */

/** race_check_cell() - compare an access with all that @c, in use, knows. */
void race_check_cell(uintptr_t addr, struct cell *c, uint64_t now,
		     uint32_t pc);

/* ---- race_report.c --------------------------------------------------------- */

/** race_check_special() - check_slot() of what is not ordered, or FRESH. */
bool race_check_special(uintptr_t addr, struct access *old, uint64_t now,
			uint32_t pc);

/**
 * race_watch() - in a replay: is @a the older access of the race to explain?
 *
 * Then remember where it was made.
 */
void race_watch(uintptr_t addr, uintptr_t size, const struct access *a);

/* ---- race_overflow.c ------------------------------------------------------- */

/** race_overflow_init() - reserve the blocks.  Return: 0, or -errno. */
int race_overflow_init(void);

/** race_overflow_begin() - a new execution starts: all blocks are free. */
void race_overflow_begin(void);

/** race_overflow_keep() - prologue_keep() of the blocks. */
void race_overflow_keep(void);

/** race_push_both() - make room in @c for another access. */
void race_push_both(struct cell *c);

/** race_check_crowded() - race_check_cell() where @c knows more than two. */
void race_check_crowded(uintptr_t addr, struct cell *c, uint64_t now,
			uint32_t pc);

/**
 * race_check_overflow() - compare with the accesses that found no room in @c
 *
 * Those that need not be kept are dropped, and the link with the last one.
 */
void race_check_overflow(uintptr_t addr, struct cell *c, uint64_t now,
			 uint32_t pc);

/** race_amend_overflow() - race_amend() of these accesses. */
void race_amend_overflow(const struct cell *c, unsigned int mask,
			 void (*fn)(struct access *a, unsigned int mask));

/* ---- race_range.c ---------------------------------------------------------- */

/** race_access_many() - race_access() of more than lies in one cell. */
void race_access_many(uintptr_t addr, uintptr_t size, unsigned int flags,
		      uintptr_t pc);

/* ---- one access and another ------------------------------------------------ */

static inline struct access access_of(uint64_t now, uint32_t pc)
{
	struct access a = { .pc = pc };

	memcpy(&a, &now, sizeof(now));
	return a;
}

static inline void put(struct access *a, uint64_t now, uint32_t pc)
{
	memcpy(a, &now, sizeof(now));
	a->pc = pc;
}

static inline bool is_link(const struct access *a)
{
	return a->info == LINK_INFO;
}

/*
 * An access at @pc reads what @old of another thread wrote.  Where loads may
 * be stale, those of atomics are counted by the memory model.
 */
static inline void note_read(const struct access *old, uint32_t info,
			     uint32_t pc)
{
	if (!(info & ACCESS_FLAGS(RACE_ATOMIC)) || eng.model->newest)
		coverage_pair(COVERAGE_READS_FROM, old->pc, pc);
}

/*
 * Compare an access with @old, which is not a link.  Return: whether @old
 * need not be kept.
 */
static __always_inline bool check_slot(uintptr_t addr, struct access *old,
				       uint64_t now, uint32_t pc)
{
	uint32_t was = old->info, is = (uint32_t)now;
	uint32_t lacks = was & ~is;

	if (!(was & is & ACCESS_BYTES))
		return false;
	if (unlikely(eng.cur->hb.c[was & ACCESS_TID] < old->clk))
		return race_check_special(addr, old, now, pc);
	/* An allocator may do as it likes with what is all its own. */
	if (unlikely(was & ACCESS_FLAGS(RACE_FRESH)) &&
	    (lacks & ACCESS_BYTES ||
	     !(is & ACCESS_FLAGS(RACE_FRESH | RACE_FREE))))
		return race_check_special(addr, old, now, pc);
	if (lacks & ACCESS_FLAGS(RACE_WRITE) && (was ^ is) & ACCESS_TID)
		note_read(old, is, pc);
	/* Or it tells something else than @old. */
	return !(lacks & (ACCESS_BYTES | ACCESS_FLAGS(RACE_WRITE))) &&
	       !(is & ~was & ACCESS_FLAGS(RACE_ATOMIC));
}

/* ---- one access and its cell ----------------------------------------------- */

/* Return: whether the cell is in use now, with nothing in it but @now. */
static inline bool is_first(struct cell *c, uintptr_t addr, uint64_t now,
			    uint32_t pc)
{
	struct block_shadow *b = race_block(addr);

	if (c->stamp == eng.exec)
		return false;
	if (b->stamp == eng.exec || race_has_base(b)) {
		race_renew(c, addr);
		return false;
	}
	c->stamp = eng.exec;
	c->obj = 0;
	c->s[1].info = 0;
	put(&c->s[0], now, pc);
	race_touch_block(b);
	return true;
}

/* Who restores memory between executions is to know of a write. */
static inline void note_write(uintptr_t addr, uintptr_t size)
{
	world_wrote(addr, size);
	if (image_owns(addr))
		image_wrote(addr, size);
}

#endif
