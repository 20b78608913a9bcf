// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * memory_truncate.c - unmapping part of a file from all address spaces
 *
 * truncater                            do_no_page()
 *   i_size_write()                       count = truncate_count (acquire)
 *   i_mmap_lock                          page = nopage(): checks i_size
 *   truncate_count++ (release)           ptl
 *   for each VMA:                        count changed? retry
 *     ptl: zap; unlock                   store the PTE; unlock
 *
 * FLT-30: a faulter that saw no change got the ptl before the zap of its VMA,
 * which then finds the PTE; one that came later sees the change and, by the
 * acquire, the new i_size.
 *
 * A VMA that has been done carries the new count in vm_truncate_count.  One
 * that was left half way carries the address to go on from, told apart by
 * being page aligned; so truncate_count itself never is.
 */
#include "mm/memory_truncate.h"

#include <errno.h>
#include <limits.h>

#include "mm/file.h"
#include "mm/filestore.h"
#include "mm/memory.h"
#include "mm/prio_tree.h"
#include "mm/sched.h"
#include "mm/shmem.h"
#include "mm/truncate.h"
#include "mm/vma.h"

/* One unmap_mapping_range() on its way. */
struct unmap_state {
	struct zap_details details;
	unsigned long truncate_count;
};

static bool is_restart_addr(unsigned long count)
{
	return !(count & ~PAGE_MASK);
}

/* The counter wrapped: no VMA may look as if it had been done. */
static void reset_vma_truncate_counts(struct address_space *mapping)
	__must_hold(&mapping->i_mmap_lock)
{
	struct prio_tree_iter iter;
	struct vm_area_struct *vma;

	vma_prio_tree_foreach(vma, &iter, &mapping->i_mmap, 0, ULONG_MAX)
		vma->vm_truncate_count = 0;
	cds_list_for_each_entry(vma, &mapping->i_mmap_nonlinear, shared.list)
		vma->vm_truncate_count = 0;
}

/*
 * Zap [@start, @end) of one VMA, from where an earlier try stopped.  At least a
 * block of it, however many wait for the lock: two that only made way for each
 * other would never end.
 * Return: false if i_mmap_lock was dropped: begin with the first VMA again.
 */
static bool unmap_one_vma(struct address_space *mapping,
			  struct vm_area_struct *vma, uaddr_t start,
			  uaddr_t end, struct unmap_state *u)
	__must_hold(&mapping->i_mmap_lock)
{
	unsigned long restart = vma->vm_truncate_count;

	if (is_restart_addr(restart) && start < restart)
		start = restart;
	if (start >= end) { /* its top was split off meanwhile */
		vma->vm_truncate_count = u->truncate_count;
		return true;
	}
	do
		start = zap_page_range(vma->vm_mm, vma, start, end - start,
				       &u->details);
	while (start < end && !need_resched() &&
	       !spin_needbreak(&mapping->i_mmap_lock));
	vma->vm_truncate_count = start < end ? start : u->truncate_count;
	if (!need_resched() && !spin_needbreak(&mapping->i_mmap_lock))
		return true;
	spin_unlock(&mapping->i_mmap_lock);
	cond_resched();
	spin_lock(&mapping->i_mmap_lock);
	return false;
}

/* One pass over the linear VMAs; false: do it again. */
static bool unmap_tree(struct address_space *mapping, struct unmap_state *u)
	__must_hold(&mapping->i_mmap_lock)
{
	pgoff_t first = u->details.first_index, last = u->details.last_index;
	struct prio_tree_iter iter;
	struct vm_area_struct *vma;

	vma_prio_tree_foreach(vma, &iter, &mapping->i_mmap, first, last) {
		pgoff_t vba = vma->vm_pgoff;
		pgoff_t zba = max(first, vba);
		pgoff_t zea = min(last, vba + vma_pages(vma) - 1);

		if (vma->vm_truncate_count == u->truncate_count)
			continue;
		if (!unmap_one_vma(mapping, vma,
				   vma->vm_start + ((zba - vba) << PAGE_SHIFT),
				   vma->vm_start +
					   ((zea - vba + 1) << PAGE_SHIFT),
				   u))
			return false;
	}
	return true;
}

/* One pass over the nonlinear VMAs, whose pages may be anywhere. */
static bool unmap_nonlinear(struct address_space *mapping,
			    struct unmap_state *u)
	__must_hold(&mapping->i_mmap_lock)
{
	struct vm_area_struct *vma;

	cds_list_for_each_entry(vma, &mapping->i_mmap_nonlinear,
				shared.list) {
		if (vma->vm_truncate_count == u->truncate_count)
			continue;
		u->details.nonlinear_vma = vma;
		if (!unmap_one_vma(mapping, vma, vma->vm_start, vma->vm_end,
				   u))
			return false;
	}
	u->details.nonlinear_vma = NULL;
	return true;
}

/* A new truncate_count that is no address; readers: FLT-25. */
static unsigned long advance_truncate_count(struct address_space *mapping)
	__must_hold(&mapping->i_mmap_lock)
{
	unsigned int count = mapping->truncate_count + 1;

	if (is_restart_addr(count)) {
		if (!count)
			reset_vma_truncate_counts(mapping);
		count++;
	}
	smp_store_release(&mapping->truncate_count, count);
	return count;
}

void unmap_mapping_range(struct address_space *mapping, loff_t holebegin,
			 loff_t holelen, bool even_cows)
{
	pgoff_t first = (pgoff_t)holebegin >> PAGE_SHIFT;
	pgoff_t pages = ((pgoff_t)holelen + PAGE_SIZE - 1) >> PAGE_SHIFT;
	struct unmap_state u = {
		.details = {
			.check_mapping = even_cows ? NULL : mapping,
			.first_index = first,
			.last_index = pages ? first + pages - 1 : ULONG_MAX,
			.i_mmap_locked = true,
		},
	};

	spin_lock(&mapping->i_mmap_lock);
	u.truncate_count = advance_truncate_count(mapping);
	while (!unmap_tree(mapping, &u))
		;
	while (!unmap_nonlinear(mapping, &u))
		;
	spin_unlock(&mapping->i_mmap_lock);
}

int vmtruncate(struct inode *inode, loff_t offset)
{
	struct address_space *mapping = &inode->i_data;
	loff_t old = inode->i_size;

	if (offset < 0)
		return -EINVAL;
	i_size_write(inode, offset);
	if (offset < old) {
		unmap_mapping_range(mapping, offset + (loff_t)PAGE_SIZE - 1,
				    0, true);
		truncate_inode_pages(mapping, offset);
		shmem_truncate(inode, offset);
		filestore_truncate(inode, offset);
	}
	return 0;
}
