// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * stack_growth: threads grow one stack and stacks of their own, all under
 * R(mmap_sem) at once (FLT-10, DEF-19).
 */
#include "mm/cpu.h"
#include "mm/uaccess.h"
#include "stress/actions.h"
#include "stress/overlap.h"

/* An access that made a stack grow, for it faulted: who else was at it? */
static void count_growth(unsigned int owner, unsigned long faults,
			 uint64_t begun)
{
	unsigned int met;

	if (current->min_flt == faults)
		return;
	met = overlap_end(current->mm->mm_id, owner, begun);
	if (met & OVERLAP_SAME)
		stress_count(COVER_B17_GROW_SAME);
	if (met & OVERLAP_OTHER)
		stress_count(COVER_B17_GROW_OTHER);
}

/* The stack they share lies in the area of the family's first thread. */
static void grow_shared(struct stress_user *u, unsigned int owner,
			unsigned int page)
{
	unsigned long faults = current->min_flt;
	uint64_t begun = overlap_begin();
	unsigned int own = u->slot;
	uaddr_t addr;

	u->slot = owner;
	addr = prog_lot_addr(u, 9) + page * PAGE_SIZE;
	u->slot = own;
	u->may_fault = true;
	current->user_sp = addr;
	user_write64(addr + own * 8, 0);
	u->may_fault = false;
	count_growth(owner, faults, begun);
}

static void grow_own(struct stress_user *u)
{
	unsigned long faults = current->min_flt;
	uint64_t begun = overlap_begin();

	prog_grow_stack(u, 8);
	count_growth(u->slot, faults, begun);
}

static void grower(struct stress_user *u)
{
	unsigned int owner = (unsigned int)u->scratch;

	prog_map(u, 8, LOT_STACK);
	for (unsigned int page = LOT_PAGES - 3; page > 0; page--) {
		grow_shared(u, owner, page);
		grow_own(u);
		if (world_stopping())
			break;
	}
	prog_exit(u, 0, false);
}

static void family(struct stress_user *u)
{
	prog_map(u, 9, LOT_STACK);
	u->scratch = u->slot;
	act_start_crew(u, 4, grower, 1);
	for (int i = 0; i < 12 && !world_stopping(); i++) {
		prog_grow_stack(u, 9);
		if (rng_chance(&u->rng, 1, 6))
			prog_fork(u, prog_brief);
		prog_reap(u, false);
	}
	prog_exit(u, 0, false);
}

const struct stress_ops stack_growth_ops = {
	.name = "stack_growth",
	.why = "many threads grow one stack, and several",
	.items = "B-17",
	.family = family,
};
