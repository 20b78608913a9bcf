// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * shmem.c - shared anonymous memory (OBJ-5)
 *
 * A file of zeroes that only VMAs refer to.  Its pages are charged like
 * anonymous memory: all at creation (VM_ACCOUNT), or each when it is first
 * touched; the charge goes back when the inode dies (INV-30).
 */
#include "mm/shmem.h"

#include <errno.h>
#include <string.h>

#include "mm/accounting.h"
#include "mm/cpu.h"
#include "mm/file.h"
#include "mm/filemap.h"
#include "mm/memory.h"
#include "mm/page.h"
#include "mm/swap.h"
#include "mm/vma.h"

static int shmem_readpage(struct address_space *mapping, struct page *page)
{
	struct inode *inode = mapping->host;

	if (!inode->i_prepaid) {
		if (vm_enough_memory(1))
			return -ENOMEM;
		atomic_long_inc(&inode->i_charged);
	}
	memset(page_address(page), 0, PAGE_SIZE);
	SetPageDirty(page); /* it has no other copy */
	return 0;
}

const struct address_space_ops shmem_aops = {
	.readpage = shmem_readpage,
};

struct page *shmem_nopage(struct vm_area_struct *vma, uaddr_t addr, int *type)
{
	struct address_space *mapping = vma_mapping(vma);
	pgoff_t index = vma_pgoff_of(vma, addr);
	struct page *page;

	if (((loff_t)index << PAGE_SHIFT) >= i_size_read(mapping->host))
		return NOPAGE_SIGBUS;
	page = read_cache_page(mapping, index, NULL);
	if (IS_ERR(page))
		return PTR_ERR(page) == -ENOMEM ? NOPAGE_OOM : NOPAGE_SIGBUS;
	mark_page_accessed(page);
	if (type)
		*type = VM_FAULT_MINOR;
	return page;
}

const struct vm_operations shmem_vm_ops = {
	.nopage = shmem_nopage,
};

static int shmem_mmap(struct file *file, struct vm_area_struct *vma)
{
	(void)file;
	vma->vm_ops = &shmem_vm_ops;
	return 0;
}

const struct file_operations shmem_file_operations = {
	.name = "shmem",
	.mmap = shmem_mmap,
};

struct file *shmem_file_setup(const char *name, loff_t size,
			      unsigned long flags)
{
	long pages = PAGE_ALIGN((unsigned long)size) >> PAGE_SHIFT;
	struct inode *inode;
	struct file *file;

	if (size < 0)
		return ERR_PTR(-EINVAL);
	if ((flags & VM_ACCOUNT) && vm_enough_memory(pages))
		return ERR_PTR(-ENOMEM);
	inode = inode_create(name, size, &shmem_aops);
	if (!inode) {
		if (flags & VM_ACCOUNT)
			vm_unacct_memory(pages);
		return ERR_PTR(-ENOMEM);
	}
	if (flags & VM_ACCOUNT) {
		inode->i_prepaid = true;
		atomic_long_set(&inode->i_charged, pages);
	}
	file = file_open(inode, FILE_READ | FILE_WRITE);
	/* The file keeps the object; without one it goes, and its charge. */
	iput(inode);
	return file;
}

int shmem_zero_setup(struct vm_area_struct *vma)
{
	struct file *file;

	file = shmem_file_setup("/dev/zero (deleted)",
				vma->vm_end - vma->vm_start, vma->vm_flags);
	if (IS_ERR(file))
		return PTR_ERR(file);
	if (vma->vm_file)
		fput(vma->vm_file);
	vma->vm_file = file;
	vma->vm_ops = &shmem_vm_ops;
	return 0;
}

void shmem_delete_inode(struct inode *inode)
{
	vm_unacct_memory(atomic_long_xchg(&inode->i_charged, 0));
}
