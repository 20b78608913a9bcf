/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Vector clocks.  Entry i counts the epochs of thread i; a thread starts a
 * new epoch after each release, so "everything before that release" is one
 * comparison.  @n is how many entries are meaningful; the rest read as 0.
 */
#ifndef EXPLORE_CLOCK_H
#define EXPLORE_CLOCK_H

#include <stdint.h>
#include <string.h>

#define EX_MAX_THREADS 64

struct vclock {
	uint32_t n;
	uint32_t c[EX_MAX_THREADS];
};

/** vclock_get() - entry @i of @v.  Return: the epoch, 0 when unknown. */
static inline uint32_t vclock_get(const struct vclock *v, unsigned int i)
{
	return i < v->n ? v->c[i] : 0;
}

/** vclock_copy() - make @dst equal to @src.  Context: any. */
static inline void vclock_copy(struct vclock *dst, const struct vclock *src)
{
	dst->n = src->n;
	for (uint32_t i = 0; i < src->n; i++)
		dst->c[i] = src->c[i];
}

/** vclock_grow() - let @v have at least @n entries.  Context: any. */
static inline void vclock_grow(struct vclock *v, uint32_t n)
{
	while (v->n < n)
		v->c[v->n++] = 0;
}

/** vclock_join() - raise @dst to at least @src, entry by entry. */
static inline void vclock_join(struct vclock *dst, const struct vclock *src)
{
	vclock_grow(dst, src->n);
	for (uint32_t i = 0; i < src->n; i++)
		if (dst->c[i] < src->c[i])
			dst->c[i] = src->c[i];
}

#endif
