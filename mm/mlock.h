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
 * mlock_vma_pages() - fault in a part of a locked VMA and count its pages
 * @addr: page aligned
 * @end: exclusive, inside the same VMA
 *
 * What cannot be had is missing, and not counted.
 *
 * Context: W(mmap_sem) of current->mm; may sleep.
 * Return: as make_pages_present().
 */
int mlock_vma_pages(uaddr_t addr, uaddr_t end);

/**
 * munlock_vma_pages() - stop counting the pages of a part of a VMA
 * @mm: of the VMA
 * @addr: page aligned
 * @end: exclusive, inside the same VMA
 *
 * Context: W(mmap_sem), or nobody uses @mm; takes its page_table_lock and
 *	lru_lock.
 */
void munlock_vma_pages(struct mm_struct *mm, uaddr_t addr, uaddr_t end);

/**
 * clear_page_mlock() - a page that is counted has lost its last mapping
 * @page: with a reference of the mapping
 *
 * Context: page_table_lock of the mapping mm.
 */
void clear_page_mlock(struct page *page);

/** nr_mlocked_pages() - pages with PG_mlocked; a snapshot. */
long nr_mlocked_pages(void);

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
