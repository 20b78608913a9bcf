// SPDX-License-Identifier: GPL-2.0-or-later
#include "explore/classes.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "explore/engine.h"

#define SLOTS (1u << 22)
#define LIMIT (SLOTS / 4 * 3)

struct classes classes EXPLORE_STATE;

/* Numbers of the first two executions that were of it; or 0. */
struct class {
	uint64_t hash;
	uint64_t first;
	uint64_t second;
};

struct table {
	uint32_t slot[SLOTS]; /* open addressing; index of a class, + 1 */
	uint32_t nr;
	struct class class[LIMIT];
};

static struct table *table EXPLORE_STATE;

/* One for each worker, shared memory. */
static struct table *tables EXPLORE_STATE;
static unsigned int nr_tables EXPLORE_STATE;

int classes_begin(unsigned int workers)
{
	if (tables)
		munmap(tables, nr_tables * sizeof(*table));
	nr_tables = workers;
	tables = mmap(NULL, nr_tables * sizeof(*table), PROT_READ | PROT_WRITE,
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
	table = &tables[i];
	classes = (struct classes){ 0 };
}

void classes_merge(uint64_t last)
{
	/* Table 0 is this process's own. */
	for (unsigned int w = 1; w < nr_tables; w++)
		for (uint32_t i = 0; i < tables[w].nr; i++) {
			const struct class *k = &tables[w].class[i];

			if (k->first <= last)
				classes_add(k->hash, k->first);
			if (k->second && k->second <= last)
				classes_add(k->hash, k->second);
		}
}

static void add_new(uint64_t hash, uint64_t n, uint32_t *slot)
{
	if (table->nr == LIMIT) {
		classes.full = true;
		return;
	}
	table->class[table->nr] = (struct class){ .hash = hash, .first = n };
	*slot = ++table->nr;
	classes.distinct++;
	classes.once++;
}

/* Workers' executions are merged out of order. */
static void add_again(struct class *k, uint64_t n)
{
	if (!k->second)
		classes.once--;
	if (n < k->first) {
		k->second = k->first;
		k->first = n;
	} else if (!k->second || n < k->second) {
		k->second = n;
	}
}

void classes_add(uint64_t hash, uint64_t n)
{
	uint32_t i = (uint32_t)(hash >> 40) & (SLOTS - 1);

	for (; table->slot[i]; i = (i + 1) & (SLOTS - 1)) {
		struct class *k = &table->class[table->slot[i] - 1];

		if (k->hash != hash)
			continue;
		add_again(k, n);
		return;
	}
	add_new(hash, n, &table->slot[i]);
}

uint64_t *classes_firsts(size_t *nr)
{
	uint64_t *n = malloc((table->nr + 1) * sizeof(*n));

	*nr = n ? table->nr : 0;
	for (size_t i = 0; i < *nr; i++)
		n[i] = table->class[i].first;
	return n;
}
