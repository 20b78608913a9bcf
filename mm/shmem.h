/* SPDX-License-Identifier: GPL-2.0-or-later */
/* shmem.h - shared anonymous memory: unlinked files of zeroes */
#ifndef MM_SHMEM_H
#define MM_SHMEM_H

#include "mm/mm_types.h"

extern const struct vm_operations shmem_vm_ops;
extern const struct address_space_ops shmem_aops;
extern const struct file_operations shmem_file_operations;

/**
 * shmem_file_setup() - a shmem object and an open file on it
 * @name: shown in maps
 * @size: bytes
 * @flags: VM_ACCOUNT charges the whole size now, else page by page
 *
 * Context: may sleep.
 * Return: the file, or ERR_PTR(-ENOMEM, -EINVAL).
 */
struct file *shmem_file_setup(const char *name, loff_t size,
			      unsigned long flags);

/**
 * shmem_zero_setup() - make a VMA shared anonymous memory
 * @vma: new VMA, not linked, VM_SHARED
 *
 * Context: may sleep.
 * Return: 0, or -errno with @vma unchanged.
 */
int shmem_zero_setup(struct vm_area_struct *vma);

/**
 * shmem_nopage() - nopage operation
 * @vma: VMA of a shmem file
 * @addr: faulting address
 * @type: set to VM_FAULT_MINOR; may be NULL
 *
 * Return: a page with a reference, NOPAGE_SIGBUS or NOPAGE_OOM.
 */
struct page *shmem_nopage(struct vm_area_struct *vma, uaddr_t addr, int *type);

/**
 * shmem_delete_inode() - give back the charges of a dying object
 * @inode: shmem inode without references, its pages still there
 */
void shmem_delete_inode(struct inode *inode);

#endif /* MM_SHMEM_H */
