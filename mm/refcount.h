/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * refcount.h - reference counts that watch themselves
 *
 * PRIM-25: raising is relaxed, as the caller owns a reference or a lock that
 * keeps the object; lowering is acquire-release, so that whoever drops the
 * last reference sees everything done under the others.  A count that rises
 * from 0 or falls below 0 is a FINDING_REFCOUNT.
 */
#ifndef MM_REFCOUNT_H
#define MM_REFCOUNT_H

#include "locking/atomic.h"
#include "locking/report.h"

/* @what names the count in a finding, @obj is the object it belongs to. */
static inline void ref_get(atomic_t *ref, const char *what, const void *obj)
{
	int old = __atomic_fetch_add(&ref->counter, 1, __ATOMIC_RELAXED);

	if (unlikely(old <= 0))
		report_finding(FINDING_REFCOUNT, "%s of %p raised from %d",
			       what, obj, old);
}

/* Return: whether that was the last reference. */
static inline bool ref_put_and_test(atomic_t *ref, const char *what,
				    const void *obj)
{
	int now = __atomic_sub_fetch(&ref->counter, 1, __ATOMIC_ACQ_REL);

	if (unlikely(now < 0))
		report_finding(FINDING_REFCOUNT, "%s of %p fell to %d", what,
			       obj, now);
	return now == 0;
}

#endif /* MM_REFCOUNT_H */
