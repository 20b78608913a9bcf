/* SPDX-License-Identifier: GPL-2.0-or-later */
/* msync.h - write what a process has changed through its mappings */
#ifndef MM_MSYNC_H
#define MM_MSYNC_H

#include "mm/mm_types.h"

#define MS_ASYNC_FLAG 1
#define MS_INVALIDATE_FLAG 2
#define MS_SYNC_FLAG 4

/**
 * sys_msync() - move DIRTY from PTEs to pages, and write the pages
 * @start: page aligned
 * @len: bytes
 * @flags: MS_SYNC_FLAG writes and waits, MS_ASYNC_FLAG only moves the bits,
 *	MS_INVALIDATE_FLAG fails for locked areas
 *
 * Context: takes R(mmap_sem); sleeps on page locks.
 * Return: 0, -EINVAL, -EBUSY, -ENOMEM for a hole, -ENOSPC.
 */
int sys_msync(uaddr_t start, unsigned long len, int flags);

/**
 * filemap_fdatawrite() - write all dirty pages of a file
 * @mapping: file
 *
 * Context: no spinlock; sleeps on page locks.
 * Return: pages written, or -Exxx.
 */
long filemap_fdatawrite(struct address_space *mapping);

/** filemap_fdatawait() - wait for pages under writeback.  Context: sleeps. */
void filemap_fdatawait(struct address_space *mapping);

#endif /* MM_MSYNC_H */
