// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * munmap.c - remove mappings (MAP-20 to MAP-23, EXIT-30 to EXIT-32)
 *
 *   do_munmap()                          rmap, truncation
 *     W(mmap_sem)
 *     detach VMAs from list and tree       still find them through
 *     ptl: clear PTEs, free tables         anon_vma or i_mmap, take the
 *     remove_vm_struct()                   ptl and find no PTE
 *
 * A detached VMA stays on its reverse-map lists until its PTEs are gone, so
 * that there is never a PTE without a VMA to find it by.
 */
#include "mm/munmap.h"

#include <errno.h>

#include "mm/accounting.h"
#include "mm/cpu.h"
#include "mm/memory.h"
#include "mm/mlock.h"
#include "mm/mmap.h"
#include "mm/mmu_gather.h"
#include "mm/swap.h"
#include "mm/validate.h"
#include "mm/vma.h"
#include "mm/vma_merge.h"

/* Take the VMAs below @end behind @prev off; returns them as a list. */
static struct vm_area_struct *detach_vmas_to_be_unmapped(
	struct mm_struct *mm, struct vm_area_struct *prev, uaddr_t end)
	__must_hold(&mm->mmap_sem)
{
	struct vm_area_struct **link = prev ? &prev->vm_next : &mm->mmap;
	struct vm_area_struct *first = *link, *vma = first, *tail = NULL;

	while (vma && vma->vm_start < end) {
		RB_REMOVE(vma_tree, &mm->mm_rb, vma);
		mm->map_count--;
		mm->nr_changes++;
		tail = vma;
		vma = vma->vm_next;
	}
	*link = vma;
	tail->vm_next = NULL;
	WRITE_ONCE(mm->mmap_cache, NULL);
	return first;
}

/* MAP-21: pages and page tables of detached VMAs. */
static void unmap_region(struct mm_struct *mm, struct vm_area_struct *vma,
			 struct vm_area_struct *prev, uaddr_t start,
			 uaddr_t end) __must_hold(&mm->page_table_lock)
{
	struct unmap_request req = { .vma = vma, .start = start, .end = end };
	struct mmu_gather *tlb;

	lru_add_drain();
	tlb = tlb_gather_mmu(mm, false);
	unmap_vmas(&tlb, mm, &req);
	vm_unacct_memory(req.nr_accounted);
	free_pgtables(tlb, mm, prev, start, end);
	tlb_finish_mmu(tlb, start, end);
}

/* What mmap() counted for a VMA. */
static void unmap_vma(struct mm_struct *mm, struct vm_area_struct *vma)
	__must_hold(&mm->mmap_sem)
{
	long pages = vma_pages(vma);

	atomic_long_sub(pages, &mm->total_vm);
	if (vma->vm_flags & VM_LOCKED)
		atomic_long_sub(pages, &mm->locked_vm);
	vm_stat_account(mm, vma->vm_flags, vma->vm_file, -pages);
	if (vma->vm_start >= TASK_UNMAPPED_BASE &&
	    vma->vm_start < mm->free_area_cache)
		mm->free_area_cache = vma->vm_start;
	remove_vm_struct(vma);
}

/*
 * Cut VMAs at both ends of the range.  If the second split fails the first
 * one stays (DEF-22): two VMAs instead of one, and nothing else has changed.
 */
static int split_ends(struct mm_struct *mm, struct vm_area_struct *vma,
		      uaddr_t start, uaddr_t end) __must_hold(&mm->mmap_sem)
{
	struct vm_area_struct *last;
	int err = 0;

	if (start > vma->vm_start)
		err = split_vma(mm, vma, start, false);
	if (err)
		return err;
	last = find_vma(mm, end);
	if (last && end > last->vm_start)
		err = split_vma(mm, last, end, true);
	return err;
}

