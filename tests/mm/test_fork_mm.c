// SPDX-License-Identifier: GPL-2.0-or-later
/* What a fork copies, what it leaves out, and how references are watched. */
#include <signal.h>

#include "mm/exit.h"
#include "mm/mempolicy.h"
#include "mm/mlock.h"
#include "mm/prio_tree.h"
#include "tests/mm/vma_util.h"

TestSuite(fork_mm, .init = boot_machine, .fini = stop_machine, .timeout = 60);

/* A task nobody sees, for copy_mm() without the rest of a fork. */
static struct task_struct half_built;

static struct mm_struct *forked_mm(void)
{
	cr_assert_eq(copy_mm(0, &half_built), 0);
	cr_assert_neq(half_built.mm, current->mm);
	return half_built.mm;
}

static struct file *map_file(unsigned int page, unsigned int pages, int flags)
{
	struct inode *inode = inode_create("f", pages * PAGE_SIZE, NULL);
	struct file *file = file_open(inode, FILE_READ | FILE_WRITE);

	iput(inode);
	cr_assert_eq(sys_mmap(AT(page), pages * PAGE_SIZE, RW,
			      flags | MAP_FIXED, file, 0), AT(page));
	return file;
}

static struct vm_area_struct *vma_at(struct mm_struct *mm, unsigned int page)
{
	struct vm_area_struct *vma;

	down_read(&mm->mmap_sem);
	vma = find_vma(mm, AT(page));
	up_read(&mm->mmap_sem);
	return vma;
}

static void madvise_dontcopy(unsigned int page)
{
	down_write(&current->mm->mmap_sem);
	find_vma(current->mm, AT(page))->vm_flags |= VM_DONTCOPY;
	up_write(&current->mm->mmap_sem);
}

static void expect_child_valid(struct mm_struct *mm)
{
	down_write(&mm->mmap_sem);
	cr_expect_eq(validate_mm(mm), 0, "%s", last_finding);
	up_write(&mm->mmap_sem);
}

/* FORK-30, FORK-32: the child's mm is another one, with counts of its own. */
Test(fork_mm, fork_32_counts)
{
	struct mm_struct *mm;

	draw("WW.R");
	touch(0, 1);
	current->mm->brk = 0x1234000;
	mm = forked_mm();
	cr_expect_eq(half_built.active_mm, mm);
	cr_expect_eq(atomic_read(&mm->mm_users), 1);
	cr_expect_eq(atomic_read(&mm->mm_count), 1);
	cr_expect_eq(mm->map_count, 2);
	cr_expect_eq(mm->brk, 0x1234000ul);
	cr_expect_null(mm->mmap_cache);
	cr_expect_eq(mm->core_waiters, 0);
	cr_expect_eq(mm->rss, 1ul);
	cr_expect_eq(mm->anon_rss, 1ul);
	cr_expect_eq(mm->hiwater_rss, mm->rss);
	cr_expect(cpus_empty(&mm->cpu_vm_mask));
	expect_child_valid(mm);
	mmput(mm);
	cr_expect_eq(nr_mms(), 1ul);
}

/* FORK-31: a thread shares, and takes no mmap_sem. */
Test(fork_mm, fork_31_clone_vm)
{
	struct mm_struct *mm = current->mm;

	down_write(&mm->mmap_sem);
	cr_assert_eq(copy_mm(CLONE_VM, &half_built), 0);
	up_write(&mm->mmap_sem);
	cr_expect_eq(half_built.mm, mm);
	cr_expect_eq(atomic_read(&mm->mm_users), 2);
	cr_expect_eq(atomic_read(&mm->mm_count), 1);
	mmput(mm);
}

/* FORK-51, DEF-2: what is not copied is not counted either. */
Test(fork_mm, fork_51_dontcopy)
{
	struct mm_struct *mm;

	draw("WW.RRR");
	madvise_dontcopy(0);
	mm = forked_mm();
	cr_expect_eq(mm->map_count, 1);
	cr_expect_eq(atomic_long_read(&mm->total_vm), 3);
	cr_expect_eq(atomic_long_read(&current->mm->total_vm), 5);
	expect_child_valid(mm);
	mmput(mm);
}

