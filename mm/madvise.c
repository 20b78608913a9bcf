// SPDX-License-Identifier: GPL-2.0-or-later
/* madvise.c - hints about future use (MAP-33) */
#include "mm/madvise.h"

#include <errno.h>

#include "mm/cpu.h"
#include "mm/file.h"
#include "mm/filemap.h"
#include "mm/memory.h"
#include "mm/mmap.h"
#include "mm/page.h"
#include "mm/validate.h"

#define VM_READAHEAD_BITS ((unsigned long)(VM_SEQ_READ | VM_RAND_READ))

/* NORMAL, RANDOM and SEQUENTIAL change flags, which splits the VMA. */
static int madvise_behavior(struct mm_struct *mm, struct vm_area_struct *vma,
			    uaddr_t start, uaddr_t end, int advice)
	__must_hold(&mm->mmap_sem)
{
	unsigned long flags = vma->vm_flags & ~VM_READAHEAD_BITS;
	int err = 0;

	if (advice == MADV_SEQUENTIAL)
		flags |= VM_SEQ_READ;
	else if (advice == MADV_RANDOM)
		flags |= VM_RAND_READ;
	if (flags == vma->vm_flags)
		return 0;
	if (start != vma->vm_start)
		err = split_vma(mm, vma, start, true);
	if (!err && end != vma->vm_end)
		err = split_vma(mm, vma, end, false);
	if (!err)
		vma->vm_flags = flags;
	return err;
}

static int madvise_willneed(struct vm_area_struct *vma, uaddr_t start,
			    uaddr_t end)
{
	struct address_space *mapping = vma_mapping(vma);
	pgoff_t size;

	if (!mapping)
		return -EBADF;
	size = (i_size_read(mapping->host) + PAGE_SIZE - 1) >> PAGE_SHIFT;
	for (; start < end; start += PAGE_SIZE) {
		pgoff_t index = vma_pgoff_of(vma, start);
		struct page *page;

		if (index >= size)
			break;
		page = read_cache_page(mapping, index, NULL);
		if (IS_ERR(page))
			break;
		put_page(page);
	}
	return 0;
}

static int madvise_dontneed(struct vm_area_struct *vma, uaddr_t start,
			    uaddr_t end)
{
	struct zap_details details = {
		.nonlinear_vma = vma, .last_index = ~0UL,
	};

	if (vma->vm_flags & VM_LOCKED)
		return -EINVAL;
	zap_page_range(vma->vm_mm, vma, start, end - start,
		       vma->vm_flags & VM_NONLINEAR ? &details : NULL);
	return 0;
}

static int madvise_vma(struct mm_struct *mm, struct vm_area_struct *vma,
		       uaddr_t start, uaddr_t end, int advice)
	__must_hold(&mm->mmap_sem)
{
	switch (advice) {
	case MADV_NORMAL:
	case MADV_SEQUENTIAL:
	case MADV_RANDOM:
		return madvise_behavior(mm, vma, start, end, advice);
	case MADV_WILLNEED:
		return madvise_willneed(vma, start, end);
	case MADV_DONTNEED:
		return madvise_dontneed(vma, start, end);
	default:
		return -EINVAL;
	}
}

/* Holes are skipped, and reported at the end. */
static int madvise_range(struct mm_struct *mm, uaddr_t start, uaddr_t end,
			 int advice) __must_hold(&mm->mmap_sem)
{
	struct vm_area_struct *vma;
	int err, hole = 0;

	while (start < end) {
		uaddr_t next;

		vma = find_vma(mm, start);
		if (!vma || vma->vm_start >= end)
			return -ENOMEM;
		if (vma->vm_start > start) {
			hole = -ENOMEM;
			start = vma->vm_start;
		}
		next = min(end, vma->vm_end);
		err = madvise_vma(mm, vma, start, next, advice);
		if (err)
			return err;
		start = next;
	}
	return hole;
}

int sys_madvise(uaddr_t start, unsigned long len, int advice)
{
	struct mm_struct *mm = current->mm;
	uaddr_t end = start + PAGE_ALIGN(len);
	int err;

	if ((start & ~PAGE_MASK) || end < start)
		return -EINVAL;
	if (end == start)
		return 0;
	down_write(&mm->mmap_sem);
	err = madvise_range(mm, start, end, advice);
	validate_mm_release(mm);
	up_write(&mm->mmap_sem);
	return err;
}
