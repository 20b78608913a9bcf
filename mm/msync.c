// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * msync.c - dirty pages of shared mappings reach their file
 *
 * msync()                              a thread that writes
 *   ptl: clear D, flush the page         needs D in the PTE again, by a walk
 *   set_page_dirty()
 *   lock, clear PG_dirty, write          set D at any time: written next time
 *
 * The bit is cleared before the content is read, so what is written later is
 * found dirty again.
 */
#include "mm/msync.h"

#include <errno.h>

#include "mm/cpu.h"
#include "mm/file.h"
#include "mm/filemap.h"
#include "mm/page.h"
#include "mm/pagewalk.h"
#include "mm/pgtable.h"
#include "mm/sched.h"
#include "mm/tlb.h"
#include "mm/vma.h"

#define SYNC_BATCH 16

/* ---- PTEs ---------------------------------------------------------------- */

static void sync_pte(struct vm_area_struct *vma, uaddr_t addr, pte_t *ptep)
{
	pte_t pte = ptep_get(ptep);
	struct page *page = pte_present(pte) && pte_dirty(pte) ?
			    pte_page(pte) : NULL;

	/* A forced write may have left private pages here (FLT-49). */
	if (!page || PageReserved(page) || PageAnon(page))
		return;
	if (!ptep_test_and_clear_dirty(ptep))
		return;
	flush_tlb_page(vma, addr);
	set_page_dirty(page);
}

/* 2.6.11: mm/msync.c:filemap_sync(). */
static void filemap_sync(struct mm_struct *mm, struct vm_area_struct *vma,
			 uaddr_t addr, uaddr_t end)
{
	uaddr_t next;

	spin_lock(&mm->page_table_lock);
	for (; addr < end; addr = next) {
		pmd_t *pmd = walk_pmd(mm, addr, end, &next);
		pte_t *ptep = pmd ? pte_offset(pmd, addr) : NULL;

		for (; ptep && addr < next; addr += PAGE_SIZE, ptep++)
			sync_pte(vma, addr, ptep);
	}
	spin_unlock(&mm->page_table_lock);
}

/* ---- Pages --------------------------------------------------------------- */

/* Write one page if it is dirty still.  Return: 1, 0 or -Exxx. */
static int write_one_page(struct address_space *mapping, struct page *page)
{
	struct writeback_control wbc = { .sync = true };
	int err;

	lock_page(page);
	wait_on_page_writeback(page);
	if (READ_ONCE(page->mapping) != mapping || !TestClearPageDirty(page)) {
		unlock_page(page);
		return 0;
	}
	err = mapping->a_ops->writepage(page, &wbc);
	if (err == WRITEPAGE_ACTIVATE) {
		unlock_page(page);
		return 0;
	}
	return err ? err : 1;
}

/* Call @fn for each page with a reference; sum of results, or an error. */
static long each_page(struct address_space *mapping,
		      int (*fn)(struct address_space *, struct page *))
{
	struct page *pages[SYNC_BATCH];
	pgoff_t next = 0;
	unsigned int nr;
	long sum = 0;

	while ((nr = find_get_pages(mapping, next, SYNC_BATCH, pages))) {
		next = READ_ONCE(pages[nr - 1]->index) + 1;
		for (unsigned int i = 0; i < nr; i++) {
			int ret = sum < 0 ? 0 : fn(mapping, pages[i]);

			sum = ret < 0 ? ret : sum + ret;
			put_page(pages[i]);
		}
		if (sum < 0)
			break;
	}
	return sum;
}

long filemap_fdatawrite(struct address_space *mapping)
{
	if (!mapping->a_ops->writepage || mapping->host->i_shmem)
		return 0;
	return each_page(mapping, write_one_page);
}

static int wait_one_page(struct address_space *mapping, struct page *page)
{
	(void)mapping;
	wait_on_page_writeback(page);
	return 0;
}

void filemap_fdatawait(struct address_space *mapping)
{
	each_page(mapping, wait_one_page);
}

/* ---- The call ------------------------------------------------------------ */

static int msync_vma(struct mm_struct *mm, struct vm_area_struct *vma,
		     uaddr_t start, uaddr_t end, int flags)
{
	struct address_space *mapping = vma_mapping(vma);
	long written = 0;

	if ((flags & MS_INVALIDATE_FLAG) && (vma->vm_flags & VM_LOCKED))
		return -EBUSY;
	if (!mapping || !(vma->vm_flags & VM_SHARED))
		return 0;
	filemap_sync(mm, vma, start, end);
	if (flags & MS_SYNC_FLAG) {
		written = filemap_fdatawrite(mapping);
		/* 2.6.11: ->fsync() under i_sem comes here; it has no work. */
		filemap_fdatawait(mapping);
	}
	return written < 0 ? (int)written : 0;
}

static int msync_range(struct mm_struct *mm, uaddr_t start, uaddr_t end,
		       int flags) __must_hold_shared(&mm->mmap_sem)
{
	struct vm_area_struct *vma = find_vma(mm, start);
	int hole = 0, err;

	for (; start < end; start = vma->vm_end, vma = vma->vm_next) {
		if (!vma)
			return -ENOMEM;
		/* Holes are skipped, and told of in the end. */
		if (start < vma_start(vma)) {
			hole = -ENOMEM;
			start = vma_start(vma);
			if (start >= end)
				break;
		}
		err = msync_vma(mm, vma, start, min(end, vma->vm_end), flags);
		if (err)
			return err;
	}
	return hole;
}

int sys_msync(uaddr_t start, unsigned long len, int flags)
{
	struct mm_struct *mm = current->mm;
	uaddr_t end = start + PAGE_ALIGN(len);
	int err;

	if ((flags & MS_ASYNC_FLAG) && (flags & MS_SYNC_FLAG))
		return -EINVAL;
	if (flags & ~(MS_ASYNC_FLAG | MS_INVALIDATE_FLAG | MS_SYNC_FLAG) ||
	    (start & ~PAGE_MASK) || end < start)
		return -EINVAL;
	if (end == start)
		return 0;
	down_read(&mm->mmap_sem);
	err = msync_range(mm, start, end, flags);
	up_read(&mm->mmap_sem);
	return err;
}
