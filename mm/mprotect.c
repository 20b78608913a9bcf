// SPDX-License-Identifier: GPL-2.0-or-later
/* mprotect.c - change access rights (MAP-31) */
#include "mm/mprotect.h"

#include <errno.h>

#include "mm/accounting.h"
#include "mm/cpu.h"
#include "mm/mmap.h"
#include "mm/pagewalk.h"
#include "mm/pgtable.h"
#include "mm/tlb.h"
#include "mm/validate.h"

#define VM_RIGHTS ((unsigned long)(VM_READ | VM_WRITE | VM_EXEC))

/*
 * Hardware may set A and D until the exchange; afterwards it finds the entry
 * not present and faults, and the fault waits for mmap_sem.
 */
static void change_pte_range(pmd_t *pmd, uaddr_t addr, uaddr_t end,
			     pteval_t prot)
{
	pte_t *ptep = pte_offset(pmd, addr);

	for (; addr < end; addr += PAGE_SIZE, ptep++)
		if (pte_present(ptep_get(ptep)))
			set_pte(ptep, pte_modify(ptep_get_and_clear(ptep),
						 prot));
}

static void change_protection(struct vm_area_struct *vma, uaddr_t start,
			      uaddr_t end, pteval_t prot)
{
	struct mm_struct *mm = vma->vm_mm;
	uaddr_t next;

	spin_lock(&mm->page_table_lock);
	for (uaddr_t addr = start; addr < end; addr = next) {
		pmd_t *pmd = walk_pmd(mm, addr, end, &next);

		if (pmd)
			change_pte_range(pmd, addr, next, prot);
	}
	/* Before ptl is free: nobody may act on the new rights earlier. */
	flush_tlb_range(vma, start, end);
	spin_unlock(&mm->page_table_lock);
}

/* Merge, or cut [start, end) out.  Return: the VMA that covers it. */
static struct vm_area_struct *isolate_range(struct vm_area_struct *vma,
					    struct vm_area_struct *prev,
					    uaddr_t start, uaddr_t end,
					    unsigned long newflags)
{
	struct mm_struct *mm = vma->vm_mm;
	struct vma_merge_struct vmg = {
		.mm = mm, .prev = prev, .addr = start, .end = end,
		.vm_flags = newflags, .anon_vma = vma->anon_vma,
		.file = vma->vm_file, .pgoff = vma_pgoff_of(vma, start),
		.policy = vma->vm_policy,
	};
	struct vm_area_struct *merged = vma_merge(&vmg);
	int err = 0;

	if (merged)
		return merged;
	mmap_assert_write_locked(mm);
	if (start != vma->vm_start)
		err = split_vma(mm, vma, start, true);
	if (!err && end != vma->vm_end)
		err = split_vma(mm, vma, end, false);
	return err ? ERR_PTR(err) : vma;
}

int mprotect_fixup(struct vm_area_struct *vma, struct vm_area_struct **pprev,
		   uaddr_t start, uaddr_t end, unsigned long newflags)
{
	struct mm_struct *mm = vma->vm_mm;
	unsigned long oldflags = vma->vm_flags;
	long nrpages = (end - start) >> PAGE_SHIFT, charged = 0;

	if (newflags == oldflags) {
		*pprev = vma;
		return 0;
	}
	/* Private memory that nobody could write has not been charged. */
	if ((newflags & VM_WRITE) &&
	    !(oldflags & (VM_ACCOUNT | VM_WRITE | VM_SHARED))) {
		charged = nrpages;
		if (vm_enough_memory(charged))
			return -ENOMEM;
		newflags |= VM_ACCOUNT;
	}
	vma = isolate_range(vma, *pprev, start, end, newflags);
	if (IS_ERR(vma)) {
		vm_unacct_memory(charged);
		return PTR_ERR(vma);
	}
	*pprev = vma;
	vma->vm_flags = newflags;
	vma->vm_page_prot = protection_map[newflags & (VM_RIGHTS | VM_SHARED)];
	change_protection(vma, start, end, vma->vm_page_prot);
	vm_stat_account(mm, oldflags, vma->vm_file, -nrpages);
	vm_stat_account(mm, newflags, vma->vm_file, nrpages);
	return 0;
}

static int mprotect_vmas(struct vm_area_struct *vma,
			 struct vm_area_struct *prev, uaddr_t start,
			 uaddr_t end, unsigned long rights)
{
	int err;

	if (start > vma->vm_start)
		prev = vma;
	for (;;) {
		unsigned long newflags = (vma->vm_flags & ~VM_RIGHTS) | rights;

		/* Each right needs its MAY bit, four places further up. */
		if (newflags & ~(newflags >> 4) & VM_RIGHTS)
			return -EACCES;
		err = mprotect_fixup(vma, &prev, start, min(end, vma->vm_end),
				     newflags);
		if (err)
			return err;
		start = prev->vm_end;
		if (start >= end)
			return 0;
		vma = prev->vm_next;
		if (!vma || vma->vm_start != start)
			return -ENOMEM;
	}
}

static int do_mprotect(struct mm_struct *mm, uaddr_t start, uaddr_t end,
		       unsigned long prot) __must_hold(&mm->mmap_sem)
{
	struct vm_area_struct *vma, *prev;
	unsigned long rights = 0;

	rights |= prot & PROT_READ ? VM_READ : 0;
	rights |= prot & PROT_WRITE ? VM_WRITE : 0;
	rights |= prot & PROT_EXEC ? VM_EXEC : 0;
	vma = find_vma_prev(mm, start, &prev);
	if (!vma)
		return -ENOMEM;
	if (prot & PROT_GROWSDOWN) {
		if (vma->vm_start >= end)
			return -ENOMEM;
		if (!(vma->vm_flags & VM_GROWSDOWN))
			return -EINVAL;
		start = vma->vm_start;
	} else if (vma->vm_start > start) {
		return -ENOMEM;
	}
	return mprotect_vmas(vma, prev, start, end, rights);
}

int sys_mprotect(uaddr_t start, unsigned long len, unsigned long prot)
{
	const unsigned long known = PROT_READ | PROT_WRITE | PROT_EXEC |
				    PROT_GROWSDOWN;
	struct mm_struct *mm = current->mm;
	uaddr_t end = start + PAGE_ALIGN(len);
	int err;

	if ((start & ~PAGE_MASK) || (prot & ~known))
		return -EINVAL;
	if (end < start)
		return -ENOMEM;
	if (end == start)
		return 0;
	down_write(&mm->mmap_sem);
	err = do_mprotect(mm, start, end, prot);
	validate_mm_release(mm);
	up_write(&mm->mmap_sem);
	return err;
}
