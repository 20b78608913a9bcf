/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What outlives a thread: the program's variables.  They are copied once
 * and copied back before each execution; section explore_state, which holds
 * the explorer's own, lies among them and is left out.
 *
 * Where there are many, only pages the program is known to have written are
 * copied.  Code that is not instrumented may write as well: now and then all
 * pages are compared, and one that changed unannounced counts as written in
 * every execution from then on.
 */
#ifndef EXPLORE_WORLD_H
#define EXPLORE_WORLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "explore/host.h"

#define WORLD_PAGE 4096u
/* A write may reach this much further than the access that announced it. */
#define WORLD_REACH 256u

#define WORLD_COMPARE_FIRST 64 /* restores, and then each 1024th */
#define WORLD_COMPARE_EVERY 1024

enum {
	PAGE_WRITTEN = 1, /* since it was restored */
	PAGE_ALWAYS = 2, /* treat as written each time */
	PAGE_KEPT = 4, /* has other contents at the end of the prologue */
};

/* Which pages of the variables changed; only where there are many. */
struct tracked {
	uintptr_t start;
	size_t size; /* 0: all is copied each time */
	uint8_t *dirty; /* by page: PAGE_* */
};

extern EXPLORE_OWN struct tracked tracked;

/**
 * world_fix_addresses() - see to it that addresses repeat in each process
 *
 * Starts the process anew without address space randomisation, where the
 * system allows that.
 *
 * Context: host, first of all in main().
 */
void world_fix_addresses(void);

/** world_init() - Return: the load address of the executable. */
uintptr_t world_init(void);

/** world_snapshot() - remember the variables.  Return: 0, or -errno. */
int world_snapshot(void);

/**
 * world_restore() - give the variables their remembered values
 * @kept: those of the end of the prologue
 */
void world_restore(bool kept);

/** world_keep() - remember the end of the prologue.  Return: done. */
bool world_keep(void);

/** world_forget() - forget it. */
void world_forget(void);

/** world_wrote() - the program writes @size bytes at @addr. */
static inline void world_wrote(uintptr_t addr, uintptr_t size)
{
	uintptr_t first = addr - tracked.start;
	uintptr_t last = first + size + WORLD_REACH;

	if (__builtin_expect(first >= tracked.size, 1))
		return;
	for (uintptr_t p = first / WORLD_PAGE;
	     p <= last / WORLD_PAGE && p <= tracked.size / WORLD_PAGE; p++)
		tracked.dirty[p] |= PAGE_WRITTEN;
}

/** world_compares() - is restore @n one that compares all pages? */
static inline bool world_compares(uint64_t n)
{
	return n < WORLD_COMPARE_FIRST || n % WORLD_COMPARE_EVERY == 0;
}

/** world_after() - an execution is over: undo what only the host minds. */
void world_after(void);

/** world_id() - the executable's build ID.  Return: text, "none" without. */
const char *world_id(void);

/** world_in_data() - is @addr a variable of the executable? */
bool world_in_data(uintptr_t addr);

/**
 * world_scan() - call @fn for each pointer-sized word of the variables
 * @all: also for those that seem to be as they were at first
 */
void world_scan(void (*fn)(uintptr_t word), bool all);

#endif
