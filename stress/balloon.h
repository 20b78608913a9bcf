/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A balloon: frames the harness holds, so that of the pages user programs have
 * touched only a share fits into memory.  It follows what is measured, so it
 * knows no layout and no number of tasks, and leaves the kernel its room.
 */
#ifndef STRESS_BALLOON_H
#define STRESS_BALLOON_H

/* Pages of user programs; all are snapshots. */
struct user_memory {
	unsigned long resident; /* on the LRU lists, or isolated from them */
	unsigned long swapped; /* in a swap slot and nowhere else */
	unsigned long dropped; /* of files: once in the page cache, now not */
	unsigned long files; /* most that was ever in the page cache */
};

/** balloon_init() - no frame held.  Context: a round begins. */
void balloon_init(void);

/**
 * balloon_measure() - what user programs have touched, and where it is
 * @m: filled in; the three add up to the working set
 *
 * Context: as balloon_adjust(); takes lru_lock, tree_locks.
 */
void balloon_measure(struct user_memory *m);

/**
 * balloon_adjust() - take or give frames towards a share
 * @m: latest measure
 * @share: per cent of the working set that is to be resident, 1 to 100
 *
 * It never waits for memory: it takes what is free and part of the reserve,
 * and leaves reclaim to kswapd and to those who need memory.
 *
 * Context: one thread at a time; need not be a task.
 */
void balloon_adjust(const struct user_memory *m, unsigned int share);

/**
 * balloon_give() - a few frames back, if memory is short
 *
 * Context: as above.
 */
void balloon_give(void);

/**
 * balloon_relax() - have some frames free, so that nobody must reclaim
 * @pages: how many
 *
 * Context: as above.
 * Return: how many had to be given for it.
 */
unsigned long balloon_relax(unsigned long pages);

/** balloon_release() - give all frames back.  Context: as above. */
void balloon_release(void);

/** balloon_pages() - frames held.  Context: as above. */
unsigned long balloon_pages(void);

#endif
