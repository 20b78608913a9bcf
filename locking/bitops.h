/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Bits in arrays of unsigned long.  As for atomic_t (PRIM-24): the
 * test_and_*() operations are full barriers, set, clear and change order
 * nothing; the double-underscore ones are plain and need a lock.
 */
#ifndef LOCKING_BITOPS_H
#define LOCKING_BITOPS_H

#include "locking/compiler.h"

#define BIT_WORD(nr) ((nr) / BITS_PER_LONG)
#define BIT_MASK(nr) BIT((nr) % BITS_PER_LONG)

static inline bool test_bit(unsigned int nr, const unsigned long *addr)
{
	return READ_ONCE(addr[BIT_WORD(nr)]) & BIT_MASK(nr);
}

static inline bool test_bit_acquire(unsigned int nr, const unsigned long *addr)
{
	return smp_load_acquire(&addr[BIT_WORD(nr)]) & BIT_MASK(nr);
}

static inline void set_bit(unsigned int nr, unsigned long *addr)
{
	__atomic_fetch_or(&addr[BIT_WORD(nr)], BIT_MASK(nr), __ATOMIC_RELAXED);
}

static inline void clear_bit(unsigned int nr, unsigned long *addr)
{
	__atomic_fetch_and(&addr[BIT_WORD(nr)], ~BIT_MASK(nr),
			   __ATOMIC_RELAXED);
}

static inline void change_bit(unsigned int nr, unsigned long *addr)
{
	__atomic_fetch_xor(&addr[BIT_WORD(nr)], BIT_MASK(nr),
			   __ATOMIC_RELAXED);
}

/* Clear a bit that was a lock: what came before is visible to the next. */
static inline void clear_bit_unlock(unsigned int nr, unsigned long *addr)
{
	__atomic_fetch_and(&addr[BIT_WORD(nr)], ~BIT_MASK(nr),
			   __ATOMIC_RELEASE);
}

static inline bool test_and_set_bit(unsigned int nr, unsigned long *addr)
{
	return __atomic_fetch_or(&addr[BIT_WORD(nr)], BIT_MASK(nr),
				 __ATOMIC_SEQ_CST) & BIT_MASK(nr);
}

static inline bool test_and_clear_bit(unsigned int nr, unsigned long *addr)
{
	return __atomic_fetch_and(&addr[BIT_WORD(nr)], ~BIT_MASK(nr),
				  __ATOMIC_SEQ_CST) & BIT_MASK(nr);
}

static inline bool test_and_change_bit(unsigned int nr, unsigned long *addr)
{
	return __atomic_fetch_xor(&addr[BIT_WORD(nr)], BIT_MASK(nr),
				  __ATOMIC_SEQ_CST) & BIT_MASK(nr);
}

static inline void __set_bit(unsigned int nr, unsigned long *addr)
{
	addr[BIT_WORD(nr)] |= BIT_MASK(nr);
}

static inline void __clear_bit(unsigned int nr, unsigned long *addr)
{
	addr[BIT_WORD(nr)] &= ~BIT_MASK(nr);
}

/* Words are xored with @flip, so that one loop finds ones and zeroes. */
static inline unsigned int __find_next(const unsigned long *addr,
				       unsigned int size, unsigned int from,
				       unsigned long flip)
{
	while (from < size) {
		unsigned long word = READ_ONCE(addr[BIT_WORD(from)]) ^ flip;

		word &= ~0UL << (from % BITS_PER_LONG);
		if (word) {
			from = from / BITS_PER_LONG * BITS_PER_LONG +
			       (unsigned int)__builtin_ctzl(word);
			return min(from, size);
		}
		from = (from / BITS_PER_LONG + 1) * BITS_PER_LONG;
	}
	return size;
}

/* The next bit set (or clear) at @from or above; @size if there is none. */
static inline unsigned int find_next_bit(const unsigned long *addr,
					 unsigned int size, unsigned int from)
{
	return __find_next(addr, size, from, 0);
}

static inline unsigned int find_next_zero_bit(const unsigned long *addr,
					      unsigned int size,
					      unsigned int from)
{
	return __find_next(addr, size, from, ~0UL);
}

static inline unsigned int find_first_bit(const unsigned long *addr,
					  unsigned int size)
{
	return find_next_bit(addr, size, 0);
}

static inline unsigned int find_first_zero_bit(const unsigned long *addr,
					       unsigned int size)
{
	return find_next_zero_bit(addr, size, 0);
}

#define for_each_set_bit(bit, addr, size)				\
	for ((bit) = find_first_bit((addr), (size)); (bit) < (size);	\
	     (bit) = find_next_bit((addr), (size), (bit) + 1))

/* Number of bits set below @size; a snapshot if others change them. */
static inline unsigned int bitmap_weight(const unsigned long *addr,
					 unsigned int size)
{
	unsigned int bit, weight = 0;

	for_each_set_bit(bit, addr, size)
		weight++;
	return weight;
}

#endif
