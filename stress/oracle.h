/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Oracles that look at everything at once.  The census runs while the world
 * is frozen: nobody moves, so counts can be compared exactly.  The audit runs
 * when all user tasks are gone (spec 13.2).
 */
#ifndef STRESS_ORACLE_H
#define STRESS_ORACLE_H

#include <stdint.h>

#include "mm/coredump.h"
#include "mm/mm_types.h"

struct shadow;

/* All address spaces, as the census found them. */
struct census {
	struct mm_struct **mms;
	unsigned int nr, room;
	unsigned int skipped; /* VMA checks left out for lack of time */
};

/**
 * frame_untouched() - has the frame never been handed out
 * @page: any
 *
 * Its struct page is still what the host gave: zeroes.
 *
 * Context: nobody allocates.
 */
static inline bool frame_untouched(const struct page *page)
{
	return !page->lru.next && !page->mapping && !page->flags;
}

/**
 * census_run() - freeze the world, check it, thaw it
 * @seed: which address spaces are checked if there is no time for all
 * @budget_ms: about how long; page tables are always counted in full
 *
 * Context: init, no lock held.
 */
void census_run(uint64_t seed, unsigned int budget_ms);

/** census_look() - census_run() when all tasks are frozen already */
void census_look(uint64_t seed, unsigned int budget_ms);

/**
 * parked_for_dump() - does a task wait in exit_mm() for the end of a dump
 * @p: task with a reference, or under tasklist_lock
 * @wait: number of the wait, to tell it from later ones
 *
 * Context: any; the answer may be old already.
 * Return: whether it waits there.
 */
bool parked_for_dump(const struct task_struct *p, unsigned int *wait);

/**
 * census_refs() - INV-1, 2, 3, 9, 28, REF-10: counts against their holders
 * @s: the shadow
 *
 * Context: world frozen.
 */
void census_refs(struct shadow *s);

/**
 * census_deadlocks() - sleepers that wait for each other
 *
 * Context: world frozen.
 */
void census_deadlocks(void);

/**
 * census_waits() - DUMP-27, FORK-20: waits that nobody will end
 *
 * Context: world frozen.
 */
void census_waits(void);

/**
 * census_signals() - signals nobody looks at, stops without a reason (DUMP-2)
 *
 * Context: the world is frozen; takes R(tasklist_lock), siglock.
 */
void census_signals(void);

/**
 * census_joiners() - ORD-35: sleepers on a tid word that has been cleared
 *
 * Context: world frozen.
 */
void census_joiners(void);

/**
 * census_pages() - INV-14, 15, 16, 19: page tables against pages and slots
 * @c: all address spaces
 * @s: the shadow
 *
 * Context: world frozen, pagevecs drained.
 */
void census_pages(const struct census *c, struct shadow *s);

/* For each leaf that is not empty: its word and its address. */
typedef void (*leaf_fn_t)(pteval_t v, uaddr_t addr, void *arg);

/**
 * census_walk_mm() - visit the page tables of one address space
 * @mm: nothing is visited if it has no users
 * @leaf: called for each word of a last-level table, not instrumented
 * @arg: for @leaf
 *
 * Context: world frozen.
 */
void census_walk_mm(const struct mm_struct *mm, leaf_fn_t leaf, void *arg);

/**
 * census_rmap() - INV-14, RECL-3: from every page to those who map it
 * @c: all address spaces
 * @seed: which frame comes first
 * @budget_ms: how long
 *
 * Walks the reverse map of each mapped page, as long as there is time, as reclaim would, and counts
 * what it finds there; nonlinear areas are searched.  And the LRU lists:
 * lengths, flags, counts.
 *
 * Context: world frozen, pagevecs drained.
 */
void census_rmap(const struct census *c, uint64_t seed,
		 unsigned int budget_ms);

/**
 * census_files() - the page cache against what files contain
 * @c: all address spaces
 *
 * A page that neither PG_dirty nor a PTE calls dirty is what the disk has.
 *
 * Context: world frozen.
 */
void census_files(const struct census *c);

/**
 * census_vmas() - INV-7, 8, 10, 30: areas against reverse maps and charges
 * @c: all address spaces
 *
 * Context: world frozen.
 */
void census_vmas(const struct census *c);

/**
 * audit_baseline() - remember how an empty machine looks
 *
 * Context: init, before the first file or task is made.
 */
void audit_baseline(void);

/**
 * audit_quiescence() - INV-50 to INV-59: nothing is left
 *
 * Context: init, all other tasks gone, files closed.
 */
void audit_quiescence(void);

/**
 * audit_quick() - the same, but caches keep their free slabs
 *
 * The frames of slabs are counted wherever they are, so that this finds what
 * audit_quiescence() finds, except a slab that cannot be given back.
 *
 * Context: as audit_quiescence().
 */
void audit_quick(void);

/**
 * judged_core_sink() - a sink that judges the file and throws it away
 * @pid: of the dumper, for reports
 *
 * Return: the sink, or NULL: no memory, or files of another class.
 */
struct core_sink *judged_core_sink(pid_t pid);

/**
 * judge_dump() - a core_sink_factory_t that checks the dump
 * @tsk: the dumper, current
 * @signr: signal that made it dump
 *
 * Context: the dumper, coredump_wait() is over; no lock.
 * Return: a sink that drops everything.
 */
struct core_sink *judge_dump(struct task_struct *tsk, int signr);

/**
 * audit_settle() - let go of what may linger without being a leak
 *
 * Lazy CPUs leave dead address spaces, pagevecs and residues are drained,
 * RCU callbacks run.
 *
 * Context: init, all other tasks gone.
 */
void audit_settle(void);

#endif
