/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mlock.h - keep memory resident (MAP-32) */
#ifndef MM_MLOCK_H
#define MM_MLOCK_H

#include "mm/mm_types.h"

/**
 * make_pages_present() - fault in a part of one VMA
 * @addr: page aligned
 * @end: exclusive, inside the same VMA
 *
 * Context: R or W(mmap_sem) of current->mm; may sleep.
 * Return: 0, or -ENOMEM, -EFAULT.
 */
int make_pages_present(uaddr_t addr, uaddr_t end);

/**
 * sys_mlock() - lock a range and fault it in
 * @start: rounded down
 * @len: bytes
 *
 * Context: user task; takes W(mmap_sem).
 * Return: 0, -ENOMEM (limit, hole), -EINVAL.
 */
int sys_mlock(uaddr_t start, unsigned long len);

/** sys_munlock() - undo sys_mlock(). Return: 0, -ENOMEM, -EINVAL. */
int sys_munlock(uaddr_t start, unsigned long len);

/**
 * sys_mlockall() - lock everything, now or in future
 * @flags: MCL_CURRENT, MCL_FUTURE
 *
 * Return: 0, -EINVAL, -ENOMEM.
 */
int sys_mlockall(int flags);

/** sys_munlockall() - undo sys_mlockall(). Return: 0. */
int sys_munlockall(void);

#endif /* MM_MLOCK_H */
