// SPDX-License-Identifier: GPL-2.0-or-later
/* accounting.c - commit accounting and limits (spec 0.10, MAP-10, DEF-19) */
#include "mm/accounting.h"

#include <errno.h>
#include <limits.h>

#include "mm/cpu.h"
#include "mm/fault_inject.h"

atomic_long_t vm_committed_space;
unsigned long sysctl_overcommit_limit;

void vm_acct_memory(long pages)
{
	struct vm_acct_residue *acct = &this_cpu()->acct;
	long residue = READ_ONCE(acct->pages) + pages;
	long threshold = max(16, 2 * nr_cpu_ids);

	if (residue > threshold || residue < -threshold) {
		atomic_long_add(residue, &vm_committed_space);
		residue = 0;
	}
	WRITE_ONCE(acct->pages, residue);
}

/*
 * Charge @pages unless that exceeds @limit, in one step.  2.6.11 charges,
 * looks and takes back: meanwhile a request that is refused for its size
 * makes others fail that fit.
 */
static bool charge_below(long pages, long limit)
{
	long old = atomic_long_read(&vm_committed_space), seen;

	for (;;) {
		if (old + READ_ONCE(this_cpu()->acct.pages) + pages > limit)
			return false;
		seen = atomic_long_cmpxchg(&vm_committed_space, old,
					   old + pages);
		if (seen == old)
			return true;
		old = seen;
	}
}

/* The limit is soft by the residues: 2 x CPUs pages each, as in the kernel. */
int vm_enough_memory(long pages)
{
	unsigned long limit = READ_ONCE(sysctl_overcommit_limit);

	if (should_fail_alloc())
		return -ENOMEM;
	if (limit)
		return charge_below(pages, (long)limit) ? 0 : -ENOMEM;
	vm_acct_memory(pages);
	return 0;
}

long vm_committed_total(void)
{
	long pages = atomic_long_read(&vm_committed_space);
	struct cpu *cpu;

	for_each_online_cpu(cpu)
		pages += READ_ONCE(cpu->acct.pages);
	return pages;
}

void vm_acct_drain(void)
{
	struct cpu *cpu;

	for_each_online_cpu(cpu) {
		atomic_long_add(READ_ONCE(cpu->acct.pages),
				&vm_committed_space);
		WRITE_ONCE(cpu->acct.pages, 0);
	}
}

unsigned long rlimit_pages(unsigned int resource)
{
	struct signal_struct *sig = current->signal;
	rlim_t limit;

	if (!sig)
		return ULONG_MAX >> PAGE_SHIFT;
	limit = READ_ONCE(sig->rlim[resource].rlim_cur);
	return limit >> PAGE_SHIFT;
}

bool may_expand_vm(struct mm_struct *mm, unsigned long pages)
{
	unsigned long total = atomic_long_read(&mm->total_vm);

	return total + pages <= rlimit_pages(RLIMIT_AS);
}

bool may_lock_vm(struct mm_struct *mm, unsigned long pages)
{
	unsigned long locked = atomic_long_read(&mm->locked_vm);

	return locked + pages <= rlimit_pages(RLIMIT_MEMLOCK);
}

void vm_stat_account(struct mm_struct *mm, unsigned long flags,
		     struct file *file, long pages)
{
	if (file) {
		mm->shared_vm += pages;
		if ((flags & (VM_EXEC | VM_WRITE)) == VM_EXEC)
			mm->exec_vm += pages;
	} else if (flags & VM_GROWSDOWN) {
		atomic_long_add(pages, &mm->stack_vm);
	}
	if (flags & (VM_RESERVED | VM_IO))
		mm->reserved_vm += pages;
}

void update_mem_hiwater(struct mm_struct *mm)
{
	unsigned long rss = READ_ONCE(mm->rss);
	unsigned long vm = (unsigned long)atomic_long_read(&mm->total_vm);

	if (READ_ONCE(mm->hiwater_rss) < rss)
		WRITE_ONCE(mm->hiwater_rss, rss);
	if (READ_ONCE(mm->hiwater_vm) < vm)
		WRITE_ONCE(mm->hiwater_vm, vm);
}
