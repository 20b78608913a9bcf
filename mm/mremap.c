// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * mremap.c - resize and move mappings (MAP-34)
 *
 * PTEs move one at a time.  Truncation scans VMAs one after the other, each
 * under its ptl: it could do the target before a page arrives there and the
 * source after the page has left.  So file PTEs move under i_mmap_lock.
 */
#include "mm/mremap.h"

#include <errno.h>

#include "mm/accounting.h"
#include "mm/cpu.h"
#include "mm/memory.h"
#include "mm/mlock.h"
#include "mm/mmap.h"
#include "mm/pagewalk.h"
#include "mm/pgtable.h"
#include "mm/sched.h"
#include "mm/validate.h"

/* A move in progress. */
struct vma_move {
	struct mm_struct *mm;
	struct vm_area_struct *vma, *new_vma;
	uaddr_t old_addr, new_addr;
	unsigned long old_len, new_len;
};

/* The source entry if there is anything to move. */
static pte_t *source_pte(struct mm_struct *mm, uaddr_t addr)
	__must_hold(&mm->page_table_lock)
{
	pte_t *ptep = walk_pte(mm, addr);

	return ptep && !pte_none(ptep_get(ptep)) ? ptep : NULL;
}

/* Return: 0, or -EAGAIN if the target has no page table yet. */
static int try_move_pte(struct vma_move *m, uaddr_t from, uaddr_t to)
{
	struct address_space *mapping = vma_mapping(m->vma);
	struct mm_struct *mm = m->mm;
	pte_t *src, *dst = NULL;
	int err = 0;

	i_mmap_lock(mapping);
	/* A truncation in progress has to look at the target again. */
	if (mapping &&
	    m->new_vma->vm_truncate_count != m->vma->vm_truncate_count)
		m->new_vma->vm_truncate_count = 0;
	spin_lock(&mm->page_table_lock);
	src = source_pte(mm, from);
	if (src)
		dst = walk_pte(mm, to);
	if (src && dst)
		set_pte(dst, ptep_clear_flush(m->vma, from, src));
	else if (src)
		err = -EAGAIN;
	spin_unlock(&mm->page_table_lock);
	i_mmap_unlock(mapping);
	return err;
}

static int move_one_page(struct vma_move *m, uaddr_t from, uaddr_t to)
{
	struct mm_struct *mm = m->mm;
	pte_t *dst;

	while (try_move_pte(m, from, to)) {
		spin_lock(&mm->page_table_lock);
		dst = pte_alloc_addr(mm, to);
		spin_unlock(&mm->page_table_lock);
		if (!dst)
			return -ENOMEM;
	}
	return 0;
}

/* Return: bytes moved, less than old_len if memory ran out. */
static unsigned long move_page_tables(struct vma_move *m)
{
	unsigned long done;

	for (done = 0; done < m->old_len; done += PAGE_SIZE) {
		if (move_one_page(m, m->old_addr + done, m->new_addr + done))
			break;
		cond_resched();
	}
	return done;
}

static void move_back(const struct vma_move *m, unsigned long moved)
{
	struct vma_move back = {
		.mm = m->mm, .vma = m->new_vma, .new_vma = m->vma,
		.old_addr = m->new_addr, .new_addr = m->old_addr,
		.old_len = moved,
	};

	/* Cannot fail: the tables it came from are still there. */
	move_page_tables(&back);
}

/*
 * Unmap what has been moved away without returning its charge, which went
 * with the pages.  What is left of the VMA, up to two pieces, keeps its own.
 */
static void unmap_moved(struct mm_struct *mm, struct vm_area_struct *vma,
			uaddr_t addr, unsigned long len)
	__must_hold(&mm->mmap_sem)
{
	unsigned long rest = 0;
	bool split = false;

	if (vma->vm_flags & VM_ACCOUNT) {
		vma->vm_flags &= ~(unsigned long)VM_ACCOUNT;
		rest = vma->vm_end - vma->vm_start - len;
		split = addr > vma->vm_start && addr + len < vma->vm_end;
	}
	if (do_munmap(mm, addr, len)) {
		/* No memory to split: the whole VMA stays, uncharged. */
		vm_unacct_memory(rest >> PAGE_SHIFT);
		rest = 0;
	}
	if (rest) {
		vma->vm_flags |= VM_ACCOUNT;
		if (split)
			vma->vm_next->vm_flags |= VM_ACCOUNT;
	}
}

static uaddr_t move_vma(struct vma_move *m) __must_hold(&m->mm->mmap_sem)
{
	struct mm_struct *mm = m->mm;
	unsigned long vm_flags = m->vma->vm_flags;
	/* DEF-17: the old VMA may be freed below, its file is the new one's. */
	struct file *file = m->vma->vm_file;
	long pages = m->new_len >> PAGE_SHIFT;
	unsigned long moved;

	mmap_assert_write_locked(mm);
	if (mm->map_count >= sysctl_max_map_count - 3)
		return (uaddr_t)-ENOMEM;
	m->new_vma = copy_vma(&m->vma, m->new_addr, m->new_len,
			      vma_pgoff_of(m->vma, m->old_addr));
	if (!m->new_vma)
		return (uaddr_t)-ENOMEM;
	atomic_long_add(pages, &mm->total_vm);
	vm_stat_account(mm, vm_flags, file, pages);
	if (vm_flags & VM_LOCKED)
		atomic_long_add(pages, &mm->locked_vm);

	moved = move_page_tables(m);
	if (moved < m->old_len) {
		move_back(m, moved);
		unmap_moved(mm, m->new_vma, m->new_addr, m->new_len);
		return (uaddr_t)-ENOMEM;
	}
	unmap_moved(mm, m->vma, m->old_addr, m->old_len);
	if ((vm_flags & VM_LOCKED) && m->new_len > m->old_len)
		mlock_vma_pages(m->new_addr + m->old_len,
				m->new_addr + m->new_len);
	return m->new_addr;
}

