// SPDX-License-Identifier: GPL-2.0-or-later
#include "mm/memory.h"
#include "mm/page.h"
#include "mm/truncate.h"
#include "tests/mm/vma_util.h"

#define PAGES 6

static struct file *file;
static struct address_space *mapping;

static void boot_with_file(void)
{
	struct inode *inode;

	boot_machine();
	inode = inode_create("f", PAGES * PAGE_SIZE, NULL);
	file = file_open(inode, FILE_READ | FILE_WRITE);
	mapping = file->f_mapping;
	iput(inode);
}

static void stop_with_file(void)
{
	fput(file);
	stop_machine();
}

TestSuite(filemap, .init = boot_with_file, .fini = stop_with_file,
	  .timeout = 30);

static uint64_t word_of(pgoff_t index, unsigned int word)
{
	return file_pattern(file->f_inode->i_ino, index, word);
}

/* REF-6: the cache holds one reference, each look-up one more. */
Test(filemap, look_up_counts)
{
	struct page *page;
	bool major = false;

	cr_expect_null(find_get_page(mapping, 3));
	page = read_cache_page(mapping, 3, &major);
	cr_expect(major);
	cr_expect_eq(mapping->nrpages, 1);
	cr_expect_eq(page->index, 3);
	lru_add_drain();
	cr_expect_eq(page_count(page), 2);
	cr_expect_eq(find_get_page(mapping, 3), page);
	cr_expect_eq(page_count(page), 3);
	put_page(page);
	put_page(page);
	cr_expect_eq(page_count(page), 1);
}

Test(filemap, page_lock)
{
	struct page *page = read_cache_page(mapping, 0, NULL);

	cr_expect(trylock_page(page));
	cr_expect_not(trylock_page(page));
	unlock_page(page);
	lock_page(page);
	cr_expect(PageLocked(page));
	unlock_page(page);
	cr_expect_eq(find_lock_page(mapping, 0), page);
	unlock_page(page);
	put_page(page);
	put_page(page);
}

Test(filemap, insertion_conflicts)
{
	struct page *page = alloc_page(GFP_KERNEL);

	put_page(read_cache_page(mapping, 2, NULL));
	cr_expect_eq(add_to_page_cache(page, mapping, 2), -EEXIST);
	cr_expect_not(PageLocked(page));
	put_page(page);
}

/* The index grows: chunks far apart, found in order. */
Test(filemap, find_get_pages_skips_gaps)
{
	static const pgoff_t where[] = { 0, 511, 512, 5000, 100000 };
	struct page *pages[8];
	unsigned int nr;

	for (unsigned int i = 0; i < ARRAY_SIZE(where); i++)
		put_page(read_cache_page(mapping, where[i], NULL));
	nr = find_get_pages(mapping, 1, 8, pages);
	cr_expect_eq(nr, 4);
	for (unsigned int i = 0; i < nr; i++) {
		cr_expect_eq(pages[i]->index, where[i + 1]);
		put_page(pages[i]);
	}
}

/* FLT-26: mapped pages have the file's content; beyond the end: SIGBUS. */
Test(filemap, nopage)
{
	struct vm_area_struct *vma;
	struct page *page;
	int type = 0;

	cr_assert_eq(sys_mmap(AT(0), 8 * PAGE_SIZE, PROT_READ,
			      MAP_PRIVATE | MAP_FIXED, file, 0), AT(0));
	cr_expect_eq(peek(4), word_of(4, 0));
	down_read(&current->mm->mmap_sem);
	vma = find_vma(current->mm, AT(0));
	cr_expect_eq(filemap_nopage(vma, AT(6), &type), NOPAGE_SIGBUS);
	page = filemap_nopage(vma, AT(5), &type);
	cr_expect_eq(type, VM_FAULT_MAJOR);
	put_page(page);
	page = filemap_nopage(vma, AT(5), &type);
	cr_expect_eq(type, VM_FAULT_MINOR);
	put_page(page);
	up_read(&current->mm->mmap_sem);
}

