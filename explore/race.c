// SPDX-License-Identifier: GPL-2.0-or-later
#include "explore/race.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#include "explore/atomics.h"
#include "explore/coverage.h"
#include "explore/heap.h"
#include "explore/image.h"
#include "explore/quiet.h"
#include "explore/world.h"

#define noinline __attribute__((noinline))
#define MAX_OVERFLOW (1u << 18)

struct race_report race EXPLORE_STATE;

static struct overflow *overflow EXPLORE_STATE;
static uint32_t nr_overflow EXPLORE_STATE;

int race_init(void)
{
	void *p = mmap((void *)SHADOW_BASE, SHADOW_SIZE,
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
	if (++eng.exec)
		return;
	/* The execution number wrapped: old cells must not look valid. */
	eng.exec = 1;
	madvise((void *)SHADOW_BASE, SHADOW_SIZE, MADV_DONTNEED);
	quiet_remark();
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
static void watch(uintptr_t addr, const struct access *a)
{
	if ((addr & ~7ull) != (race.addr & ~7ull) || access_tid(a) != access_tid(&race.old) ||
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

/* Check @new against @n slots.  Return: a slot it may replace, or NULL. */
static struct access *check_slots(uintptr_t addr, struct access *s,
				  unsigned int n, const struct access *new)
{
	const struct vclock *hb = &eng.cur->hb;
	struct access *place = NULL;

	for (unsigned int i = 0; i < n; i++) {
		uint32_t info = s[i].info;

		if (!(info & new->info & 0xff00))
			continue;
		if (hb->c[info & 0xff] < s[i].clk) {
			if (conflicts(info, new->info))
				report(addr, &s[i], new);
			if (unlikely(quiet.watch) && contend(info, new->info))
				quiet_race(addr);
			continue;
		}
		if (info & ~new->info & RACE_WRITE << 16 &&
		    access_tid(&s[i]) != access_tid(new))
			note_read(&s[i], new);
		if (subsumes(new->info, info))
			place = &s[i];
	}
	return place;
}

/* Word by word: @new was just written so, a wider copy would wait for it. */
static inline void put(struct access *to, const struct access *new)
{
	__atomic_store_n(&to->clk, new->clk, __ATOMIC_RELAXED);
	__atomic_store_n(&to->pc, new->pc, __ATOMIC_RELAXED);
	__atomic_store_n(&to->info, new->info, __ATOMIC_RELAXED);
}

static void remember(struct cell *c, const struct access *new)
{
	struct overflow *o;

	if (c->n < CELL_SLOTS) {
		put(&c->s[c->n++], new);
		return;
	}
	o = &overflow[c->more];
	if (!c->more || o->n == 10) {
		if (nr_overflow + 1 >= MAX_OVERFLOW)
			engine_fail(VERDICT_HARNESS, "race detector is full");
		overflow[++nr_overflow].next = c->more;
		c->more = nr_overflow;
		o = &overflow[c->more];
		o->n = 0;
	}
	o->s[o->n++] = *new;
}

static noinline void check_cell(uintptr_t addr, struct cell *c,
		       const struct access *new)
{
	struct access *place = check_slots(addr, c->s, c->n, new);

	for (uint32_t i = c->more; i; i = overflow[i].next) {
		struct overflow *o = &overflow[i];
		struct access *p = check_slots(addr, o->s, o->n, new);

		if (!place)
			place = p;
	}
	if (place)
		put(place, new);
	else
		remember(c, new);
}

static inline void access_cell(uintptr_t addr, unsigned int mask,
			       unsigned int flags, uint32_t pc)
{
	struct thread *t = eng.cur;
	struct cell *c = race_cell_now(addr);
	const struct access new = { .clk = t->hb.c[t->id], .pc = pc,
				    .info = ACCESS_INFO(t->id, mask,
							flags) };
	const struct access *s = &c->s[0];

	if (unlikely(race.watching))
		watch(addr, &new);
	if (!c->n) {
		put(&c->s[0], &new);
		c->n = 1;
		return;
	}
	if (s->clk == new.clk && s->info == new.info)
		return;
	check_cell(addr, c, &new);
}

static void access_range(uintptr_t addr, uintptr_t size, unsigned int flags,
			 uintptr_t pc)
{
	while (size) {
		unsigned int off = addr & 7;
		unsigned int part = size < 8 - off ? size : 8 - off;

		if (heap_owns(addr) && !(flags & RACE_FREE))
			heap_check(addr, part, flags & RACE_WRITE, pc);
		access_cell(addr, ((1u << part) - 1) << off, flags,
			    (uint32_t)(pc - eng.text_base));
		addr += part;
		size -= part;
	}
}

void race_access(uintptr_t addr, uintptr_t size, unsigned int flags,
		 uintptr_t pc)
{
	unsigned int off = addr & 7;
	uint32_t rel_pc = (uint32_t)(pc - eng.text_base);

	if (unlikely(!eng.cur))
		return;
	if (unlikely(eng.model->plain != NULL) && !(flags & RACE_ATOMIC))
		eng.model->plain(eng.cur, addr, size);
	if (flags & RACE_WRITE) {
		world_wrote(addr, size);
		if (unlikely(image_owns(addr)))
			image_wrote(addr, size);
	}
	if (unlikely(off + size > 8)) {
		access_range(addr, size, flags, pc);
		return;
	}
	if (heap_owns(addr) && !(flags & RACE_FREE))
		heap_check(addr, size, flags & RACE_WRITE, pc);
	access_cell(addr, ((1u << size) - 1) << off, flags, rel_pc);
}

void race_fresh(uintptr_t addr, uintptr_t size, uintptr_t pc)
{
	struct thread *t = eng.cur;

	for (uintptr_t a = addr & ~7ull; a < addr + size; a += 8) {
		struct cell *c = race_cell(a);

		c->exec = eng.exec;
		c->obj = 0;
		c->more = 0;
		c->n = 1;
		c->s[0] = (struct access){
			.clk = t->hb.c[t->id],
			.pc = (uint32_t)(pc - eng.text_base),
			.info = ACCESS_INFO(t->id, 0xff, RACE_WRITE),
		};
	}
}
