// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Two accesses that are not ordered: whether that is a race, and what is known
 * of it.  The stack of the older one is gone by then; a replay, which knows
 * the race, watches for it.
 */
#include "explore/poison.h"
#include "explore/quiet.h"
#include "explore/race_cell.h"
#include "explore/trace.h"

static unsigned int copy_stack(uintptr_t *to, const struct thread *t)
{
	unsigned int n = 0;

	for (const uintptr_t *f = t->frame; f > t->frames && n < 32;)
		to[n++] = *--f;
	return n;
}

static unsigned int copy_held(struct race_held *to, const struct thread *t)
{
	unsigned int n = t->nr_held < 8 ? t->nr_held : 8;

	for (unsigned int i = 0; i < n; i++) {
		uintptr_t addr = t->held[i].obj->addr;

		to[i] = (struct race_held){
			.addr = addr, .name = trace_lock_name(addr),
			.shared = t->held[i].shared,
		};
	}
	return n;
}

void race_watch(uintptr_t addr, uintptr_t size, const struct access *a)
{
	if ((race.addr & ~7ull) - (addr & ~7ull) >= size ||
	    access_tid(a) != access_tid(&race.old) ||
	    a->clk != race.old.clk || a->pc != race.old.pc)
		return;
	race.nr_old = copy_stack(race.old_stack, eng.cur);
	race.nr_old_held = copy_held(race.old_held, eng.cur);
}

static const char *words(const struct access *a)
{
	if (access_flags(a) & RACE_ATOMIC)
		return access_flags(a) & RACE_WRITE ? "atomic write" :
		       "atomic read";
	return access_flags(a) & RACE_WRITE ? "write" : "read";
}

static _Noreturn void report(uintptr_t addr, const struct access *old,
			     const struct access *new)
{
	race.addr = (addr & ~7ull) + __builtin_ctz(access_mask(new));
	race.size = __builtin_popcount(access_mask(new));
	race.old = *old;
	race.new = *new;
	race.nr_new = copy_stack(race.new_stack, eng.cur);
	race.nr_new_held = copy_held(race.new_held, eng.cur);
	engine_fail(VERDICT_RACE,
		    "%s by thread %u races with %s by thread %u, %u bytes",
		    words(new), access_tid(new), words(old), access_tid(old),
		    race.size);
}

static bool conflicts(uint32_t a, uint32_t b)
{
	return ((a | b) & ACCESS_FLAGS(RACE_WRITE)) &&
	       !(a & b & ACCESS_FLAGS(RACE_ATOMIC));
}

/* Two atomic operations that are not ordered, one of them a write. */
static bool contend(uint32_t a, uint32_t b)
{
	return ((a | b) & ACCESS_FLAGS(RACE_WRITE)) &&
	       (a & b & ACCESS_FLAGS(RACE_ATOMIC));
}

/* @old is not ordered with @new and touches the same bytes. */
static void check_unordered(uintptr_t addr, const struct access *old,
			    const struct access *new)
{
	/* At one address, but each thread has its own. */
	if (!((addr ^ (uintptr_t)fiber_errno) & ~7ull))
		return;
	if (conflicts(old->info, new->info))
		report(addr, old, new);
	if (unlikely(quiet.watch) && contend(old->info, new->info))
		quiet_race(addr);
}

bool race_check_special(uintptr_t addr, struct access *old, uint64_t now,
			uint32_t pc)
{
	struct access new = access_of(now, pc);

	if (eng.cur->hb.c[access_tid(old)] >= old->clk)
		return poison_check(addr, old, &new);
	check_unordered(addr, old, &new);
	return false;
}
