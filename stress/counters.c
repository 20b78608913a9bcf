// SPDX-License-Identifier: GPL-2.0-or-later
#include "stress/counters.h"

#include <string.h>

#include "locking/compiler.h"

#define ROW_EVENT(id, text) [id] = { .name = (text) },
#define ROW_COVER(id, b_item, what) \
	[COVER_##id] = { .name = (what), .item = (b_item) },

const struct counter_info stress_counter_info[NR_STRESS_COUNTERS] = {
	STRESS_EVENTS(ROW_EVENT)
	STRESS_COVERAGE(ROW_COVER)
};

void counters_sum(const struct stress_counters *c, struct stress_totals *out)
{
	memset(out, 0, sizeof(*out));
	for (int row = 0; row < STRESS_COUNTER_ROWS; row++)
		for (int i = 0; i < NR_STRESS_COUNTERS; i++)
			out->n[i] += READ_ONCE(c->rows[row].n[i]);
	for (int i = 0; i < NR_STRESS_GAUGES; i++)
		out->gauges[i] = READ_ONCE(c->gauges[i]);
}

void totals_add(struct stress_totals *sum, const struct stress_totals *round)
{
	for (int i = 0; i < NR_STRESS_COUNTERS; i++)
		sum->n[i] += round->n[i];
	for (int i = 0; i < NR_STRESS_GAUGES; i++)
		if (i == GAUGE_ALIVE || i == GAUGE_RSS_MIB ||
		    i == GAUGE_OWN_MIB ||
		    round->gauges[i] > sum->gauges[i])
			sum->gauges[i] = round->gauges[i];
}

uint64_t totals_ops(const struct stress_totals *t)
{
	return t->n[EV_FORK] + t->n[EV_VFORK] + t->n[EV_CLONE_THREAD] +
	       t->n[EV_CLONE_VM] + t->n[EV_EXEC] + t->n[EV_EXIT];
}
