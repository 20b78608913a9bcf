// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * mmap.c - new mappings: mmap and brk (MAP-10 to MAP-13, MAP-30)
 *
 * All of it runs under W(mmap_sem) of current->mm, so no fault sees a layout
 * half changed.  The charge comes before anything that would have to be
 * undone, and is handed over to the VMA (VM_ACCOUNT) or taken back.
 */
#include "mm/mmap.h"

#include <errno.h>

#include "mm/accounting.h"
#include "mm/cpu.h"
#include "mm/file.h"
#include "mm/memory.h"
#include "mm/mlock.h"
#include "mm/pgtable.h"
#include "mm/prio_tree.h"
#include "mm/shmem.h"
#include "mm/slab.h"
#include "mm/validate.h"

#define VM_MAY_ALL (VM_MAYREAD | VM_MAYWRITE | VM_MAYEXEC)
#define VM_RIGHTS (VM_READ | VM_WRITE | VM_EXEC | VM_SHARED)

int mmap_init(void)
{
	vm_area_cachep = kmem_cache_create("vm_area_struct",
					   sizeof(struct vm_area_struct), 0,
					   0, NULL, NULL);
	return vm_area_cachep ? 0 : -ENOMEM;
}

void mmap_exit(void)
{
	kmem_cache_destroy(vm_area_cachep);
	vm_area_cachep = NULL;
}

/* ---- Choosing an address ------------------------------------------------ */

/* First gap of @len bytes from @addr on, or -ENOMEM. */
static uaddr_t search_up(struct mm_struct *mm, uaddr_t addr, unsigned long len)
	__must_hold(&mm->mmap_sem)
{
	struct vm_area_struct *vma = find_vma(mm, addr);

	while (addr <= TASK_SIZE - len) {
		if (!vma || addr + len <= vma->vm_start)
			return addr;
		addr = max(addr, vma->vm_end);
		vma = vma->vm_next;
	}
	return (uaddr_t)-ENOMEM;
}

static uaddr_t search_unmapped(struct mm_struct *mm, uaddr_t hint,
			       unsigned long len) __must_hold(&mm->mmap_sem)
{
	uaddr_t base = mm->mmap_base ? mm->mmap_base : TASK_UNMAPPED_BASE;
	uaddr_t from = max(mm->free_area_cache, base), addr;

	if (hint) {
		hint = PAGE_ALIGN(hint);
		if (hint <= TASK_SIZE - len &&
		    !find_vma_intersection(mm, hint, hint + len))
			return hint;
	}
	addr = search_up(mm, from, len);
	if (IS_ERR_VALUE(addr) && from != base)
		addr = search_up(mm, base, len);
	if (!IS_ERR_VALUE(addr))
		mm->free_area_cache = addr + len;
	return addr;
}

uaddr_t get_unmapped_area(struct file *file, uaddr_t addr, unsigned long len,
			  pgoff_t pgoff, unsigned long flags)
{
	struct mm_struct *mm = current->mm;

	(void)file;
	(void)pgoff;
	mmap_assert_write_locked(mm);
	if (len > TASK_SIZE)
		return (uaddr_t)-ENOMEM;
	if (!(flags & MAP_FIXED))
		return search_unmapped(mm, addr, len);
	if (addr > TASK_SIZE - len)
		return (uaddr_t)-ENOMEM;
	return (addr & ~PAGE_MASK) ? (uaddr_t)-EINVAL : addr;
}

/* ---- Phases of do_mmap_pgoff() ------------------------------------------ */

/* A mapping on its way. */
struct mmap_region {
	struct mm_struct *mm;
	struct file *file;
	uaddr_t addr;
	unsigned long len;
	unsigned long flags; /* MAP_* */
	unsigned long vm_flags;
	pgoff_t pgoff;
	unsigned long charged; /* pages to give back on failure */
	struct vm_area_struct *prev;
};

static int check_mmap_args(const struct mmap_region *r)
{
	unsigned long type = r->flags & MAP_TYPE;

	if (!r->len || r->len > TASK_SIZE)
		return -EINVAL;
	if (r->pgoff + (r->len >> PAGE_SHIFT) < r->pgoff)
		return -EOVERFLOW;
	if (r->mm->map_count > sysctl_max_map_count)
		return -ENOMEM;
	if (type != MAP_SHARED && type != MAP_PRIVATE)
		return -EINVAL;
	if (r->file && !r->file->f_op->mmap)
		return -ENODEV;
	/*
	 * DEF-20: growth changes vm_start without i_mmap_lock, so nothing
	 * that lies in a prio tree may grow, shared anonymous memory neither.
	 */
	if ((r->flags & MAP_GROWSDOWN) && (r->file || type == MAP_SHARED))
		return -EINVAL;
	return 0;
}

