// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * fork_mm.c - the life of an mm_struct, from mm_init() to __mmdrop()
 *
 * How the child of a fork is built, and who may see it meanwhile:
 *
 *   parent in dup_mmap()                 others
 *     W(parent mmap_sem)                   faults of the parent's threads wait
 *     for each VMA:
 *       anon_vma_link()                    anonymous rmap finds the VMA
 *       vma_prio_tree_add()                file rmap and truncation find it
 *       child's ptl: list, tree, PTEs      swapoff finds it on the list
 *     flush_tlb_mm(parent)                 no CPU writes a COW page any more
 *
 * A PTE in the child is a promise that its VMA can be found: linking comes
 * before copying (FORK-54), and in a file's tree the child comes after the
 * parent (FORK-55).
 */
#include "mm/fork_mm.h"

#include <errno.h>
#include <linux/sched.h>

#include "mm/accounting.h"
#include "mm/aio.h"
#include "mm/file.h"
#include "mm/fork.h"
#include "mm/futex.h"
#include "mm/ldt.h"
#include "mm/lock_classes.h"
#include "mm/memory.h"
#include "mm/mempolicy.h"
#include "mm/mmap.h"
#include "mm/pgtable.h"
#include "mm/prio_tree.h"
#include "mm/rmap.h"
#include "mm/sched.h"
#include "mm/slab.h"
#include "mm/swapfile.h"
#include "mm/thrash.h"
#include "mm/tlb.h"
#include "mm/uaccess.h"

struct mm_struct init_mm;
struct mm_stats mm_stats;

static struct kmem_cache *mm_cachep;

/* All mms but init_mm, for audits; innermost lock. */
static DEFINE_LOCK_CLASS(mm_list_class, "mm_list_lock");
static DEFINE_SPINLOCK(mm_list_lock, &mm_list_class);
static CDS_LIST_HEAD(mm_list);
static unsigned long mm_list_len; /* under mm_list_lock */
static unsigned long last_mm_id; /* under mm_list_lock */

/* ---- The list of all mms ---------------------------------------------- */

static void mm_list_add(struct mm_struct *mm)
{
	spin_lock(&mm_list_lock);
	mm->mm_id = ++last_mm_id;
	cds_list_add_tail(&mm->mm_node, &mm_list);
	mm_list_len++;
	spin_unlock(&mm_list_lock);
}

static void mm_list_del(struct mm_struct *mm)
{
	spin_lock(&mm_list_lock);
	cds_list_del(&mm->mm_node);
	mm_list_len--;
	spin_unlock(&mm_list_lock);
}

void mm_for_each(bool (*fn)(struct mm_struct *mm, void *arg), void *arg)
{
	struct mm_struct *mm;

	spin_lock(&mm_list_lock);
	if (fn(&init_mm, arg))
		cds_list_for_each_entry(mm, &mm_list, mm_node)
			if (!fn(mm, arg))
				break;
	spin_unlock(&mm_list_lock);
}

unsigned long nr_mms(void)
{
	unsigned long n;

	spin_lock(&mm_list_lock);
	n = mm_list_len;
	spin_unlock(&mm_list_lock);
	return n;
}

/* ---- Allocation and freeing ------------------------------------------- */

/* Locks, counts and lists, as FORK-34 has them; needs no memory. */
static void mm_init_locks(struct mm_struct *mm)
{
	init_rwsem(&mm->mmap_sem, &mmap_sem_class);
	spin_lock_init(&mm->page_table_lock, &ptl_class);
	rwlock_init(&mm->ioctx_list_lock, &ioctx_list_class);
	init_MUTEX(&mm->context.sem, &ldt_sem_class);
	CDS_INIT_LIST_HEAD(&mm->mmlist);
	mm->mmlisted = false;
	RB_INIT(&mm->mm_rb);
}

static void free_mm(struct mm_struct *mm)
{
	destroy_rwsem(&mm->mmap_sem);
	spin_lock_destroy(&mm->page_table_lock);
	rwlock_destroy(&mm->ioctx_list_lock);
	kmem_cache_free(mm_cachep, mm);
}

/* A structure with an empty page directory.  NULL: nothing is left behind. */
static struct mm_struct *mm_init(void)
{
	struct mm_struct *mm;

