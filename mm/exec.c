// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * exec.c - replace the program and the address space of a task
 *
 *	sys_execve()		open, new mm, arguments into loose pages
 *	  load_elf_binary()
 *	    flush_old_exec()	de_thread(), exec_mmap(): no way back
 *	    setup_arg_pages()	the loose pages become the stack
 *	  restart		the host stack is dropped too
 */
#include <errno.h>
#include <string.h>

#include "mm/accounting.h"
#include "mm/binfmt_elf.h"
#include "mm/entry.h"
#include "mm/exec.h"
#include "mm/file.h"
#include "mm/files.h"
#include "mm/fork.h"
#include "mm/ldt.h"
#include "mm/memory.h"
#include "mm/mmap.h"
#include "mm/mmu_context.h"
#include "mm/page_alloc.h"
#include "mm/pgtable.h"
#include "mm/prio_tree.h"
#include "mm/process.h"
#include "mm/ptrace.h"
#include "mm/rmap.h"
#include "mm/signal.h"
#include "mm/slab.h"
#include "mm/swap.h"
#include "mm/validate.h"

#define ARG_BYTES (MAX_ARG_PAGES * PAGE_SIZE)
#define VM_STACK_FLAGS                                                  \
	((unsigned long)(VM_READ | VM_WRITE | VM_MAYREAD | VM_MAYWRITE | \
			 VM_MAYEXEC | VM_GROWSDOWN | VM_ACCOUNT))

/* ---- preparation ---------------------------------------------------------- */

/* Put @len bytes below what is in the argument pages already. */
static int push_bytes(struct linux_binprm *bprm, const char *bytes, size_t len)
{
	if (len > bprm->p)
		return -E2BIG;
	bprm->p -= len;
	for (unsigned long pos = bprm->p; len;) {
		unsigned long offset = pos & ~PAGE_MASK;
		size_t n = min(len, (size_t)(PAGE_SIZE - offset));
		struct page **slot = &bprm->page[pos >> PAGE_SHIFT];

		if (!*slot)
			*slot = get_zeroed_page(GFP_HIGHUSER);
		if (!*slot)
			return -ENOMEM;
		memcpy((char *)page_address(*slot) + offset, bytes, n);
		bytes += n;
		pos += n;
		len -= n;
	}
	return 0;
}

/* Strings end up in order, so they are pushed from the last to the first. */
static int copy_strings(struct linux_binprm *bprm, const char *const *strings,
			int *count)
{
	int n = 0, err = 0;

	while (strings && strings[n])
		n++;
	*count = n;
	while (n-- && !err)
		err = push_bytes(bprm, strings[n], strlen(strings[n]) + 1);
	return err;
}

static int copy_arguments(struct linux_binprm *bprm)
{
	const struct exec_image *image = bprm->image;
	int err;

	bprm->p = ARG_BYTES - sizeof(void *);
	err = push_bytes(bprm, image->name, strlen(image->name) + 1);
	if (!err)
		err = copy_strings(bprm, image->envp, &bprm->envc);
	if (!err)
		err = copy_strings(bprm, image->argv, &bprm->argc);
	return err;
}

static int open_exec(struct linux_binprm *bprm)
{
	struct file *file = bprm->image->file;
	int err;

	if (!file)
		return 0;
	err = deny_write_access(file);
	if (!err)
		bprm->file = get_file(file);
	return err;
}

static int new_exec_mm(struct linux_binprm *bprm)
{
	int err;

	bprm->mm = mm_alloc();
	if (!bprm->mm)
		return -ENOMEM;
	/* DEF-6: a new program begins without an LDT. */
	err = init_new_context(bprm->mm, NULL);
	if (err)
		return err;
	bprm->mm->mmap_base = TASK_UNMAPPED_BASE;
	bprm->mm->free_area_cache = TASK_UNMAPPED_BASE;
	return 0;
}

/* EXEC-1: whatever the exec still owns, in any state. */
static void free_bprm(struct linux_binprm *bprm)
{
	for (int i = 0; i < MAX_ARG_PAGES; i++)
		if (bprm->page[i])
			put_page(bprm->page[i]);
	if (bprm->mm)
		mmdrop(bprm->mm);
	if (bprm->file) {
		allow_write_access(bprm->file);
		fput(bprm->file);
	}
}

