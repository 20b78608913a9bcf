/* SPDX-License-Identifier: GPL-2.0-or-later */
/* swapfile_unuse.h - swapoff's search for who holds slots */
#ifndef MM_SWAPFILE_UNUSE_H
#define MM_SWAPFILE_UNUSE_H

#include "mm/mm_types.h"

/* What swapoff has met, since the program began. */
struct unuse_stats {
	unsigned long entries; /* slots looked at */
	unsigned long found; /* swap PTEs replaced */
	unsigned long shmem; /* slots that a shmem object had */
	unsigned long dying; /* mms without users on mmlist (SWOFF-8) */
	unsigned long blocked; /* mmap_sem was taken: page unlocked meanwhile */
	unsigned long missed; /* slots left over after a search (SWOFF-6) */
	unsigned long last_user; /* last mmput() done by swapoff (SWOFF-10) */
	unsigned long building; /* PTEs found in an mm under construction */
	unsigned long dumping; /* mms searched during their core dump */
};

/** unuse_get_stats() - read the counters.  Context: any. */
void unuse_get_stats(struct unuse_stats *out);

/**
 * try_to_unuse() - bring back all that is on a device (SWOFF-2)
 * @type: device that hands out no more slots
 *
 * Context: no spinlock; sleeps.
 * Return: 0 with no slot in use, -ENOMEM or -EINTR.
 */
int try_to_unuse(unsigned int type);

#endif /* MM_SWAPFILE_UNUSE_H */
