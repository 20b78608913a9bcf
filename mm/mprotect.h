/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mprotect.h - change access rights */
#ifndef MM_MPROTECT_H
#define MM_MPROTECT_H

#include "mm/mm_types.h"

/**
 * sys_mprotect() - change the rights of a range (MAP-31)
 * @start: page aligned
 * @len: bytes, rounded up
 * @prot: PROT_*, perhaps with PROT_GROWSDOWN
 *
 * Context: user task; takes W(mmap_sem).
 * Return: 0, -EINVAL, -ENOMEM, -EACCES; what precedes the failing VMA has
 *         been changed.
 */
int sys_mprotect(uaddr_t start, unsigned long len, unsigned long prot);

/**
 * mprotect_fixup() - change the rights of a part of one VMA
 * @vma: VMA
 * @pprev: VMA before it; set to the one that covers the range afterwards
 * @start: first address
 * @end: exclusive, inside @vma
 * @newflags: vm_flags
 *
 * Context: W(mmap_sem); may sleep.
 * Return: 0 or -ENOMEM.
 */
int mprotect_fixup(struct vm_area_struct *vma, struct vm_area_struct **pprev,
		   uaddr_t start, uaddr_t end, unsigned long newflags);

#endif /* MM_MPROTECT_H */
