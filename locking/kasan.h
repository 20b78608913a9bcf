/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tell AddressSanitizer which bytes nobody may touch.  A runtime that stands
 * in for ThreadSanitizer's may want to know as well, by the same interface;
 * ThreadSanitizer's own does not offer it.
 */
#ifndef LOCKING_KASAN_H
#define LOCKING_KASAN_H

#include <stddef.h>
#include <string.h>

#include "locking/compiler.h"

#ifndef __has_feature
#define __has_feature(x) 0
#endif

#if defined(__SANITIZE_ADDRESS__) || __has_feature(address_sanitizer)
#include <sanitizer/asan_interface.h>

static inline void kasan_poison(const volatile void *p, size_t n)
{
	__asan_poison_memory_region(p, n);
}

static inline void kasan_unpoison(const volatile void *p, size_t n)
{
	__asan_unpoison_memory_region(p, n);
}

/* kasan_poison(); until kasan_unpoison(), all bytes are @byte. */
static inline void kasan_poison_as(void *p, int byte, size_t n)
{
	memset(p, byte, n);
	kasan_poison(p, n);
}
#elif defined(__SANITIZE_THREAD__) || __has_feature(thread_sanitizer)
extern void __asan_poison_memory_region(const volatile void *p, size_t n)
	__attribute__((weak));
extern void __asan_unpoison_memory_region(const volatile void *p, size_t n)
	__attribute__((weak));

static inline void kasan_poison(const volatile void *p, size_t n)
{
	if (__asan_poison_memory_region)
		__asan_poison_memory_region(p, n);
}

static inline void kasan_unpoison(const volatile void *p, size_t n)
{
	if (__asan_unpoison_memory_region)
		__asan_unpoison_memory_region(p, n);
}

static inline __no_instrument void kasan_fill(void *p, int byte, size_t n)
{
	memset(p, byte, n);
}

/* To who wants to know about poison, it is the write. */
static inline void kasan_poison_as(void *p, int byte, size_t n)
{
	if (!__asan_poison_memory_region) {
		memset(p, byte, n);
		return;
	}
	__asan_poison_memory_region(p, n);
	kasan_fill(p, byte, n);
}
#else
static inline void kasan_poison(const volatile void *p, size_t n)
{
	(void)p;
	(void)n;
}

static inline void kasan_unpoison(const volatile void *p, size_t n)
{
	(void)p;
	(void)n;
}

static inline void kasan_poison_as(void *p, int byte, size_t n)
{
	memset(p, byte, n);
}
#endif

#endif
