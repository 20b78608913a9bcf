// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * mlock.c - keep memory resident (MAP-32)
 *
 * Beyond 2.6.11, as Linux has it since 2.6.28: the pages of locked areas carry
 * PG_mlocked and are counted.  Whoever changes the flag changes the count,
 * whatever becomes of the page on the LRU:
 *
 *	munlock				reclaim
 *					  isolates the page
 *	  clears the flag, counts
 *	  cannot isolate the page	  puts it back
 *
 * A page that carries the flag is mapped: it is set under the ptl of one who
 * maps the page, and goes with the last mapping.  Pages that come into a
 * locked area later are not counted, nor does one that two have locked stay so
 * when the first of them unlocks it.
 */
#include "mm/mlock.h"

#include <errno.h>

#include "mm/accounting.h"
#include "mm/cpu.h"
#include "mm/memory.h"
#include "mm/mmap.h"
#include "mm/page.h"
#include "mm/pagewalk.h"
#include "mm/pgtable.h"
#include "mm/swap.h"
#include "mm/validate.h"

static atomic_long_t nr_mlock; /* pages with PG_mlocked */

long nr_mlocked_pages(void)
{
	return atomic_long_read(&nr_mlock);
}

int make_pages_present(uaddr_t addr, uaddr_t end)
{
	struct mm_struct *mm = current->mm;
	int nr = (end - addr) >> PAGE_SHIFT, ret;
	struct vm_area_struct *vma;
	unsigned int gup_flags;

	mmap_assert_locked(mm);
	vma = find_vma(mm, addr);
	if (!vma || vma_start(vma) > addr)
		return -EFAULT;
	gup_flags = vma->vm_flags & VM_WRITE ? GUP_WRITE : 0;
	ret = get_user_pages(mm, addr, nr, gup_flags, NULL);
	if (ret < 0)
		return ret;
	return ret == nr ? 0 : -EFAULT;
}

/* ---- the pages ------------------------------------------------------------- */

static struct page *mapped_page(pte_t pte)
{
	struct page *page = pte_present(pte) ? pte_page(pte) : NULL;

	return page && !PageReserved(page) ? page : NULL;
}

/* The next page of a range that has one, with a reference; @mark: count it. */
static struct page *next_page(struct mm_struct *mm, uaddr_t *addr,
			      uaddr_t end, bool mark)
{
	struct page *page = NULL;

	spin_lock(&mm->page_table_lock);
	while (!page && *addr < end) {
		uaddr_t next = *addr + PAGE_SIZE, behind;
		pmd_t *pmd = walk_pmd(mm, *addr, end, &behind);

		if (pmd)
			page = mapped_page(ptep_get(pte_offset(pmd, *addr)));
		*addr = pmd ? next : behind;
	}
	if (page) {
		get_page(page);
		if (mark && !TestSetPageMlocked(page))
			atomic_long_inc(&nr_mlock);
	}
	spin_unlock(&mm->page_table_lock);
	return page;
}

int mlock_vma_pages(uaddr_t addr, uaddr_t end)
{
	int err = make_pages_present(addr, end);
	struct page *page;

	while ((page = next_page(current->mm, &addr, end, true)))
		put_page(page);
	return err;
}

/*
 * Reclaim has sent it to the active list whenever it came by: now it may age.
 * One that is in somebody's hands, or in a pagevec, will be put back by him.
 */
static void munlock_page(struct page *page)
{
	struct lru_isolated iso;

	if (!TestClearPageMlocked(page))
		return;
	atomic_long_dec(&nr_mlock);
	if (isolate_lru_page(&iso, page)) {
		ClearPageActive(page);
		putback_lru_pages(&iso);
	}
}

void munlock_vma_pages(struct mm_struct *mm, uaddr_t addr, uaddr_t end)
{
	struct page *page;

	lru_add_drain();
	while ((page = next_page(mm, &addr, end, false))) {
		munlock_page(page);
		put_page(page);
	}
}

void clear_page_mlock(struct page *page)
{
	if (TestClearPageMlocked(page))
		atomic_long_dec(&nr_mlock);
}

