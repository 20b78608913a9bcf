/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which atomic operations are decisions.
 *
 * An operation is quiet when its thread goes on to it without asking the
 * scheduler.  That loses nothing as long as it is ordered with each
 * conflicting operation of another thread by what happens before it: the
 * order of the two then follows from the order of others, which are
 * decisions.  It is why plain accesses are no decisions either, and the race
 * detector tells both: an address at which atomic operations of two threads
 * conflict unordered is marked, and operations on marked addresses ask.
 *
 *	marks of all executions   from a few samples ahead of the first
 *	race at another address   mark it, run the execution again; the mark
 *				  is gone afterwards, so that an execution
 *				  depends on its number alone
 *	a search, or feedback	  the mark stays; a search begins anew
 *
 * So no execution is counted in which a quiet operation raced, and a search
 * that ends has tried all orders of all conflicting operations.  Proof: take
 * an execution whose threads switch anywhere.  Move each quiet operation
 * towards the last decision of its thread, past operations of others.  If
 * none conflicts, the result is one of ours, in the same happens-before
 * class.  If one does, the first such pair is unordered; the prefix before it
 * can be moved, is one of ours, and can be continued with that pair: a race
 * at an unmarked address, in an execution of ours.
 *
 * With store buffers, a load and whatever waits until the buffer is empty may
 * be quiet.  A buffered store is a decision, and so is its way to memory; the
 * detector has it when it is issued.  Let load or read-modify-write O of one
 * thread and store S of another conflict, F be S's arrival in memory.  If
 * they are unordered the later of S and O, as issued, sees the other: the
 * address is marked, as above.  If O happens before S, it does before F.  If S
 * happens before O, the chain from S to O leaves S's thread by a store, which
 * follows S through the buffer, or by something that empties it; so F comes
 * before O in every execution that has this chain.  Either way F and O have one
 * order only, and O can be moved to the last decision of its thread.  What O
 * reads from its own buffer nobody else has a part in.  Fences that have
 * emptied it conflict with nothing.
 *
 * A decision is recorded at every operation, quiet or not, so schedules do
 * not depend on marks.  Replays ask at each operation.
 */
#ifndef EXPLORE_QUIET_H
#define EXPLORE_QUIET_H

#include <stdbool.h>
#include <stdint.h>

#include "explore/engine.h"

#define QUIET_MAX_MARKS (1u << 16)

struct quiet {
	bool wanted; /* in campaigns, that is, not in replays */
	bool on; /* in this execution */
	bool watch; /* mark addresses in this execution */
	bool missed; /* a quiet operation raced in this execution */
	bool keep; /* marks made from now on stay */
	uint32_t nr_kept;
	uint32_t nr_brief;
	uintptr_t *kept;
	uintptr_t *brief;
};

extern EXPLORE_OWN struct quiet quiet;

/** quiet_init() - make room for marks.  Return: 0, or -errno. */
int quiet_init(void);

/** quiet_reset() - forget all marks: a new campaign. */
void quiet_reset(void);

/** quiet_forget() - forget the marks that are not kept. */
void quiet_forget(void);

/** quiet_race() - atomic operations conflict unordered at @addr: mark it. */
void quiet_race(uintptr_t addr);

/** quiet_remark() - the shadow is new: put the marks there again. */
void quiet_remark(void);

/**
 * quiet_learn() - run a few executions to see where operations race
 *
 * Context: host, before the first execution of a campaign.
 */
void quiet_learn(void (*body)(void *), void *arg);

#endif
