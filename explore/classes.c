// SPDX-License-Identifier: GPL-2.0-or-later
#include "explore/classes.h"

#include <errno.h>
#include <stddef.h>
#include <sys/mman.h>

#include "explore/engine.h"

#define SLOTS (1u << 22)
#define LIMIT (SLOTS / 4 * 3)

struct classes classes EXPLORE_STATE;

/* Open addressing; bit 0 of an entry says that it was seen again. */
static uint64_t *table EXPLORE_STATE;

int classes_begin(void)
{
	if (table)
		munmap(table, SLOTS * sizeof(*table));
	table = mmap(NULL, SLOTS * sizeof(*table), PROT_READ | PROT_WRITE,
		     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	classes = (struct classes){ 0 };
	if (table != MAP_FAILED)
		return 0;
	table = NULL;
	return -errno;
}

void classes_add(uint64_t hash)
{
	uint64_t key = hash & ~1ull ? hash & ~1ull : 2;
	uint32_t i = (uint32_t)(hash >> 40) & (SLOTS - 1);

	while (table[i] && (table[i] & ~1ull) != key)
		i = (i + 1) & (SLOTS - 1);
	if (!table[i]) {
		if (classes.distinct >= LIMIT) {
			classes.full = true;
			return;
		}
		table[i] = key;
		classes.distinct++;
		classes.once++;
	} else if (!(table[i] & 1)) {
		table[i] |= 1;
		classes.once--;
	}
}
