// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The shadow at the end of the prologue.  Copying it back would take longer
 * than the prologue: a block in use then has a copy of its cells instead,
 * from which those of later executions are made when they are used first.
 */
#include <string.h>
#include <sys/mman.h>

#include "explore/race_cell.h"

#define BLOCK_CELLS (BLOCK_SIZE / 8)
#define MAX_BLOCKS (64u << 10)

struct base {
	struct block_shadow *block;
	struct cell cells[BLOCK_CELLS];
};

static struct base *bases EXPLORE_STATE; /* from 1 */
static uint32_t nr_bases EXPLORE_STATE;
static bool too_many EXPLORE_STATE; /* blocks, or no memory for them */

void race_note_blocks(void)
{
	size_t size = (MAX_BLOCKS + 1) * sizeof(*bases);

	race.prologue = RACE_NOTING;
	if (!bases)
		bases = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE |
			     MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	too_many = bases == MAP_FAILED;
	if (too_many)
		bases = NULL;
	nr_bases = 0;
}

void race_note(struct block_shadow *b)
{
	if (b->noted == eng.exec || too_many)
		return;
	if (nr_bases == MAX_BLOCKS) {
		too_many = true;
		return;
	}
	b->noted = eng.exec;
	bases[++nr_bases].block = b;
}

static uintptr_t address_of(const struct block_shadow *b)
{
	return (uintptr_t)(b - (struct block_shadow *)BLOCKS_BASE) *
	       BLOCK_SIZE;
}

static void keep_block(struct base *base)
{
	const struct block_shadow *b = base->block;
	const struct cell *c = race_cell(address_of(b));

	memset(base->cells, 0, sizeof(base->cells));
	for (unsigned int i = 0; i < BLOCK_CELLS; i++)
		if (c[i].stamp == eng.exec)
			base->cells[i] = c[i];
		else if (b->stamp == eng.exec)
			base->cells[i].s[0] = b->a;
}

bool race_keep(void)
{
	race_overflow_keep();
	if (too_many)
		return false;
	for (uint32_t i = 1; i <= nr_bases; i++) {
		keep_block(&bases[i]);
		bases[i].block->base = i;
	}
	return true;
}

void race_forget(void)
{
	for (uint32_t i = 1; i <= nr_bases; i++)
		bases[i].block->base = 0;
	nr_bases = 0;
}

/* Is there a write, or may there be one? */
static bool has_write(const struct access *a)
{
	return access_flags(a) & (RACE_WRITE | RACE_LINK);
}

void race_from_base(struct cell *c, const struct block_shadow *b,
		    uintptr_t addr)
{
	const struct cell *from =
		&bases[b->base].cells[addr % BLOCK_SIZE / 8];

	/*
	 * A write that repeats one of the prologue is covered by it, so it
	 * would not be announced, in an execution in which that one was not.
	 */
	if (has_write(&from->s[0]) || has_write(&from->s[1]))
		note_write(addr & ~7ull, 8);
	c->obj = from->obj;
	c->s[0] = from->s[0];
	c->s[1] = from->s[1];
}
