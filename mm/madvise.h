/* SPDX-License-Identifier: GPL-2.0-or-later */
/* madvise.h - hints about future use (MAP-33) */
#ifndef MM_MADVISE_H
#define MM_MADVISE_H

#include "mm/mm_types.h"

/**
 * sys_madvise() - MADV_NORMAL, RANDOM, SEQUENTIAL, WILLNEED, DONTNEED
 * @start: page aligned
 * @len: bytes, rounded up
 * @advice: MADV_*
 *
 * DONTNEED zaps the range; not on locked memory.
 *
 * Context: user task; takes W(mmap_sem), whatever the advice.
 * Return: 0, -EINVAL, or -ENOMEM for holes (the rest has been done).
 */
int sys_madvise(uaddr_t start, unsigned long len, int advice);

#endif /* MM_MADVISE_H */
