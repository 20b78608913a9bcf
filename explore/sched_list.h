/* SPDX-License-Identifier: GPL-2.0-or-later */
/* All schedulers; sched.c makes the list of them. */
#ifndef EXPLORE_SCHED_LIST_H
#define EXPLORE_SCHED_LIST_H

#include "explore/sched.h"

extern const struct sched_ops sched_random;
extern const struct sched_ops sched_pct;
extern const struct sched_ops sched_pos;
extern const struct sched_ops sched_rff;
extern const struct sched_ops sched_dfs;
extern const struct sched_ops sched_dpor;

/* Not by name: follows eng.replay, then lets each thread run on. */
extern const struct sched_ops sched_replay;

#endif
