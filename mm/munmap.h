/* SPDX-License-Identifier: GPL-2.0-or-later */
/* munmap.h - remove mappings: munmap, and all of them at exit */
#ifndef MM_MUNMAP_H
#define MM_MUNMAP_H

#include "mm/mm_types.h"

/**
 * do_munmap() - remove all mappings of a range (MAP-20)
 * @mm: live mm, usually current->mm
 * @start: page aligned
 * @len: bytes, rounded up
 *
 * Context: W(mmap_sem); may sleep.
 * Return: 0, -EINVAL, or -ENOMEM with nothing unmapped; VMAs may be left
 *         split then (DEF-22).
 */
int do_munmap(struct mm_struct *mm, uaddr_t start, unsigned long len)
	__must_hold(&mm->mmap_sem);

/**
 * exit_mmap() - release every page, page table and VMA (EXIT-30)
 * @mm: mm_users is 0
 *
 * Context: last mmput(); no lock held; may sleep.
 */
void exit_mmap(struct mm_struct *mm);

/**
 * sys_munmap() - the system call
 * @addr: page aligned
 * @len: bytes
 *
 * Context: user task; takes W(mmap_sem).
 * Return: 0 or -errno.
 */
int sys_munmap(uaddr_t addr, unsigned long len);

#endif /* MM_MUNMAP_H */
