// SPDX-License-Identifier: GPL-2.0-or-later
#include "explore/sched.h"

#include <stddef.h>
#include <string.h>

#include "explore/sched_list.h"

static const struct sched_ops *const all[] = {
	&sched_random, &sched_pct, &sched_pos, &sched_rff, &sched_dfs,
	&sched_dpor, NULL,
};

const struct sched_ops *const *sched_list(void)
{
	return all;
}

const struct sched_ops *sched_find(const char *name)
{
	for (unsigned int i = 0; all[i]; i++)
		if (!strcmp(all[i]->name, name))
			return all[i];
	return NULL;
}
