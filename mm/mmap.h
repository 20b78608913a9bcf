/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mmap.h - the layout of an address space: mmap, munmap, brk, exit */
#ifndef MM_MMAP_H
#define MM_MMAP_H

#include <sys/mman.h>

#include "mm/mm_types.h"
#include "mm/munmap.h"
#include "mm/vma.h"
#include "mm/vma_merge.h"

#ifndef MAP_GROWSDOWN
#define MAP_GROWSDOWN 0x0100
#endif

#define TASK_UNMAPPED_BASE PAGE_ALIGN(TASK_SIZE / 3)

/* A value that is an address or -errno. */
#define IS_ERR_VALUE(x) ((unsigned long)(x) >= (unsigned long)-MAX_ERRNO)

/** mmap_init() - create the VMA cache. Return: 0 or -ENOMEM. */
int mmap_init(void);

/** mmap_exit() - destroy the cache; reports leaks. */
void mmap_exit(void);

/**
 * do_mmap_pgoff() - map a file or anonymous memory (MAP-10)
 * @file: file, or NULL for anonymous memory
 * @addr: wanted address, a hint without MAP_FIXED
 * @len: bytes
 * @prot: PROT_*
 * @flags: MAP_*
 * @pgoff: first page of the file
 *
 * MAP_FIXED unmaps what is in the way before the later checks (DEF-25);
 * MAP_POPULATE drops W(mmap_sem) and retakes it (DEF-28).
 *
 * Context: W(mmap_sem) of current->mm; may sleep.
 * Return: the address, or -errno.
 */
uaddr_t do_mmap_pgoff(struct file *file, uaddr_t addr, unsigned long len,
		      unsigned long prot, unsigned long flags, pgoff_t pgoff);

/**
 * do_brk() - a simpler do_mmap_pgoff() for anonymous private memory
 * @addr: page aligned
 * @len: bytes
 *
 * Context: W(mmap_sem) of current->mm; may sleep.
 * Return: @addr, or -errno.
 */
uaddr_t do_brk(uaddr_t addr, unsigned long len);

/**
 * get_unmapped_area() - find a free range
 * @file: file or NULL
 * @addr: hint, or the address if MAP_FIXED
 * @len: bytes, page multiple
 * @pgoff: offset in @file, for policies that colour
 * @flags: MAP_*
 *
 * Context: W(mmap_sem) of current->mm.
 * Return: the address, or -ENOMEM, -EINVAL.
 */
uaddr_t get_unmapped_area(struct file *file, uaddr_t addr, unsigned long len,
			  pgoff_t pgoff, unsigned long flags);

/**
 * sys_mmap() - the system call
 * @addr: hint or address
 * @len: bytes
 * @prot: PROT_*
 * @flags: MAP_*
 * @file: file (this emulation has no descriptor table), or NULL
 * @off: bytes, page aligned
 *
 * Context: user task; takes W(mmap_sem).
 * Return: the address, or -errno.
 */
uaddr_t sys_mmap(uaddr_t addr, unsigned long len, unsigned long prot,
		 unsigned long flags, struct file *file, loff_t off);

/**
 * sys_brk() - move the end of the heap (MAP-30)
 * @brk: wanted end, 0 to ask
 *
 * Context: user task; takes W(mmap_sem).
 * Return: the end of the heap, the old one if refused.
 */
uaddr_t sys_brk(uaddr_t brk);

#endif /* MM_MMAP_H */