/* Pages of locked areas below @end stop being locked. */
static void munlock_vmas(struct mm_struct *mm, struct vm_area_struct *vma,
			 uaddr_t end)
{
	for (; vma && vma->vm_start < end; vma = vma->vm_next)
		if (vma->vm_flags & VM_LOCKED)
			munlock_vma_pages(mm, vma->vm_start, vma->vm_end);
}

int do_munmap(struct mm_struct *mm, uaddr_t start, unsigned long len)
{
	struct vm_area_struct *vma, *prev, *next;
	uaddr_t end;
	int err;

	mmap_assert_write_locked(mm);
	if ((start & ~PAGE_MASK) || start > TASK_SIZE ||
	    len > TASK_SIZE - start)
		return -EINVAL;
	len = PAGE_ALIGN(len);
	if (!len)
		return -EINVAL;
	end = start + len;

	vma = find_vma(mm, start);
	if (!vma || vma->vm_start >= end)
		return 0;
	err = split_ends(mm, vma, start, end);
	if (err)
		return err;

	munlock_vmas(mm, find_vma(mm, start), end);
	find_vma_prev(mm, start, &prev);
	vma = detach_vmas_to_be_unmapped(mm, prev, end);
	spin_lock(&mm->page_table_lock);
	unmap_region(mm, vma, prev, start, end);
	spin_unlock(&mm->page_table_lock);
	for (; vma; vma = next) {
		next = vma->vm_next;
		unmap_vma(mm, vma);
	}
	return 0;
}

int sys_munmap(uaddr_t addr, unsigned long len)
{
	struct mm_struct *mm = current->mm;
	int err;

	down_write(&mm->mmap_sem);
	err = do_munmap(mm, addr, len);
	validate_mm_release(mm);
	up_write(&mm->mmap_sem);
	return err;
}

/* INV-31: what the gathers took away must have been all there was. */
static void check_unmapped(struct mm_struct *mm)
	__must_hold(&mm->page_table_lock)
{
	mm_bug_on(mm->map_count != 0, "mm %lu: %d VMAs not unmapped",
		  mm->mm_id, mm->map_count);
	if (mm->rss || mm->anon_rss || mm->nr_ptes)
		report_finding(FINDING_STRUCTURE,
			       "mm %lu: rss %ld anon_rss %ld nr_ptes %ld left at exit",
			       mm->mm_id, (long)mm->rss, (long)mm->anon_rss,
			       (long)mm->nr_ptes);
}

/* The list of VMAs leaves the mm; the pages and tables are gone. */
static struct vm_area_struct *forget_vmas(struct mm_struct *mm)
	__must_hold(&mm->page_table_lock)
{
	struct vm_area_struct *vma = mm->mmap;

	mm->mmap = NULL;
	WRITE_ONCE(mm->mmap_cache, NULL);
	RB_INIT(&mm->mm_rb);
	mm->rss = 0;
	atomic_long_set(&mm->total_vm, 0);
	atomic_long_set(&mm->locked_vm, 0);
	return vma;
}

void exit_mmap(struct mm_struct *mm)
{
	struct unmap_request req = { .start = 0, .end = TASK_SIZE };
	struct vm_area_struct *vma, *next;
	struct mmu_gather *tlb;

	lru_add_drain();
	munlock_vmas(mm, mm->mmap, TASK_SIZE);
	spin_lock(&mm->page_table_lock);
	tlb = tlb_gather_mmu(mm, true);
	req.vma = mm->mmap;
	mm->map_count -= unmap_vmas(&tlb, mm, &req);
	vm_unacct_memory(req.nr_accounted);
	clear_page_range(tlb, mm, 0, USER_PGTABLES_END);
	tlb_finish_mmu(tlb, 0, TASK_SIZE);
	check_unmapped(mm);
	vma = forget_vmas(mm);
	spin_unlock(&mm->page_table_lock);

	/* EXIT-31: rmap finds these until they are removed, and no PTE. */
	for (; vma; vma = next) {
		next = vma->vm_next;
		remove_vm_struct(vma);
	}
}