static bool image_is_valid(const struct exec_image *image)
{
	uaddr_t end = 0;

	for (int i = 0; i < image->nr_segments; i++) {
		const struct exec_segment *s = &image->segments[i];

		if ((s->start & ~PAGE_MASK) || !s->len || s->start < end ||
		    s->len > TASK_SIZE || s->start > TASK_SIZE - s->len)
			return false;
		end = PAGE_ALIGN(s->start + s->len);
	}
	if (image->stack_top &&
	    ((image->stack_top & ~PAGE_MASK) ||
	     image->stack_top <= ARG_BYTES || image->stack_top > STACK_TOP))
		return false;
	return image->entry != NULL;
}

/* ---- the point of no return ----------------------------------------------- */

/* Return: the active_mm until now. */
static struct mm_struct *install_mm(struct task_struct *tsk,
				    struct mm_struct *mm)
{
	struct mm_struct *active_mm;

	task_lock(tsk);
	active_mm = tsk->active_mm;
	/* Partner: the first look of zap_threads(), for other mms. */
	WRITE_ONCE(tsk->mm, mm);
	tsk->active_mm = mm;
	activate_mm(active_mm, mm);
	task_unlock(tsk);
	return active_mm;
}

/* EXEC-4 */
static int exec_mmap(struct mm_struct *mm)
{
	struct task_struct *tsk = current;
	struct mm_struct *old_mm = tsk->mm, *active_mm;

	mm_release(tsk, old_mm);
	if (!old_mm) {
		mmdrop(install_mm(tsk, mm));
		return 0;
	}
	/*
	 * A dump may have counted us in core_waiters: then we must not leave
	 * the mm by this door, but die through exit_mm() (DUMP-18).
	 */
	down_read(&old_mm->mmap_sem);
	if (old_mm->core_waiters) {
		up_read(&old_mm->mmap_sem);
		return -EINTR;
	}
	active_mm = install_mm(tsk, mm);
	up_read(&old_mm->mmap_sem);
	mm_bug_on(active_mm != old_mm, "pid %d: mm %p, active_mm %p",
		  tsk->pid, (void *)old_mm, (void *)active_mm);
	mmput(old_mm); /* EXEC-5 */
	return 0;
}

static void set_comm(struct task_struct *tsk, const char *name)
{
	task_lock(tsk);
	memset(tsk->comm, 0, sizeof(tsk->comm));
	memcpy(tsk->comm, name, strnlen(name, sizeof(tsk->comm) - 1));
	task_unlock(tsk);
}

int flush_old_exec(struct linux_binprm *bprm)
{
	struct task_struct *tsk = current;
	int err;

	err = de_thread(tsk);
	if (!err)
		err = unshare_files();
	if (err)
		return err;
	err = exec_mmap(bprm->mm);
	if (err)
		return err;
	bprm->mm = NULL; /* it is the task's now */

	WRITE_ONCE(tsk->mm->dumpable, bprm->image->secret ? 0u : 1u);
	set_comm(tsk, bprm->image->name);
	flush_thread();
	/* The parent's exit_notify() compares it (check_exit_signal()). */
	write_lock_irq(&tasklist_lock);
	tsk->self_exec_id++;
	write_unlock_irq(&tasklist_lock);
	flush_signal_handlers(tsk);
	WRITE_ONCE(tsk->flags, tsk->flags & ~(unsigned long)PF_FORKNOEXEC);
	tsk->did_exec = true;
	return 0;
}

/* ---- the stack ------------------------------------------------------------ */

static struct vm_area_struct *stack_vma(struct mm_struct *mm, uaddr_t start,
					uaddr_t end)
{
	struct vm_area_struct *vma;

	vma = kmem_cache_alloc(vm_area_cachep, GFP_KERNEL | __GFP_ZERO);
	if (!vma)
		return NULL;
	vma->vm_mm = mm;
	vma->vm_start = start;
	vma->vm_end = end;
	vma->vm_flags = VM_STACK_FLAGS | mm->def_flags;
	vma->vm_page_prot = protection_map[vma->vm_flags & 7];
	CDS_INIT_LIST_HEAD(&vma->anon_vma_node);
	vma_prio_tree_init(vma);
	return vma;
}

