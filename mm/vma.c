// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vma.c - the list and tree of VMAs (spec 6.1, 6.2, 5.2)
 *
 * A VMA is on up to five structures.  They are entered and left in this
 * order, so that whoever finds it in one can rely on those before (MAP-5):
 *
 *   i_mmap_lock
 *     anon_vma->lock
 *       mm->mmap list, mm->mm_rb       (W(mmap_sem) alone protects these)
 *       anon_vma list                  (anonymous rmap finds it)
 *       i_mmap or i_mmap_nonlinear     (file rmap and truncation find it)
 */
#include "mm/vma.h"

#include <errno.h>

#include "mm/accounting.h"
#include "mm/file.h"
#include "mm/mempolicy.h"
#include "mm/prio_tree.h"
#include "mm/rmap.h"
#include "mm/slab.h"

int sysctl_max_map_count = 65536;
struct kmem_cache *vm_area_cachep;

RB_GENERATE(vma_tree, vm_area_struct, vm_rb, vma_cmp)

/* NULL: no file, nothing to lock; the analysis sees one lock either way. */
void i_mmap_lock(struct address_space *mapping) __no_lock_analysis
{
	if (mapping)
		spin_lock(&mapping->i_mmap_lock);
}

void i_mmap_unlock(struct address_space *mapping) __no_lock_analysis
{
	if (mapping)
		spin_unlock(&mapping->i_mmap_lock);
}

/* ---- Look up ------------------------------------------------------------ */

struct vm_area_struct *find_vma(struct mm_struct *mm, uaddr_t addr)
{
	struct vm_area_struct *vma = READ_ONCE(mm->mmap_cache), *found = NULL;

	if (vma && vma->vm_end > addr && vma_start(vma) <= addr)
		return vma;
	vma = RB_ROOT(&mm->mm_rb);
	while (vma) {
		if (vma->vm_end <= addr) {
			vma = RB_RIGHT(vma, vm_rb);
			continue;
		}
		found = vma;
		if (vma_start(vma) <= addr)
			break;
		vma = RB_LEFT(vma, vm_rb);
	}
	/* Readers race here; each stores a current VMA (MAP-1). */
	if (found)
		WRITE_ONCE(mm->mmap_cache, found);
	return found;
}

struct vm_area_struct *find_vma_prev(struct mm_struct *mm, uaddr_t addr,
				     struct vm_area_struct **pprev)
{
	struct vm_area_struct *vma = RB_ROOT(&mm->mm_rb), *found = NULL;

	*pprev = NULL;
	while (vma) {
		if (vma->vm_end <= addr) {
			*pprev = vma;
			vma = RB_RIGHT(vma, vm_rb);
		} else {
			found = vma;
			vma = RB_LEFT(vma, vm_rb);
		}
	}
	return found;
}

struct vm_area_struct *find_vma_intersection(struct mm_struct *mm,
					     uaddr_t start, uaddr_t end)
{
	struct vm_area_struct *vma = find_vma(mm, start);

	return vma && vma_start(vma) < end ? vma : NULL;
}

struct vm_area_struct *find_extend_vma(struct mm_struct *mm, uaddr_t addr)
{
	struct vm_area_struct *vma;

	addr &= PAGE_MASK;
	vma = find_vma(mm, addr);
	if (!vma || vma_start(vma) <= addr)
		return vma;
	if (!(vma->vm_flags & VM_GROWSDOWN) || expand_stack(vma, addr))
		return NULL;
	return vma;
}

/* ---- Copy and free ------------------------------------------------------ */

struct vm_area_struct *vm_area_dup(const struct vm_area_struct *src)
{
	struct vm_area_struct *new;
	struct mempolicy *policy;