static unsigned long calc_vm_flags(unsigned long prot, unsigned long flags)
{
	unsigned long vm_flags = VM_MAY_ALL;

	vm_flags |= prot & PROT_READ ? VM_READ : 0;
	vm_flags |= prot & PROT_WRITE ? VM_WRITE : 0;
	vm_flags |= prot & PROT_EXEC ? VM_EXEC : 0;
	vm_flags |= flags & MAP_GROWSDOWN ? VM_GROWSDOWN : 0;
	vm_flags |= flags & MAP_DENYWRITE ? VM_DENYWRITE : 0;
	vm_flags |= flags & MAP_EXECUTABLE ? VM_EXECUTABLE : 0;
	vm_flags |= flags & MAP_LOCKED ? VM_LOCKED : 0;
	return vm_flags;
}

/* OBJ-4: what MAP_SHARED and the way the file is open make of the flags. */
static int apply_sharing(struct mmap_region *r)
{
	bool shared = (r->flags & MAP_TYPE) == MAP_SHARED;
	struct file *file = r->file;

	if (shared)
		r->vm_flags |= VM_SHARED | VM_MAYSHARE;
	if (!file) {
		r->vm_flags &= ~(unsigned long)(VM_DENYWRITE | VM_EXECUTABLE);
		r->pgoff = shared ? 0 : r->addr >> PAGE_SHIFT;
		return 0;
	}
	if (!(file->f_flags & FILE_READ))
		return -EACCES;
	if (shared && !(file->f_flags & FILE_WRITE)) {
		if (r->vm_flags & VM_WRITE)
			return -EACCES;
		r->vm_flags &= ~(unsigned long)(VM_MAYWRITE | VM_SHARED);
	}
	return 0;
}

static int check_mlock(struct mmap_region *r)
{
	if (!(r->vm_flags & VM_LOCKED))
		return 0;
	return may_lock_vm(r->mm, r->len >> PAGE_SHIFT) ? 0 : -EAGAIN;
}

/* MAP-11: from here on a failure leaves a hole. */
static int clear_range(struct mmap_region *r) __must_hold(&r->mm->mmap_sem)
{
	struct mm_struct *mm = r->mm;

	mmap_assert_write_locked(mm);
	if (find_vma_intersection(mm, r->addr, r->addr + r->len) &&
	    do_munmap(mm, r->addr, r->len))
		return -ENOMEM;
	find_vma_prev(mm, r->addr, &r->prev);
	return 0;
}

/* RLIMIT_AS, then the charge of private writable memory. */
static int charge_region(struct mmap_region *r)
{
	unsigned long pages = r->len >> PAGE_SHIFT;

	if (!may_expand_vm(r->mm, pages))
		return -ENOMEM;
	if (r->flags & MAP_NORESERVE)
		return 0;
	if (r->vm_flags & VM_SHARED) {
		r->vm_flags |= VM_ACCOUNT; /* shmem charges its object */
	} else if (r->vm_flags & VM_WRITE) {
		if (vm_enough_memory(pages))
			return -ENOMEM;
		r->charged = pages;
		r->vm_flags |= VM_ACCOUNT;
	}
	return 0;
}

static struct vm_area_struct *merge_region(struct mmap_region *r)
{
	struct vma_merge_struct vmg = {
		.mm = r->mm, .prev = r->prev, .addr = r->addr,
		.end = r->addr + r->len, .vm_flags = r->vm_flags,
		.file = r->file, .pgoff = r->pgoff,
	};

	return vma_merge(&vmg);
}

static struct vm_area_struct *region_vma(const struct mmap_region *r)
{
	struct vm_area_struct *vma;

