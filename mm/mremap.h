/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mremap.h - resize and move mappings */
#ifndef MM_MREMAP_H
#define MM_MREMAP_H

#include "mm/mm_types.h"

/**
 * sys_mremap() - resize or move a mapping (MAP-34)
 * @addr: page aligned
 * @old_len: bytes
 * @new_len: bytes
 * @flags: MREMAP_MAYMOVE, MREMAP_FIXED
 * @new_addr: target for MREMAP_FIXED
 *
 * Context: user task; takes W(mmap_sem).
 * Return: the address, or -errno.
 */
uaddr_t sys_mremap(uaddr_t addr, unsigned long old_len, unsigned long new_len,
		   unsigned long flags, uaddr_t new_addr);

#endif /* MM_MREMAP_H */
