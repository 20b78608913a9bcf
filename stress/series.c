// SPDX-License-Identifier: GPL-2.0-or-later
#include "stress/series.h"

#include <inttypes.h>
#include <stdio.h>

#define LINE_MAX_LEN 4096

void series_start(struct results *r)
{
	char line[LINE_MAX_LEN];
	size_t at;

	at = snprintf(line, sizeof(line), "seconds,round,findings,alive,"
		      "rss_mib,own_mib,deepest_queue");
	for (int i = 0; i < NR_STRESS_EVENTS && at < sizeof(line); i++)
		at += snprintf(line + at, sizeof(line) - at, ",%s",
			       stress_counter_info[i].name);
	results_series(r, line);
}

void series_add(struct results *r, double secs, unsigned int round,
		uint64_t findings, const struct stress_totals *t)
{
	char line[LINE_MAX_LEN];
	size_t at;

	at = snprintf(line, sizeof(line), "%.2f,%u,%" PRIu64 ",%" PRIu64
		      ",%" PRIu64 ",%" PRIu64 ",%" PRIu64, secs, round,
		      findings, t->gauges[GAUGE_ALIVE],
		      t->gauges[GAUGE_RSS_MIB], t->gauges[GAUGE_OWN_MIB],
		      t->gauges[GAUGE_QUEUE]);
	for (int i = 0; i < NR_STRESS_EVENTS && at < sizeof(line); i++)
		at += snprintf(line + at, sizeof(line) - at, ",%" PRIu64,
			       t->n[i]);
	results_series(r, line);
}
