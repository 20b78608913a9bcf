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
#include "explore/prologue.h"
#include "explore/quiet.h"
#include "explore/trace.h"
#include "explore/world.h"

#define noinline __attribute__((noinline))
#define MAX_OVERFLOW (1u << 20)
#define LINK_INFO ACCESS_INFO(0xff, 0, RACE_LINK) /* of no thread */

struct race_report race EXPLORE_STATE;

static struct overflow *overflow EXPLORE_STATE;
static uint32_t nr_overflow EXPLORE_STATE;
static uint32_t free_overflow EXPLORE_STATE; /* used in vain, a list */

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

bool race_keep(void)
{
	prologue_keep(&nr_overflow, sizeof(nr_overflow));
	prologue_keep(&free_overflow, sizeof(free_overflow));
	prologue_keep(overflow + 1, nr_overflow * sizeof(*overflow));
	return race_keep_cells();
}

void race_begin(void)
{
	nr_overflow = 0;
	free_overflow = 0;
	race.slow = race.watching || eng.model->plain;
	if (++eng.exec)
		return;
	/* Numbers run out: old cells must not look valid. */
	eng.exec = 1;
	madvise((void *)SHADOW_BASE, SHADOW_SIZE + BLOCKS_SIZE, MADV_DONTNEED);
	quiet_remark();
}

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

/* In a replay: is @a the older access of the race we want to explain? */
static void watch(uintptr_t addr, uintptr_t size, const struct access *a)
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

static inline bool conflicts(uint32_t a, uint32_t b)
{
	return ((a | b) & ACCESS_FLAGS(RACE_WRITE)) &&
	       !(a & b & ACCESS_FLAGS(RACE_ATOMIC));
}

/* Two atomic operations that are not ordered, one of them a write. */
static inline bool contend(uint32_t a, uint32_t b)
{
	return ((a | b) & ACCESS_FLAGS(RACE_WRITE)) &&
	       (a & b & ACCESS_FLAGS(RACE_ATOMIC));
}

/*
 * An access at @pc reads what @old of another thread wrote.  Where loads may
 * be stale, those of atomics are counted by the memory model.
 */
