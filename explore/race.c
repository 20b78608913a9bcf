// SPDX-License-Identifier: GPL-2.0-or-later
#include "explore/race.h"

#include <errno.h>
#include <sys/mman.h>

#include "explore/atomics.h"
#include "explore/heap.h"
#include "explore/quiet.h"
#include "explore/race_cell.h"

struct race_report race EXPLORE_STATE;

int race_init(void)
{
	void *p = mmap((void *)SHADOW_BASE, SHADOW_SIZE + BLOCKS_SIZE,
		       PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE |
		       MAP_FIXED_NOREPLACE, -1, 0);

	if (p == MAP_FAILED)
		return -errno;
	return race_overflow_init();
}

void race_begin(void)
{
	race_overflow_begin();
	race.slow = race.watching || eng.model->plain;
	if (++eng.exec)
		return;
	/* Numbers run out: old cells must not look valid. */
	eng.exec = 1;
	madvise((void *)SHADOW_BASE, SHADOW_SIZE + BLOCKS_SIZE, MADV_DONTNEED);
	quiet_remark();
}

/* The youngest comes first: it is the likeliest to come again. */
noinline void race_check_cell(uintptr_t addr, struct cell *c, uint64_t now,
			      uint32_t pc)
{
	struct access *s = c->s;
	bool keep;

	if (unlikely(is_link(&s[1]))) {
		race_check_crowded(addr, c, now, pc);
		return;
	}
	keep = s[0].info && !check_slot(addr, &s[0], now, pc);
	if (s[1].info && check_slot(addr, &s[1], now, pc))
		s[1].info = 0;
	if (keep && unlikely(s[1].info))
		race_push_both(c);
	else if (keep)
		s[1] = s[0];
	put(&s[0], now, pc);
}

/* race_check_cell() where at most one access is known. */
static inline void check_single(uintptr_t addr, struct cell *c, uint64_t now,
				uint32_t pc)
{
	if (!check_slot(addr, &c->s[0], now, pc))
		c->s[1] = c->s[0];
	put(&c->s[0], now, pc);
}

static noinline void check_memory(uintptr_t addr, uint64_t now, uint32_t pc)
{
	struct cell *c = race_cell(addr);
	unsigned int write = now & ACCESS_FLAGS(RACE_WRITE);

	if (write)
		note_write(addr & ~7ull, 8);
	if (unlikely(heap_owns(addr)))
		heap_check(addr, __builtin_popcount(now & ACCESS_BYTES), write,
			   eng.text_base + pc);
	if (is_first(c, addr, now, pc))
		return;
	if (c->s[1].info)
		race_check_cell(addr, c, now, pc);
	else
		check_single(addr, c, now, pc);
}

/*
 * Does the thread of an access do the same again, in a later epoch?  What is
 * older than its own has been compared with that one, unless who reads it is
 * to be noted.  Return: that access, or NULL.
 */
static inline struct access *find_same(struct access *s, uint32_t info,
				       uint32_t pc)
{
	bool alone = !((s[0].info ^ s[1].info) & ACCESS_TID);

	if (s[0].info == info)
		return alone || !s[1].info || s[0].pc == pc ||
		       info & ACCESS_FLAGS(RACE_WRITE) ? &s[0] : NULL;
	return alone && s[1].info == info &&
	       !(s[0].info & ACCESS_FLAGS(RACE_FRESH)) ? &s[1] : NULL;
}

void race_check(uintptr_t addr, uint64_t now, uintptr_t pc)
{
	struct cell *c = race_cell(addr);
	uint32_t pc32 = (uint32_t)(pc - eng.text_base);
	struct access *same;

	if (likely(c->stamp == eng.exec)) {
		same = find_same(c->s, (uint32_t)now, pc32);
		if (same) {
			put(same, now, pc32);
			return;
		}
	}
	check_memory(addr, now, pc32);
}

/* What accesses are in some executions, besides. */
static void access_watched(uintptr_t addr, uintptr_t size, unsigned int flags,
			   uintptr_t pc)
{
	struct access new =
		access_of(eng.cur->epoch | ACCESS_INFO(0, 0xff, flags),
			  (uint32_t)(pc - eng.text_base));

	if (eng.model->plain && !(flags & RACE_ATOMIC))
		eng.model->plain(eng.cur, addr, size);
	if (race.watching)
		race_watch(addr, (addr & 7) + size > 8 ? size : 1, &new);
}

static noinline void access_slowly(uintptr_t addr, uintptr_t size,
				   unsigned int flags, uintptr_t pc)
{
	if (race.slow)
		access_watched(addr, size, flags, pc);
	if ((addr & 7) + size > 8 || !size)
		race_access_many(addr, size, flags, pc);
	else
		race_touch(eng.cur, addr,
			   access_bytes(addr, (unsigned int)size) |
			   ACCESS_FLAGS(flags), pc);
}

void race_access(uintptr_t addr, uintptr_t size, unsigned int flags,
		 uintptr_t pc)
{
	const struct thread *t = eng.cur;

	if (unlikely(!t))
		return;
	if (unlikely(race.slow || (addr & 7) + size > 8 || !size))
		access_slowly(addr, size, flags, pc);
	else
		race_touch(t, addr, access_bytes(addr, (unsigned int)size) |
			   ACCESS_FLAGS(flags), pc);
}
