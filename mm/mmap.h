/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mmap.h - the layout of an address space: mmap, munmap, brk, exit */
#ifndef MM_MMAP_H
#define MM_MMAP_H

#include <sys/mman.h>

#include "mm/mm_types.h"
#include "mm/vma.h"

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
 * do_brk() - a simpler do_mmap_pgoff() for anonymous private memory
 * @addr: page aligned
 * @len: bytes
 *
 * Context: W(mmap_sem) of current->mm; may sleep.
 * Return: @addr, or -errno.
 */
uaddr_t do_brk(uaddr_t addr, unsigned long len);

/**
 * exit_mmap() - release every page, page table and VMA (EXIT-30)
 * @mm: mm_users is 0
 *
 * Context: last mmput(); no lock held; may sleep.
 */
void exit_mmap(struct mm_struct *mm);

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
 * make_pages_present() - fault in a range that is locked or populated
 * @addr: page aligned, inside one VMA
 * @end: exclusive
 *
 * Context: R or W(mmap_sem) of current->mm; may sleep.
 * Return: 0, or -ENOMEM, -EFAULT.
 */
int make_pages_present(uaddr_t addr, uaddr_t end);

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
 * sys_munmap() - the system call
 * @addr: page aligned
 * @len: bytes
 *
 * Context: user task; takes W(mmap_sem).
 * Return: 0 or -errno.
 */
int sys_munmap(uaddr_t addr, unsigned long len);

/**
 * sys_brk() - move the end of the heap (MAP-30)
 * @brk: wanted end, 0 to ask
 *
 * Context: user task; takes W(mmap_sem).
 * Return: the end of the heap, the old one if refused.
 */
uaddr_t sys_brk(uaddr_t brk);

#endif /* MM_MMAP_H */
