/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What outlives a thread: the program's variables.  They are copied once
 * and copied back before each execution; section explore_state, which holds
 * the explorer's own, lies among them and is left out.
 */
#ifndef EXPLORE_WORLD_H
#define EXPLORE_WORLD_H

#include <stdbool.h>
#include <stdint.h>

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

/** world_restore() - give the variables their remembered values. */
void world_restore(void);

/** world_after() - an execution is over: undo what only the host minds. */
void world_after(void);

/** world_id() - the executable's build ID.  Return: text, "none" without. */
const char *world_id(void);

/** world_in_data() - is @addr a variable of the executable? */
bool world_in_data(uintptr_t addr);

/** world_scan() - call @fn for each pointer-sized word of the variables. */
void world_scan(void (*fn)(uintptr_t word));

#endif
