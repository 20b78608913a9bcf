// SPDX-License-Identifier: GPL-2.0-or-later
#include "explore/race.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#include "explore/atomics.h"
#include "explore/coverage.h"
#include "explore/heap.h"
#include "explore/image.h"
#include "explore/poison.h"
#include "explore/quiet.h"
#include "explore/world.h"

#define noinline __attribute__((noinline))
#define MAX_OVERFLOW (1u << 18)
#define OVERFLOW_SLOTS 10
#define STAMP_MAX 0xf0000000u /* an execution takes fewer than what is left */

struct race_report race EXPLORE_STATE;
struct race_stamps race_stamps EXPLORE_STATE;

static struct overflow *overflow EXPLORE_STATE;
static uint32_t nr_overflow EXPLORE_STATE;

int race_init(void)
{
	void *p = mmap((void *)SHADOW_BASE, SHADOW_SIZE + BLOCKS_SIZE,
		       PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE |
		       MAP_FIXED_NOREPLACE, -1, 0);

	if (p == MAP_FAILED)
		return -errno;
	overflow = mmap(NULL, MAX_OVERFLOW * sizeof(*overflow),
			PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	return overflow == MAP_FAILED ? -errno : 0;
}

void race_begin(void)
{
	nr_overflow = 0;
	if (!++eng.exec)
		eng.exec = 1;
	race.slow = race.watching || eng.model->plain;
	race_stamps.begin = ++race_stamps.now;
	if (race_stamps.now < STAMP_MAX)
		return;
	/* Stamps run out: old cells must not look valid. */
	race_stamps.begin = race_stamps.now = 1;
	madvise((void *)SHADOW_BASE, SHADOW_SIZE + BLOCKS_SIZE, MADV_DONTNEED);
	quiet_remark();
}

void race_renew(struct cell *c, struct block_shadow *b)
{
	if (c->stamp < race_stamps.begin)
		c->obj = 0;
	c->n = 0;
	c->more = 0;
	if (b->stamp >= race_stamps.begin) {
		c->s[0] = b->a;
		c->owner = access_tid(&b->a);
		c->n = 1;
	}
	c->stamp = race_stamps.now;
	b->touched = race_stamps.now;
}

static unsigned int copy_stack(uintptr_t *to, const struct thread *t)
{
	unsigned int n = 0;

	for (const uintptr_t *f = t->frame; f > t->frames && n < 32;)
		to[n++] = *--f;
	return n;
}

static unsigned int copy_held(struct held_lock *to, const struct thread *t)
{
	unsigned int n = t->nr_held < 8 ? t->nr_held : 8;

	memcpy(to, t->held, n * sizeof(*to));
	return n;
}

/* In a replay: is @a the older access of the race we want to explain? */
static void watch(uintptr_t addr, uintptr_t size, const struct access *a)
{
	if ((race.addr & ~7ull) - (addr & ~7ull) >= size ||
	    access_tid(a) != access_tid(&race.old) || a->clk != race.old.clk || a->pc != race.old.pc)
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

/* The new access makes remembering @old pointless. */
static inline bool subsumes(uint32_t new, uint32_t old)
{
	const uint32_t write = RACE_WRITE << 16, atomic = RACE_ATOMIC << 16;

	if (old & ~new & 0xff00)
		return false;
	if (old & ~new & write)
		return false;
	return !(new & ~old & atomic);
}

static inline bool conflicts(uint32_t a, uint32_t b)
{
	return ((a | b) & RACE_WRITE << 16) && !(a & b & RACE_ATOMIC << 16);
}

/* Two atomic operations that are not ordered, one of them a write. */
static inline bool contend(uint32_t a, uint32_t b)
{
	return ((a | b) & RACE_WRITE << 16) && (a & b & RACE_ATOMIC << 16);
}

/*
 * @new reads what @old of another thread wrote.  Where loads may be stale,
 * those of atomics are counted by the memory model.
 */
static inline void note_read(const struct access *old,
			     const struct access *new)
{
	if (!(access_flags(new) & RACE_ATOMIC) || eng.model->newest)
		coverage_pair(COVERAGE_READS_FROM, old->pc, new->pc);
}

/* @old is not ordered with @new and touches the same bytes. */
static noinline void check_unordered(uintptr_t addr, const struct access *old,
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

/* @old happens before @new.  Return: whether it need not be kept. */
static inline bool check_ordered(uintptr_t addr, struct access *old,
				 const struct access *new)
{
	uint32_t info = old->info;

	if (unlikely(info & RACE_FRESH << 16))
		return poison_check(addr, old, new);
	if (info & ~new->info & RACE_WRITE << 16 &&
	    access_tid(old) != access_tid(new))
		note_read(old, new);
	return subsumes(new->info, info);
}

/* Check @new against slots, drop those it subsumes.  Return: what is left. */
static inline unsigned int check_slots(uintptr_t addr, struct access *s,
				       unsigned int n,
				       const struct access *new)
{
	const struct vclock *hb = &eng.cur->hb;

	for (unsigned int i = 0; i < n;) {
		uint32_t info = s[i].info;

		if (!(info & new->info & 0xff00))
			i++;
		else if (unlikely(hb->c[info & 0xff] < s[i].clk))
			check_unordered(addr, &s[i++], new);
		else if (check_ordered(addr, &s[i], new))
			race_put(&s[i], &s[--n]);
		else
			i++;
	}
	return n;
}

/* No slot is free: an older access moves to the overflow blocks. */
static noinline void overflow_slot(struct cell *c, const struct access *old)
{
	struct overflow *o = &overflow[c->more];

	if (!c->more || o->n == OVERFLOW_SLOTS) {
		if (nr_overflow + 1 >= MAX_OVERFLOW)
			engine_fail(VERDICT_HARNESS, "race detector is full");
		overflow[++nr_overflow].next = c->more;
		c->more = nr_overflow;
		o = &overflow[c->more];
		o->n = 0;
	}
	o->s[o->n++] = *old;
}

/* The youngest comes first: it is the likeliest to come again. */
static inline void remember(struct cell *c, const struct access *new)
{
	if (unlikely(c->n == CELL_SLOTS))
		overflow_slot(c, &c->s[0]);
	else if (c->n)
		race_put(&c->s[c->n++], &c->s[0]);
	else
		c->n = 1;
	race_put(&c->s[0], new);
	if (c->n == 1 && !c->more)
		c->owner = access_tid(new);
	else if (c->owner != access_tid(new))
		c->owner = NO_OWNER;
}

void race_check_cell(uintptr_t addr, struct cell *c, const struct access *new)
{
	c->n = check_slots(addr, c->s, c->n, new);
	for (uint32_t i = c->more; unlikely(i); i = overflow[i].next)
		overflow[i].n = check_slots(addr, overflow[i].s, overflow[i].n,
					    new);
	remember(c, new);
}

/* Is what @b as a whole was written with all there is to check? */
static bool is_untouched(const struct block_shadow *b)
{
	return b->touched < race_stamps.begin || b->touched < b->stamp;
}

static void check_block(uintptr_t addr, struct block_shadow *b,
			const struct access *new)
{
	const struct vclock *hb = &eng.cur->hb;

	if (is_untouched(b)) {
		if (b->stamp < race_stamps.begin)
			return;
		if (hb->c[access_tid(&b->a)] < b->a.clk)
			check_unordered(addr, &b->a, new);
		else if (unlikely(access_flags(&b->a) & RACE_FRESH))
			poison_check(addr, &b->a, new);
		return;
	}
	for (uintptr_t a = addr; a < addr + BLOCK_SIZE; a += 8) {
		struct cell *c = race_cell_now(a);

		check_slots(a, c->s, c->n, new);
		for (uint32_t i = c->more; i; i = overflow[i].next)
			check_slots(a, overflow[i].s, overflow[i].n, new);
	}
}

/* A plain write of a whole block: nothing before it matters any more. */
static void write_block(uintptr_t addr, const struct access *new)
{
	struct block_shadow *b = race_block(addr);

	check_block(addr, b, new);
	b->stamp = ++race_stamps.now;
	b->touched = 0;
	b->a = *new;
}

static void access_range(uintptr_t addr, uintptr_t size, unsigned int flags,
			 uintptr_t pc)
{
	struct access new = race_access_of(eng.cur, 0xff, flags, pc);

	while (size) {
		unsigned int off = addr & 7;
		uintptr_t part = size < 8 - off ? size : 8 - off;

		if ((flags & RACE_WRITE) && !(addr % BLOCK_SIZE) &&
		    size >= BLOCK_SIZE) {
			part = BLOCK_SIZE;
			write_block(addr, &new);
		} else {
			struct access some = race_access_of(
				eng.cur, ((1u << part) - 1) << off, flags, pc);

			race_access_cell(addr, &some);
		}
		addr += part;
		size -= part;
	}
}

static void check_heap_range(uintptr_t addr, uintptr_t size,
			     unsigned int flags, uintptr_t pc)
{
	if (!heap_owns(addr) || (flags & RACE_FREE))
		return;
	while (size) {
		unsigned int off = addr & 7;
		uintptr_t part = size < 8 - off ? size : 8 - off;

		heap_check(addr, part, flags & RACE_WRITE, pc);
		addr += part;
		size -= part;
	}
}

static noinline void access_many(uintptr_t addr, uintptr_t size,
				 unsigned int flags, uintptr_t pc)
{
	const struct access new = race_access_of(eng.cur, 0xff, flags, pc);

	if (unlikely(race.watching))
		watch(addr, size, &new);
	check_heap_range(addr, size, flags, pc);
	access_range(addr, size, flags | RACE_RANGE, pc);
}

void race_access(uintptr_t addr, uintptr_t size, unsigned int flags,
		 uintptr_t pc)
{
	struct thread *t = eng.cur;
	unsigned int off = addr & 7;
	struct access new;

	if (unlikely(!t))
		return;
	if (unlikely(eng.model->plain != NULL) && !(flags & RACE_ATOMIC))
		eng.model->plain(t, addr, size);
	if (flags & RACE_WRITE)
		race_note_write(addr, size);
	if (unlikely(off + size > 8)) {
		access_many(addr, size, flags, pc);
		return;
	}
	if (heap_owns(addr) && !(flags & RACE_FREE))
		heap_check(addr, size, flags & RACE_WRITE, pc);
	new = race_access_of(t, ((1u << size) - 1) << off, flags, pc);
	if (unlikely(race.watching))
		watch(addr, 1, &new);
	race_access_cell(addr, &new);
}

void race_fresh(uintptr_t addr, uintptr_t size, unsigned int flags,
		uintptr_t pc)
{
	access_range(addr & ~7ull, (size + (addr & 7) + 7) & ~7ull,
		     RACE_WRITE | RACE_RANGE | flags, pc);
}

static void amend_cell(uintptr_t addr, unsigned int mask,
		       void (*fn)(struct access *a, unsigned int mask))
{
	struct cell *c = race_cell_now(addr);

	for (unsigned int i = 0; i < c->n; i++)
		fn(&c->s[i], mask);
	for (uint32_t o = c->more; o; o = overflow[o].next)
		for (uint32_t i = 0; i < overflow[o].n; i++)
			fn(&overflow[o].s[i], mask);
}

void race_amend(uintptr_t addr, uintptr_t size,
		void (*fn)(struct access *a, unsigned int mask))
{
	while (size) {
		struct block_shadow *b = race_block(addr);
		unsigned int off = addr & 7;
		uintptr_t part = size < 8 - off ? size : 8 - off;

		if (!(addr % BLOCK_SIZE) && size >= BLOCK_SIZE &&
		    is_untouched(b)) {
			part = BLOCK_SIZE;
			if (b->stamp >= race_stamps.begin)
				fn(&b->a, 0xff);
		} else {
			amend_cell(addr, ((1u << part) - 1) << off, fn);
		}
		addr += part;
		size -= part;
	}
}
