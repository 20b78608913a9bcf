/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The race detector.  Each 8 bytes of program memory have a shadow cell that
 * remembers the accesses which could still race with a later one: at most
 * one per thread and kind, because an access that happens before another
 * of the same strength and extent is subsumed by it.
 *
 * Nothing is cleared between executions.  A stamp counts executions and
 * blocks written as a whole: a cell with an older stamp than its execution
 * is empty, one with an older stamp than its block holds the write of that
 * block alone.
 *
 *	stamps:  begin of execution < write of block < use of cell
 *
 * Memory from the heap is FRESH until it is written: poison.h.
 */
#ifndef EXPLORE_RACE_H
#define EXPLORE_RACE_H

#include <stdint.h>

#include "explore/engine.h"
#include "explore/heap.h"
#include "explore/image.h"
#include "explore/world.h"

#define RACE_WRITE 1u
#define RACE_ATOMIC 2u
#define RACE_FREE 4u /* the write is free() */
#define RACE_FRESH 8u /* the write is malloc(): there is no value yet */
#define RACE_RANGE 16u /* of many bytes: padding may be among them */

#define CELL_SLOTS 4
#define NO_OWNER 0xff

/* Thread, bytes and flags share a word: written and compared as one. */
struct access {
	uint32_t clk; /* epoch of the thread */
	uint32_t pc; /* from eng.text_base */
	uint32_t info; /* thread | bytes << 8 | RACE_* << 16 */
};

#define ACCESS_INFO(tid, mask, flags)					\
	((uint32_t)(tid) | (uint32_t)(mask) << 8 | (uint32_t)(flags) << 16)

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

struct cell {
	uint32_t stamp; /* of its last use */
	uint32_t obj; /* first object here, or 0 */
	uint8_t n; /* slots in use */
	uint8_t owner; /* whose they all are, or NO_OWNER */
	uint16_t marked; /* operations here are decisions: quiet.h */
	uint32_t more; /* overflow block, or 0 */
	struct access s[CELL_SLOTS];
};

struct overflow {
	uint32_t next;
	uint32_t n;
	struct access s[10];
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
	struct held_lock old_held[8];
	struct held_lock new_held[8];
	unsigned int nr_old_held;
	unsigned int nr_new_held;
	bool watching; /* a replay looks for the older access */
	bool slow; /* plain accesses are more than that in this execution */
};

/* Of BLOCK_SIZE bytes: they were written as a whole, by @a. */
struct block_shadow {
	uint32_t stamp; /* of that write */
	uint32_t touched; /* of the last cell that was used for the first time */
	struct access a;
	uint32_t unused[3];
};

#define BLOCK_SIZE 256ul
#define SHADOW_BASE 0x100000000000ull
#define SHADOW_MASK 0x1ffffffffffull /* 2 TiB of addresses, folded */
#define SHADOW_SIZE ((SHADOW_MASK + 1) * 8)
#define BLOCKS_BASE (SHADOW_BASE + SHADOW_SIZE)
#define BLOCKS_SIZE ((SHADOW_MASK + 1) / BLOCK_SIZE * \
		     sizeof(struct block_shadow))

/* Stamps: where this execution began, and the youngest. */
struct race_stamps {
	uint32_t begin;
	uint32_t now;
};

extern struct race_report race;
extern struct race_stamps race_stamps;

/** race_init() - reserve the shadow.  Return: 0, or -errno. */
int race_init(void);

/** race_begin() - a new execution starts: forget everything. */
void race_begin(void);

/** race_renew() - @c of block @b is used for the first time since. */
void race_renew(struct cell *c, struct block_shadow *b);

/** race_cell() - Return: the shadow cell of @addr, perhaps out of date. */
static inline struct cell *race_cell(uintptr_t addr)
{
	return (struct cell *)(SHADOW_BASE +
			       ((addr & SHADOW_MASK & ~7ull) << 3));
}

