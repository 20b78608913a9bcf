// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * mincore.c - residency of file mappings
 *
 * 2.6.11 writes the answer to user memory with R(mmap_sem) held; a fault there
 * takes it once more, and a writer queued in between stops both (PRIM-4).  Here
 * the answer is collected under the lock and written after it (FLT-9).
 */
#include "mm/mincore.h"

#include <errno.h>

#include "mm/cpu.h"
#include "mm/filemap.h"
#include "mm/page.h"
#include "mm/slab.h"
#include "mm/uaccess.h"
#include "mm/vma.h"

#define CHUNK_PAGES 256 /* looked at under one hold of mmap_sem */

static uint8_t mincore_page(struct vm_area_struct *vma, uaddr_t addr)
{
	struct page *page = find_get_page(vma->vm_file->f_mapping,
					  vma_pgoff_of(vma, addr));
	uint8_t present;

	if (!page)
		return 0;
	present = PageUptodate(page);
	put_page(page);
	return present;
}

/* Up to @nr pages from @start.  Return: 0 or -ENOMEM. */
static int mincore_chunk(struct mm_struct *mm, uaddr_t start,
			 unsigned long nr, uint8_t *present)
	__must_hold_shared(&mm->mmap_sem)
{
	struct vm_area_struct *vma = find_vma(mm, start);

	for (unsigned long i = 0; i < nr; i++, start += PAGE_SIZE) {
		if (vma && start >= vma->vm_end)
			vma = vma->vm_next;
		if (!vma || start < vma_start(vma) || !vma->vm_file)
			return -ENOMEM;
		present[i] = mincore_page(vma, start);
	}
	return 0;
}

static long mincore_range(uaddr_t start, unsigned long pages, uaddr_t vec,
			  uint8_t *present)
{
	struct mm_struct *mm = current->mm;

	while (pages) {
		unsigned long nr = min(pages, (unsigned long)CHUNK_PAGES);
		int err;

		down_read(&mm->mmap_sem);
		err = mincore_chunk(mm, start, nr, present);
		up_read(&mm->mmap_sem);
		if (err)
			return err;
		if (copy_to_user(vec, present, nr))
			return -EFAULT;
		start += nr << PAGE_SHIFT;
		vec += nr;
		pages -= nr;
	}
	return 0;
}

long sys_mincore(uaddr_t start, unsigned long len, uaddr_t vec)
{
	unsigned long pages = PAGE_ALIGN(len) >> PAGE_SHIFT;
	uint8_t *present;
	long ret;

	if (start & ~PAGE_MASK)
		return -EINVAL;
	if (!access_ok(start, len))
		return -ENOMEM;
	if (!access_ok(vec, pages))
		return -EFAULT;
	present = kmalloc(CHUNK_PAGES, GFP_KERNEL);
	if (!present)
		return -EAGAIN;
	ret = mincore_range(start, pages, vec, present);
	kfree(present);
	return ret;
}