	mm = kmem_cache_alloc(mm_cachep, GFP_KERNEL | __GFP_ZERO);
	if (!mm)
		return NULL;
	mm_init_locks(mm);
	atomic_set(&mm->mm_users, 1);
	atomic_set(&mm->mm_count, 1);
	mm->free_area_cache = TASK_UNMAPPED_BASE;
	mm->pgd = pgd_alloc(mm);
	if (!mm->pgd) {
		free_mm(mm);
		return NULL;
	}
	mm_list_add(mm);
	return mm;
}

/* FORK-42: undo mm_init() for an mm that never had a VMA or an LDT. */
static void mm_uninit(struct mm_struct *mm)
{
	mm_list_del(mm);
	pgd_free(mm->pgd);
	free_mm(mm);
}

struct mm_struct *mm_alloc(void)
{
	return mm_init();
}

/* INV-31, but for the locks, which free_mm() checks. */
static void check_dead_mm(struct mm_struct *mm)
{
	mm_bug_on(mm == &init_mm, "init_mm freed");
	if (mm->mmap || mm->map_count || !RB_EMPTY(&mm->mm_rb))
		report_finding(FINDING_STRUCTURE,
			       "mm %lu freed with VMAs, map_count %d",
			       mm->mm_id, mm->map_count);
	if (!cds_list_empty(&mm->mmlist))
		report_finding(FINDING_STRUCTURE, "mm %lu freed on mmlist",
			       mm->mm_id);
	if (mm->ioctx_list)
		report_finding(FINDING_STRUCTURE,
			       "mm %lu freed with AIO contexts", mm->mm_id);
	if (mm->rss || mm->anon_rss || mm->nr_ptes)
		report_finding(FINDING_STRUCTURE,
			       "mm %lu freed with rss %lu anon_rss %lu nr_ptes %lu",
			       mm->mm_id, mm->rss, mm->anon_rss, mm->nr_ptes);
}

void __mmdrop(struct mm_struct *mm)
{
	check_dead_mm(mm);
	mm_list_del(mm);
	pgd_free(mm->pgd);
	destroy_context(mm);
	free_mm(mm);
}

/* EXIT-20, by whoever was the last user. */
static void end_address_space(struct mm_struct *mm)
{
	exit_aio(mm);
	exit_mmap(mm);
	/* EXIT-21: only now can nobody put it there again. */
	mmlist_del(mm);
	put_swap_token(mm);
	mmdrop(mm);
}

void mmput(struct mm_struct *mm)
{
	might_sleep();
	if (ref_put_and_test(&mm->mm_users, "mm_users", mm))
		end_address_space(mm);
}

void mmput_outside(struct mm_struct *mm)
{
	might_sleep();
	if (!ref_put_and_test(&mm->mm_users, "mm_users", mm))
		return;
	atomic_long_inc(&mm_stats.outside_last);
	/* TLB-26: whoever still has it loaded is lazy. */
	if (!cpus_empty(&mm->cpu_vm_mask))
		atomic_long_inc(&mm_stats.outside_lazy);
	end_address_space(mm);
}

struct mm_struct *get_task_mm(struct task_struct *task)
{
	struct mm_struct *mm;

	task_lock(task);
	mm = task->mm;
	if (mm && (READ_ONCE(task->flags) & PF_BORROWED_MM))
		mm = NULL;
	if (mm)
		mmget(mm);
	task_unlock(task);
	return mm;
}

/* ---- Duplicating the layout ------------------------------------------- */

/*
 * DEF-4: numbers that describe the VMAs are read where the VMAs are, under
 * W(oldmm->mmap_sem), so that no mmap() or brk() comes in between.
 */
static void dup_layout(struct mm_struct *mm, struct mm_struct *oldmm)
	__must_hold(&oldmm->mmap_sem)
{
	mm->mmap_base = oldmm->mmap_base;
	mm->free_area_cache = oldmm->mmap_base;
	mm->start_code = oldmm->start_code;
	mm->end_code = oldmm->end_code;
	mm->start_data = oldmm->start_data;
	mm->end_data = oldmm->end_data;
	mm->start_brk = oldmm->start_brk;
	mm->brk = oldmm->brk;
	mm->start_stack = oldmm->start_stack;
	mm->arg_start = oldmm->arg_start;
	mm->arg_end = oldmm->arg_end;
	mm->env_start = oldmm->env_start;
	mm->env_end = oldmm->env_end;
	__builtin_memcpy(mm->saved_auxv, oldmm->saved_auxv,
			 sizeof(mm->saved_auxv));
	atomic_long_set(&mm->total_vm, atomic_long_read(&oldmm->total_vm));
	atomic_long_set(&mm->stack_vm, atomic_long_read(&oldmm->stack_vm));
	mm->shared_vm = oldmm->shared_vm;
	mm->exec_vm = oldmm->exec_vm;
	mm->reserved_vm = oldmm->reserved_vm;
	WRITE_ONCE(mm->dumpable, READ_ONCE(oldmm->dumpable));
}

