/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sequence counters: PRIM-27.  The writers exclude each other by other means.
 * Data must be written with WRITE_ONCE and read with READ_ONCE; readers who
 * overlap a writer try again.
 *
 *	do {
 *		seq = read_seqcount_begin(&s);
 *		size = READ_ONCE(inode->i_size);
 *	} while (read_seqcount_retry(&s, seq));
 */
#ifndef LOCKING_SEQCOUNT_H
#define LOCKING_SEQCOUNT_H

#include "locking/compiler.h"
#include "locking/seam.h"

typedef struct seqcount {
	unsigned int sequence;	/* odd while a writer is inside */
} seqcount_t;

#define SEQCNT_ZERO { 0 }

static inline void seqcount_init(seqcount_t *s)
{
	WRITE_ONCE(s->sequence, 0);
}

/* Pairs with the store-release of write_seqcount_end(). */
static inline unsigned int read_seqcount_begin(const seqcount_t *s)
{
	unsigned int seq;

	while ((seq = smp_load_acquire(&s->sequence)) & 1)
		seam_cpu_relax();
	return seq;
}

/*
 * The barrier keeps the reads of data before the second look; it pairs with
 * the one of write_seqcount_begin().
 */
static inline bool read_seqcount_retry(const seqcount_t *s, unsigned int seq)
{
	smp_rmb();
	return READ_ONCE(s->sequence) != seq;
}

static inline void write_seqcount_begin(seqcount_t *s)
{
	WRITE_ONCE(s->sequence, READ_ONCE(s->sequence) + 1);
	smp_wmb();
}

static inline void write_seqcount_end(seqcount_t *s)
{
	smp_store_release(&s->sequence, READ_ONCE(s->sequence) + 1);
}

#endif
