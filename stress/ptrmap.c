// SPDX-License-Identifier: GPL-2.0-or-later
#include "stress/ptrmap.h"

#include <stdint.h>
#include <stdlib.h>

#include "stress/rng.h"

#define FIRST_SLOTS 1024

bool ptrmap_init(struct ptrmap *map)
{
	map->slots = calloc(FIRST_SLOTS, sizeof(*map->slots));
	map->mask = FIRST_SLOTS - 1;
	map->used = 0;
	return map->slots != NULL;
}

static struct ptrmap_entry *find(const struct ptrmap *map, const void *key)
{
	unsigned long i = rng_mix((uintptr_t)key);

	for (;; i++) {
		struct ptrmap_entry *e = &map->slots[i & map->mask];

		if (!e->key || e->key == key)
			return e;
	}
}

static bool grow(struct ptrmap *map)
{
	struct ptrmap bigger = { .mask = map->mask * 2 + 1 };
	struct ptrmap_entry *e;

	bigger.slots = calloc(bigger.mask + 1, sizeof(*bigger.slots));
	if (!bigger.slots)
		return false;
	ptrmap_for_each(map, e)
		*find(&bigger, e->key) = *e;
	bigger.used = map->used;
	free(map->slots);
	*map = bigger;
	return true;
}

struct ptrmap_entry *ptrmap_get(struct ptrmap *map, const void *key)
{
	struct ptrmap_entry *e = find(map, key);

	if (e->key)
		return e;
	if (map->used * 2 > map->mask) {
		if (!grow(map))
			return NULL;
		e = find(map, key);
	}
	e->key = key;
	map->used++;
	return e;
}

const struct ptrmap_entry *ptrmap_find(const struct ptrmap *map,
				       const void *key)
{
	const struct ptrmap_entry *e = find(map, key);

	return e->key ? e : NULL;
}

void ptrmap_free(struct ptrmap *map)
{
	free(map->slots);
	map->slots = NULL;
}
