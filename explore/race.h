/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The race detector.  Each 8 bytes of program memory have a shadow cell that
 * remembers the accesses which could still race with a later one: at most
 * one per thread and kind, because an access that happens before another
 * of the same strength and extent is subsumed by it.
 *
 * Nothing is cleared between executions: a cell whose stamp is not the number
 * of this one is empty, or holds the write of its whole block.
 *
 * Memory from the heap is FRESH until it is written: poison.h.
 *
 *	race.c		cells, for most accesses the first and last of it
 *	race_range.c	accesses of many bytes, blocks of cells
 *	race_overflow.c	accesses that find no room in their cell
 *	race_report.c	what is not ordered: a race, or memory without value
 *	race_base.c	the shadow at the end of the prologue
 */
#ifndef EXPLORE_RACE_H
#define EXPLORE_RACE_H

#include <stdint.h>
#include <string.h>

#include "explore/engine.h"

#define RACE_WRITE 1u
#define RACE_ATOMIC 2u
#define RACE_FREE 4u /* the write is free() */
#define RACE_FRESH 8u /* the write is malloc(): there is no value yet */
#define RACE_RANGE 16u /* of many bytes: padding may be among them */
#define RACE_ALLOC 32u /* the write is calloc(): it says nothing of bounds */
#define RACE_LINK 64u /* no access: more are in race_overflow.c */

/*
 * Thread, bytes, flags and epoch are compared as one word.  No bytes: there
 * is none, or, with RACE_LINK, @clk is their first block.
 */
struct access {
	uint32_t info; /* thread | bytes << 8 | RACE_* << 16 */
	uint32_t clk; /* epoch of the thread */
	uint32_t pc; /* from eng.text_base */
};

#define ACCESS_TID 0xffu
#define ACCESS_BYTES 0xff00u
#define ACCESS_FLAGS(flags) ((uint32_t)(flags) << 16)
#define ACCESS_INFO(tid, mask, flags)					\
	((uint32_t)(tid) | (uint32_t)(mask) << 8 | ACCESS_FLAGS(flags))

/** access_tid() - Return: the thread that made access @a. */
static inline unsigned int access_tid(const struct access *a)
{
	return a->info & 0xff;
}

/** access_mask() - Return: the bytes of the cell that @a touched. */
static inline unsigned int access_mask(const struct access *a)
{
	return a->info >> 8 & 0xff;
}

/** access_flags() - Return: RACE_* of @a. */
static inline unsigned int access_flags(const struct access *a)
{
	return a->info >> 16;
}

/* Half a cache line, and most programs wait for nothing but these. */
struct cell {
	uint32_t stamp; /* the execution that used it last */
	uint32_t obj : 31; /* first object here, or 0 */
	uint32_t marked : 1; /* operations here are decisions: quiet.h */
	struct access s[2]; /* youngest first; the second may be a link */
};

/* A lock, in words that hold when it is gone. */
struct race_held {
	uintptr_t addr;
	const char *name; /* what the program calls it, or NULL */
	bool shared;
};

enum {
	RACE_NOTING = 1, /* blocks in use are remembered, for race_keep() */
	RACE_RESUMED = 2, /* what race_keep() remembers is of this execution */
};

/* What the detector knows about the race that ended an execution. */
struct race_report {
	uintptr_t addr;
	unsigned int size;
	struct access old;
	struct access new;
	uintptr_t old_stack[32];
	uintptr_t new_stack[32];
	unsigned int nr_old;
	unsigned int nr_new;
	struct race_held old_held[8];
	struct race_held new_held[8];
	unsigned int nr_old_held;
	unsigned int nr_new_held;
	bool watching; /* a replay looks for the older access */
	bool slow; /* plain accesses are more than that in this execution */
	uint8_t prologue; /* RACE_NOTING, RACE_RESUMED, or 0 */
};

/*
 * Of BLOCK_SIZE bytes: in execution @stamp they were written as a whole, by
 * @a; cells that were in use know it, others learn it when they are.
 */
struct block_shadow {
	uint32_t stamp;
	uint32_t touched; /* the execution that used one of its cells last */
	struct access a;
	uint32_t base; /* its cells at the end of the prologue, or 0 */
	uint32_t noted; /* the execution in which race_note() saw it */
	uint32_t unused;
};

#define BLOCK_SIZE 256ul
#define SHADOW_BASE 0x100000000000ull
#define SHADOW_MASK 0x1ffffffffffull /* 2 TiB of addresses, folded */
#define SHADOW_SIZE ((SHADOW_MASK + 1) / 8 * sizeof(struct cell))
#define BLOCKS_BASE (SHADOW_BASE + SHADOW_SIZE)
#define BLOCKS_SIZE ((SHADOW_MASK + 1) / BLOCK_SIZE * \
		     sizeof(struct block_shadow))

extern EXPLORE_OWN struct race_report race;

/** race_init() - reserve the shadow.  Return: 0, or -errno. */
int race_init(void);

/** race_begin() - a new execution starts: forget everything. */
void race_begin(void);

/** race_cell() - Return: the shadow cell of @addr, perhaps out of date. */
static inline struct cell *race_cell(uintptr_t addr)
{
	return (struct cell *)(SHADOW_BASE +
			       ((addr & SHADOW_MASK & ~7ull) << 2));
}

/** race_block() - Return: the shadow of the block @addr lies in. */
static inline struct block_shadow *race_block(uintptr_t addr)
{
	return (struct block_shadow *)BLOCKS_BASE +
	       (addr & SHADOW_MASK) / BLOCK_SIZE;
}

/** race_note_blocks() - from now on remember blocks that come into use. */
void race_note_blocks(void);

