// SPDX-License-Identifier: GPL-2.0-or-later
/* Faults, copied PTEs, zapped PTEs, page tables and truncation. */
#include <signal.h>

#include "mm/exit.h"
#include "mm/gup.h"
#include "mm/memory.h"
#include "mm/page.h"
#include "mm/pgtable.h"
#include "mm/sched.h"
#include "mm/swapfile.h"
#include "mm/truncate.h"
#include "tests/mm/vma_util.h"

TestSuite(memory, .init = boot_machine, .fini = stop_machine, .timeout = 60);

static struct task_struct half_built;

static struct mm_struct *forked_mm(void)
{
	cr_assert_eq(copy_mm(0, &half_built), 0);
	return half_built.mm;
}

/* The PTE of a page, made if its table is missing. */
static pte_t *ptep_at(struct mm_struct *mm, unsigned int page)
{
	pte_t *ptep;

	spin_lock(&mm->page_table_lock);
	ptep = pte_alloc_addr(mm, AT(page));
	spin_unlock(&mm->page_table_lock);
	cr_assert_not_null(ptep);
	return ptep;
}

static pte_t pte_at(struct mm_struct *mm, unsigned int page)
{
	return ptep_get(ptep_at(mm, page));
}

static struct page *page_at(unsigned int page)
{
	return pte_page(pte_at(current->mm, page));
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

/* FLT-20, FLT-21: reading maps the zero page, writing a page of one's own. */
Test(memory, flt_20_anonymous)
{
	struct mm_struct *mm = current->mm;

	draw("W");
	cr_expect_eq(peek(0), 0ul);
	cr_expect_eq(mm->rss, 0ul);
	cr_expect_eq(page_at(0), ZERO_PAGE(0));
	cr_expect_not(pte_write(pte_at(mm, 0)));
	touch(0, 9); /* FLT-48 with a reserved page */
	cr_expect_eq(mm->rss, 1ul);
	cr_expect_eq(mm->anon_rss, 1ul);
	cr_expect(PageAnon(page_at(0)));
	cr_expect(pte_write(pte_at(mm, 0)));
	expect_valid();
}

/* FLT-29: a file page; FLT-27: a private write copies at once. */
Test(memory, flt_27_file)
{
	struct mm_struct *mm = current->mm;
	struct file *shared = map_file(0, 2, MAP_SHARED);
	struct file *private = map_file(4, 2, MAP_PRIVATE);

	cr_expect_eq(peek(0), file_pattern(shared->f_inode->i_ino, 0, 0));
	touch(1, 7);
	cr_expect_eq(mm->rss, 2ul);
	cr_expect_eq(mm->anon_rss, 0ul);
	cr_expect_not(PageAnon(page_at(1)));
	touch(4, 8);
	cr_expect_eq(mm->anon_rss, 1ul);
	cr_expect(PageAnon(page_at(4)));
	cr_expect_eq(peek(5), file_pattern(private->f_inode->i_ino, 1, 0));
	touch(5, 8); /* FLT-48 with a page-cache page */
	cr_expect_eq(mm->anon_rss, 2ul);
	cr_expect_eq(mm->rss, 4ul);
	expect_valid();
	sys_munmap(AT(0), 8 * PAGE_SIZE);
	fput(shared);
	fput(private);
}

/* FLT-45 to FLT-48: the first writer copies, the last one reuses. */
Test(memory, flt_45_reuse)
{
	struct mm_struct *mm;
	struct page *page;

	draw("W");
	touch(0, 1);
	lru_add_drain_all(); /* or the queue's reference forces a copy */
	page = page_at(0);
	mm = forked_mm();
	cr_expect_eq(page_count(page), 2);
	cr_expect_eq(page_mapcount(page), 2);
	touch(0, 2);
	cr_expect_neq(page_at(0), page);
	cr_expect_eq(page_mapcount(page), 1);
	mmput(mm);
	lru_add_drain_all();
	page = page_at(0);
	mm = forked_mm();
	mmput(mm);
	cr_expect_not(pte_write(pte_at(current->mm, 0)));
	touch(0, 3);
	cr_expect_eq(page_at(0), page);
	expect_valid();
}

/* CPR-7, CPR-8: the bits of a copied PTE, by kind of VMA. */
Test(memory, cpr_7_bits)
{
	struct file *file = map_file(2, 1, MAP_SHARED);
	struct mm_struct *mm;

	draw("W");
	touch(0, 1);
	touch(2, 1);
	mm = forked_mm();
	cr_expect_not(pte_write(pte_at(current->mm, 0)));
	cr_expect_not(pte_write(pte_at(mm, 0)));
	cr_expect(pte_dirty(pte_at(mm, 0)));
	cr_expect_not(pte_young(pte_at(mm, 0)));
	cr_expect(pte_write(pte_at(current->mm, 2)));
	cr_expect(pte_dirty(pte_at(current->mm, 2)));
	cr_expect(pte_write(pte_at(mm, 2)));
	cr_expect_not(pte_dirty(pte_at(mm, 2)));
	cr_expect_eq(mm->rss, 2ul);
	cr_expect_eq(mm->anon_rss, 1ul);
	mmput(mm);
	sys_munmap(AT(2), PAGE_SIZE);
	fput(file);
}

/* CPR-6, CPR-9, ORD-10: swap and file PTEs; EXIT-34: and their end. */
Test(memory, cpr_6_absent_ptes)
{
	struct mm_struct *mm, *parent = current->mm;
	swp_entry_t entry;
	int type;

	draw("WW");
	type = sys_swapon(16, 0);
	cr_assert_geq(type, 0);
	entry = get_swap_page();
	mmlist_add(parent, &init_mm);
	set_pte(ptep_at(parent, 0), swp_entry_to_pte(entry));
	set_pte(ptep_at(parent, 1), pgoff_to_pte(77));
	mm = forked_mm();
	cr_expect(pte_same(pte_at(mm, 0), pte_at(parent, 0)));
	cr_expect_eq(pte_to_pgoff(pte_at(mm, 1)), 77ul);
	cr_expect_eq(swap_info[type].swap_map[swp_offset(entry)], 2);
	cr_expect_eq(parent->mmlist.next, &mm->mmlist);
	cr_expect_eq(mm->rss, 0ul);
	mmput(mm);
	cr_expect_eq(swap_info[type].swap_map[swp_offset(entry)], 1);
	sys_munmap(AT(0), 2 * PAGE_SIZE);
	cr_expect_eq(swap_info[type].swap_map[swp_offset(entry)], 0);
}

/* CPR-3, CPR-11: n page tables, each allocation fails in turn. */
Test(memory, cpr_11_partial_copy)
{
	const unsigned int step = PTRS_PER_PTE;
	unsigned long tables;
	int n = 0, err;

	for (unsigned int i = 0; i < 4; i++) {
		map_fixed(i * step, 1, RW);
		touch(i * step, i);
	}
	cr_expect_eq(current->mm->nr_ptes, 4ul);
	sched_idle_leave_all();
	tables = nr_page_table_pages();
	do {
		fault_inject_arm((unsigned long)++n);
		err = copy_mm(0, &half_built);
		if (!err)
			mmput(half_built.mm);
		cr_expect_eq(nr_page_table_pages(), tables, "n = %d", n);
	} while (fault_inject_hits());
	fault_inject_disarm();
	cr_expect_geq(n, 8);
	expect_valid();
}

/* MAP-22, EXIT-41: a table goes with the last VMA in its reach. */
Test(memory, map_22_page_tables)
{
	struct mm_struct *mm = current->mm;
	const unsigned int step = PTRS_PER_PTE;
	unsigned long tables = nr_page_table_pages();

	map_fixed(0, 2, RW);
	map_fixed(2, 1, PROT_READ);
	map_fixed(step, 1, RW);
	touch(0, 1);
	touch(1, 1);
	touch(step, 1);
	cr_expect_eq(mm->nr_ptes, 2ul);
	sys_munmap(AT(0), 2 * PAGE_SIZE);
	cr_expect_eq(mm->nr_ptes, 2ul); /* page 2 is still mapped */
	sys_munmap(AT(2), PAGE_SIZE);
	cr_expect_eq(mm->nr_ptes, 1ul);
	sys_munmap(AT(step), PAGE_SIZE);
	cr_expect_eq(mm->nr_ptes, 0ul);
	cr_expect_eq(nr_page_table_pages(), tables);
	cr_expect_eq(mm->rss, 0ul);
}

static const struct vm_operations *real_ops;
static pid_t truncater;
static DECLARE_COMPLETION(truncated);

static void truncate_to_two(void *inode)
{
	do_truncate(inode, 2 * PAGE_SIZE);
	complete(&truncated);
}

/* A truncation comes between the page and the PTE, once. */
static struct page *racing_nopage(struct vm_area_struct *vma, uaddr_t addr,
				  int *type)
{
	struct page *page = real_ops->nopage(vma, addr, type);

	if (!truncater) {
		truncater = kernel_thread(truncate_to_two,
					  vma->vm_file->f_inode, SIGCHLD);
		wait_for_completion(&truncated);
	}
	return page;
}

/* FLT-28, FLT-30, ORD-13: the faulter retries and sees the new size. */
Test(memory, flt_28_truncation_retry)
{
	static struct vm_operations racing_ops;
	struct file *file = map_file(0, 4, MAP_SHARED);
	struct mm_struct *mm = current->mm;
	struct vm_area_struct *vma;
	int status;

	down_read(&mm->mmap_sem);
	vma = find_vma(mm, AT(0));
	real_ops = vma->vm_ops;
	racing_ops = *real_ops;
	racing_ops.nopage = racing_nopage;
	vma->vm_ops = &racing_ops;
	cr_expect_eq(handle_mm_fault(mm, vma, AT(3), false),
		     VM_FAULT_SIGBUS);
	cr_expect_eq(handle_mm_fault(mm, vma, AT(1), false),
		     VM_FAULT_MAJOR);
	vma->vm_ops = real_ops;
	up_read(&mm->mmap_sem);
	cr_assert_eq(sys_wait4(truncater, &status, 0), truncater);
	cr_expect(pte_none(pte_at(mm, 3)));
	expect_valid();
	sys_munmap(AT(0), 4 * PAGE_SIZE);
	fput(file);
}

/* Truncation takes the pages from everybody, private copies too. */
Test(memory, ord_12_truncate_unmaps)
{
	struct file *file = map_file(0, 4, MAP_SHARED);
	struct mm_struct *mm;

	cr_assert_eq(sys_mmap(AT(8), 4 * PAGE_SIZE, RW,
			      MAP_PRIVATE | MAP_FIXED, file, 0), AT(8));
	for (unsigned int page = 0; page < 4; page++) {
		touch(page, 1);
		touch(8 + page, 2);
	}
	mm = forked_mm();
	do_truncate(file->f_inode, PAGE_SIZE + 8);
	for (unsigned int page = 0; page < 4; page++) {
		cr_expect_eq(pte_none(pte_at(current->mm, page)), page >= 2);
		cr_expect_eq(pte_none(pte_at(mm, page)), page >= 2);
		cr_expect_eq(pte_none(pte_at(mm, 8 + page)), page >= 2);
	}
	cr_expect_eq(mm->rss, 4ul);
	cr_expect_eq(current->mm->rss, 4ul);
	mmput(mm);
	expect_valid();
	sys_munmap(AT(0), 12 * PAGE_SIZE);
	fput(file);
}

/* CPR-5: it makes way for who waits, and yet comes to an end. */
Test(memory, cpr_5_truncate_beside_one_who_always_waits)
{
	struct file *file = map_file(0, 4, MAP_SHARED);
	spinlock_t *lock = &file->f_mapping->i_mmap_lock;

	for (unsigned int page = 0; page < 4; page++)
		touch(page, 1);
	__atomic_fetch_add(&lock->waiters, 1, __ATOMIC_SEQ_CST);
	do_truncate(file->f_inode, PAGE_SIZE);
	__atomic_fetch_sub(&lock->waiters, 1, __ATOMIC_SEQ_CST);
	for (unsigned int page = 0; page < 4; page++)
		cr_expect_eq(pte_none(pte_at(current->mm, page)), page >= 1);
	expect_valid();
	sys_munmap(AT(0), 4 * PAGE_SIZE);
	fput(file);
}

static int gup(unsigned int page, unsigned int flags, struct page **result)
{
	int n;

	down_read(&current->mm->mmap_sem);
	n = get_user_pages(current->mm, AT(page), 1, flags, result);
	up_read(&current->mm->mmap_sem);
	return n;
}

/* PROC-6, FLT-49: rights, force, the zero page, and a forced copy. */
Test(memory, proc_6_get_user_pages)
{
	struct file *file = map_file(4, 1, MAP_PRIVATE);
	struct page *page;

	draw("W.R");
	cr_expect_eq(gup(0, 0, &page), 1);
	cr_expect_eq(page, ZERO_PAGE(0));
	cr_expect_eq(current->mm->rss, 0ul);
	cr_expect_eq(gup(0, GUP_WRITE, &page), 1);
	cr_expect(PageAnon(page));
	put_page(page);
	cr_expect_eq(gup(1, 0, &page), -EFAULT);
	cr_expect_eq(gup(2, GUP_WRITE, &page), -EFAULT);
	cr_expect_eq(gup(2, GUP_WRITE | GUP_FORCE, &page), 1);
	cr_expect(PageAnon(page));
	cr_expect_not(pte_write(pte_at(current->mm, 2)));
	cr_expect(pte_dirty(pte_at(current->mm, 2)));
	put_page(page);
	cr_expect_eq(gup(4, 0, &page), 1);
	cr_expect_not(PageAnon(page));
	put_page(page);
	expect_valid();
	sys_munmap(AT(4), PAGE_SIZE);
	fput(file);
}
