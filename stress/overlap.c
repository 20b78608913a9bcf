// SPDX-License-Identifier: GPL-2.0-or-later
#include "stress/overlap.h"

#include "locking/thread.h"
#include "mm/cpu.h"
#include "stress/rng.h"

#define PLACES 1024
#define KEPT 8 /* intervals of one place */

struct interval {
	uint64_t begun, ended;
	unsigned int what;
	unsigned int thread; /* lthread id; 0: none */
};

/* A place that meets another one in the table takes it over. */
struct meeting {
	raw_spinlock_t lock;
	uint64_t place; /* under lock */
	unsigned int next; /* under lock */
	struct interval kept[KEPT]; /* under lock */
} __attribute__((aligned(64)));

static struct meeting meetings[PLACES];
static uint64_t now; /* (a) */

uint64_t overlap_begin(void)
{
	return __atomic_add_fetch(&now, 1, __ATOMIC_SEQ_CST);
}

static unsigned int look_back(const struct meeting *m,
			      const struct interval *own)
{
	unsigned int seen = 0;

	for (int i = 0; i < KEPT; i++) {
		const struct interval *other = &m->kept[i];

		if (!other->thread || other->thread == own->thread ||
		    other->ended < own->begun)
			continue;
		seen |= other->what == own->what ? OVERLAP_SAME :
						   OVERLAP_OTHER;
	}
	return seen;
}

unsigned int overlap_end(uint64_t place, unsigned int what, uint64_t begun)
{
	struct meeting *m = &meetings[rng_mix(place) % PLACES];
	struct interval own = {
		begun, overlap_begin(), what, lthread_self()->id,
	};
	unsigned int seen;

	raw_spin_lock(&m->lock);
	if (m->place != place) {
		m->place = place;
		for (int i = 0; i < KEPT; i++)
			m->kept[i].thread = 0;
	}
	seen = look_back(m, &own);
	m->kept[m->next++ % KEPT] = own;
	raw_spin_unlock(&m->lock);
	return seen;
}
