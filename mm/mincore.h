/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mincore.h - which pages of a range are in the page cache */
#ifndef MM_MINCORE_H
#define MM_MINCORE_H

#include "mm/mm_types.h"

/**
 * sys_mincore() - look at the residency of file mappings
 * @start: page aligned
 * @len: bytes, rounded up
 * @vec: user address of a byte for each page: 1 if in memory
 *
 * Context: user task; takes R(mmap_sem), not while it writes @vec.
 * Return: 0, -EINVAL, -ENOMEM (a hole, or memory that is not a file's),
 *	-EFAULT, -EAGAIN (no memory for a buffer).
 */
long sys_mincore(uaddr_t start, unsigned long len, uaddr_t vec);

#endif /* MM_MINCORE_H */
