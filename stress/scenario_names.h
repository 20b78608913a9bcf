/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What to say to a user who has named a scenario that there is not. */
#ifndef STRESS_SCENARIO_NAMES_H
#define STRESS_SCENARIO_NAMES_H

#include "stress/errbuf.h"

enum scenario_list { SCENARIOS_OF_RUN, SCENARIOS_OF_EXPLORE };

/**
 * scenario_unknown() - one line: what is wrong, and what would be right
 * @err: takes it
 * @list: where the name was looked for
 * @name: as the user wrote it
 *
 * Says whether the other list has @name, and which names of @list share a
 * word with it, or the beginning of one; none: how to see all of them.
 *
 * Context: any.
 */
void scenario_unknown(struct errbuf *err, enum scenario_list list,
		      const char *name);

#endif
