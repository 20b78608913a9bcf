// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * fault.c - what the kernel does when the processor reports a page fault
 *
 * FLT-9: R(mmap_sem) is held from find_vma() to handle_mm_fault(), and no
 * user memory is touched under it: a writer queued in between would stop the
 * second reader for good (PRIM-4).
 */
#include "mm/fault.h"

#include <errno.h>
#include <signal.h>

#include "mm/exit.h"
#include "mm/memory.h"
#include "mm/sched.h"
#include "mm/signal.h"
#include "mm/vma.h"

/* FLT-5: how far below the stack pointer an access may be. */
#define STACK_SLACK 32

/* What do_page_fault() was told. */
struct page_fault {
	uaddr_t addr;
	unsigned long error_code;
	bool user_mode, has_fixup;
};

void force_sig_info_fault(int sig, uaddr_t addr)
{
	current->fault_addr = addr;
	force_sig(sig, current);
}

/* FLT-8: to the user a signal, to the kernel its fixup. */
static int bad_access(const struct page_fault *pf, int sig)
{
	if (pf->user_mode) {
		force_sig_info_fault(sig, pf->addr);
		return -EFAULT;
	}
	if (!pf->has_fixup)
		report_fatal("kernel %s of %#lx cannot be resolved",
			     pf->error_code & PF_ERR_WRITE ? "write" : "read",
			     pf->addr);
	return -EFAULT;
}

/* FLT-8: pid 1 tries again, other users die, the kernel gets its fixup. */
static int out_of_memory(const struct page_fault *pf)
{
	if (current->pid == 1) {
		yield();
		return 0;
	}
	if (pf->user_mode)
		do_exit(SIGKILL);
	return bad_access(pf, SIGBUS);
}

/* FLT-5, FLT-6: the VMA that allows this access, or NULL. */
static struct vm_area_struct *fault_vma(struct mm_struct *mm,
					const struct page_fault *pf)
	__must_hold_shared(&mm->mmap_sem)
{
	struct vm_area_struct *vma = find_vma(mm, pf->addr);

	if (!vma)
		return NULL;
	if (pf->addr < vma_start(vma)) {
		if (!(vma->vm_flags & VM_GROWSDOWN))
			return NULL;
		if (pf->user_mode &&
		    pf->addr + STACK_SLACK < current->user_sp)
			return NULL;
		if (expand_stack(vma, pf->addr))
			return NULL;
	}
	if (pf->error_code & PF_ERR_WRITE)
		return vma->vm_flags & VM_WRITE ? vma : NULL;
	if (pf->error_code & PF_ERR_PROT)
		return NULL;
	return vma->vm_flags & (VM_READ | VM_EXEC) ? vma : NULL;
}

/* FLT-7. */
static int handle_fault(struct mm_struct *mm, const struct page_fault *pf)
{
	bool write = pf->error_code & PF_ERR_WRITE;
	struct vm_area_struct *vma;
	int result;

	/* FLT-4: an access without fixup may hold mmap_sem itself. */
	if (!down_read_trylock(&mm->mmap_sem)) {
		if (!pf->user_mode && !pf->has_fixup)
			return bad_access(pf, SIGSEGV);
		down_read(&mm->mmap_sem);
	}
	vma = fault_vma(mm, pf);
	if (!vma) {
		up_read(&mm->mmap_sem);
		return bad_access(pf, SIGSEGV);
	}
	result = handle_mm_fault(mm, vma, pf->addr, write);
	up_read(&mm->mmap_sem);
	switch (result) {
	case VM_FAULT_OOM:
		return out_of_memory(pf);
	case VM_FAULT_SIGBUS:
		return bad_access(pf, SIGBUS);
	case VM_FAULT_MAJOR:
		current->maj_flt++;
		return 0;
	default:
		current->min_flt++;
		return 0;
	}
}

/* FLT-3: nobody may sleep here. */
static bool in_atomic(void)
{
	const struct lthread *self = lthread_self();

	return self->spin_depth > 0 || self->irqs_off;
}

int do_page_fault(unsigned long error_code, uaddr_t addr, bool user_mode,
		  bool has_fixup)
{
	struct page_fault pf = {
		.addr = addr, .error_code = error_code,
		.user_mode = user_mode, .has_fixup = has_fixup,
	};

	/* FLT-2: the kernel half has nothing to fault in. */
	if (addr >= TASK_SIZE || !current->mm || in_atomic())
		return bad_access(&pf, SIGSEGV);
	return handle_fault(current->mm, &pf);
}
