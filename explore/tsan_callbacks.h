/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The interface the compiler expects of a ThreadSanitizer runtime; it is
 * described in sanitizer/tsan_interface.h and tsan_interface_atomic.h of
 * LLVM and, for the rest, by what clang emits.  All of these are called by
 * the program under test; while the host runs they do the plain operation.
 */
#ifndef EXPLORE_TSAN_CALLBACKS_H
#define EXPLORE_TSAN_CALLBACKS_H

#include <stdint.h>

#define DECLARE_ACCESS(name)				\
	void __tsan_##name(void *addr);
#define DECLARE_ACCESSES(size)				\
	DECLARE_ACCESS(read##size)			\
	DECLARE_ACCESS(write##size)			\
	DECLARE_ACCESS(unaligned_read##size)		\
	DECLARE_ACCESS(unaligned_write##size)		\
	DECLARE_ACCESS(volatile_read##size)		\
	DECLARE_ACCESS(volatile_write##size)		\
	DECLARE_ACCESS(unaligned_volatile_read##size)	\
	DECLARE_ACCESS(unaligned_volatile_write##size)	\
	DECLARE_ACCESS(read_write##size)		\
	DECLARE_ACCESS(unaligned_read_write##size)	\
	void __tsan_read##size##_pc(void *addr, void *pc); \
	void __tsan_write##size##_pc(void *addr, void *pc);

DECLARE_ACCESSES(1)
DECLARE_ACCESSES(2)
DECLARE_ACCESSES(4)
DECLARE_ACCESSES(8)
DECLARE_ACCESSES(16)

#define DECLARE_RMW(bits, type, name) \
	type __tsan_atomic##bits##_##name(volatile type *p, type v, int mo);
#define DECLARE_ATOMICS(bits, type)					\
	type __tsan_atomic##bits##_load(const volatile type *p, int mo); \
	void __tsan_atomic##bits##_store(volatile type *p, type v, int mo); \
	DECLARE_RMW(bits, type, exchange)				\
	DECLARE_RMW(bits, type, fetch_add)				\
	DECLARE_RMW(bits, type, fetch_sub)				\
	DECLARE_RMW(bits, type, fetch_and)				\
	DECLARE_RMW(bits, type, fetch_or)				\
	DECLARE_RMW(bits, type, fetch_xor)				\
	DECLARE_RMW(bits, type, fetch_nand)				\
	type __tsan_atomic##bits##_compare_exchange_val(		\
		volatile type *p, type expected, type desired, int mo,	\
		int fail_mo);						\
	int __tsan_atomic##bits##_compare_exchange_strong(		\
		volatile type *p, type *expected, type desired, int mo,	\
		int fail_mo);						\
	int __tsan_atomic##bits##_compare_exchange_weak(		\
		volatile type *p, type *expected, type desired, int mo,	\
		int fail_mo);

DECLARE_ATOMICS(8, uint8_t)
DECLARE_ATOMICS(16, uint16_t)
DECLARE_ATOMICS(32, uint32_t)
DECLARE_ATOMICS(64, uint64_t)
DECLARE_ATOMICS(128, unsigned __int128)

void __tsan_atomic_thread_fence(int mo);
void __tsan_atomic_signal_fence(int mo);

void __tsan_init(void);
void __tsan_func_entry(void *call_site);
void __tsan_func_exit(void);
void __tsan_read_range(void *addr, unsigned long size);
void __tsan_write_range(void *addr, unsigned long size);
void *__tsan_memcpy(void *to, const void *from, unsigned long size);
void *__tsan_memmove(void *to, const void *from, unsigned long size);
void *__tsan_memset(void *to, int byte, unsigned long size);
void __tsan_vptr_update(void **slot, void *value);
void __tsan_vptr_read(void **slot);
void __tsan_ignore_thread_begin(void);
void __tsan_ignore_thread_end(void);

/* sanitizer/tsan_interface.h: annotations of hand-made locks. */
void __tsan_acquire(void *addr);
void __tsan_release(void *addr);
void __tsan_mutex_create(void *addr, unsigned int flags);
void __tsan_mutex_destroy(void *addr, unsigned int flags);
void __tsan_mutex_pre_lock(void *addr, unsigned int flags);
void __tsan_mutex_post_lock(void *addr, unsigned int flags, int recursion);
int __tsan_mutex_pre_unlock(void *addr, unsigned int flags);
void __tsan_mutex_post_unlock(void *addr, unsigned int flags);
void __tsan_mutex_pre_signal(void *addr, unsigned int flags);
void __tsan_mutex_post_signal(void *addr, unsigned int flags);
void __tsan_mutex_pre_divert(void *addr, unsigned int flags);
void __tsan_mutex_post_divert(void *addr, unsigned int flags);

#endif
