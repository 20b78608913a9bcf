// SPDX-License-Identifier: GPL-2.0-or-later
/* What -fsanitize=thread calls for atomic operations: they do the operation. */
#include "explore/atomics.h"
#include "explore/race.h"
#include "explore/tsan_callbacks.h"

#define PC ((uintptr_t)__builtin_return_address(0))
#define SC __ATOMIC_SEQ_CST

/* Calls with order values from another world would be silently wrong. */
#define ORDER(mo) ((mo) & 7)

#define RMW(bits, type, name, OP)					\
type __tsan_atomic##bits##_##name(volatile type *p, type v, int mo)	\
{									\
	if (unlikely(!eng.cur))						\
		return __atomic_##name##_host(p, v);			\
	return (type)ex_rmw((uintptr_t)p, sizeof(*p), OP, v, ORDER(mo),	\
			    PC);					\
}

#define __atomic_exchange_host(p, v) __atomic_exchange_n(p, v, SC)
#define __atomic_fetch_add_host(p, v) __atomic_fetch_add(p, v, SC)
#define __atomic_fetch_sub_host(p, v) __atomic_fetch_sub(p, v, SC)
#define __atomic_fetch_and_host(p, v) __atomic_fetch_and(p, v, SC)
#define __atomic_fetch_or_host(p, v) __atomic_fetch_or(p, v, SC)
#define __atomic_fetch_xor_host(p, v) __atomic_fetch_xor(p, v, SC)
#define __atomic_fetch_nand_host(p, v) __atomic_fetch_nand(p, v, SC)

#define CAS(bits, type)							\
type __tsan_atomic##bits##_compare_exchange_val(volatile type *p,	\
		type expected, type desired, int mo, int fail_mo)	\
{									\
	struct cas cas = { .expected = expected, .desired = desired,	\
			   .order = ORDER(mo),				\
			   .fail_order = ORDER(fail_mo) };		\
									\
	if (likely(eng.cur != NULL))					\
		return (type)ex_cas((uintptr_t)p, sizeof(*p), &cas, PC);\
	__atomic_compare_exchange_n(p, &expected, desired, false, SC,	\
				    SC);				\
	return expected;						\
}									\
									\
int __tsan_atomic##bits##_compare_exchange_strong(volatile type *p,	\
		type *expected, type desired, int mo, int fail_mo)	\
{									\
	type want = *expected;						\
									\
	*expected = __tsan_atomic##bits##_compare_exchange_val(p, want,	\
				desired, mo, fail_mo);			\
	return *expected == want;					\
}									\
									\
int __tsan_atomic##bits##_compare_exchange_weak(volatile type *p,	\
		type *expected, type desired, int mo, int fail_mo)	\
{									\
	return __tsan_atomic##bits##_compare_exchange_strong(p,		\
				expected, desired, mo, fail_mo);	\
}

#define ATOMICS(bits, type)						\
type __tsan_atomic##bits##_load(const volatile type *p, int mo)		\
{									\
	if (unlikely(!eng.cur))						\
		return __atomic_load_n(p, SC);				\
	return (type)ex_load##bits((uintptr_t)p, ORDER(mo), PC);	\
}									\
									\
void __tsan_atomic##bits##_store(volatile type *p, type v, int mo)	\
{									\
	if (unlikely(!eng.cur))						\
		__atomic_store_n(p, v, SC);				\
	else								\
		ex_store((uintptr_t)p, sizeof(*p), v, ORDER(mo), PC);	\
}									\
									\
RMW(bits, type, exchange, RMW_XCHG)					\
RMW(bits, type, fetch_add, RMW_ADD)					\
RMW(bits, type, fetch_sub, RMW_SUB)					\
RMW(bits, type, fetch_and, RMW_AND)					\
RMW(bits, type, fetch_or, RMW_OR)					\
RMW(bits, type, fetch_xor, RMW_XOR)					\
RMW(bits, type, fetch_nand, RMW_NAND)					\
CAS(bits, type)

ATOMICS(8, uint8_t)
ATOMICS(16, uint16_t)
ATOMICS(32, uint32_t)
ATOMICS(64, uint64_t)

/*
 * 16 bytes: one step on the object of the first half, then done in memory,
 * newest value only.
 */
typedef unsigned __int128 wide;

static void wide_begin(volatile wide *p, bool write, uintptr_t pc)
{
	if (!eng.cur)
		return;
	ex_rmw((uintptr_t)p, 8, RMW_OR, 0, SC, pc);
	race_access((uintptr_t)p + 8, 8, RACE_ATOMIC | (write ? RACE_WRITE : 0),
		    pc);
}

wide __tsan_atomic128_load(const volatile wide *p, int mo)
{
	(void)mo;
	wide_begin((volatile wide *)p, false, PC);
	return *p;
}

void __tsan_atomic128_store(volatile wide *p, wide v, int mo)
{
	(void)mo;
	wide_begin(p, true, PC);
	*p = v;
}

#define WIDE_RMW(name, result)						\
wide __tsan_atomic128_##name(volatile wide *p, wide v, int mo)		\
{									\
	wide old;							\
									\
	(void)mo;							\
	wide_begin(p, true, PC);					\
	old = *p;							\
	*p = result;							\
	return old;							\
}

WIDE_RMW(exchange, v)
WIDE_RMW(fetch_add, old + v)
WIDE_RMW(fetch_sub, old - v)
WIDE_RMW(fetch_and, old & v)
WIDE_RMW(fetch_or, old | v)
WIDE_RMW(fetch_xor, old ^ v)
WIDE_RMW(fetch_nand, ~(old & v))

wide __tsan_atomic128_compare_exchange_val(volatile wide *p, wide expected,
					   wide desired, int mo, int fail_mo)
{
	wide old;

	(void)mo;
	(void)fail_mo;
	wide_begin(p, true, PC);
	old = *p;
	if (old == expected)
		*p = desired;
	return old;
}

int __tsan_atomic128_compare_exchange_strong(volatile wide *p, wide *expected,
					     wide desired, int mo, int fail_mo)
{
	wide want = *expected;

	*expected = __tsan_atomic128_compare_exchange_val(p, want, desired,
							  mo, fail_mo);
	return *expected == want;
}

int __tsan_atomic128_compare_exchange_weak(volatile wide *p, wide *expected,
					   wide desired, int mo, int fail_mo)
{
	return __tsan_atomic128_compare_exchange_strong(p, expected, desired,
							mo, fail_mo);
}

void __tsan_atomic_thread_fence(int mo)
{
	if (eng.cur)
		ex_fence(ORDER(mo), PC);
	else
		__atomic_thread_fence(SC);
}

void __tsan_atomic_signal_fence(int mo)
{
	(void)mo;
}