	vma = kmem_cache_alloc(vm_area_cachep, GFP_KERNEL | __GFP_ZERO);
	if (!vma)
		return NULL;
	vma->vm_mm = r->mm;
	vma->vm_start = r->addr;
	vma->vm_end = r->addr + r->len;
	vma->vm_flags = r->vm_flags;
	vma->vm_page_prot = protection_map[r->vm_flags & VM_RIGHTS];
	vma->vm_pgoff = r->pgoff;
	CDS_INIT_LIST_HEAD(&vma->anon_vma_node);
	vma_prio_tree_init(vma);
	return vma;
}

/* A driver's mmap() failed half way: what it mapped already has to go. */
static void unmap_partial(struct vm_area_struct *vma)
{
	zap_page_range(vma->vm_mm, vma, vma->vm_start,
		       vma->vm_end - vma->vm_start, NULL);
}

static int map_file(struct mmap_region *r, struct vm_area_struct *vma)
{
	struct file *file = r->file;
	bool denied = r->vm_flags & VM_DENYWRITE;
	int err;

	if (denied) {
		err = deny_write_access(file);
		if (err)
			return err;
	}
	vma->vm_file = get_file(file);
	err = file->f_op->mmap(file, vma);
	if (err) {
		/* MAP-13 */
		if (denied)
			allow_write_access(file);
		vma->vm_file = NULL;
		fput(file);
		unmap_partial(vma);
	}
	return err;
}

/* Link the new VMA, or let a neighbour take its place. */
static void install_file_vma(struct mmap_region *r, struct vm_area_struct *vma)
	__must_hold(&r->mm->mmap_sem)
{
	struct mm_struct *mm = r->mm;
	struct file *file = vma->vm_file;
	bool denied = r->file && (r->vm_flags & VM_DENYWRITE);

	mmap_assert_write_locked(mm);
	r->vm_flags = vma->vm_flags;
	if (r->file && merge_region(r)) {
		vm_area_free(vma);
		fput(file);
	} else {
		vma_link(mm, vma, r->prev);
	}
	/* The VMA holds its own denial by now (REF-11). */
	if (denied)
		allow_write_access(file);
}

static int new_mapping(struct mmap_region *r) __must_hold(&r->mm->mmap_sem)
{
	bool shared = r->vm_flags & VM_SHARED;
	struct vm_area_struct *vma;
	int err = 0;

	if (!r->file && !shared && merge_region(r))
		return 0;
	vma = region_vma(r);
	if (!vma)
		return -ENOMEM;
	if (r->file)
		err = map_file(r, vma);
	else if (shared)
		err = shmem_zero_setup(vma);
	if (err) {
		vm_area_free(vma);
		return err;
	}
	if (shared)
		vma->vm_flags &= ~(unsigned long)VM_ACCOUNT;
	install_file_vma(r, vma);
	return 0;
}

/* Count what has been mapped, and fault it in if it is locked. */
static void account_region(struct mmap_region *r)
	__must_hold(&r->mm->mmap_sem)
{
	struct mm_struct *mm = r->mm;
	long pages = r->len >> PAGE_SHIFT;
	struct vm_area_struct *vma;

	mmap_assert_write_locked(mm);
	vma = find_vma(mm, r->addr);
	atomic_long_add(pages, &mm->total_vm);
	vm_stat_account(mm, vma->vm_flags, vma->vm_file, pages);
	if (vma->vm_flags & VM_LOCKED) {
		atomic_long_add(pages, &mm->locked_vm);
		mlock_vma_pages(r->addr, r->addr + r->len);
	}
}

/* DEF-28: the caller's W(mmap_sem) is dropped meanwhile. */
static void populate_region(struct mm_struct *mm, uaddr_t addr,
			    unsigned long len) __must_hold(&mm->mmap_sem)
{
	struct vm_area_struct *vma;
	uaddr_t end = addr + len;

	validate_mm_release(mm);
	up_write(&mm->mmap_sem);
	down_read(&mm->mmap_sem);
	while (addr < end) {
		vma = find_vma(mm, addr);
		if (!vma || vma_start(vma) > addr)
			break;
		if (make_pages_present(addr, min(end, vma->vm_end)))
			break;
		addr = vma->vm_end;
	}
	up_read(&mm->mmap_sem);
	down_write(&mm->mmap_sem);
}

