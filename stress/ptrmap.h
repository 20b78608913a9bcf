/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From a pointer to counters: a hash table for one census. */
#ifndef STRESS_PTRMAP_H
#define STRESS_PTRMAP_H

#include <stdbool.h>

struct ptrmap_entry {
	const void *key; /* NULL: free */
	long a, b; /* whatever the user counts */
};

struct ptrmap {
	struct ptrmap_entry *slots;
	unsigned long mask; /* number of slots minus one */
	unsigned long used;
};

/**
 * ptrmap_init() - make an empty table
 * @map: filled in
 *
 * Context: host memory only.
 * Return: false for lack of memory.
 */
bool ptrmap_init(struct ptrmap *map);

/**
 * ptrmap_get() - the counters of a key, zero at first
 * @map: table; grows
 * @key: not NULL
 *
 * Context: as ptrmap_init().
 * Return: the entry, valid until the next call; NULL for lack of memory.
 */
struct ptrmap_entry *ptrmap_get(struct ptrmap *map, const void *key);

/**
 * ptrmap_find() - the counters of a key that may be missing
 * @map: table
 * @key: not NULL
 *
 * Context: any.
 * Return: the entry or NULL.
 */
const struct ptrmap_entry *ptrmap_find(const struct ptrmap *map,
				       const void *key);

/** ptrmap_free() - give the memory back.  Context: as ptrmap_init(). */
void ptrmap_free(struct ptrmap *map);

#define ptrmap_for_each(map, e)						\
	for ((e) = (map)->slots; (e) <= (map)->slots + (map)->mask; (e)++) \
		if ((e)->key)

#endif
