// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Accesses of more than one cell: memcpy(), memset(), new memory, memory that
 * is given back.  A write of a whole block is remembered once, in the block's
 * own shadow; its cells learn of it when they are used.
 */
#include "explore/heap.h"
#include "explore/race_cell.h"

/* Compare a write of the whole cell with all that is known of it. */
static noinline void compare_cell(uintptr_t addr, struct cell *c, uint64_t now,
				  uint32_t pc)
{
	check_slot(addr, &c->s[0], now, pc);
	if (is_link(&c->s[1]))
		race_check_overflow(addr, c, now, pc);
	else
		check_slot(addr, &c->s[1], now, pc);
}

/* Need access @info not be compared with a write of the whole cell? */
static inline bool is_own(uint32_t info, uint64_t now)
{
	const uint32_t fresh = ACCESS_FLAGS(RACE_FRESH);
	uint32_t said = now & ACCESS_FLAGS(RACE_FRESH | RACE_FREE) ? 0 : fresh;

	return !info || !((info ^ now) & ACCESS_TID || info & said);
}

/*
 * Compare with what is known of @c, which is in use, and which a write makes
 * pointless.
 */
static inline void overwrite_cell(uintptr_t addr, struct cell *c, uint64_t now,
				  uint32_t pc)
{
	if (!is_own(c->s[0].info, now) || !is_own(c->s[1].info, now))
		compare_cell(addr, c, now, pc);
	put(&c->s[0], now, pc);
	c->s[1].info = 0;
}

/* The same of one that is not: of what is known of its block. */
static noinline void compare_block(uintptr_t addr, const struct access *a,
				   uint64_t now, uint32_t pc)
{
	struct access old = *a;

	check_slot(addr, &old, now, pc);
}

/* Cells that tell more than their block. */
static noinline void use_cells(uintptr_t addr, uintptr_t size)
{
	for (uintptr_t a = addr; a < addr + size; a += 8)
		race_cell_now(a);
}

static inline bool cells_tell_more(const struct block_shadow *b)
{
	return race_has_base(b) && b->stamp != eng.exec;
}

/* A write of whole cells, all of one block. */
static void write_cells(uintptr_t addr, uintptr_t size, uint64_t now,
			uint32_t pc)
{
	const uint32_t exec = eng.exec;
	struct block_shadow *b = race_block(addr);
	bool compare = b->stamp == exec && !is_own(b->a.info, now);
	struct cell *c = race_cell(addr);

	if (unlikely(cells_tell_more(b)))
		use_cells(addr, size);
	race_touch_block(b);
	for (uintptr_t end = addr + size; addr < end; addr += 8, c++) {
		if (c->stamp == exec) {
			if (!race_covers(access_word(&c->s[0]), now))
				overwrite_cell(addr, c, now, pc);
			continue;
		}
		if (compare)
			compare_block(addr, &b->a, now, pc);
		c->stamp = exec;
		c->obj = 0;
		c->s[1].info = 0;
		put(&c->s[0], now, pc);
	}
}

/* A plain write of a whole block: nothing before it matters any more. */
static void write_block(uintptr_t addr, uint64_t now, uint32_t pc)
{
	struct block_shadow *b = race_block(addr);
	bool known;

	if (unlikely(cells_tell_more(b)))
		use_cells(addr, BLOCK_SIZE);
	known = b->touched == eng.exec;
	for (uintptr_t a = addr; b->touched == eng.exec && a < addr + BLOCK_SIZE;
	     a += 8) {
		struct cell *c = race_cell(a);

		if (c->stamp == eng.exec)
			overwrite_cell(a, c, now, pc);
		else
			known = false;
	}
	if (b->stamp == eng.exec && !known)
		check_slot(addr, &b->a, now, pc);
	if (unlikely(race.prologue == RACE_NOTING))
		race_note(b);
	b->stamp = eng.exec;
	put(&b->a, now, pc);
}

static void access_range(uintptr_t addr, uintptr_t size, unsigned int flags,
			 uintptr_t pc)
{
	uint64_t thread = eng.cur->epoch | ACCESS_FLAGS(flags);
	uint32_t pc32 = (uint32_t)(pc - eng.text_base);

	while (size) {
		unsigned int off = addr & 7;
		uintptr_t part = size < 8 - off ? size : 8 - off;
		uint64_t now = thread | access_bytes(addr, (unsigned int)part);
		struct cell *c = race_cell(addr);

		if (part == 8 && flags & RACE_WRITE) {
			part = BLOCK_SIZE - addr % BLOCK_SIZE;
			if (part > size)
				part = size & ~7ull;
			if (part == BLOCK_SIZE)
				write_block(addr, now, pc32);
			else
				write_cells(addr, part, now, pc32);
		} else if (!is_first(c, addr, now, pc32) &&
			   !race_covers(access_word(&c->s[0]), now)) {
			race_check_cell(addr, c, now, pc32);
		}
		addr += part;
		size -= part;
	}
}

static void check_heap_range(uintptr_t addr, uintptr_t size,
			     unsigned int flags, uintptr_t pc)
{
	if (!heap_owns(addr) || (flags & RACE_FREE))
		return;
	while (size) {
		unsigned int off = addr & 7;
		uintptr_t part = size < 8 - off ? size : 8 - off;

		heap_check(addr, part, flags & RACE_WRITE, pc);
		addr += part;
		size -= part;
	}
}

void race_access_many(uintptr_t addr, uintptr_t size, unsigned int flags,
		      uintptr_t pc)
{
	if (flags & RACE_WRITE)
		note_write(addr, size);
	check_heap_range(addr, size, flags, pc);
	access_range(addr, size, flags | RACE_RANGE, pc);
}

void race_fresh(uintptr_t addr, uintptr_t size, unsigned int flags,
		uintptr_t pc)
{
	access_range(addr & ~7ull, (size + (addr & 7) + 7) & ~7ull,
		     RACE_WRITE | RACE_RANGE | RACE_ALLOC | flags, pc);
}

static void amend_cell(uintptr_t addr, unsigned int mask,
		       void (*fn)(struct access *a, unsigned int mask))
{
	struct cell *c = race_cell_now(addr);

	fn(&c->s[0], mask);
	if (is_link(&c->s[1]))
		race_amend_overflow(c, mask, fn);
	else
		fn(&c->s[1], mask);
}

void race_amend(uintptr_t addr, uintptr_t size,
		void (*fn)(struct access *a, unsigned int mask))
{
	while (size) {
		struct block_shadow *b = race_block(addr);
		unsigned int off = addr & 7;
		uintptr_t part = size < 8 - off ? size : 8 - off;

		if (!(addr % BLOCK_SIZE) && size >= BLOCK_SIZE &&
		    b->touched != eng.exec &&
		    (!race_has_base(b) || b->stamp == eng.exec)) {
			part = BLOCK_SIZE;
			if (b->stamp == eng.exec)
				fn(&b->a, 0xff);
		} else {
			amend_cell(addr, ((1u << part) - 1) << off, fn);
		}
		addr += part;
		size -= part;
	}
}