uaddr_t do_mmap_pgoff(struct file *file, uaddr_t addr, unsigned long len,
		      unsigned long prot, unsigned long flags, pgoff_t pgoff)
{
	struct mm_struct *mm = current->mm;
	struct mmap_region r = {
		.mm = mm, .file = file, .len = PAGE_ALIGN(len),
		.flags = flags, .pgoff = pgoff,
	};
	int err;

	mmap_assert_write_locked(mm);
	mmap_assert_write_locked(r.mm);
	err = check_mmap_args(&r);
	if (err)
		return err;
	r.addr = get_unmapped_area(file, addr, r.len, pgoff, flags);
	if (IS_ERR_VALUE(r.addr))
		return r.addr;
	r.vm_flags = calc_vm_flags(prot, flags) | mm->def_flags;
	err = apply_sharing(&r);
	if (!err)
		err = check_mlock(&r);
	if (!err)
		err = clear_range(&r);
	if (!err)
		err = charge_region(&r);
	if (err)
		return err;
	err = new_mapping(&r);
	if (err) {
		vm_unacct_memory(r.charged);
		return err;
	}
	account_region(&r);
	if (flags & MAP_POPULATE)
		populate_region(mm, r.addr, r.len);
	return r.addr;
}

uaddr_t sys_mmap(uaddr_t addr, unsigned long len, unsigned long prot,
		 unsigned long flags, struct file *file, loff_t off)
{
	struct mm_struct *mm = current->mm;
	uaddr_t ret;

	if (off & ~PAGE_MASK)
		return (uaddr_t)-EINVAL;
	down_write(&mm->mmap_sem);
	ret = do_mmap_pgoff(flags & MAP_ANONYMOUS ? NULL : file, addr, len,
			    prot, flags, (unsigned long)off >> PAGE_SHIFT);
	validate_mm_release(mm);
	up_write(&mm->mmap_sem);
	return ret;
}

/* ---- brk ---------------------------------------------------------------- */

uaddr_t do_brk(uaddr_t addr, unsigned long len)
{
	struct mm_struct *mm = current->mm;
	struct mmap_region r = {
		.mm = mm, .addr = addr, .len = PAGE_ALIGN(len),
		.flags = MAP_PRIVATE, .pgoff = addr >> PAGE_SHIFT,
	};
	int err;

	mmap_assert_write_locked(r.mm);
	if (!r.len)
		return addr;
	if (addr > TASK_SIZE || r.len > TASK_SIZE - addr)
		return (uaddr_t)-EINVAL;
	r.vm_flags = VM_READ | VM_WRITE | VM_MAY_ALL | mm->def_flags;
	err = check_mlock(&r);
	if (!err)
		err = clear_range(&r);
	if (!err && mm->map_count > sysctl_max_map_count)
		err = -ENOMEM;
	if (!err)
		err = charge_region(&r);
	if (err)
		return err;
	err = new_mapping(&r);
	if (err) {
		vm_unacct_memory(r.charged);
		return err;
	}
	account_region(&r);
	return addr;
}

/* Whether the heap may and does grow to @brk. */
static bool grow_heap(struct mm_struct *mm, uaddr_t brk)
	__must_hold(&mm->mmap_sem)
{
	uaddr_t from = PAGE_ALIGN(mm->brk), to = PAGE_ALIGN(brk);

	if (brk > TASK_SIZE ||
	    (brk - mm->start_data) >> PAGE_SHIFT > rlimit_pages(RLIMIT_DATA))
		return false;
	/* One page more: the heap must not touch what lies above. */
	if (find_vma_intersection(mm, from, to + PAGE_SIZE))
		return false;
	return do_brk(from, to - from) == from;
}

static void set_brk(struct mm_struct *mm, uaddr_t brk)
	__must_hold(&mm->mmap_sem)
{
	uaddr_t from = PAGE_ALIGN(mm->brk), to = PAGE_ALIGN(brk);
	bool done;

	if (brk < mm->end_code || brk < mm->start_brk)
		return;
	if (from == to)
		done = true;
	else if (brk < mm->brk)
		done = !do_munmap(mm, to, from - to);
	else
		done = grow_heap(mm, brk);
	if (done)
		mm->brk = brk;
}

uaddr_t sys_brk(uaddr_t brk)
{
	struct mm_struct *mm = current->mm;
	uaddr_t ret;

	down_write(&mm->mmap_sem);
	set_brk(mm, brk);
	ret = mm->brk;
	validate_mm_release(mm);
	up_write(&mm->mmap_sem);
	return ret;
}
