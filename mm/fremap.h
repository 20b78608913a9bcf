/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fremap.h - nonlinear file mappings (MAP-35) */
#ifndef MM_FREMAP_H
#define MM_FREMAP_H

#include "mm/mm_types.h"

/**
 * install_page() - map a page-cache page at an address, whatever was there
 * @vma: shared file VMA
 * @addr: page aligned
 * @page: with a reference, which the PTE takes over on success
 * @prot: PTE protection
 *
 * Context: mmap_sem, no spinlock; may sleep.
 * Return: 0, -ENOMEM, or -EINVAL if @page has been truncated.
 */
int install_page(struct vm_area_struct *vma, uaddr_t addr, struct page *page,
		 pteval_t prot);

/**
 * install_file_pte() - note which file page belongs at an address
 * @vma: VM_NONLINEAR VMA
 * @addr: page aligned
 * @pgoff: page of the file
 *
 * Context: mmap_sem, no spinlock; may sleep.
 * Return: 0 or -ENOMEM.
 */
int install_file_pte(struct vm_area_struct *vma, uaddr_t addr, pgoff_t pgoff);

/**
 * filemap_populate() - populate operation of ordinary files
 * @vma: shared file VMA
 * @addr: page aligned
 * @len: bytes
 * @pgoff: page of the file for @addr
 *
 * Pages beyond i_size end it with -EINVAL.
 *
 * Context: mmap_sem, no spinlock; may sleep.
 * Return: 0, -EINVAL, -ENOMEM.
 */
int filemap_populate(struct vm_area_struct *vma, uaddr_t addr,
		     unsigned long len, unsigned long pgoff);

/**
 * sys_remap_file_pages() - rearrange the pages of a shared file mapping
 * @start: page aligned
 * @size: bytes, inside one VMA
 * @pgoff: page of the file for @start
 *
 * Context: user task; takes R(mmap_sem), W to make a VMA nonlinear.
 * Return: 0, -EINVAL, -ENOMEM.
 */
int sys_remap_file_pages(uaddr_t start, unsigned long size, pgoff_t pgoff);

#endif /* MM_FREMAP_H */