/* Map one argument page; its reference goes to the PTE. */
static int install_arg_page(struct vm_area_struct *vma, struct page *page,
			    uaddr_t addr)
{
	struct mm_struct *mm = vma->vm_mm;
	pte_t *pte;

	if (anon_vma_prepare(vma))
		return -ENOMEM;
	spin_lock(&mm->page_table_lock);
	pte = pte_alloc_addr(mm, addr);
	if (!pte) {
		spin_unlock(&mm->page_table_lock);
		return -ENOMEM;
	}
	mm_bug_on(!pte_none(ptep_get(pte)), "argument page at %#lx exists",
		  addr);
	WRITE_ONCE(mm->rss, mm->rss + 1); /* rmap looks without the ptl */
	lru_cache_add_active(page);
	page_add_anon_rmap(page, vma, addr);
	set_pte(pte, pte_mkdirty(pte_mkwrite(mk_pte(page,
						    vma->vm_page_prot))));
	spin_unlock(&mm->page_table_lock);
	return 0;
}

static int install_arg_pages(struct linux_binprm *bprm,
			     struct vm_area_struct *vma, uaddr_t base)
{
	for (int i = 0; i < MAX_ARG_PAGES; i++) {
		int err;

		if (!bprm->page[i])
			continue;
		err = install_arg_page(vma, bprm->page[i],
				       base + (uaddr_t)i * PAGE_SIZE);
		if (err)
			return err;
		bprm->page[i] = NULL;
	}
	return 0;
}

/* Charge and link the stack. */
static int insert_stack(struct mm_struct *mm, struct vm_area_struct *vma)
	__must_hold(&mm->mmap_sem)
{
	long pages = (long)vma_pages(vma);
	int err;

	err = vm_enough_memory(pages);
	if (err)
		return err;
	err = insert_vm_struct(mm, vma);
	if (err) {
		vm_unacct_memory(pages); /* DEF-18: not in use */
		return err;
	}
	atomic_long_add(pages, &mm->total_vm);
	vm_stat_account(mm, vma->vm_flags, NULL, pages);
	return 0;
}

int setup_arg_pages(struct linux_binprm *bprm, uaddr_t stack_top)
{
	struct mm_struct *mm = current->mm;
	uaddr_t base = stack_top - ARG_BYTES;
	struct vm_area_struct *vma;
	int err;

	bprm->p += base;
	vma = stack_vma(mm, bprm->p & PAGE_MASK, stack_top);
	if (!vma)
		return -ENOMEM;
	down_write(&mm->mmap_sem);
	err = insert_stack(mm, vma);
	if (err) {
		up_write(&mm->mmap_sem);
		vm_area_free(vma);
		return err;
	}
	mm->arg_start = bprm->p;
	mm->start_stack = bprm->p;
	/* From here on it has pages that reclaim can find. */
	update_mem_hiwater(mm);
	err = install_arg_pages(bprm, vma, base);
	validate_mm_release(mm);
	up_write(&mm->mmap_sem);
	return err;
}

/* ---- the system call ------------------------------------------------------ */

/* Tell the tracer, who may have asked for the event or gets the SIGTRAP. */
static void report_exec(void)
{
	unsigned long ptrace = READ_ONCE(current->ptrace);

	if (ptrace & PT_TRACE_EXEC)
		ptrace_notify(SIGTRAP | PTRACE_EV_EXEC << 8);
	else if (ptrace & PT_PTRACED)
		send_sig(SIGTRAP, current);
}

int sys_execve(const struct exec_image *image)
{
	struct linux_binprm bprm = { .image = image };
	int err;

	if (current->pid == 1)
		return -EPERM; /* init is the harness's own thread */
	if (!image_is_valid(image))
		return -EINVAL;
	WRITE_ONCE(current->bprm, &bprm);
	err = open_exec(&bprm);
	if (!err)
		err = new_exec_mm(&bprm);
	if (!err)
		err = copy_arguments(&bprm);
	if (!err)
		err = load_elf_binary(&bprm);
	free_bprm(&bprm);
	WRITE_ONCE(current->bprm, NULL);
	if (err)
		return err;
	update_mem_hiwater(current->mm);
	report_exec();
	restart_user_program();
}
