/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Vector clocks.  Entry i counts the epochs of thread i; a thread starts a
 * new epoch after each release, so "everything before that release" is one
 * comparison.  @n is how many entries are meaningful; the rest read as 0, and
 * is 0 up to the next multiple of four, in which they are handled.
 *
 * What is released is all its thread knew in that epoch, and passed on as a
 * whole.  So who knows that epoch of it knows the rest, and a clock that says
 * of which epoch it is need not be looked at further.
 */
#ifndef EXPLORE_CLOCK_H
#define EXPLORE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define EX_MAX_THREADS 64

struct vclock {
	uint32_t n;
	uint32_t of; /* it is all that thread @by knew in this epoch, or 0 */
	uint32_t by;
	uint32_t c[EX_MAX_THREADS];
};

/** vclock_get() - entry @i of @v.  Return: the epoch, 0 when unknown. */
static inline uint32_t vclock_get(const struct vclock *v, unsigned int i)
{
	return i < v->n ? v->c[i] : 0;
}

/** vclock_clear() - make @v know nothing.  Context: any. */
static inline void vclock_clear(struct vclock *v)
{
	v->n = 0;
	v->of = 0;
}

/** vclock_copy() - make @dst equal to @src.  Context: any. */
static inline void vclock_copy(struct vclock *dst, const struct vclock *src)
{
	dst->n = src->n;
	dst->of = src->of;
	dst->by = src->by;
	for (uint32_t i = 0; i < src->n; i += 4)
		memcpy(&dst->c[i], &src->c[i], 4 * sizeof(src->c[i]));
}

/** vclock_grow() - let @v have at least @n entries.  Context: any. */
static inline void vclock_grow(struct vclock *v, uint32_t n)
{
	if (v->n >= n)
		return;
	for (uint32_t i = (v->n + 3) & ~3u; i < n; i += 4) {
		memset(&v->c[i], 0, 4 * sizeof(v->c[i]));
		asm(""); /* one round, most likely: no call for it */
	}
	v->n = n;
}

/** vclock_knows() - is it sure that @v is at least @other? */
static inline bool vclock_knows(const struct vclock *v,
				const struct vclock *other)
{
	return !other->n || (other->of && vclock_get(v, other->by) >= other->of);
}

/* Of four entries.  Which is later is anybody's guess: no branches. */
static inline void vclock_raise(uint32_t *dst, const uint32_t *src)
{
	uint32_t a[4], b[4];

	memcpy(a, dst, sizeof(a));
	memcpy(b, src, sizeof(b));
	for (int i = 0; i < 4; i++)
		a[i] = a[i] < b[i] ? b[i] : a[i];
	memcpy(dst, a, sizeof(a));
}

/** vclock_join() - raise @dst to at least @src, entry by entry. */
static inline void vclock_join(struct vclock *dst, const struct vclock *src)
{
	const uint32_t n = src->n;

	if (vclock_knows(dst, src))
		return;
	dst->of = 0;
	vclock_grow(dst, n);
	for (uint32_t i = 0; i < n; i += 4)
		vclock_raise(&dst->c[i], &src->c[i]);
}

/**
 * vclock_release() - make @dst what thread @tid releases, which knows @hb
 *
 * Context: the thread starts a new epoch next.
 */
static inline void vclock_release(struct vclock *dst, const struct vclock *hb,
				  unsigned int tid)
{
	vclock_copy(dst, hb);
	dst->of = hb->c[tid];
	dst->by = tid;
}

#endif