/** race_block() - Return: the shadow of the block @addr lies in. */
static inline struct block_shadow *race_block(uintptr_t addr)
{
	return (struct block_shadow *)BLOCKS_BASE +
	       (addr & SHADOW_MASK) / BLOCK_SIZE;
}

/** race_cell_now() - the same as race_cell(), and up to date. */
static inline struct cell *race_cell_now(uintptr_t addr)
{
	struct block_shadow *b = race_block(addr);
	struct cell *c = race_cell(addr);

	if (unlikely(c->stamp < race_stamps.begin || c->stamp < b->stamp))
		race_renew(c, b);
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

/** race_check_cell() - the same for one cell, whatever is in it. */
void race_check_cell(uintptr_t addr, struct cell *c,
		     const struct access *new);

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

/* Word by word: @new was just written so, a wider copy would wait for it. */
static inline void race_put(struct access *to, const struct access *new)
{
	__atomic_store_n(&to->clk, new->clk, __ATOMIC_RELAXED);
	__atomic_store_n(&to->pc, new->pc, __ATOMIC_RELAXED);
	__atomic_store_n(&to->info, new->info, __ATOMIC_RELAXED);
}

/* Does what is remembered as @old tell all that @new would? */
static inline bool race_covers(const struct access *old, const struct access *new)
{
	uint32_t more = new->info & ~old->info;

	return old->clk == new->clk && !((old->info ^ new->info) & 0xff) &&
	       !(more & (0xff00 | (RACE_WRITE | RACE_FRESH) << 16)) &&
	       !(old->info & ~new->info & (RACE_ATOMIC | RACE_FRESH) << 16);
}

/*
 * Where one thread has been alone there is nothing to compare: bring what it
 * did up to date.  Return: whether that was possible.
 */
static inline bool race_access_own(struct cell *c, const struct access *new)
{
	for (unsigned int i = 0; i < c->n; i++) {
		if (c->s[i].info != new->info)
			continue;
		c->s[i].clk = new->clk;
		c->s[i].pc = new->pc;
		return true;
	}
	return false;
}

static inline void race_access_cell(uintptr_t addr, const struct access *new)
{
	struct cell *c = race_cell_now(addr);

	if (!c->n && !c->more) {
		race_put(&c->s[0], new);
		c->n = 1;
		c->owner = access_tid(new);
		return;
	}
	if (c->n && race_covers(&c->s[0], new))
		return;
	if (c->owner == access_tid(new) && race_access_own(c, new))
		return;
	race_check_cell(addr, c, new);
}

static inline struct access race_access_of(struct thread *t, unsigned int mask,
				      unsigned int flags, uintptr_t pc)
{
	return (struct access){
		.clk = t->hb.c[t->id], .pc = (uint32_t)(pc - eng.text_base),
		.info = ACCESS_INFO(t->id, mask, flags),
	};
}

/* What writes have to tell besides races. */
static inline void race_note_write(uintptr_t addr, uintptr_t size)
{
	world_wrote(addr, size);
	if (image_owns(addr))
		image_wrote(addr, size);
}

/**
 * race_plain() - race_access() of a plain access of @size bytes, at most 8
 *
 * Inline with @size and @flags constant: there are many.
 */
static __always_inline void race_plain(uintptr_t addr, unsigned int size,
				       unsigned int flags, uintptr_t pc)
{
	struct thread *t = eng.cur;
	unsigned int off = addr & 7;
	struct access new;

	if (unlikely(!t))
		return;
	if (unlikely(off + size > 8 || race.slow)) {
		race_access(addr, size, flags, pc);
		return;
	}
	if (flags & RACE_WRITE)
		race_note_write(addr, size);
	if (heap_owns(addr))
		heap_check(addr, size, flags & RACE_WRITE, pc);
	new = race_access_of(t, ((1u << size) - 1) << off, flags, pc);
	race_access_cell(addr, &new);
}

#endif
