/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tell MemorySanitizer, or a runtime that stands in for ThreadSanitizer's,
 * which bytes have no value yet.  They may be given any.
 */
#ifndef LOCKING_KMSAN_H
#define LOCKING_KMSAN_H

#include <stddef.h>

#ifndef __has_feature
#define __has_feature(x) 0
#endif

#if __has_feature(memory_sanitizer)
#include <sanitizer/msan_interface.h>

static inline void kmsan_poison(const volatile void *p, size_t n)
{
	__msan_allocated_memory(p, n);
}
#elif defined(__SANITIZE_THREAD__) || __has_feature(thread_sanitizer)
extern void __msan_allocated_memory(const volatile void *p, size_t n)
	__attribute__((weak));

static inline void kmsan_poison(const volatile void *p, size_t n)
{
	if (__msan_allocated_memory)
		__msan_allocated_memory(p, n);
}
#else
static inline void kmsan_poison(const volatile void *p, size_t n)
{
	(void)p;
	(void)n;
}
#endif

#endif
