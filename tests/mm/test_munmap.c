// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/mm/vma_util.h"

TestSuite(munmap, .init = boot_machine, .fini = stop_machine, .timeout = 30);

struct munmap_case {
	char before[12];
	unsigned int page, pages;
	char after[12];
};

static struct munmap_case corners[] = {
	{ "WWWW", 0, 4, "...." },
	{ "WWWW", 0, 1, ".aaa" },
	{ "WWWW", 3, 1, "aaa." },
	{ "WWWW", 1, 2, "a..b" },
	{ "WW.RRNN", 1, 5, "a.....b" },
	{ "WW..RR", 2, 2, "aa..bb" },
	{ ".WW...", 0, 6, "......" },
	{ "WWRRNN", 2, 2, "aa..bb" },
};

/* MAP-20, each with pages present and with none. */
Test(munmap, corners)
{
	for (size_t i = 0; i < 2 * ARRAY_SIZE(corners); i++) {
		struct munmap_case *c = &corners[i / 2];

		draw(c->before);
		for (unsigned int page = 0; i % 2 && c->before[page]; page++)
			if (c->before[page] == 'W')
				touch(page, page);
		cr_expect_eq(sys_munmap(AT(c->page), c->pages * PAGE_SIZE), 0);
		expect_layout(c->after);
		cr_expect_eq(sys_munmap(AT(0), 12 * PAGE_SIZE), 0);
		cr_expect_eq(current->mm->rss, 0);
		cr_expect_eq(current->mm->nr_ptes, 0); /* MAP-22 */
	}
}

Test(munmap, refuses_nonsense)
{
	cr_expect_eq(sys_munmap(AT(0) + 1, PAGE_SIZE), -EINVAL);
	cr_expect_eq(sys_munmap(AT(0), 0), -EINVAL);
	cr_expect_eq(sys_munmap(TASK_SIZE + PAGE_SIZE, PAGE_SIZE), -EINVAL);
	cr_expect_eq(sys_munmap(TASK_SIZE - PAGE_SIZE, 2 * PAGE_SIZE),
		     -EINVAL);
	cr_expect_eq(sys_munmap(AT(0), PAGE_SIZE), 0); /* nothing there */
}

/* MAP-1: the cache never names a VMA that is gone. */
Test(munmap, resets_the_cache)
{
	struct mm_struct *mm = current->mm;

	draw("WW");
	touch(0, 1);
	cr_expect_not_null(mm->mmap_cache);
	cr_expect_eq(sys_munmap(AT(0), PAGE_SIZE), 0);
	cr_expect_null(mm->mmap_cache);
}

/* EXIT-30: exit_mmap() of many VMAs and page tables, in .fini. */
Test(munmap, exit_takes_everything)
{
	for (unsigned int i = 0; i < 200; i++) {
		map_fixed(i * 600, 1 + i % 3, i % 2 ? RW : RW | PROT_EXEC);
		touch(i * 600, i);
	}
	expect_valid();
	cr_expect_eq(current->mm->map_count, 200);
}

/* A hole in the middle of a file's area splits it twice, or not at all. */
Test(munmap, out_of_memory)
{
	struct inode *inode = inode_create("file", 4 * PAGE_SIZE, NULL);
	struct file *file = file_open(inode, FILE_READ);
	unsigned long n;

	iput(inode);
	cr_assert_eq(sys_mmap(AT(0), 4 * PAGE_SIZE, RW, MAP_PRIVATE | MAP_FIXED,
			      file, 0), AT(0));
	for (n = 1;; n++) {
		int err;

		fault_inject_arm(n);
		err = sys_munmap(AT(1), PAGE_SIZE);
		if (!fault_inject_hits())
			break;
		cr_expect_eq(err, -ENOMEM, "n %lu: %d", n, err);
		cr_expect_eq(vm_committed_total(), 4, "n %lu", n);
		expect_valid();
	}
	fault_inject_disarm();
	cr_expect_gt(n, 1);
	expect_layout("a.bb");
	cr_expect_eq(vm_committed_total(), 3);
	fput(file);
}
