// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * fremap.c - nonlinear file mappings (MAP-35, OBJ-11)
 *
 * A nonlinear VMA leaves the prio tree for i_mmap_nonlinear before its first
 * page is moved: from then on its page->index says nothing about addresses.
 */
#include "mm/fremap.h"

#include <errno.h>

#include "mm/cpu.h"
#include "mm/file.h"
#include "mm/filemap.h"
#include "mm/memory.h"
#include "mm/page.h"
#include "mm/pgtable.h"
#include "mm/prio_tree.h"
#include "mm/rmap.h"
#include "mm/swapfile.h"
#include "mm/tlb.h"
#include "mm/vma.h"

const struct vm_operations generic_file_vm_ops = {
	.nopage = filemap_nopage,
	.populate = filemap_populate,
};

/* Pages that the file behind @vma has now. */
static pgoff_t file_pages(struct vm_area_struct *vma)
{
	loff_t size = i_size_read(vma_mapping(vma)->host);

	return (size + PAGE_SIZE - 1) >> PAGE_SHIFT;
}

/* Remove what a PTE maps.  Return: a page to put after ptl, or NULL. */
static struct page *zap_pte(struct mm_struct *mm, struct vm_area_struct *vma,
			    uaddr_t addr, pte_t *ptep)
	__must_hold(&mm->page_table_lock)
{
	pte_t pte = ptep_get(ptep);
	struct page *page;

	if (pte_none(pte))
		return NULL;
	if (!pte_present(pte)) {
		if (!pte_file(pte))
			free_swap_and_cache(pte_to_swp_entry(pte));
		pte_clear(ptep);
		return NULL;
	}
	pte = ptep_clear_flush(vma, addr, ptep);
	page = pte_page(pte);
	if (!page || PageReserved(page))
		return NULL;
	if (pte_dirty(pte))
		set_page_dirty(page);
	/* DEF-21: counted as symmetrically as install_page() does. */
	if (PageAnon(page))
		mm->anon_rss--;
	WRITE_ONCE(mm->rss, mm->rss - 1); /* looked at without the ptl */
	page_remove_rmap(page);
	return page;
}

int install_page(struct vm_area_struct *vma, uaddr_t addr, struct page *page,
		 pteval_t prot)
{
	struct mm_struct *mm = vma->vm_mm;
	struct page *old = NULL;
	int err = -ENOMEM;
	pte_t *ptep;

	spin_lock(&mm->page_table_lock);
	ptep = pte_alloc_addr(mm, addr);
	if (!ptep)
		goto out;
	/*
	 * Looked up and truncated since?  Then i_size has changed before the
	 * zap of this VMA, which either came before we took ptl or is to come.
	 */
	err = -EINVAL;
	if (!READ_ONCE(page->mapping) ||
	    READ_ONCE(page->index) >= file_pages(vma))
		goto out;
	err = 0;
	old = zap_pte(mm, vma, addr, ptep);
	if (!PageReserved(page))
		WRITE_ONCE(mm->rss, mm->rss + 1);
	set_pte(ptep, mk_pte(page, prot));
	page_add_file_rmap(page);
out:
	spin_unlock(&mm->page_table_lock);
	if (old)
		put_page(old);
	return err;
}

int install_file_pte(struct vm_area_struct *vma, uaddr_t addr, pgoff_t pgoff)
{
	struct mm_struct *mm = vma->vm_mm;
	struct page *old = NULL;
	pte_t *ptep;

	spin_lock(&mm->page_table_lock);
	ptep = pte_alloc_addr(mm, addr);
	if (ptep) {
		old = zap_pte(mm, vma, addr, ptep);
		set_pte(ptep, pgoff_to_pte(pgoff));
	}
	spin_unlock(&mm->page_table_lock);
	if (old)
		put_page(old);
	return ptep ? 0 : -ENOMEM;
}

static int populate_page(struct vm_area_struct *vma, uaddr_t addr,
			 pgoff_t pgoff)
{
	struct page *page;
	int err;

	page = read_cache_page(vma_mapping(vma), pgoff, NULL);
	if (IS_ERR(page))
		return PTR_ERR(page);
	err = install_page(vma, addr, page, vma->vm_page_prot);
	if (err)
		put_page(page);
	return err;
}

int filemap_populate(struct vm_area_struct *vma, uaddr_t addr,
		     unsigned long len, unsigned long pgoff)
{
	int err = 0;

	for (uaddr_t end = addr + len; addr < end && !err;
	     addr += PAGE_SIZE, pgoff++) {
		if (pgoff >= file_pages(vma))
			return -EINVAL;
		err = populate_page(vma, addr, pgoff);
	}
	return err;
}

/* W(mmap_sem): out of the tree, onto the list, never back. */
static void make_nonlinear(struct vm_area_struct *vma)
{
	struct address_space *mapping = vma_mapping(vma);

	i_mmap_lock(mapping);
	vma_prio_tree_remove(vma, &mapping->i_mmap);
	vma->vm_flags |= VM_NONLINEAR;
	cds_list_add_tail(&vma->shared.list, &mapping->i_mmap_nonlinear);
	i_mmap_unlock(mapping);
}

/* The VMA of the whole range if it may be rearranged. */
static struct vm_area_struct *remappable_vma(struct mm_struct *mm,
					     uaddr_t start, uaddr_t end)
	__must_hold_shared(&mm->mmap_sem)
{
	struct vm_area_struct *vma = find_vma(mm, start);

	if (!vma || !(vma->vm_flags & VM_SHARED) || !vma->vm_ops ||
	    !vma->vm_ops->populate || vma->vm_start > start ||
	    end > vma->vm_end)
		return NULL;
	return vma;
}

/* Make sure that the VMA is nonlinear if the request needs it. */
static int prepare_nonlinear(struct mm_struct *mm, uaddr_t start, uaddr_t end,
			     pgoff_t pgoff)
{
	struct vm_area_struct *vma;

	down_write(&mm->mmap_sem);
	vma = remappable_vma(mm, start, end);
	if (vma && !(vma->vm_flags & VM_NONLINEAR) &&
	    pgoff != vma_pgoff_of(vma, start))
		make_nonlinear(vma);
	up_write(&mm->mmap_sem);
	return vma ? 0 : -EINVAL;
}

int sys_remap_file_pages(uaddr_t start, unsigned long size, pgoff_t pgoff)
{
	struct mm_struct *mm = current->mm;
	struct vm_area_struct *vma;
	bool upgraded = false;
	uaddr_t end;
	int err;

	start &= PAGE_MASK;
	size &= PAGE_MASK;
	end = start + size;
	if (end <= start || pgoff + (size >> PAGE_SHIFT) < pgoff)
		return -EINVAL;
	for (;;) {
		down_read(&mm->mmap_sem);
		vma = remappable_vma(mm, start, end);
		if (!vma || (vma->vm_flags & VM_NONLINEAR) ||
		    pgoff == vma_pgoff_of(vma, start) || upgraded)
			break;
		up_read(&mm->mmap_sem);
		err = prepare_nonlinear(mm, start, end, pgoff);
		if (err)
			return err;
		upgraded = true;
	}
	err = -EINVAL;
	if (vma && ((vma->vm_flags & VM_NONLINEAR) ||
		    pgoff == vma_pgoff_of(vma, start)))
		err = vma->vm_ops->populate(vma, start, size, pgoff);
	up_read(&mm->mmap_sem);
	return err;
}
