// SPDX-License-Identifier: GPL-2.0-or-later
/* mempolicy.c - NUMA policies as objects (REF-13, spec 0.10) */
#include "mm/mempolicy.h"

#include <errno.h>

#include "mm/cpu.h"
#include "mm/refcount.h"
#include "mm/slab.h"
#include "mm/validate.h"
#include "mm/vma.h"
#include "mm/vma_merge.h"

struct kmem_cache *policy_cachep;

int mempolicy_init(void)
{
	policy_cachep = kmem_cache_create("numa_policy",
					  sizeof(struct mempolicy), 0, 0,
					  NULL, NULL);
	return policy_cachep ? 0 : -ENOMEM;
}

void mempolicy_exit(void)
{
	kmem_cache_destroy(policy_cachep);
	policy_cachep = NULL;
}

struct mempolicy *mpol_new(int policy, unsigned long nodes)
{
	struct mempolicy *pol;

	if (policy < MPOL_DEFAULT || policy > MPOL_INTERLEAVE)
		return ERR_PTR(-EINVAL);
	if (policy == MPOL_DEFAULT)
		return nodes ? ERR_PTR(-EINVAL) : NULL;
	pol = kmem_cache_alloc(policy_cachep, GFP_KERNEL);
	if (!pol)
		return ERR_PTR(-ENOMEM);
	atomic_set(&pol->refcnt, 1);
	pol->policy = policy;
	pol->nodes = nodes;
	return pol;
}

struct mempolicy *mpol_copy(const struct mempolicy *pol)
{
	return pol ? mpol_new(pol->policy, pol->nodes) : NULL;
}

void mpol_free(struct mempolicy *pol)
{
	if (pol && ref_put_and_test(&pol->refcnt, "mempolicy refcnt", pol))
		kmem_cache_free(policy_cachep, pol);
}

bool mpol_equal(const struct mempolicy *a, const struct mempolicy *b)
{
	if (a == b)
		return true;
	if (!a || !b)
		return false;
	return a->policy == b->policy && a->nodes == b->nodes;
}

int sys_set_mempolicy(int policy, unsigned long nodes)
{
	struct mempolicy *new = mpol_new(policy, nodes);

	if (IS_ERR(new))
		return PTR_ERR(new);
	mpol_free(current->mempolicy);
	current->mempolicy = new;
	return 0;
}

/* What user mode is told; @pol belongs to current or to a locked layout. */
static void tell_policy(const struct mempolicy *pol, int *policy,
			unsigned long *nodes)
{
	*policy = pol ? pol->policy : MPOL_DEFAULT;
	*nodes = pol ? pol->nodes : 0;
}

int sys_get_mempolicy(int *policy, unsigned long *nodes, uaddr_t addr,
		      unsigned long flags)
{
	struct mm_struct *mm = current->mm;
	struct vm_area_struct *vma;
	int err = 0;

	if ((flags & ~MPOL_F_ADDR) || (!(flags & MPOL_F_ADDR) && addr))
		return -EINVAL;
	if (!(flags & MPOL_F_ADDR)) {
		tell_policy(current->mempolicy, policy, nodes);
		return 0;
	}
	down_read(&mm->mmap_sem);
	vma = find_vma(mm, addr);
	if (!vma || vma_start(vma) > addr)
		err = -EFAULT;
	else
		tell_policy(vma->vm_policy, policy, nodes);
	up_read(&mm->mmap_sem);
	return err;
}

/* One VMA, cut to [start, end), gets a policy of its own. */
static int mbind_vma(struct mm_struct *mm, struct vm_area_struct *vma,
		     uaddr_t start, uaddr_t end, const struct mempolicy *pol)
	__must_hold(&mm->mmap_sem)
{
	struct mempolicy *copy;
	int err = 0;

	if (vma->vm_start < start)
		err = split_vma(mm, vma, start, true);
	if (!err && end < vma->vm_end)
		err = split_vma(mm, vma, end, false);
	if (err)
		return err;
	copy = mpol_copy(pol);
	if (IS_ERR(copy))
		return PTR_ERR(copy);
	mpol_free(vma->vm_policy);
	vma->vm_policy = copy;
	return 0;
}

static int mbind_range(struct mm_struct *mm, uaddr_t start, uaddr_t end,
		       const struct mempolicy *pol) __must_hold(&mm->mmap_sem)
{
	struct vm_area_struct *vma = find_vma(mm, start);
	int err = 0;

	if (!vma || vma->vm_start > start)
		return -EFAULT;
	while (!err && start < end) {
		if (!vma || vma->vm_start > start)
			return -EFAULT;
		err = mbind_vma(mm, vma, start, min(end, vma->vm_end), pol);
		start = vma->vm_end;
		vma = vma->vm_next;
	}
	return err;
}

int sys_mbind(uaddr_t start, unsigned long len, int policy,
	      unsigned long nodes)
{
	struct mm_struct *mm = current->mm;
	uaddr_t end = start + PAGE_ALIGN(len);
	struct mempolicy *pol;
	int err;

	if ((start & ~PAGE_MASK) || end < start || end > TASK_SIZE)
		return -EINVAL;
	if (end == start)
		return 0;
	pol = mpol_new(policy, nodes);
	if (IS_ERR(pol))
		return PTR_ERR(pol);
	down_write(&mm->mmap_sem);
	err = mbind_range(mm, start, end, pol);
	validate_mm_release(mm);
	up_write(&mm->mmap_sem);
	mpol_free(pol);
	return err;
}