static inline void note_read(const struct access *old, uint32_t info,
			     uint32_t pc)
{
	if (!(info & ACCESS_FLAGS(RACE_ATOMIC)) || eng.model->newest)
		coverage_pair(COVERAGE_READS_FROM, old->pc, pc);
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

static inline struct access access_of(uint64_t now, uint32_t pc)
{
	struct access a = { .pc = pc };

	memcpy(&a, &now, sizeof(now));
	return a;
}

static inline void put(struct access *a, uint64_t now, uint32_t pc)
{
	memcpy(a, &now, sizeof(now));
	a->pc = pc;
}

/* check_slot() of what is not ordered, or FRESH. */
static noinline bool check_special(uintptr_t addr, struct access *old,
				   uint64_t now, uint32_t pc)
{
	struct access new = access_of(now, pc);

	if (eng.cur->hb.c[access_tid(old)] >= old->clk)
		return poison_check(addr, old, &new);
	check_unordered(addr, old, &new);
	return false;
}

/*
 * Compare an access with @old, which is not a link.  Return: whether @old
 * need not be kept.
 */
static __always_inline bool check_slot(uintptr_t addr, struct access *old,
				       uint64_t now, uint32_t pc)
{
	uint32_t was = old->info, is = (uint32_t)now;
	uint32_t lacks = was & ~is;

	if (!(was & is & ACCESS_BYTES))
		return false;
	if (unlikely(eng.cur->hb.c[was & ACCESS_TID] < old->clk))
		return check_special(addr, old, now, pc);
	/* An allocator may do as it likes with what is all its own. */
	if (unlikely(was & ACCESS_FLAGS(RACE_FRESH)) &&
	    (lacks & ACCESS_BYTES ||
	     !(is & ACCESS_FLAGS(RACE_FRESH | RACE_FREE))))
		return check_special(addr, old, now, pc);
	if (lacks & ACCESS_FLAGS(RACE_WRITE) && (was ^ is) & ACCESS_TID)
		note_read(old, is, pc);
	/* Or it tells something else than @old. */
	return !(lacks & (ACCESS_BYTES | ACCESS_FLAGS(RACE_WRITE))) &&
	       !(is & ~was & ACCESS_FLAGS(RACE_ATOMIC));
}

static inline bool is_link(const struct access *a)
{
	return a->info == LINK_INFO;
}

/* Put @a with those that found no room in @c. */
static void overflow_push(struct cell *c, const struct access *a)
{
	uint32_t first = is_link(&c->s[1]) ? c->s[1].clk : 0;
	uint32_t i = first;

	if (!first || overflow[first].n == OVERFLOW_SLOTS) {
		i = free_overflow;
		if (i)
			free_overflow = overflow[i].next;
		else if (nr_overflow + 1 == MAX_OVERFLOW)
			engine_fail(VERDICT_HARNESS, "race detector is full");
		else
			i = ++nr_overflow;
		overflow[i].next = first;
		overflow[i].n = 0;
	}
	overflow[i].s[overflow[i].n++] = *a;
	c->s[1] = (struct access){ .info = LINK_INFO, .clk = i };
}

/* Compare with those, and give back blocks that are empty now. */
static void check_overflow(uintptr_t addr, struct cell *c, uint64_t now,
			   uint32_t pc)
{
	uint32_t *link = &c->s[1].clk;

	while (*link) {
		struct overflow *o = &overflow[*link];

		for (uint32_t i = 0; i < o->n;)
			if (check_slot(addr, &o->s[i], now, pc))
				o->s[i] = o->s[--o->n];
			else
				i++;
		if (o->n) {
			link = &o->next;
		} else {
			uint32_t empty = *link;

			*link = o->next;
			o->next = free_overflow;
			free_overflow = empty;
		}
	}
	if (!c->s[1].clk)
		c->s[1].info = 0;
}

/* Make room in @c. */
static noinline void push_both(struct cell *c)
{
	struct access second = c->s[1];

	overflow_push(c, &second);
	overflow_push(c, &c->s[0]);
}

/* More accesses than have room in @c. */
static noinline void check_crowded(uintptr_t addr, struct cell *c,
				   uint64_t now, uint32_t pc)
{
	bool keep = !check_slot(addr, &c->s[0], now, pc);

	check_overflow(addr, c, now, pc);
	if (keep && c->s[1].info)
		overflow_push(c, &c->s[0]);
	else if (keep)
		c->s[1] = c->s[0];
	put(&c->s[0], now, pc);
}

/* The youngest comes first: it is the likeliest to come again. */
static inline void check_cell(uintptr_t addr, struct cell *c, uint64_t now,
			      uint32_t pc)
{
	struct access *s = c->s;
	bool keep;

	if (unlikely(is_link(&s[1]))) {
		check_crowded(addr, c, now, pc);
		return;
	}
	keep = s[0].info && !check_slot(addr, &s[0], now, pc);
	if (s[1].info && check_slot(addr, &s[1], now, pc))
		s[1].info = 0;
	if (keep && unlikely(s[1].info))
		push_both(c);
	else if (keep)
		s[1] = s[0];
	put(&s[0], now, pc);
}

/* Return: whether the cell is in use now, with nothing in it but @now. */
static inline bool is_first(struct cell *c, uintptr_t addr, uint64_t now,
			    uint32_t pc)
{
	struct block_shadow *b = race_block(addr);

	if (c->stamp == eng.exec)
		return false;
	if (b->stamp == eng.exec || race_has_base(b)) {
		race_renew(c, addr);
		return false;
	}
	c->stamp = eng.exec;
	c->obj = 0;
	c->s[1].info = 0;
	put(&c->s[0], now, pc);
	race_touch_block(b);
	return true;
}

/* What writes have to tell besides races. */
static inline void note_write(uintptr_t addr, uintptr_t size)
{
	world_wrote(addr, size);
	if (image_owns(addr))
		image_wrote(addr, size);
}

/* check_cell() where at most one access is known. */
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
		check_cell(addr, c, now, pc);
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

/* Compare a write of the whole cell with all that is known of it. */
static noinline void compare_cell(uintptr_t addr, struct cell *c, uint64_t now,
				  uint32_t pc)
{
	check_slot(addr, &c->s[0], now, pc);
	if (is_link(&c->s[1]))
		check_overflow(addr, c, now, pc);
	else
		check_slot(addr, &c->s[1], now, pc);
}

/* Need access @info not be compared with a write of the whole cell? */
static inline bool is_own(uint32_t info, uint64_t now)
{
	const uint32_t fresh = ACCESS_FLAGS(RACE_FRESH);
	uint32_t said = now & ACCESS_FLAGS(RACE_FRESH | RACE_FREE) ? 0 : fresh;

	return !info || !((info ^ now) & ACCESS_TID || info & said);
}

/*
 * Compare with what is known of @c, which is in use, and which a write makes
 * pointless.
 */
static inline void overwrite_cell(uintptr_t addr, struct cell *c, uint64_t now,
				  uint32_t pc)
{
	if (!is_own(c->s[0].info, now) || !is_own(c->s[1].info, now))
		compare_cell(addr, c, now, pc);
	put(&c->s[0], now, pc);
	c->s[1].info = 0;
}

/* The same of one that is not: of what is known of its block. */
static noinline void compare_block(uintptr_t addr, const struct access *a,
				   uint64_t now, uint32_t pc)
{
	struct access old = *a;

	check_slot(addr, &old, now, pc);
}

/* Cells that tell more than their block. */
static noinline void use_cells(uintptr_t addr, uintptr_t size)
{
	for (uintptr_t a = addr; a < addr + size; a += 8)
		race_cell_now(a);
}

static inline bool cells_tell_more(const struct block_shadow *b)
{
	return race_has_base(b) && b->stamp != eng.exec;
}

/* A write of whole cells, all of one block. */
static void write_cells(uintptr_t addr, uintptr_t size, uint64_t now,
			uint32_t pc)
{
	const uint32_t exec = eng.exec;
	struct block_shadow *b = race_block(addr);
	bool compare = b->stamp == exec && !is_own(b->a.info, now);
	struct cell *c = race_cell(addr);

	if (unlikely(cells_tell_more(b)))
		use_cells(addr, size);
	race_touch_block(b);
	for (uintptr_t end = addr + size; addr < end; addr += 8, c++) {
		if (c->stamp == exec) {
			if (!race_covers(access_word(&c->s[0]), now))
				overwrite_cell(addr, c, now, pc);
			continue;
		}
		if (compare)
			compare_block(addr, &b->a, now, pc);
		c->stamp = exec;
		c->obj = 0;
		c->s[1].info = 0;
		put(&c->s[0], now, pc);
	}
}

/* A plain write of a whole block: nothing before it matters any more. */
static void write_block(uintptr_t addr, uint64_t now, uint32_t pc)
{
	struct block_shadow *b = race_block(addr);
	bool known;

	if (unlikely(cells_tell_more(b)))
		use_cells(addr, BLOCK_SIZE);
	known = b->touched == eng.exec;
	for (uintptr_t a = addr; b->touched == eng.exec && a < addr + BLOCK_SIZE;
	     a += 8) {
		struct cell *c = race_cell(a);

		if (c->stamp == eng.exec)
			overwrite_cell(a, c, now, pc);
		else
			known = false;
	}
	if (b->stamp == eng.exec && !known)
		check_slot(addr, &b->a, now, pc);
	if (unlikely(race.prologue == RACE_NOTING))
		race_note(b);
	b->stamp = eng.exec;
	put(&b->a, now, pc);
}

static void access_range(uintptr_t addr, uintptr_t size, unsigned int flags,
			 uintptr_t pc)
{
	uint64_t thread = eng.cur->epoch | ACCESS_FLAGS(flags);
	uint32_t pc32 = (uint32_t)(pc - eng.text_base);

	while (size) {
		unsigned int off = addr & 7;
		uintptr_t part = size < 8 - off ? size : 8 - off;
		uint64_t now = thread | access_bytes(addr, (unsigned int)part);
		struct cell *c = race_cell(addr);

		if (part == 8 && flags & RACE_WRITE) {
			part = BLOCK_SIZE - addr % BLOCK_SIZE;
			if (part > size)
				part = size & ~7ull;
			if (part == BLOCK_SIZE)
				write_block(addr, now, pc32);
			else
				write_cells(addr, part, now, pc32);
		} else if (!is_first(c, addr, now, pc32) &&
			   !race_covers(access_word(&c->s[0]), now)) {
			check_cell(addr, c, now, pc32);
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
	if (flags & RACE_WRITE)
		note_write(addr, size);
	check_heap_range(addr, size, flags, pc);
	access_range(addr, size, flags | RACE_RANGE, pc);
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
		watch(addr, (addr & 7) + size > 8 ? size : 1, &new);
}

static noinline void access_slowly(uintptr_t addr, uintptr_t size,
				   unsigned int flags, uintptr_t pc)
{
	if (race.slow)
		access_watched(addr, size, flags, pc);
	if ((addr & 7) + size > 8 || !size)
		access_many(addr, size, flags, pc);
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

void race_fresh(uintptr_t addr, uintptr_t size, unsigned int flags,
		uintptr_t pc)
{
	access_range(addr & ~7ull, (size + (addr & 7) + 7) & ~7ull,
		     RACE_WRITE | RACE_RANGE | RACE_ALLOC | flags, pc);
}

static void amend_cell(uintptr_t addr, unsigned int mask,
		       void (*fn)(struct access *a, unsigned int mask))
{
	struct cell *c = race_cell_now(addr);

	fn(&c->s[0], mask);
	if (!is_link(&c->s[1])) {
		fn(&c->s[1], mask);
		return;
	}
	for (uint32_t o = c->s[1].clk; o; o = overflow[o].next)
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
		    b->touched != eng.exec &&
		    (!race_has_base(b) || b->stamp == eng.exec)) {
			part = BLOCK_SIZE;
			if (b->stamp == eng.exec)
				fn(&b->a, 0xff);
		} else {
			amend_cell(addr, ((1u << part) - 1) << off, fn);
		}
		addr += part;
		size -= part;
	}
}
