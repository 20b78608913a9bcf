// SPDX-License-Identifier: GPL-2.0-or-later
#include "explore/poison.h"

#include <string.h>

#include "explore/heap.h"

#define PC ((uintptr_t)__builtin_return_address(0))

static bool is_poison(const struct access *a)
{
	return (access_flags(a) & (RACE_FRESH | RACE_FREE)) ==
	       (RACE_FRESH | RACE_FREE);
}

/* @old loses the bytes in @mask.  Return: whether none is left. */
static bool lose(struct access *old, unsigned int mask)
{
	old->info &= ~(uint32_t)(mask << 8);
	return !access_mask(old);
}

static _Noreturn void used_after_free(const struct access *old,
				      const struct access *new)
{
	eng.cur->op.pc = eng.text_base + new->pc;
	engine_fail(VERDICT_MEMORY, "%d-byte %s of memory that thread %u gave"
		    " back to its allocator",
		    __builtin_popcount(access_mask(new)),
		    access_flags(new) & RACE_WRITE ? "write" : "read",
		    access_tid(old));
}

/*
 * A finding if it sees nothing else, and if code that is not instrumented has
 * not written there meanwhile either.
 */
static void check_value(uintptr_t addr, const struct access *old,
			const struct access *new)
{
	const uint8_t *bytes = (const uint8_t *)(addr & ~7ull);
	unsigned int mask = access_mask(new);

	if (mask & ~access_mask(old) || access_flags(new) & RACE_RANGE)
		return;
	for (int i = 0; i < 8; i++)
		if (mask >> i & 1 && bytes[i] != HEAP_FILL)
			return;
	eng.cur->op.pc = eng.text_base + new->pc;
	engine_fail(VERDICT_MEMORY, "%d-byte read of memory that was"
		    " never written", __builtin_popcount(mask));
}

bool poison_check(uintptr_t addr, struct access *old,
		  const struct access *new)
{
	/* Allocators may do as they like: free() a pool with all in it. */
	if (is_poison(old) && !(access_flags(new) & (RACE_FRESH | RACE_FREE)))
		used_after_free(old, new);
	if (access_flags(new) & RACE_WRITE)
		return lose(old, access_mask(new));
	check_value(addr, old, new);
	return false;
}

/* What is left of poison is that there was a write. */
static void take_back(struct access *a, unsigned int mask)
{
	if (!is_poison(a))
		return;
	if (access_mask(a) & ~mask)
		lose(a, mask);
	else
		a->info &= ~(uint32_t)(RACE_FRESH << 16);
}

void __asan_poison_memory_region(const volatile void *p, size_t n)
{
	if (n)
		race_access((uintptr_t)p, n,
			    RACE_WRITE | RACE_FREE | RACE_FRESH, PC);
}

void __asan_unpoison_memory_region(const volatile void *p, size_t n)
{
	if (eng.cur)
		race_amend((uintptr_t)p, n, take_back);
}

void __msan_allocated_memory(const volatile void *p, size_t n)
{
	if (!eng.cur || !n)
		return;
	race_access((uintptr_t)p, n, RACE_WRITE | RACE_FRESH, PC);
	memset((void *)p, HEAP_FILL, n);
}
