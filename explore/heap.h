/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The program's heap: one arena at a fixed address that is never reused
 * within an execution and rewound between executions.  A state byte per 8
 * bytes tells which of them may be touched: 0 none, 1 to 8 that many from
 * the start, HEAP_FREED all were, once.
 */
#ifndef EXPLORE_HEAP_H
#define EXPLORE_HEAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "explore/engine.h"

#define HEAP_BASE 0x300000000000ull
#define HEAP_SIZE (1ull << 30)
#define HEAP_FREED 0xff
#define HEAP_FILL 0xa5 /* fresh memory has the same junk in every execution */
#define HEAP_MAX_BLOCKS (1u << 20)

struct block {
	uintptr_t addr;
	size_t size;
	uintptr_t alloc_pc;
	uintptr_t free_pc;
	uint8_t alloc_tid;
	uint8_t free_tid;
	bool freed;
	bool marked; /* reached by the leak check */
};

struct heap {
	uint8_t *state;
	uintptr_t top; /* next address to hand out */
	struct block *blocks; /* by address */
	uint32_t nr_blocks;
	uint32_t nr_live;
};

extern EXPLORE_OWN struct heap heap;

/** heap_init() - reserve the arena.  Return: 0, or -errno. */
int heap_init(void);

/** heap_begin() - a new execution starts with an empty heap. */
void heap_begin(void);

/** heap_keep() - prologue_keep() of the heap. */
void heap_keep(void);

/**
 * heap_bad_access() - end the execution if the access is not allowed
 * @addr: in the arena
 *
 * Returns when the access is fine after all.
 */
void heap_bad_access(uintptr_t addr, uintptr_t size, bool write,
		     uintptr_t pc);

/**
 * heap_alloc() - allocate from the arena
 * @zero: with zeroes; else to read it before it was written is a finding
 *
 * Return: NULL when the arena is full.
 */
void *heap_alloc(size_t size, size_t align, bool zero, uintptr_t pc);

/** heap_free() - the block at @p is dead; wrong pointers are findings. */
void heap_free(void *p, uintptr_t pc);

/** heap_find() - Return: the block that has, or had, @addr, or NULL. */
const struct block *heap_find(uintptr_t addr);

/**
 * heap_check_leaks() - look for blocks nothing points to
 *
 * Context: host, after an execution that ended well.
 * Return: the number of blocks lost; the first is in eng.message.
 */
unsigned int heap_check_leaks(void);

/** heap_owns() - is @addr in the arena? */
static inline bool heap_owns(uintptr_t addr)
{
	return addr - HEAP_BASE < HEAP_SIZE;
}

/** heap_check() - check one access to the arena by the running thread. */
static inline void heap_check(uintptr_t addr, uintptr_t size, bool write,
			      uintptr_t pc)
{
	uint8_t v = heap.state[(addr - HEAP_BASE) >> 3];

	if (unlikely((uint8_t)(v - 1) > 7 || (addr & 7) + size > v))
		heap_bad_access(addr, size, write, pc);
}

#endif