/* FORK-62: locks are not inherited. */
Test(fork_mm, fork_62_locked)
{
	struct mm_struct *mm;

	draw("WWW");
	cr_assert_eq(sys_mlock(AT(0), 3 * PAGE_SIZE), 0);
	mm = forked_mm();
	cr_expect_eq(atomic_long_read(&mm->locked_vm), 0);
	cr_expect_eq(mm->def_flags, 0ul);
	cr_expect_not(mm->mmap->vm_flags & VM_LOCKED);
	cr_expect_eq(mm->rss, 3ul);
	expect_child_valid(mm);
	mmput(mm);
}

/* FORK-52 step 7, FORK-55, DEF-3: the file side of a shared mapping. */
Test(fork_mm, fork_52_file_links)
{
	struct file *file = map_file(0, 4, MAP_SHARED);
	struct address_space *mapping = file->f_mapping;
	struct vm_area_struct *vma, *parent, *child;
	struct prio_tree_iter iter;
	struct mm_struct *mm;
	int seen = 0;

	touch(1, 5);
	parent = vma_at(current->mm, 0);
	cr_expect_eq(mapping->i_mmap_writable, 1u);
	mm = forked_mm();
	child = vma_at(mm, 0);
	cr_expect_eq(mapping->i_mmap_writable, 2u);
	cr_expect_eq(atomic_read(&file->f_count), 3);
	spin_lock(&mapping->i_mmap_lock);
	vma_prio_tree_foreach(vma, &iter, &mapping->i_mmap, 0, 3)
		cr_expect_eq(vma, seen++ ? child : parent);
	spin_unlock(&mapping->i_mmap_lock);
	cr_expect_eq(seen, 2);
	mmput(mm);
	cr_expect_eq(mapping->i_mmap_writable, 1u);
	cr_expect_eq(atomic_read(&file->f_count), 2);
	sys_munmap(AT(0), 4 * PAGE_SIZE);
	cr_expect_eq(mapping->i_mmap_writable, 0u);
	fput(file);
}

/* FORK-52 step 6, FORK-56: the child is at the head of the anon_vma's list. */
Test(fork_mm, fork_56_anon_vma_order)
{
	struct vm_area_struct *vma, *parent;
	struct mm_struct *mm;

	draw("W");
	touch(0, 1);
	parent = vma_at(current->mm, 0);
	mm = forked_mm();
	vma = vma_at(mm, 0);
	cr_expect_eq(vma->anon_vma, parent->anon_vma);
	cr_expect_eq(vma->anon_vma->head.next, &vma->anon_vma_node);
	mmput(mm);
}

/* FORK-52 steps 1 and 4: charge and policy. */
Test(fork_mm, fork_52_charge_and_policy)
{
	long policies, before;
	struct mm_struct *mm;

	draw("WWWW.RR");
	cr_assert_eq(sys_mbind(AT(5), PAGE_SIZE, MPOL_BIND, 1), 0);
	before = vm_committed_total();
	policies = kmem_cache_live(policy_cachep);
	mm = forked_mm();
	cr_expect_eq(vm_committed_total(), before + 4);
	cr_expect_eq(kmem_cache_live(policy_cachep), policies + 1);
	cr_expect_neq(vma_at(mm, 5)->vm_policy,
		      vma_at(current->mm, 5)->vm_policy);
	mmput(mm);
	cr_expect_eq(vm_committed_total(), before);

	/* FORK-57, B-24: refused at each VMA in turn, nothing stays charged. */
	sysctl_overcommit_limit = (unsigned long)before + 3;
	cr_expect_eq(copy_mm(0, &half_built), -ENOMEM);
	cr_expect_null(half_built.mm);
	cr_expect_eq(vm_committed_total(), before);
	cr_expect_eq(nr_mms(), 1ul);
	sysctl_overcommit_limit = 0;
}

static uint64_t seen_by_child;

static void read_and_write(void *arg)
{
	(void)arg;
	user_read64(AT(0), &seen_by_child);
	user_write64(AT(0), 2);
}

/*
 * DEF-7: fork tells what went wrong.  Only a policy that nobody can set makes
 * dup_mmap() fail for another reason than lack of memory.
 */
Test(fork_mm, DEF_7_error_of_dup_mmap)
{
	struct mempolicy *pol;

	draw("WW");
	cr_assert_eq(sys_mbind(AT(0), PAGE_SIZE, MPOL_BIND, 1), 0);
	pol = current->mm->mmap->vm_policy;
	pol->policy = 99;
	cr_expect_eq(copy_mm(0, &half_built), -EINVAL);
	pol->policy = MPOL_BIND;
}

