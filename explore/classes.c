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

/* One table for each worker, shared memory. */
static uint64_t *tables EXPLORE_STATE;
static unsigned int nr_tables EXPLORE_STATE;

int classes_begin(unsigned int workers)
{
	if (tables)
		munmap(tables, nr_tables * SLOTS * sizeof(*table));
	nr_tables = workers;
	tables = mmap(NULL, nr_tables * SLOTS * sizeof(*table),
		      PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (tables == MAP_FAILED) {
		tables = NULL;
		return -errno;
	}
	classes_use(0);
	return 0;
}

void classes_use(unsigned int i)
{
	table = tables + (size_t)i * SLOTS;
	classes = (struct classes){ 0 };
}

void classes_merge(void)
{
	uint64_t *from = tables;

	/* Table 0 is this process's own. */
	for (unsigned int w = 1; w < nr_tables; w++) {
		from += SLOTS;
		for (uint32_t i = 0; i < SLOTS; i++) {
			if (!from[i])
				continue;
			classes_add(from[i] & ~1ull);
			if (from[i] & 1)
				classes_add(from[i] & ~1ull);
		}
	}
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