/* Private writes stay private, shared ones reach read(). */
Test(filemap, private_and_shared_writes)
{
	uint64_t word;

	cr_assert_eq(sys_mmap(AT(0), PAGE_SIZE, RW, MAP_PRIVATE | MAP_FIXED,
			      file, 0), AT(0));
	cr_assert_eq(sys_mmap(AT(1), PAGE_SIZE, RW, MAP_SHARED | MAP_FIXED,
			      file, 0), AT(1));
	touch(0, 1);
	cr_expect_eq(file_read(file, 0, &word, 8), 8);
	cr_expect_eq(word, word_of(0, 0));
	touch(1, 2);
	cr_expect_eq(file_read(file, 0, &word, 8), 8);
	cr_expect_eq(word, 2);
	cr_expect_eq(peek(0), 1);
	expect_valid();
}

Test(filemap, read_and_write)
{
	uint64_t words[1024], back[1024];

	for (unsigned int i = 0; i < 1024; i++)
		words[i] = i;
	cr_expect_eq(file_write(file, 4 * PAGE_SIZE + 16, words, 8192), 8192);
	cr_expect_eq(i_size_read(file->f_inode), 6 * PAGE_SIZE + 16);
	cr_expect_eq(file_read(file, 4 * PAGE_SIZE + 16, back, 8192), 8192);
	cr_expect_arr_eq(words, back, sizeof(words));
	cr_expect_eq(file_read(file, 6 * PAGE_SIZE, back, 64), 16);
	cr_expect_eq(file_read(file, 9 * PAGE_SIZE, back, 64), 0);
	cr_expect_eq(file_read(file, 4, back, 8), -EINVAL);
}

/* Cut and grow again: what was cut off is gone. */
Test(filemap, truncate)
{
	uint64_t word = 1;

	cr_assert_eq(sys_mmap(AT(0), 4 * PAGE_SIZE, RW, MAP_SHARED | MAP_FIXED,
			      file, 0), AT(0));
	touch(0, 5);
	touch(3, 6);
	cr_expect_eq(current->mm->rss, 2);
	cr_expect_eq(do_truncate(file->f_inode, PAGE_SIZE + 64), 0);
	cr_expect_eq(current->mm->rss, 1);
	cr_expect_eq(mapping->nrpages, 1);
	expect_valid();
	cr_expect_eq(do_truncate(file->f_inode, 4 * PAGE_SIZE), 0);
	cr_expect_eq(peek(3), 0);
	cr_expect_eq(peek(0), 5);
	cr_expect_eq(file_read(file, PAGE_SIZE + 56, &word, 8), 8);
	cr_expect_eq(word, word_of(1, 7));
	cr_expect_eq(file_read(file, PAGE_SIZE + 64, &word, 8), 8);
	cr_expect_eq(word, 0);
	cr_expect_eq(do_truncate(file->f_inode, -8), -EINVAL);
}

/* The page that is cut is cleared behind the end. */
Test(filemap, truncate_clears_the_cut_page)
{
	uint64_t word = 1;

	put_page(read_cache_page(mapping, 0, NULL));
	cr_expect_eq(do_truncate(file->f_inode, 64), 0);
	cr_expect_eq(do_truncate(file->f_inode, PAGE_SIZE), 0);
	cr_expect_eq(file_read(file, 56, &word, 8), 8);
	cr_expect_eq(word, word_of(0, 7));
	cr_expect_eq(file_read(file, 64, &word, 8), 8);
	cr_expect_eq(word, 0);
}

Test(filemap, out_of_memory)
{
	struct page *page;
	unsigned long n;

	for (n = 1;; n++) {
		fault_inject_arm(n);
		page = read_cache_page(mapping, 0, NULL);
		if (!fault_inject_hits())
			break;
		cr_expect_eq(PTR_ERR(page), -ENOMEM);
		cr_expect_eq(mapping->nrpages, 0);
	}
	fault_inject_disarm();
	cr_expect_eq(n, 4);
	put_page(page);
}
