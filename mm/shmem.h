/* SPDX-License-Identifier: GPL-2.0-or-later */
/* shmem.h - shared anonymous memory: unlinked files of zeroes */
#ifndef MM_SHMEM_H
#define MM_SHMEM_H

#include "mm/mm_types.h"
#include "mm/pgtable.h"

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
 * shmem_unuse() - bring the page of an entry back to its object (SWOFF-3)
 * @entry: entry
 * @page: its page, locked, in the swap cache, not under writeback
 *
 * The object's count of the entry is dropped in any case.  Without memory for
 * the move the object keeps the entry: @page is in the swap cache still, and
 * the caller has to count it again.
 *
 * Context: page lock; does not sleep.  Takes shmem's locks and those inside.
 * Return: whether an object had the entry.
 */
bool shmem_unuse(swp_entry_t entry, struct page *page);

/**
 * shmem_for_each_entry() - visit the entries of an object
 * @inode: shmem inode with a reference, or under inode_lock
 * @fn: called under the object's lock
 * @arg: its second argument
 *
 * Return: number of entries.
 */
unsigned long shmem_for_each_entry(struct inode *inode,
				   void (*fn)(swp_entry_t entry, void *arg),
				   void *arg);

/**
 * shmem_truncate() - what is in swap beyond the new end goes too
 * @inode: any inode
 * @size: new size, bytes; stored in i_size, pages beyond truncated
 *
 * Context: i_sem; no spinlock.
 */
void shmem_truncate(struct inode *inode, loff_t size);

/**
 * shmem_delete_inode() - a dying object gives back its slots and charges
 * @inode: shmem inode without references, its pages truncated
 *
 * Context: no spinlock; sleeps.
 */
void shmem_delete_inode(struct inode *inode);

#endif /* MM_SHMEM_H */
