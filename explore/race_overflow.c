// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Accesses that found no room in their cells, in blocks that are linked from
 * there.  Few programs have a place that many threads read unordered.
 */
#include <errno.h>
#include <sys/mman.h>

#include "explore/prologue.h"
#include "explore/race_cell.h"

#define MAX_OVERFLOW (1u << 20)
#define OVERFLOW_SLOTS 4

struct overflow {
	uint32_t next;
	uint32_t n;
	struct access s[OVERFLOW_SLOTS];
};

static struct overflow *overflow EXPLORE_STATE; /* from 1 */
static uint32_t nr_overflow EXPLORE_STATE;
static uint32_t free_overflow EXPLORE_STATE; /* emptied blocks, a list */

int race_overflow_init(void)
{
	overflow = mmap(NULL, MAX_OVERFLOW * sizeof(*overflow),
			PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	return overflow == MAP_FAILED ? -errno : 0;
}

void race_overflow_begin(void)
{
	nr_overflow = 0;
	free_overflow = 0;
}

void race_overflow_keep(void)
{
	prologue_keep(&nr_overflow, sizeof(nr_overflow));
	prologue_keep(&free_overflow, sizeof(free_overflow));
	prologue_keep(overflow + 1, nr_overflow * sizeof(*overflow));
}

/* Put @a with those that found no room in @c. */
static void overflow_push(struct cell *c, const struct access *a)
{
	uint32_t first = is_link(&c->s[1]) ? c->s[1].clk : 0;
	uint32_t i = first;

	if (!first || overflow[first].n == OVERFLOW_SLOTS) {
		i = free_overflow;
		if (i)
			free_overflow = overflow[i].next;
		else if (nr_overflow + 1 == MAX_OVERFLOW)
			engine_fail(VERDICT_HARNESS, "race detector is full");
		else
			i = ++nr_overflow;
		overflow[i].next = first;
		overflow[i].n = 0;
	}
	overflow[i].s[overflow[i].n++] = *a;
	c->s[1] = (struct access){ .info = LINK_INFO, .clk = i };
}

/* Return: what was next. */
static uint32_t give_back(uint32_t block)
{
	uint32_t next = overflow[block].next;

	overflow[block].next = free_overflow;
	free_overflow = block;
	return next;
}

void race_check_overflow(uintptr_t addr, struct cell *c, uint64_t now,
			 uint32_t pc)
{
	uint32_t *link = &c->s[1].clk;

	while (*link) {
		struct overflow *o = &overflow[*link];

		for (uint32_t i = 0; i < o->n;)
			if (check_slot(addr, &o->s[i], now, pc))
				o->s[i] = o->s[--o->n];
			else
				i++;
		if (o->n)
			link = &o->next;
		else
			*link = give_back(*link);
	}
	if (!c->s[1].clk)
		c->s[1].info = 0;
}

void race_push_both(struct cell *c)
{
	struct access second = c->s[1];

	overflow_push(c, &second);
	overflow_push(c, &c->s[0]);
}

void race_check_crowded(uintptr_t addr, struct cell *c, uint64_t now,
			uint32_t pc)
{
	bool keep = !check_slot(addr, &c->s[0], now, pc);

	race_check_overflow(addr, c, now, pc);
	if (keep && c->s[1].info)
		overflow_push(c, &c->s[0]);
	else if (keep)
		c->s[1] = c->s[0];
	put(&c->s[0], now, pc);
}

void race_amend_overflow(const struct cell *c, unsigned int mask,
			 void (*fn)(struct access *a, unsigned int mask))
{
	for (uint32_t o = c->s[1].clk; o; o = overflow[o].next)
		for (uint32_t i = 0; i < overflow[o].n; i++)
			fn(&overflow[o].s[i], mask);
}