/* Room behind the VMA: just move its end. */
static bool expand_in_place(struct vma_move *m)
	__must_hold(&m->mm->mmap_sem)
{
	struct vm_area_struct *vma = m->vma;
	struct mm_struct *mm = m->mm;
	uaddr_t limit = vma->vm_next ? vma->vm_next->vm_start : TASK_SIZE;
	struct vma_range range = {
		vma->vm_start, m->old_addr + m->new_len, vma->vm_pgoff
	};
	long pages = (m->new_len - m->old_len) >> PAGE_SHIFT;

	if (m->old_len != vma->vm_end - m->old_addr ||
	    limit - m->old_addr < m->new_len)
		return false;
	vma_adjust(vma, &range, NULL);
	atomic_long_add(pages, &mm->total_vm);
	vm_stat_account(mm, vma->vm_flags, vma->vm_file, pages);
	if (vma->vm_flags & VM_LOCKED) {
		atomic_long_add(pages, &mm->locked_vm);
		mlock_vma_pages(m->old_addr + m->old_len,
				m->old_addr + m->new_len);
	}
	return true;
}

/* Limits and charge for the pages that are added. */
static int charge_growth(struct vma_move *m, long *charged)
{
	struct vm_area_struct *vma = m->vma;
	long pages = (m->new_len - m->old_len) >> PAGE_SHIFT;

	if ((vma->vm_flags & VM_DONTEXPAND) && pages)
		return -EFAULT;
	if ((vma->vm_flags & VM_LOCKED) && !may_lock_vm(m->mm, pages))
		return -EAGAIN;
	if (!may_expand_vm(m->mm, pages))
		return -ENOMEM;
	if (vma->vm_flags & VM_ACCOUNT) {
		if (vm_enough_memory(pages))
			return -ENOMEM;
		*charged = pages;
	}
	return 0;
}

/* Grow or relocate; the VMA is known to cover [old_addr, +old_len). */
static uaddr_t grow_or_move(struct vma_move *m, unsigned long flags)
	__must_hold(&m->mm->mmap_sem)
{
	struct vm_area_struct *vma = m->vma;
	long charged = 0;
	uaddr_t ret;
	int err;

	err = charge_growth(m, &charged);
	if (err)
		return err;
	if (!(flags & MREMAP_FIXED) && expand_in_place(m))
		return m->old_addr;
	ret = (uaddr_t)-ENOMEM;
	if (flags & MREMAP_MAYMOVE) {
		if (!(flags & MREMAP_FIXED))
			m->new_addr = get_unmapped_area(vma->vm_file, 0,
							m->new_len,
							vma->vm_pgoff, 0);
		ret = m->new_addr;
		if (!IS_ERR_VALUE(ret))
			ret = move_vma(m);
	}
	if (IS_ERR_VALUE(ret))
		vm_unacct_memory(charged);
	return ret;
}

/* MREMAP_FIXED: the target must be free of the source, and is cleared. */
static int clear_target(const struct vma_move *m, unsigned long flags)
	__must_hold(&m->mm->mmap_sem)
{
	struct mm_struct *mm = m->mm;

	if (!(flags & MREMAP_MAYMOVE) || (m->new_addr & ~PAGE_MASK) ||
	    m->new_len > TASK_SIZE || m->new_addr > TASK_SIZE - m->new_len)
		return -EINVAL;
	if (m->new_addr < m->old_addr + m->old_len &&
	    m->old_addr < m->new_addr + m->new_len)
		return -EINVAL;
	mmap_assert_write_locked(mm);
	return do_munmap(mm, m->new_addr, m->new_len);
}

static uaddr_t do_mremap(struct vma_move *m, unsigned long flags)
	__must_hold(&m->mm->mmap_sem)
{
	struct mm_struct *mm = m->mm;
	int err;

	mmap_assert_write_locked(mm);
	if (flags & MREMAP_FIXED) {
		err = clear_target(m, flags);
		if (err)
			return err;
	}
	if (m->old_len > m->new_len) {
		err = do_munmap(mm, m->old_addr + m->new_len,
				m->old_len - m->new_len);
		if (err)
			return err;
		m->old_len = m->new_len;
	}
	if (m->old_len == m->new_len && !(flags & MREMAP_FIXED))
		return m->old_addr;
	m->vma = find_vma(mm, m->old_addr);
	if (!m->vma || m->vma->vm_start > m->old_addr ||
	    m->old_len > m->vma->vm_end - m->old_addr)
		return (uaddr_t)-EFAULT;
	return grow_or_move(m, flags);
}

uaddr_t sys_mremap(uaddr_t addr, unsigned long old_len, unsigned long new_len,
		   unsigned long flags, uaddr_t new_addr)
{
	struct mm_struct *mm = current->mm;
	struct vma_move m = {
		.mm = mm, .old_addr = addr, .old_len = PAGE_ALIGN(old_len),
		.new_addr = new_addr, .new_len = PAGE_ALIGN(new_len),
	};
	uaddr_t ret;

	if ((flags & ~(unsigned long)(MREMAP_FIXED | MREMAP_MAYMOVE)) ||
	    (addr & ~PAGE_MASK) || !m.old_len || !m.new_len ||
	    m.new_len > TASK_SIZE)
		return (uaddr_t)-EINVAL;
	down_write(&mm->mmap_sem);
	mmap_assert_write_locked(m.mm);
	ret = do_mremap(&m, flags);
	validate_mm_release(mm);
	up_write(&mm->mmap_sem);
	return ret;
}