/* ---- the areas ------------------------------------------------------------- */

/* Lock or unlock [start, end) of a VMA.  No merging back. */
static int mlock_fixup(struct mm_struct *mm, struct vm_area_struct *vma,
		       uaddr_t start, uaddr_t end, bool on)
	__must_hold(&mm->mmap_sem)
{
	long pages = (end - start) >> PAGE_SHIFT;
	int err = 0;

	if (!!(vma->vm_flags & VM_LOCKED) == on)
		return 0;
	if (start != vma->vm_start)
		err = split_vma(mm, vma, start, true);
	if (!err && end != vma->vm_end)
		err = split_vma(mm, vma, end, false);
	if (err)
		return err;
	if (!on) {
		vma->vm_flags &= ~(unsigned long)VM_LOCKED;
		atomic_long_sub(pages, &mm->locked_vm);
		munlock_vma_pages(mm, start, end);
		return 0;
	}
	vma->vm_flags |= VM_LOCKED;
	atomic_long_add(pages, &mm->locked_vm);
	if (!(vma->vm_flags & VM_IO))
		err = mlock_vma_pages(start, end);
	return err == -ENOMEM ? -EAGAIN : err;
}

static int do_mlock(struct mm_struct *mm, uaddr_t start, uaddr_t end, bool on)
	__must_hold(&mm->mmap_sem)
{
	struct vm_area_struct *vma = find_vma(mm, start);
	int err;

	while (start < end) {
		uaddr_t next;

		if (!vma || vma->vm_start > start)
			return -ENOMEM;
		next = min(end, vma->vm_end);
		err = mlock_fixup(mm, vma, start, next, on);
		if (err)
			return err;
		start = next;
		vma = find_vma(mm, start);
	}
	return 0;
}

static int mlock_range(uaddr_t start, unsigned long len, bool on)
{
	struct mm_struct *mm = current->mm;
	uaddr_t end;
	int err;

	len = PAGE_ALIGN(len + (start & ~PAGE_MASK));
	start &= PAGE_MASK;
	end = start + len;
	if (end < start)
		return -EINVAL;
	down_write(&mm->mmap_sem);
	if (on && !may_lock_vm(mm, len >> PAGE_SHIFT))
		err = -ENOMEM;
	else
		err = do_mlock(mm, start, end, on);
	validate_mm_release(mm);
	up_write(&mm->mmap_sem);
	return err;
}

int sys_mlock(uaddr_t start, unsigned long len)
{
	return mlock_range(start, len, true);
}

int sys_munlock(uaddr_t start, unsigned long len)
{
	return mlock_range(start, len, false);
}

/* Every VMA as a whole; those that cannot be faulted in stay as they are. */
static void mlock_all_vmas(struct mm_struct *mm, bool on)
	__must_hold(&mm->mmap_sem)
{
	for (struct vm_area_struct *vma = mm->mmap; vma; vma = vma->vm_next)
		mlock_fixup(mm, vma, vma->vm_start, vma->vm_end, on);
}

int sys_mlockall(int flags)
{
	struct mm_struct *mm = current->mm;
	int err = 0;

	if (!flags || (flags & ~(MCL_CURRENT | MCL_FUTURE)))
		return -EINVAL;
	down_write(&mm->mmap_sem);
	if ((flags & MCL_CURRENT) &&
	    (unsigned long)atomic_long_read(&mm->total_vm) >
	    rlimit_pages(RLIMIT_MEMLOCK)) {
		err = -ENOMEM;
	} else {
		mm->def_flags = flags & MCL_FUTURE ? VM_LOCKED : 0;
		if (flags & MCL_CURRENT)
			mlock_all_vmas(mm, true);
	}
	validate_mm_release(mm);
	up_write(&mm->mmap_sem);
	return err;
}

int sys_munlockall(void)
{
	struct mm_struct *mm = current->mm;

	down_write(&mm->mmap_sem);
	mm->def_flags = 0;
	mlock_all_vmas(mm, false);
	validate_mm_release(mm);
	up_write(&mm->mmap_sem);
	return 0;
}