	new = kmem_cache_alloc(vm_area_cachep, GFP_KERNEL | __GFP_ZERO);
	if (!new)
		return ERR_PTR(-ENOMEM);
	policy = mpol_copy(src->vm_policy);
	if (IS_ERR(policy)) {
		kmem_cache_free(vm_area_cachep, new);
		return ERR_CAST(policy);
	}
	new->vm_mm = src->vm_mm;
	new->vm_start = vma_start(src);
	new->vm_end = src->vm_end;
	new->vm_page_prot = src->vm_page_prot;
	new->vm_flags = src->vm_flags;
	new->anon_vma = src->anon_vma;
	new->vm_ops = src->vm_ops;
	new->vm_pgoff = READ_ONCE(src->vm_pgoff);
	new->vm_file = src->vm_file;
	new->vm_policy = policy;
	CDS_INIT_LIST_HEAD(&new->anon_vma_node);
	vma_prio_tree_init(new);
	return new;
}

void vm_area_free(struct vm_area_struct *vma)
{
	mpol_free(vma->vm_policy);
	kmem_cache_free(vm_area_cachep, vma);
}

/* ---- Link and unlink ---------------------------------------------------- */

void build_mmap_rb(struct mm_struct *mm)
{
	RB_INIT(&mm->mm_rb);
	for (struct vm_area_struct *vma = mm->mmap; vma; vma = vma->vm_next)
		RB_INSERT(vma_tree, &mm->mm_rb, vma);
}

void vma_append(struct mm_struct *mm, struct vm_area_struct ***pprev,
		struct vm_area_struct *vma)
{
	**pprev = vma;
	*pprev = &vma->vm_next;
	RB_INSERT(vma_tree, &mm->mm_rb, vma);
	mm->map_count++;
}

void vma_link_file(struct vm_area_struct *vma)
{
	struct address_space *mapping = vma_mapping(vma);

	if (!mapping)
		return;
	if (vma->vm_flags & VM_DENYWRITE)
		atomic_dec(&mapping->host->i_writecount);
	if (vma->vm_flags & VM_SHARED)
		mapping->i_mmap_writable++;
	if (vma->vm_flags & VM_NONLINEAR)
		cds_list_add_tail(&vma->shared.list,
				  &mapping->i_mmap_nonlinear);
	else
		vma_prio_tree_insert(vma, &mapping->i_mmap);
}

void vma_unlink_file(struct vm_area_struct *vma, struct address_space *mapping)
{
	if (vma->vm_flags & VM_DENYWRITE)
		atomic_inc(&mapping->host->i_writecount);
	if (vma->vm_flags & VM_SHARED) {
		mm_bug_on(!mapping->i_mmap_writable,
			  "i_mmap_writable of inode %lu is 0 with a VM_SHARED VMA",
			  mapping->host->i_ino);
		mapping->i_mmap_writable--;
	}
	if (vma->vm_flags & VM_NONLINEAR)
		cds_list_del_init(&vma->shared.list);
	else
		vma_prio_tree_remove(vma, &mapping->i_mmap);
}

void vma_link_list(struct mm_struct *mm, struct vm_area_struct *vma,
		   struct vm_area_struct *prev)
{
	if (prev) {
		vma->vm_next = prev->vm_next;
		prev->vm_next = vma;
	} else {
		vma->vm_next = mm->mmap;
		mm->mmap = vma;
	}
	RB_INSERT(vma_tree, &mm->mm_rb, vma);
	mm->nr_changes++;
}

void vma_unlink_list(struct mm_struct *mm, struct vm_area_struct *vma,
		     struct vm_area_struct *prev)
{
	prev->vm_next = vma->vm_next;
	RB_REMOVE(vma_tree, &mm->mm_rb, vma);
	if (READ_ONCE(mm->mmap_cache) == vma)
		WRITE_ONCE(mm->mmap_cache, prev);
	mm->nr_changes++;
}

void vma_link(struct mm_struct *mm, struct vm_area_struct *vma,
	      struct vm_area_struct *prev)
{
	struct address_space *mapping = vma_mapping(vma);
	struct anon_vma *anon_vma = vma->anon_vma;

