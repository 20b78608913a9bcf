// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Each row breaks one thing behind validate_mm()'s back, looks whether it
 * says so and of what, and mends it.
 */
#include "mm/pagewalk.h"
#include "mm/pgtable.h"
#include "mm/prio_tree.h"
#include "mm/swap.h"
#include "mm/swapfile.h"
#include "tests/mm/vma_util.h"

static struct file *file;

/* Three VMAs: writable with a page at 1, file at 4 (private), shared at 8. */
static void boot_with_layout(void)
{
	struct inode *inode;

	boot_machine();
	inode = inode_create("f", 4 * PAGE_SIZE, NULL);
	file = file_open(inode, FILE_READ | FILE_WRITE);
	iput(inode);
	draw("WW");
	touch(1, 1);
	sys_mmap(AT(4), 2 * PAGE_SIZE, RW, MAP_PRIVATE | MAP_FIXED, file, 0);
	sys_mmap(AT(8), 2 * PAGE_SIZE, RW, MAP_SHARED | MAP_FIXED, file, 0);
	peek(4);
	touch(8, 1);
}

static void stop_with_layout(void)
{
	fput(file);
	stop_machine();
}

TestSuite(validate, .init = boot_with_layout, .fini = stop_with_layout,
	  .timeout = 30);

/* validate_mm() finds something and names the rule; then all is forgotten. */
static void expect_broken(const char *rule)
{
	struct mm_struct *mm = current->mm;

	last_finding[0] = '\0';
	down_write(&mm->mmap_sem);
	cr_expect_gt(validate_mm(mm), 0, "%s not found", rule);
	up_write(&mm->mmap_sem);
	cr_expect_not_null(strstr(last_finding, rule), "%s", last_finding);
	findings_reset();
}

static pte_t *pte_of(unsigned int page)
{
	struct mm_struct *mm = current->mm;
	pte_t *ptep;

	spin_lock(&mm->page_table_lock);
	ptep = walk_pte(mm, AT(page));
	spin_unlock(&mm->page_table_lock);
	return ptep;
}

Test(validate, inv_4_list_and_map_count)
{
	struct vm_area_struct *vma = current->mm->mmap;

	current->mm->map_count++;
	expect_broken("INV-4");
	current->mm->map_count--;
	vma->vm_end += 8 * PAGE_SIZE;
	expect_broken("INV-4");
	vma->vm_end -= 8 * PAGE_SIZE;
	vma->vm_mm = NULL;
	expect_broken("INV-4");
	vma->vm_mm = current->mm;
	expect_valid();
}

Test(validate, inv_5_mmap_cache)
{
	struct vm_area_struct *cache = current->mm->mmap_cache;
	static struct vm_area_struct stranger;

	current->mm->mmap_cache = &stranger;
	expect_broken("INV-5");
	current->mm->mmap_cache = cache;
}

Test(validate, inv_6_counters)
{
	struct mm_struct *mm = current->mm;

	atomic_long_inc(&mm->total_vm);
	expect_broken("INV-6");
	atomic_long_dec(&mm->total_vm);
	mm->shared_vm--;
	expect_broken("INV-6");
	mm->shared_vm++;
	mm->mmap->vm_flags |= VM_LOCKED;
	expect_broken("INV-6");
	mm->mmap->vm_flags &= ~(unsigned long)VM_LOCKED;
}

Test(validate, inv_7_prio_tree_key)
{
	struct vm_area_struct *vma = current->mm->mmap->vm_next;

	vma->shared.node.start++;
	expect_broken("INV-7");
	vma->shared.node.start--;
	vma->vm_pgoff++;
	expect_broken("INV-7");
	vma->vm_pgoff--;
}

Test(validate, inv_10_anon_vma_list)
{
	struct vm_area_struct *vma = current->mm->mmap;

	cds_list_del_init(&vma->anon_vma_node);
	expect_broken("INV-10");
	cds_list_add(&vma->anon_vma_node, &vma->anon_vma->head);
}

Test(validate, inv_12_inv_13_page_counts)
{
	struct mm_struct *mm = current->mm;

	mm->rss++;
	expect_broken("INV-12");
	mm->rss--;
	mm->anon_rss--;
	expect_broken("INV-12");
	mm->anon_rss++;
	mm->nr_ptes++;
	expect_broken("INV-13");
	mm->nr_ptes--;
}

Test(validate, inv_20_writable_cache_page)
{
	pte_t *ptep = pte_of(4), pte = ptep_get(ptep);

	set_pte(ptep, pte_mkwrite(pte));
	expect_broken("INV-20");
	set_pte(ptep, pte);
}

Test(validate, inv_21_reverse_map)
{
	pte_t *ptep = pte_of(1), pte = ptep_get(ptep);
	struct page *page = pte_page(pte);

	page->index++;
	expect_broken("INV-21");
	page->index--;
	/* The same page where no VMA is. */
	set_pte(pte_of(12), pte);
	current->mm->rss++;
	expect_broken("INV-21");
	pte_clear(pte_of(12));
	current->mm->rss--;
	expect_valid();
}

/* swapoff looks for entries in the mms of a list. */
Test(validate, inv_17_swapped_out_and_not_listed)
{
	struct mm_struct *mm = current->mm;
	swp_entry_t slot;

	cr_assert_geq(sys_swapon(16, 0), 0);
	slot = get_swap_page();
	set_pte(pte_of(0), swp_entry_to_pte(slot));
	expect_broken("INV-17");
	mm->mmlisted = true;
	expect_broken("INV-17");
	mm->mmlisted = false;
	mmlist_add(mm, &init_mm);
	expect_valid();
	/* An entry where no VMA is. */
	set_pte(pte_of(12), swp_entry_to_pte(slot));
	expect_broken("INV-21");
	pte_clear(pte_of(12));
	pte_clear(pte_of(0));
	mmlist_del(mm);
	swap_free(slot);
	expect_valid();
}

/* Not before there were more changes than there are VMAs. */
Test(validate, amortised)
{
	struct mm_struct *mm = current->mm;
	unsigned int before;

	for (unsigned int i = 0; i < 100; i++)
		map_fixed(20 + i * 2, 1, RW);
	before = mm->nr_validated;
	for (unsigned int i = 0; i < 200; i++) {
		map_fixed(16, 1, RW);
		cr_expect_eq(sys_munmap(AT(16), PAGE_SIZE), 0);
	}
	cr_expect_geq(mm->nr_validated, before + 3);
	cr_expect_leq(mm->nr_validated, before + 4);
}