/* FORK-53, ORD-11: both go on with pages of their own. */
Test(fork_mm, fork_53_copy_on_write)
{
	int status;
	pid_t pid;

	draw("W");
	touch(0, 1);
	pid = sys_fork(read_and_write, NULL);
	touch(0, 3); /* through a TLB entry that was writable */
	cr_assert_eq(sys_wait4(pid, &status, 0), pid);
	cr_expect_eq(seen_by_child, 1ul);
	cr_expect_eq(peek(0), 3ul);
}

/* FORK-20, ORD-4: the parent goes on when the child has let go of the mm. */
Test(fork_mm, fork_20_vfork)
{
	int status;
	pid_t pid;

	draw("W");
	touch(0, 1);
	pid = sys_vfork(read_and_write, NULL);
	cr_expect_eq(seen_by_child, 1ul); /* no other latch than vfork() */
	cr_expect_eq(peek(0), 2ul);
	cr_assert_eq(sys_wait4(pid, &status, 0), pid);
}

static void nothing(void *arg)
{
	(void)arg;
}

/* FORK-17, EXIT-10: tid words; the parent is the second user of the mm. */
Test(fork_mm, exit_10_tid_words)
{
	struct kernel_clone_args args = {
		.flags = SIGCHLD | CLONE_VM | CLONE_CHILD_SETTID,
		.entry = nothing, .child_tid = AT(0),
	};
	int status;
	pid_t pid;

	draw("W");
	touch(0, 0);
	pid = sys_clone(&args);
	cr_assert_eq(sys_wait4(pid, &status, 0), pid);
	cr_expect_eq(peek(0), (uint64_t)pid);
	args.flags |= CLONE_CHILD_CLEARTID;
	pid = sys_clone(&args);
	cr_assert_eq(sys_wait4(pid, &status, 0), pid);
	cr_expect_eq(peek(0), 0ul);
}

/* EXIT-11, DEF-9: alone, nothing is stored, but the address is forgotten. */
Test(fork_mm, exit_12_forgets_the_address)
{
	struct task_struct *tsk = current;

	draw("W");
	touch(0, 7);
	tsk->clear_child_tid = AT(0);
	mm_release(tsk, tsk->mm);
	cr_expect_eq(tsk->clear_child_tid, 0ul);
	cr_expect_eq(peek(0), 7ul);
	mmget(tsk->mm);
	tsk->clear_child_tid = AT(0);
	mm_release(tsk, tsk->mm);
	cr_expect_eq(peek(0), 0ul);
	mmput(tsk->mm);
}

/* PROC-1. */
Test(fork_mm, proc_1_get_task_mm)
{
	struct mm_struct *mm = get_task_mm(current);

	cr_expect_eq(mm, current->mm);
	cr_expect_eq(atomic_read(&mm->mm_users), 2);
	mmput(mm);
	current->flags |= PF_BORROWED_MM;
	cr_expect_null(get_task_mm(current));
	current->flags &= ~(unsigned long)PF_BORROWED_MM;
	cr_expect_null(get_task_mm(&init_task));
}

static bool count_mm(struct mm_struct *mm, void *arg)
{
	int *n = arg;

	cr_expect(*n == 0 ? mm == &init_mm : mm == current->mm);
	return ++*n < 2;
}

Test(fork_mm, every_mm_is_listed)
{
	int n = 0;

	mm_for_each(count_mm, &n);
	cr_expect_eq(n, 2);
}

static int refcount_findings;

static void note_refcount(const struct finding *f)
{
	cr_expect_eq(f->kind, FINDING_REFCOUNT, "%s", f->text);
	refcount_findings++;
}

/* The counts watch themselves: never up from 0, never below 0. */
Test(fork_mm, references_are_watched)
{
	struct mm_struct *mm = mm_alloc();
	finding_sink_t sink = set_finding_sink(note_refcount);

	atomic_set(&mm->mm_users, 0);
	mmget(mm);
	cr_expect_eq(refcount_findings, 1);
	atomic_set(&mm->mm_users, 0);
	mmput(mm);
	cr_expect_eq(refcount_findings, 2);
	atomic_set(&mm->mm_users, 1);
	set_finding_sink(sink);
	findings_reset();
	mmput(mm);
}