/* FORK-51: the child does without this VMA. */
static void skip_vma(struct mm_struct *mm, struct vm_area_struct *mpnt)
{
	long pages = (long)vma_pages(mpnt);

	vm_stat_account(mm, mpnt->vm_flags, mpnt->vm_file, -pages);
	/* DEF-2: total_vm is no part of those statistics. */
	atomic_long_sub(pages, &mm->total_vm);
}

/*
 * FORK-52 steps 2 to 5: an unlinked copy.  Not a structure copy: links and
 * scan state of @mpnt belong to i_mmap_lock and anon_vma->lock.
 */
static struct vm_area_struct *copy_vma_fields(struct mm_struct *mm,
					      struct vm_area_struct *mpnt)
{
	struct vm_area_struct *tmp;
	struct mempolicy *pol;

	tmp = kmem_cache_alloc(vm_area_cachep, GFP_KERNEL | __GFP_ZERO);
	if (!tmp)
		return ERR_PTR(-ENOMEM);
	pol = mpol_copy(mpnt->vm_policy);
	if (IS_ERR(pol)) {
		kmem_cache_free(vm_area_cachep, tmp);
		return ERR_CAST(pol);
	}
	tmp->vm_policy = pol;
	tmp->vm_mm = mm;
	tmp->vm_start = mpnt->vm_start;
	tmp->vm_end = mpnt->vm_end;
	tmp->vm_pgoff = mpnt->vm_pgoff;
	tmp->vm_page_prot = mpnt->vm_page_prot;
	tmp->vm_flags = mpnt->vm_flags & ~(unsigned long)VM_LOCKED;
	tmp->vm_ops = mpnt->vm_ops;
	tmp->vm_file = mpnt->vm_file;
	tmp->anon_vma = mpnt->anon_vma;
	CDS_INIT_LIST_HEAD(&tmp->anon_vma_node);
	vma_prio_tree_init(tmp);
	return tmp;
}

/* FORK-52 step 7: file rmap and truncation can find the VMA from here on. */
static void link_file_vma(struct vm_area_struct *tmp,
			  struct vm_area_struct *mpnt)
{
	struct file *file = tmp->vm_file;
	struct address_space *mapping = file->f_mapping;

	get_file(file);
	if (tmp->vm_flags & VM_DENYWRITE)
		atomic_dec(&file->f_inode->i_writecount);
	spin_lock(&mapping->i_mmap_lock);
	if (tmp->vm_flags & VM_SHARED)
		mapping->i_mmap_writable++; /* DEF-3: it is taken back */
	tmp->vm_truncate_count = mpnt->vm_truncate_count;
	vma_prio_tree_add(tmp, mpnt);
	spin_unlock(&mapping->i_mmap_lock);
}

/* FORK-52, one VMA; the order of the steps is the protocol. */
static int dup_vma(struct mm_struct *mm, struct mm_struct *oldmm,
		   struct vm_area_struct *mpnt,
		   struct vm_area_struct ***pprev)
	__must_hold(&oldmm->mmap_sem)
{
	struct vm_area_struct *tmp;
	long charge = 0;
	int err;

	if (mpnt->vm_flags & VM_ACCOUNT) {
		charge = (long)vma_pages(mpnt);
		err = vm_enough_memory(charge);
		if (err)
			return err;
	}
	tmp = copy_vma_fields(mm, mpnt);
	if (IS_ERR(tmp)) {
		vm_unacct_memory(charge);
		return (int)PTR_ERR(tmp);
	}
	anon_vma_link(tmp);
	if (tmp->vm_file)
		link_file_vma(tmp, mpnt);

	spin_lock(&mm->page_table_lock);
	vma_append(mm, pprev, tmp);
	err = copy_page_range(mm, oldmm, tmp);
	spin_unlock(&mm->page_table_lock);

	/* Even after an error: teardown is going to call close. */
	if (tmp->vm_ops && tmp->vm_ops->open)
		tmp->vm_ops->open(tmp);
	return err;
}

