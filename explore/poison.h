/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Memory without a value, and memory nobody may touch.
 *
 * To the race detector both are writes.  That of malloc() is FRESH: reading
 * what it alone has written is reading what is not initialised.  One that is
 * FRESH and FREE was made by a program's own allocator: until it takes the
 * memory back, each access that comes after it is a use after free.  Such an
 * allocator tells by the interfaces of AddressSanitizer and MemorySanitizer:
 *
 *	__asan_poison_memory_region()		nobody may touch it
 *	__asan_unpoison_memory_region()		they may again; its value stays
 *	__msan_allocated_memory()		it has no value yet
 *
 * They are for what happens while an execution runs; what was so before, in
 * the image, is not known.
 */
#ifndef EXPLORE_POISON_H
#define EXPLORE_POISON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "explore/race.h"

/**
 * poison_check() - @new touches what the FRESH access @old is about
 * @addr: in the cell of both
 *
 * Ends the execution when that must not be.
 *
 * Return: whether @old has lost all its bytes to @new, a write.
 */
bool poison_check(uintptr_t addr, struct access *old,
		  const struct access *new);

/* As in sanitizer/asan_interface.h and sanitizer/msan_interface.h. */
void __asan_poison_memory_region(const volatile void *p, size_t n);
void __asan_unpoison_memory_region(const volatile void *p, size_t n);
void __msan_allocated_memory(const volatile void *p, size_t n);

#endif
