// SPDX-License-Identifier: GPL-2.0-or-later
#include "explore/coverage.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "explore/symbol.h"

#define LIMIT (COVERAGE_SLOTS / 4 * 3)
#define MINUTE 60

struct coverage coverage EXPLORE_STATE;

/* Of each worker: the set, and the execution that saw each pair first. */
struct table {
	uint64_t pairs[COVERAGE_SLOTS];
	uint64_t first[COVERAGE_SLOTS];
};

static struct table *tables EXPLORE_STATE;
static struct table *table EXPLORE_STATE;
static unsigned int nr_tables EXPLORE_STATE;

/* How many pairs were known at the end of each of the last seconds. */
static uint64_t known[MINUTE] EXPLORE_STATE;
static uint64_t second EXPLORE_STATE; /* that is running */

int coverage_begin(unsigned int workers)
{
	if (tables)
		munmap(tables, nr_tables * sizeof(*tables));
	nr_tables = workers;
	tables = mmap(NULL, nr_tables * sizeof(*tables),
		      PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (tables == MAP_FAILED) {
		tables = NULL;
		return -errno;
	}
	coverage_use(0);
	return 0;
}

void coverage_use(unsigned int i)
{
	table = &tables[i];
	coverage = (struct coverage){ .pairs = table->pairs };
	memset(known, 0, sizeof(known));
	second = 0;
}

static uint64_t total(void)
{
	return coverage.nr[COVERAGE_READS_FROM] +
	       coverage.nr[COVERAGE_HAND_OVER];
}

static void add(uint64_t key, uint64_t first)
{
	uint32_t i = coverage_slot(key);

	while (table->pairs[i] && table->pairs[i] != key)
		i = (i + 1) % COVERAGE_SLOTS;
	if (table->pairs[i]) {
		if (table->first[i] > first)
			table->first[i] = first;
		return;
	}
	if (total() >= LIMIT)
		return;
	table->pairs[i] = key;
	table->first[i] = first;
	coverage.nr[key >> 62]++;
}

/* What a repetition sees was counted, or was tried to explain a finding. */
void coverage_add(uint64_t key)
{
	if (!eng.nr_replay)
		add(key, coverage.now);
}

void coverage_merge(uint64_t last)
{
	/* Table 0 is this process's own. */
	for (unsigned int w = 1; w < nr_tables; w++)
		for (uint32_t i = 0; i < COVERAGE_SLOTS; i++)
			if (tables[w].pairs[i] && tables[w].first[i] <= last)
				add(tables[w].pairs[i], tables[w].first[i]);
}

void coverage_tick(double secs)
{
	while ((double)second < secs - 1) {
		known[second % MINUTE] = total();
		second++;
	}
}

uint64_t coverage_recent(void)
{
	return total() - (second < MINUTE ? 0 : known[second % MINUTE]);
}

uint64_t *coverage_firsts(enum coverage_kind kind, size_t *nr)
{
	uint64_t *n = malloc((total() + 1) * sizeof(*n));

	*nr = 0;
	for (uint32_t i = 0; n && i < COVERAGE_SLOTS; i++)
		if (table->pairs[i] && table->pairs[i] >> 62 == kind)
			n[(*nr)++] = table->first[i];
	return n;
}

/* ---- by line -------------------------------------------------------------- */

struct site {
	uint32_t pc;
	uint64_t line; /* hash of file and number; unknown ones are distinct */
};

struct pair {
	uint64_t from;
	uint64_t to;
	uint64_t first;
	unsigned int kind;
};

struct resolved {
	struct site *sites;
	size_t nr_sites;
	struct pair *pairs;
	size_t nr_pairs;
};

static int by_pc(const void *a, const void *b)
{
	const struct site *x = a, *y = b;

	return (x->pc > y->pc) - (x->pc < y->pc);
}

static int by_lines(const void *a, const void *b)
{
	const struct pair *x = a, *y = b;

	if (x->kind != y->kind)
		return x->kind < y->kind ? -1 : 1;
	if (x->from != y->from)
		return x->from < y->from ? -1 : 1;
	if (x->to != y->to)
		return x->to < y->to ? -1 : 1;
	return (x->first > y->first) - (x->first < y->first);
}

static uint64_t line_of(uint32_t pc)
{
	struct symbol s = symbol_line(pc ? eng.text_base + pc : 0);
	uint64_t h = (uint64_t)s.line;

	if (!s.line)
		return pc;
	for (const char *p = s.file; *p; p++)
		h = (h ^ (unsigned char)*p) * 0x100000001b3ull;
	return h | 1ull << 63;
}

static uint32_t key_from(uint64_t key)
{
	return (uint32_t)(key >> 31) & 0x7fffffff;
}

static uint32_t key_to(uint64_t key)
{
	return (uint32_t)key & 0x7fffffff;
}

static void resolve_sites(struct resolved *r)
{
	size_t n = 0;

	for (uint32_t i = 0; i < COVERAGE_SLOTS; i++) {
		if (!table->pairs[i])
			continue;
		r->sites[n++].pc = key_from(table->pairs[i]);
		r->sites[n++].pc = key_to(table->pairs[i]);
	}
	qsort(r->sites, n, sizeof(*r->sites), by_pc);
	for (size_t i = 0; i < n; i++)
		if (!i || r->sites[i].pc != r->sites[i - 1].pc)
			r->sites[r->nr_sites++] = r->sites[i];
	for (size_t i = 0; i < r->nr_sites; i++)
		r->sites[i].line = line_of(r->sites[i].pc);
}

static uint64_t resolved_line(const struct resolved *r, uint32_t pc)
{
	const struct site key = { .pc = pc };
	const struct site *s = bsearch(&key, r->sites, r->nr_sites,
				       sizeof(key), by_pc);

	return s->line;
}

static void resolve_pairs(struct resolved *r)
{
	for (uint32_t i = 0; i < COVERAGE_SLOTS; i++) {
		uint64_t key = table->pairs[i];

		if (!key)
			continue;
		r->pairs[r->nr_pairs++] = (struct pair){
			.kind = (unsigned int)(key >> 62),
			.from = resolved_line(r, key_from(key)),
			.to = resolved_line(r, key_to(key)),
			.first = table->first[i],
		};
	}
	qsort(r->pairs, r->nr_pairs, sizeof(*r->pairs), by_lines);
}

static struct coverage_lines count(const struct resolved *r)
{
	struct coverage_lines lines = { 0 };

	for (size_t i = 0; i < r->nr_pairs; i++) {
		const struct pair *p = &r->pairs[i];

		if (i && p[-1].kind == p->kind && p[-1].from == p->from &&
		    p[-1].to == p->to)
			continue;
		if (p->kind == COVERAGE_READS_FROM)
			lines.reads_from++;
		else
			lines.hand_overs++;
		if (p->first > lines.last)
			lines.last = p->first;
	}
	return lines;
}

struct coverage_lines coverage_lines(void)
{
	struct coverage_lines lines = { 0 };
	struct resolved r = {
		.sites = calloc(2 * total() + 1, sizeof(*r.sites)),
		.pairs = calloc(total() + 1, sizeof(*r.pairs)),
	};

	if (r.sites && r.pairs) {
		resolve_sites(&r);
		resolve_pairs(&r);
		lines = count(&r);
	}
	free(r.sites);
	free(r.pairs);
	return lines;
}
