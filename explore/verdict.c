// SPDX-License-Identifier: GPL-2.0-or-later
#include "explore/verdict.h"

#include <string.h>

static const char *const names[NR_VERDICTS] = {
	[VERDICT_CLEAN] = "clean",
	[VERDICT_RACE] = "data-race",
	[VERDICT_MEMORY] = "memory-error",
	[VERDICT_ASSERTION] = "assertion",
	[VERDICT_DEADLOCK] = "deadlock",
	[VERDICT_LOST_WAKEUP] = "lost-wakeup",
	[VERDICT_LIVELOCK] = "livelock",
	[VERDICT_LEAK] = "leak",
	[VERDICT_CRASH] = "crash",
	[VERDICT_BUDGET] = "budget",
	[VERDICT_BLOCKED] = "redundant",
	[VERDICT_HARNESS] = "harness-failure",
};

const char *verdict_name(enum verdict v)
{
	return names[v];
}

int verdict_from_name(const char *name)
{
	for (int i = 0; i < NR_VERDICTS; i++)
		if (!strcmp(names[i], name))
			return i;
	return -1;
}

bool verdict_is_finding(enum verdict v)
{
	return v >= VERDICT_RACE && v <= VERDICT_CRASH;
}