/**
 * race_keep() - remember the shadow as it is at the end of the prologue
 *
 * Context: host, in an execution that began with race_note_blocks().
 * Return: false when there is no room.
 */
bool race_keep(void);

/** race_forget() - forget what race_keep() did. */
void race_forget(void);

/** race_note() - @b comes into use, in RACE_NOTING. */
void race_note(struct block_shadow *b);

/** race_from_base() - @c, the cell of @addr, is as race_keep() found it. */
void race_from_base(struct cell *c, const struct block_shadow *b,
		    uintptr_t addr);

/** race_has_base() - Return: whether race_keep() remembers cells of @b. */
static inline bool race_has_base(const struct block_shadow *b)
{
	return unlikely(race.prologue == RACE_RESUMED) && b->base;
}

/* One of the cells of @b is used in this execution. */
static inline void race_touch_block(struct block_shadow *b)
{
	if (unlikely(race.prologue == RACE_NOTING) &&
	    b->touched != eng.exec)
		race_note(b);
	b->touched = eng.exec;
}

/**
 * race_renew() - @c, the cell of @addr, is used for the first time in this
 * execution
 */
static inline void race_renew(struct cell *c, uintptr_t addr)
{
	struct block_shadow *b = race_block(addr);

	c->stamp = eng.exec;
	c->obj = 0;
	c->s[0].info = 0;
	c->s[1].info = 0;
	if (b->stamp == eng.exec)
		c->s[0] = b->a;
	else if (race_has_base(b))
		race_from_base(c, b, addr);
	race_touch_block(b);
}

/** race_cell_now() - the same as race_cell(), and up to date. */
static inline struct cell *race_cell_now(uintptr_t addr)
{
	struct cell *c = race_cell(addr);

	if (unlikely(c->stamp != eng.exec))
		race_renew(c, addr);
	return c;
}

/**
 * race_access() - check and remember one access of the running thread
 * @addr: any alignment
 * @size: in bytes
 * @flags: RACE_*
 * @pc: of the access
 *
 * Ends the execution when the access races or touches dead heap memory.
 *
 * Context: program under test; ignored when the host runs.
 */
void race_access(uintptr_t addr, uintptr_t size, unsigned int flags,
		 uintptr_t pc);

/**
 * race_check() - race_access() of what lies in one cell, not known there yet
 * @now: access_word() of the access
 *
 * Context: program under test.
 */
void race_check(uintptr_t addr, uint64_t now, uintptr_t pc);

/**
 * race_fresh() - [@addr, +@size) is new memory, never used before
 * @flags: RACE_FRESH, or 0 when the allocator has initialised it
 */
void race_fresh(uintptr_t addr, uintptr_t size, unsigned int flags,
		uintptr_t pc);

/**
 * race_amend() - call @fn for each access remembered of [@addr, +@size)
 *
 * @mask has the bytes of the cell that are meant.
 */
void race_amend(uintptr_t addr, uintptr_t size,
		void (*fn)(struct access *a, unsigned int mask));

/** access_word() - Return: all of @a but its pc. */
static inline uint64_t access_word(const struct access *a)
{
	uint64_t word;

	memcpy(&word, a, sizeof(word));
	return word;
}

/*
 * Does what is remembered as @old tell all that @now would?  Then the memory
 * was alive, and a write was announced, already.
 */
static inline bool race_covers(uint64_t old, uint64_t now)
{
	const uint64_t same = ~0ull << 32 | ACCESS_TID;
	const uint64_t may_lack = ACCESS_BYTES |
		ACCESS_FLAGS(RACE_WRITE | RACE_FREE | RACE_FRESH);
	const uint64_t may_have = ACCESS_FLAGS(RACE_ATOMIC | RACE_FREE |
					       RACE_FRESH | RACE_ALLOC);

	return !((old ^ now) & (same | (now & may_lack) | (old & may_have)));
}

/** access_bytes() - Return: info of @size bytes at @addr, in one cell. */
static __always_inline uint32_t access_bytes(uintptr_t addr, unsigned int size)
{
	return ((1u << size) - 1) << 8 << (addr & 7);
}

/* An access of @t in one cell; @info: access_bytes() and flags. */
static __always_inline void race_touch(const struct thread *t, uintptr_t addr,
				       uint32_t info, uintptr_t pc)
{
	const struct cell *c = race_cell(addr);
	uint64_t now = t->epoch | info;

	if (likely(c->stamp == eng.exec) &&
	    race_covers(access_word(&c->s[0]), now))
		return;
	race_check(addr, now, pc);
}

/**
 * race_plain() - race_access() of a plain access of @size bytes, at most 8
 *
 * Inline with @size and @flags constant: there are many.
 */
static __always_inline void race_plain(uintptr_t addr, unsigned int size,
				       unsigned int flags, uintptr_t pc)
{
	const struct thread *t = eng.cur;

	if (unlikely(!t))
		return;
	if (unlikely((addr & 7) + size > 8 || race.slow))
		race_access(addr, size, flags, pc);
	else
		race_touch(t, addr, access_bytes(addr, size) |
			   ACCESS_FLAGS(flags), pc);
}

/** race_atomic() - race_access() of an atomic access by @t, RACE_* @flags. */
static __always_inline void race_atomic(const struct thread *t, uintptr_t addr,
			       unsigned int size, unsigned int flags,
			       uintptr_t pc)
{
	flags |= RACE_ATOMIC;
	if (unlikely((addr & 7) + size > 8 || race.slow))
		race_access(addr, size, flags, pc);
	else
		race_touch(t, addr, access_bytes(addr, size) |
			   ACCESS_FLAGS(flags), pc);
}

#endif
