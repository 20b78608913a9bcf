/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tell AddressSanitizer which bytes nobody may touch. */
#ifndef LOCKING_KASAN_H
#define LOCKING_KASAN_H

#include <stddef.h>

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
#endif

#endif
