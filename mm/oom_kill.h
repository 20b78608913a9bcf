/* SPDX-License-Identifier: GPL-2.0-or-later */
/* oom_kill.h - who dies when no page can be reclaimed (PROC-8) */
#ifndef MM_OOM_KILL_H
#define MM_OOM_KILL_H

#include "mm/mm_types.h"

/**
 * out_of_memory() - kill the process that has most, unless one is dying
 *
 * Everybody who uses the victim's mm gets SIGKILL and TIF_MEMDIE, so that he
 * finds the memory he needs to die; a core dumper among them ends as well.
 *
 * Context: a task on a CPU, no spinlock; takes R(tasklist_lock).  It may hold
 *	mmap_sems, or work for others: no mmput() here.
 * Return: whether somebody is going to free memory.
 */
bool out_of_memory(void);

struct oom_stats {
	unsigned long kills; /* processes chosen */
	unsigned long sharers; /* tasks of other groups that went too */
	unsigned long waits; /* calls that found somebody dying */
	unsigned long dumping; /* kills of those who dump core, or are parked */
};

/** oom_get_stats() - copy the counters.  Context: any; a snapshot. */
void oom_get_stats(struct oom_stats *stats);

#endif /* MM_OOM_KILL_H */
