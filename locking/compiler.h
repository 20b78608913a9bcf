/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Compiler helpers: marked accesses, barriers, small macros, and pointers
 * that carry an error.
 *
 * The barriers order hardware and compiler.  ThreadSanitizer sees no
 * happens-before in them: plain data must be ordered by acquire and release
 * on the variable that publishes it.
 */
#ifndef LOCKING_COMPILER_H
#define LOCKING_COMPILER_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifndef likely
#define likely(x) __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)
#endif

#ifndef __noreturn
#define __noreturn __attribute__((noreturn))
#endif
#ifndef __printf
#define __printf(a, b) __attribute__((format(printf, a, b)))
#endif
#ifndef __must_check
#define __must_check __attribute__((warn_unused_result))
#endif
#ifndef __noinline
#define __noinline __attribute__((noinline))
#endif
#ifndef __cold
#define __cold __attribute__((cold))
#endif

/*
 * Neither TSan nor the exploration runtime sees what such a function does:
 * for checkers, whose accesses must not become synchronisation or schedule
 * points of the code they check.
 */
#ifndef __has_feature
#define __has_feature(x) 0
#endif

#if defined(__clang__) && __has_feature(thread_sanitizer)
#define __no_instrument __attribute__((disable_sanitizer_instrumentation))
#elif defined(__SANITIZE_THREAD__)
#define __no_instrument __attribute__((no_sanitize("thread")))
#else
#define __no_instrument
#endif

/* Lockless accesses: untorn, unordered. */
#define READ_ONCE(x) __atomic_load_n(&(x), __ATOMIC_RELAXED)
#define WRITE_ONCE(x, v) __atomic_store_n(&(x), (v), __ATOMIC_RELAXED)

/* Pairs with each other on the same variable. */
#define smp_load_acquire(p) __atomic_load_n((p), __ATOMIC_ACQUIRE)
#define smp_store_release(p, v) __atomic_store_n((p), (v), __ATOMIC_RELEASE)

#define smp_mb() atomic_thread_fence(memory_order_seq_cst)
#define smp_rmb() atomic_thread_fence(memory_order_acquire)
#define smp_wmb() atomic_thread_fence(memory_order_release)

/* PRIM-24: atomic_inc() and its like imply no barrier; these add one. */
#define smp_mb__before_atomic() smp_mb()
#define smp_mb__after_atomic() smp_mb()

static inline __no_instrument unsigned long
__data_race_load(const volatile void *p, size_t size)
{
	switch (size) {
	case 1:
		return *(const volatile uint8_t *)p;
	case 2:
		return *(const volatile uint16_t *)p;
	case 4:
		return *(const volatile uint32_t *)p;
	default:
		return *(const volatile unsigned long *)p;
	}
}

/*
 * The value of the scalar lvalue @x, read while others may write it plainly.
 * For statistics and heuristics that may be wrong; say why at each use.
 */
#define data_race(x) ((__typeof__(x))__data_race_load(&(x), sizeof(x)))

#ifndef container_of
#define container_of(ptr, type, member) \
	((type *)((char *)(ptr) - offsetof(type, member)))
#endif

#ifndef ARRAY_SIZE
#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
#endif

#define BIT(n) (1UL << (n))
#define BITS_PER_LONG 64
#define BITS_TO_LONGS(n) (((n) + BITS_PER_LONG - 1) / BITS_PER_LONG)
#define DECLARE_BITMAP(name, bits) unsigned long name[BITS_TO_LONGS(bits)]

#ifndef min
#define min(a, b) ({				\
	__typeof__(a) __min_a = (a);		\
	__typeof__(b) __min_b = (b);		\
	__min_a < __min_b ? __min_a : __min_b; })
#define max(a, b) ({				\
	__typeof__(a) __max_a = (a);		\
	__typeof__(b) __max_b = (b);		\
	__max_a > __max_b ? __max_a : __max_b; })
#endif
#define clamp(v, lo, hi) min(max((v), (lo)), (hi))

/* A pointer or, in the last page of the address space, -errno. */
#define MAX_ERRNO 4095

static inline void *ERR_PTR(long err)
{
	return (void *)err;
}

static inline long PTR_ERR(const void *p)
{
	return (long)p;
}

static inline bool IS_ERR(const void *p)
{
	return unlikely((unsigned long)p >= (unsigned long)-MAX_ERRNO);
}

static inline bool IS_ERR_OR_NULL(const void *p)
{
	return unlikely(!p) || IS_ERR(p);
}

static inline void *ERR_CAST(const void *p)
{
	return (void *)p;
}

#endif