/* FORK-50 to FORK-53. */
static int dup_mmap(struct mm_struct *mm, struct mm_struct *oldmm)
{
	struct vm_area_struct *mpnt, **pprev = &mm->mmap;
	int err = 0;

	down_write(&oldmm->mmap_sem);
	dup_layout(mm, oldmm);
	for (mpnt = oldmm->mmap; mpnt && !err; mpnt = mpnt->vm_next) {
		if (mpnt->vm_flags & VM_DONTCOPY)
			skip_vma(mm, mpnt);
		else
			err = dup_vma(mm, oldmm, mpnt, &pprev);
	}
	/* ORD-11: the parent's PTEs have lost RW, its TLB entries not yet. */
	flush_tlb_mm(oldmm);
	up_write(&oldmm->mmap_sem);
	return err;
}

/* FORK-32; DEF-7: the caller is told what really went wrong. */
static struct mm_struct *dup_mm(struct mm_struct *oldmm)
{
	struct mm_struct *mm;
	int err;

	mm = mm_init();
	if (!mm)
		return ERR_PTR(-ENOMEM);
	err = init_new_context(mm, oldmm);
	if (err) {
		mm_uninit(mm);
		return ERR_PTR(err);
	}
	err = dup_mmap(mm, oldmm);
	if (err) {
		mmput(mm); /* FORK-58 */
		return ERR_PTR(err);
	}
	update_mem_hiwater(mm);
	return mm;
}

int copy_mm(unsigned long clone_flags, struct task_struct *tsk)
{
	struct mm_struct *mm = current->mm;

	tsk->min_flt = 0;
	tsk->maj_flt = 0;
	tsk->nvcsw = 0;
	tsk->nivcsw = 0;
	tsk->mm = NULL;
	tsk->active_mm = NULL;
	if (!mm)
		return 0;
	if (clone_flags & CLONE_VM) {
		mmget(mm);
		/* FORK-31, ORD-6: whoever shot down for fewer users is done. */
		smp_mb();
		spin_unlock_wait(&mm->page_table_lock);
	} else {
		mm = dup_mm(mm);
		if (IS_ERR(mm))
			return (int)PTR_ERR(mm);
	}
	tsk->mm = mm;
	tsk->active_mm = mm;
	return 0;
}

/* ---- Leaving an mm ---------------------------------------------------- */

/* EXIT-10 step 3, ORD-35: tell a thread that joins us. */
static void clear_child_tid(struct task_struct *tsk, struct mm_struct *mm)
{
	uaddr_t tid_addr = tsk->clear_child_tid;

	if (!tid_addr)
		return;
	mm_bug_on(!mm, "task %d without mm has clear_child_tid %#lx",
		  tsk->pid, tid_addr); /* EXIT-13 */
	tsk->clear_child_tid = 0; /* DEF-9: it names a word of this image */
	if (atomic_read(&mm->mm_users) <= 1)
		return; /* EXIT-11: nobody else can be looking */
	put_user32(0, tid_addr);
	futex_wake(tid_addr, 1);
}

void mm_release(struct task_struct *tsk, struct mm_struct *mm)
{
	struct completion *vfork_done = tsk->vfork_done;

	if (vfork_done) {
		tsk->vfork_done = NULL;
		complete(vfork_done); /* FORK-20 */
	}
	clear_child_tid(tsk, mm);
}

/* ---- Boot ------------------------------------------------------------- */

int fork_mm_init(void)
{
	mm_cachep = kmem_cache_create("mm_struct", sizeof(struct mm_struct),
				      64, 0, NULL, NULL);
	if (!mm_cachep)
		return -ENOMEM;
	mm_stats = (struct mm_stats){ 0 };
	/* OBJ-3 */
	__builtin_memset(&init_mm, 0, sizeof(init_mm));
	mm_init_locks(&init_mm);
	atomic_set(&init_mm.mm_users, 2);
	atomic_set(&init_mm.mm_count, 1);
	init_mm.pgd = swapper_pg_dir;
	cpus_setall(&init_mm.cpu_vm_mask);
	return 0;
}

void fork_mm_exit(void)
{
	if (mm_list_len)
		report_finding(FINDING_LEAK, "%lu mms left", mm_list_len);
	kmem_cache_destroy(mm_cachep);
	mm_cachep = NULL;
}