	mmap_assert_write_locked(mm);
	i_mmap_lock(mapping);
	if (mapping)
		vma->vm_truncate_count = mapping->truncate_count;
	anon_vma_lock(anon_vma);
	vma_link_list(mm, vma, prev);
	__anon_vma_link(vma);
	vma_link_file(vma);
	anon_vma_unlock(anon_vma);
	i_mmap_unlock(mapping);
	mm->map_count++;
}

int insert_vm_struct(struct mm_struct *mm, struct vm_area_struct *vma)
{
	struct vm_area_struct *prev, *next;

	/* The offset of anonymous memory is what mremap preserves. */
	if (!vma->vm_file)
		vma->vm_pgoff = vma->vm_start >> PAGE_SHIFT;
	next = find_vma_prev(mm, vma->vm_start, &prev);
	if (next && next->vm_start < vma->vm_end)
		return -ENOMEM;
	vma_link(mm, vma, prev);
	return 0;
}

void remove_vm_struct(struct vm_area_struct *vma)
{
	struct file *file = vma->vm_file;
	struct address_space *mapping = vma_mapping(vma);

	might_sleep();
	if (mapping) {
		i_mmap_lock(mapping);
		vma_unlink_file(vma, mapping);
		i_mmap_unlock(mapping);
	}
	if (vma->vm_ops && vma->vm_ops->close)
		vma->vm_ops->close(vma);
	if (file)
		fput(file);
	anon_vma_unlink(vma);
	vm_area_free(vma);
}

/* ---- Stack growth ------------------------------------------------------- */

/* Limits and charge for a stack of @size bytes that grows by @grow pages. */
static int acct_stack_growth(struct vm_area_struct *vma, unsigned long size,
			     unsigned long grow)
{
	struct mm_struct *mm = vma->vm_mm;

	if (!may_expand_vm(mm, grow))
		return -ENOMEM;
	if ((size >> PAGE_SHIFT) > rlimit_pages(RLIMIT_STACK))
		return -ENOMEM;
	if ((vma->vm_flags & VM_LOCKED) && !may_lock_vm(mm, grow))
		return -ENOMEM;
	if ((vma->vm_flags & VM_ACCOUNT) && vm_enough_memory(grow))
		return -ENOMEM;

	/* DEF-19: other stacks of this mm may be growing, under other locks. */
	atomic_long_add(grow, &mm->total_vm);
	if (vma->vm_flags & VM_LOCKED)
		atomic_long_add(grow, &mm->locked_vm);
	vm_stat_account(mm, vma->vm_flags, vma->vm_file, grow);
	return 0;
}

int expand_stack(struct vm_area_struct *vma, uaddr_t address)
{
	struct mm_struct *mm = vma->vm_mm;
	int err;

	mmap_assert_locked(mm);
	if (!(vma->vm_flags & VM_GROWSDOWN))
		return -EFAULT;
	/* Without an anon_vma there would be nothing to lock. */
	err = anon_vma_prepare(vma);
	if (err)
		return err;
	address &= PAGE_MASK;
	anon_vma_lock(vma->anon_vma);
	err = 0;
	if (address < vma->vm_start) {
		unsigned long grow = (vma->vm_start - address) >> PAGE_SHIFT;

		err = acct_stack_growth(vma, vma->vm_end - address, grow);
		if (!err) {
			/*
			 * A fault elsewhere in this stack derives page->index
			 * from the pair under ptl alone, so both change under
			 * ptl too; find_vma() reads only vm_start, at any
			 * moment.
			 */
			spin_lock(&mm->page_table_lock);
			WRITE_ONCE(vma->vm_start, address);
			WRITE_ONCE(vma->vm_pgoff, vma->vm_pgoff - grow);
			spin_unlock(&mm->page_table_lock);
		}
	}
	anon_vma_unlock(vma->anon_vma);
	return err;
}
