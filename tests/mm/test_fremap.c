// SPDX-License-Identifier: GPL-2.0-or-later
#include "mm/filemap.h"
#include "mm/fremap.h"
#include "mm/gup.h"
#include "mm/memory.h"
#include "mm/mprotect.h"
#include "mm/page.h"
#include "mm/prio_tree.h"
#include "mm/truncate.h"
#include "tests/mm/vma_util.h"

static struct file *file;

static void boot_with_file(void)
{
	struct inode *inode;

	boot_machine();
	inode = inode_create("f", 8 * PAGE_SIZE, NULL);
	file = file_open(inode, FILE_READ | FILE_WRITE);
	iput(inode);
	cr_assert_eq(sys_mmap(AT(0), 4 * PAGE_SIZE, RW, MAP_SHARED | MAP_FIXED,
			      file, 0), AT(0));
}

static void stop_with_file(void)
{
	fput(file);
	stop_machine();
}

TestSuite(fremap, .init = boot_with_file, .fini = stop_with_file,
	  .timeout = 30);

static uint64_t word_of(pgoff_t index)
{
	return file_pattern(file->f_inode->i_ino, index, 0);
}

/* What was written before the page was replaced is not lost. */
Test(fremap, replaced_page_is_dirty)
{
	struct page *page;

	touch(1, 7);
	cr_expect_eq(sys_remap_file_pages(AT(1), PAGE_SIZE, 5), 0);
	page = find_get_page(file->f_mapping, 1);
	cr_assert_not_null(page);
	cr_expect(PageDirty(page));
	put_page(page);
}

/* MAP-35: out of the prio tree, onto the nonlinear list. */
Test(fremap, rearranges_pages)
{
	struct address_space *mapping = file->f_mapping;

	cr_expect_not(prio_tree_empty(&mapping->i_mmap));
	cr_expect_eq(sys_remap_file_pages(AT(1), 2 * PAGE_SIZE, 5), 0);
	cr_expect(prio_tree_empty(&mapping->i_mmap));
	cr_expect_not(cds_list_empty(&mapping->i_mmap_nonlinear));
	cr_expect_eq(peek(0), word_of(0));
	cr_expect_eq(peek(1), word_of(5));
	cr_expect_eq(peek(2), word_of(6));
	expect_valid();
}

/*
 * DEF-21: a forced write leaves an anonymous page in a shared area, and
 * rearranging the file's pages replaces it.
 */
Test(fremap, DEF_21_replaced_anonymous_page)
{
	struct mm_struct *mm = current->mm;
	struct page *page;

	cr_assert_eq(sys_mprotect(AT(0), 4 * PAGE_SIZE, PROT_READ), 0);
	cr_assert_eq(peek(1), word_of(1));
	down_read(&mm->mmap_sem);
	cr_assert_eq(get_user_pages(mm, AT(1), 1, GUP_WRITE | GUP_FORCE,
				    &page), 1);
	up_read(&mm->mmap_sem);
	cr_expect(PageAnon(page));
	put_page(page);
	cr_expect_eq(mm->anon_rss, 1);
	cr_expect_eq(sys_remap_file_pages(AT(1), PAGE_SIZE, 5), 0);
	cr_expect_eq(peek(1), word_of(5));
	cr_expect_eq(mm->anon_rss, 0);
	expect_valid();
}

Test(fremap, refusals)
{
	draw("......W");
	cr_expect_eq(sys_remap_file_pages(AT(6), PAGE_SIZE, 0), -EINVAL);
	cr_expect_eq(sys_remap_file_pages(AT(9), PAGE_SIZE, 0), -EINVAL);
	cr_expect_eq(sys_remap_file_pages(AT(0), 0, 0), -EINVAL);
	cr_expect_eq(sys_remap_file_pages(AT(3), 2 * PAGE_SIZE, 0), -EINVAL);
	cr_expect_eq(sys_remap_file_pages(AT(0), PAGE_SIZE, 8), -EINVAL);
}

/* DEF-21: replacing pages keeps rss exact, as validate_mm() sees it. */
Test(fremap, def_21_rss_is_exact)
{
	for (unsigned int i = 0; i < 4; i++)
		touch(i, i);
	cr_expect_eq(current->mm->rss, 4);
	for (unsigned int round = 0; round < 3; round++)
		cr_expect_eq(sys_remap_file_pages(AT(0), 3 * PAGE_SIZE,
						  round + 2), 0);
	cr_expect_eq(current->mm->rss, 4);
	expect_valid();
}

/* What was rearranged is written through to the right page. */
Test(fremap, writes_reach_the_file)
{
	uint64_t word = 0;

	cr_expect_eq(sys_remap_file_pages(AT(0), PAGE_SIZE, 7), 0);
	touch(0, 77);
	cr_expect_eq(file_read(file, 7 * PAGE_SIZE, &word, 8), 8);
	cr_expect_eq(word, 77);
}

/* A file PTE stands for a page that is not mapped. */
Test(fremap, file_pte)
{
	struct mm_struct *mm = current->mm;

	cr_expect_eq(sys_remap_file_pages(AT(0), PAGE_SIZE, 7), 0);
	down_write(&mm->mmap_sem);
	cr_expect_eq(install_file_pte(mm->mmap, AT(0), 6), 0);
	up_write(&mm->mmap_sem);
	expect_valid();
	cr_expect_eq(peek(0), word_of(6));
}

/* Every allocation: tables, and pages that are read from the file. */
Test(fremap, every_allocation)
{
	unsigned long n, hits = 1;
	unsigned int failed = 0;

	for (n = 1; hits; n++) {
		int err;

		fault_inject_arm(n);
		err = sys_remap_file_pages(AT(1), 2 * PAGE_SIZE, 5);
		hits = fault_inject_hits();
		fault_inject_disarm();
		cr_expect(err == 0 || (hits && err < 0), "n %lu: %d", n, err);
		failed += err < 0;
		expect_valid();
		if (!err) {
			cr_expect_eq(peek(1), word_of(5), "n %lu", n);
			cr_expect_eq(peek(2), word_of(6), "n %lu", n);
		}
		/* Tables go with the last area; pages stay with the file. */
		cr_assert_eq(sys_munmap(AT(0), 4 * PAGE_SIZE), 0);
		cr_expect_eq(current->mm->nr_ptes, 0ul, "n %lu", n);
		cr_assert_eq(sys_mmap(AT(0), 4 * PAGE_SIZE, RW,
				      MAP_SHARED | MAP_FIXED, file, 0), AT(0));
	}
	cr_expect_gt(failed, 2u);
}
