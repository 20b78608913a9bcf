// SPDX-License-Identifier: GPL-2.0-or-later
#include <sys/mman.h>

#include "mm/file.h"
#include "mm/filemap.h"
#include "mm/gup.h"
#include "mm/page.h"
#include "mm/vma.h"
#include "tests/mm/life_util.h"

TestSuite(gup, .timeout = 30, .init = life_boot, .fini = life_stop);

#define TEXT (DATA + 0x1000000)
#define POKED 0x90909090UL

static struct file *text_file;
static struct task_struct *writer;
LATCH(in_nopage);
LATCH(has_read);

/* The writer's first copy waits until the reader has got its page. */
static struct page *slow_nopage(struct vm_area_struct *vma, uaddr_t addr,
				int *type)
{
	static bool waited;

	if (current == writer && !waited) {
		waited = true;
		reach(in_nopage);
		await(has_read);
	}
	return filemap_nopage(vma, addr, type);
}

static const struct vm_operations slow_vm_ops = { .nopage = slow_nopage };

static void map_text(void)
{
	struct mm_struct *mm = current->mm;

	user_assert(SYSCALL(sys_mmap(TEXT, PAGE_SIZE, PROT_READ, MAP_FIXED |
				     MAP_PRIVATE, text_file, 0)) == TEXT);
	down_write(&mm->mmap_sem);
	find_vma(mm, TEXT)->vm_ops = &slow_vm_ops;
	up_write(&mm->mmap_sem);
}

static void reads_text(void *arg)
{
	uint64_t word;

	(void)arg;
	await(in_nopage);
	user_assert(user_read64(TEXT, &word) == 0);
	reach(has_read);
	user_exit(0);
}

static void pokes_text(void *arg)
{
	uint64_t word = POKED;

	(void)arg;
	map_text();
	writer = current;
	new_thread(reads_text, NULL);
	user_assert(SYSCALL(access_process_vm(current, TEXT, &word,
					      sizeof(word), true)) ==
		    sizeof(word));
	user_assert(user_read64(TEXT, &word) == 0 && word == POKED);
	user_exit(0);
}

static uint64_t cached_word(struct inode *inode)
{
	struct page *page = find_get_page(&inode->i_data, 0);
	uint64_t word;

	cr_assert_not_null(page);
	word = *(uint64_t *)page_address(page);
	put_page(page);
	return word;
}

/*
 * FLT-49, a debugger sets a breakpoint in a read-only private mapping:
 *
 *	1. its write fault has no PTE and copies the file's page
 *	2. a thread of the process reads there: the PTE maps the file's page
 *	3. the copy finds the slot taken and is dropped
 *	4. get_user_pages() looks again
 *
 * 2.6.11 looks for any page in 4, and the breakpoint is written to the file.
 */
Test(gup, FLT_49_forced_write_never_reaches_the_file)
{
	struct inode *inode = inode_create("text", PAGE_SIZE, NULL);

	text_file = file_open(inode, FILE_READ);
	cr_expect_eq(status_of(spawn(pokes_text, NULL)), 0);
	cr_expect_eq(cached_word(inode), file_pattern(inode->i_ino, 0, 0));
	fput(text_file);
	iput(inode);
}
