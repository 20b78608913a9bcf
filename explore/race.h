/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The race detector.  Each 8 bytes of program memory have a shadow cell that
 * remembers the accesses which could still race with a later one: at most
 * one per thread and kind, because an access that happens before another
 * of the same strength and extent is subsumed by it.  Nothing is cleared
 * between executions: a cell with another execution's number is empty.
 */
#ifndef EXPLORE_RACE_H
#define EXPLORE_RACE_H

#include <stdint.h>

#include "explore/engine.h"

#define RACE_WRITE 1u
#define RACE_ATOMIC 2u
#define RACE_FREE 4u /* the write is free() */

#define CELL_SLOTS 4

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
	uint32_t exec; /* valid in this execution only */
	uint32_t obj; /* first object here, or 0 */
	uint16_t n; /* slots in use */
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
};

#define SHADOW_BASE 0x100000000000ull
#define SHADOW_MASK 0x1ffffffffffull /* 2 TiB of addresses, folded */
#define SHADOW_SIZE ((SHADOW_MASK + 1) * 8)

extern struct race_report race;

/** race_init() - reserve the shadow.  Return: 0, or -errno. */
int race_init(void);

/** race_begin() - a new execution starts: forget everything. */
void race_begin(void);

/** race_cell() - Return: the shadow cell of @addr, perhaps out of date. */
static inline struct cell *race_cell(uintptr_t addr)
{
	return (struct cell *)(SHADOW_BASE +
			       ((addr & SHADOW_MASK & ~7ull) << 3));
}

/** race_cell_now() - the same, emptied when it is of an older execution. */
static inline struct cell *race_cell_now(uintptr_t addr)
{
	struct cell *c = race_cell(addr);

	if (c->exec != eng.exec) {
		c->exec = eng.exec;
		c->obj = 0;
		c->n = 0;
		c->more = 0;
	}
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

/** race_fresh() - [@addr, +@size) is new memory, written by its allocator. */
void race_fresh(uintptr_t addr, uintptr_t size, uintptr_t pc);

#endif
