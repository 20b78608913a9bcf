// SPDX-License-Identifier: GPL-2.0-or-later
/* gup.c - get_user_pages(): PROC-6 */
#include "mm/gup.h"

#include <errno.h>

#include "mm/filemap.h"
#include "mm/memory.h"
#include "mm/page.h"
#include "mm/pgtable.h"
#include "mm/sched.h"
#include "mm/swap.h"
#include "mm/vma.h"

/* By mmap_sem; or, to a core dumper, by all other users being parked. */
static inline void layout_is_stable(const struct mm_struct *mm)
	__assert_held_shared(&mm->mmap_sem)
{
	(void)mm;
}

/* The PTE of an address, NULL where a table is missing. */
static pte_t *find_pte(struct mm_struct *mm, uaddr_t addr)
	__must_hold(&mm->page_table_lock)
{
	pgd_t *pgd = pgd_offset(mm, addr);
	pud_t *pud;
	pmd_t *pmd;

	if (pgd_none_or_clear_bad(pgd))
		return NULL;
	pud = pud_offset(pgd, addr);
	if (pud_none_or_clear_bad(pud))
		return NULL;
	pmd = pmd_offset(pud, addr);
	if (pmd_none_or_clear_bad(pmd))
		return NULL;
	return pte_offset(pmd, addr);
}

struct page *follow_page(struct mm_struct *mm, uaddr_t addr, bool write)
{
	pte_t *ptep = find_pte(mm, addr);
	struct page *page;
	pte_t pte;

	if (!ptep)
		return NULL;
	pte = ptep_get(ptep);
	if (!pte_present(pte) || (write && !pte_write(pte)))
		return NULL;
	page = pte_page(pte);
	if (!page || PageReserved(page))
		return page;
	if (write && !pte_dirty(pte) && !PageDirty(page))
		set_page_dirty(page);
	mark_page_accessed(page);
	return page;
}

/*
 * The page a forced write has got by its fault: the PTE stays read-only
 * (FLT-49).  2.6.11 takes whatever is there, which may be the file's own:
 *
 *	forced write			reader
 *	write fault: copies the page
 *					read fault: maps the file's page
 *	the slot is taken: drops the
 *	copy, counts as handled
 *	looks again, as for reading
 */
static struct page *follow_forced(struct mm_struct *mm,
				  const struct vm_area_struct *vma,
				  uaddr_t addr)
	__must_hold(&mm->page_table_lock)
{
	struct page *page = follow_page(mm, addr, true);
	pte_t *ptep = find_pte(mm, addr);

	if (page || !ptep)
		return page;
	page = follow_page(mm, addr, false);
	if (!page || (vma->vm_flags & VM_SHARED))
		return page;
	return PageAnon(page) && pte_dirty(ptep_get(ptep)) ? page : NULL;
}

/* Memory nobody has touched reads as zeroes: no need for a page of its own. */
static bool untouched_anonymous(struct mm_struct *mm,
				const struct vm_area_struct *vma, uaddr_t addr)
	__must_hold(&mm->page_table_lock)
{
	pte_t *ptep;

	if (vma->vm_ops && vma->vm_ops->nopage)
		return false;
	ptep = find_pte(mm, addr);
	return !ptep || pte_none(ptep_get(ptep));
}

/* Errors of handle_mm_fault(), and the counters. */
static int count_fault(int result)
{
	switch (result) {
	case VM_FAULT_OOM:
		return -ENOMEM;
	case VM_FAULT_SIGBUS:
		return -EFAULT;
	case VM_FAULT_MAJOR:
		current->maj_flt++;
		return 0;
	default:
		current->min_flt++;
		return 0;
	}
}

/*
 * One page, faulted in if need be, with a reference unless reserved.  After a
 * forced write fault the copy is there, though not writable (FLT-49).
 */
static struct page *get_one_page(struct mm_struct *mm,
				 struct vm_area_struct *vma, uaddr_t addr,
				 unsigned int gup_flags)
{
	bool write = gup_flags & GUP_WRITE, forced = false;
	struct page *page;
	int err;

	spin_lock(&mm->page_table_lock);
	while (!(page = forced ? follow_forced(mm, vma, addr) :
				 follow_page(mm, addr, write))) {
		if (!write && untouched_anonymous(mm, vma, addr)) {
			page = ZERO_PAGE(addr);
			break;
		}
		spin_unlock(&mm->page_table_lock);
		err = count_fault(handle_mm_fault(mm, vma, addr, write));
		if (err)
			return ERR_PTR(err);
		forced = write && (gup_flags & GUP_FORCE);
		spin_lock(&mm->page_table_lock);
	}
	if (!PageReserved(page))
		get_page(page);
	spin_unlock(&mm->page_table_lock);
	return page;
}

/* Does the VMA grant what is asked for, by force or not? */
static bool gup_allowed(const struct vm_area_struct *vma,
			unsigned int gup_flags)
{
	unsigned long want = gup_flags & GUP_WRITE ? VM_WRITE : VM_READ;

	if (gup_flags & GUP_FORCE)
		want <<= 4; /* the VM_MAY* bits */
	return !(vma->vm_flags & VM_IO) && (vma->vm_flags & want);
}

int get_user_pages(struct mm_struct *mm, uaddr_t start, int nr,
		   unsigned int gup_flags, struct page **pages)
{
	struct vm_area_struct *vma;
	struct page *page;

	layout_is_stable(mm);
	for (int i = 0; i < nr; i++, start += PAGE_SIZE) {
		vma = find_extend_vma(mm, start);
		if (!vma || !gup_allowed(vma, gup_flags))
			return i ? i : -EFAULT;
		page = get_one_page(mm, vma, start, gup_flags);
		if (IS_ERR(page))
			return i ? i : (int)PTR_ERR(page);
		if (pages)
			pages[i] = page;
		else
			put_page(page);
	}
	return nr;
}
