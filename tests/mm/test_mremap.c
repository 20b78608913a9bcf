// SPDX-License-Identifier: GPL-2.0-or-later
#include "mm/mremap.h"
#include "tests/mm/vma_util.h"

TestSuite(mremap, .init = boot_machine, .fini = stop_machine, .timeout = 30);

static long remap(unsigned int page, unsigned int old, unsigned int new,
		  int flags, unsigned int to)
{
	return (long)sys_mremap(AT(page), old * PAGE_SIZE, new * PAGE_SIZE,
				flags, AT(to));
}

#define MOVE (MREMAP_MAYMOVE | MREMAP_FIXED)

Test(mremap, refusals)
{
	draw("WW.R");
	cr_expect_eq((long)sys_mremap(AT(0) + 1, 1, 1, 0, 0), -EINVAL);
	cr_expect_eq(remap(0, 1, 0, 0, 0), -EINVAL);
	cr_expect_eq(remap(0, 1, 1, 0x10, 0), -EINVAL);
	cr_expect_eq(remap(0, 2, 2, MREMAP_FIXED, 8), -EINVAL);
	cr_expect_eq(remap(0, 2, 2, MOVE, 1), -EINVAL);
	cr_expect_eq(remap(0, 2, 4, 0, 0), -ENOMEM);
	cr_expect_eq(remap(1, 2, 3, MREMAP_MAYMOVE, 0), -EFAULT);
	cr_expect_eq(remap(2, 1, 2, MREMAP_MAYMOVE, 0), -EFAULT);
	expect_layout("aa.b");
}

Test(mremap, shrinks_and_grows_in_place)
{
	draw("WWWW..R");
	touch(1, 1);
	cr_expect_eq(remap(0, 4, 2, 0, 0), AT(0));
	expect_layout("aa....b");
	cr_expect_eq(remap(0, 2, 6, 0, 0), AT(0));
	expect_layout("aaaaaab");
	cr_expect_eq(peek(1), 1);
	cr_expect_eq(vm_committed_total(), 6);
}

/* MAP-34: pages, counters and the charge move with the VMA; DEF-17. */
Test(mremap, moves)
{
	draw("WWWW");
	for (unsigned int i = 0; i < 4; i++)
		touch(i, i + 1);
	cr_expect_eq(remap(0, 4, 6, MOVE, 8), AT(8));
	expect_layout("........aaaaaa");
	for (unsigned int i = 0; i < 4; i++)
		cr_expect_eq(peek(i + 8), i + 1);
	cr_expect_eq(current->mm->rss, 4);
	cr_expect_eq(vm_committed_total(), 6);
}

/* The rest of a VMA that was cut in two keeps its own charge. */
Test(mremap, moves_the_middle)
{
	draw("WWWW");
	touch(1, 1);
	touch(3, 3);
	cr_expect_eq(remap(1, 2, 2, MOVE, 8), AT(8));
	expect_layout("a..b....cc");
	cr_expect_eq(peek(8), 1);
	cr_expect_eq(peek(3), 3);
	cr_expect_eq(vm_committed_total(), 4);
	cr_expect_eq(sys_munmap(AT(0), 4 * PAGE_SIZE), 0);
	cr_expect_eq(vm_committed_total(), 2);
}

/*
 * The pages return beside a VMA that never had any, so has no anon_vma.
 *
 *  1. W at 4..7 is touched and moved away: its VMA has anon_vma A
 *  2. W at 0..3 is mapped, not touched: no anon_vma, same offsets as before
 *  3. the pages move back to 4..7: vma_merge() extends the VMA at 0..3
 *
 * If that VMA did not take over A, A would be freed with the VMA the pages
 * came from, and rmap would follow page->mapping into freed memory.
 */
Test(mremap, merging_neighbour_adopts_the_anon_vma)
{
	struct vm_area_struct *vma;

	draw("....WWWW");
	touch(5, 5);
	cr_expect_eq(remap(4, 4, 4, MOVE, 20), AT(20));
	draw("WWWW");
	cr_expect_eq(remap(20, 4, 4, MOVE, 4), AT(4));
	expect_layout("aaaaaaaa");
	vma = current->mm->mmap;
	cr_expect_not_null(vma->anon_vma);
	cr_expect_eq(kmem_cache_live(anon_vma_cachep), 1);
	cr_expect_eq(peek(5), 5);
}

/* File pages keep their index; the prio tree follows. */
Test(mremap, moves_a_shared_file)
{
	struct inode *inode = inode_create("f", 4 * PAGE_SIZE, NULL);
	struct file *file = file_open(inode, FILE_READ | FILE_WRITE);

	cr_assert_eq(sys_mmap(AT(0), 4 * PAGE_SIZE, RW, MAP_SHARED | MAP_FIXED,
			      file, 0), AT(0));
	touch(2, 99);
	cr_expect_eq(remap(1, 3, 3, MOVE, 8), AT(8));
	expect_layout("a.......bbb");
	cr_expect_eq(peek(9), 99);
	cr_expect_eq(file->f_mapping->i_mmap_writable, 2);
	fput(file);
	iput(inode);
}

static void check_words(unsigned int at, unsigned int from, unsigned int nr)
{
	for (unsigned int i = 0; i < nr; i++)
		cr_expect_eq(peek(at + i), from + i + 1);
}

/* Far away: the target needs page tables of its own. */
#define FAR 300000

/*
 * Memory runs out at every step.  Before the pages have moved: all is as it
 * was.  Afterwards the move has succeeded, but the old VMA could not be split
 * to unmap its middle: it stays, empty there and without its charge.
 */
Test(mremap, out_of_memory)
{
	unsigned long n, hits = 1;
	long ret = 0;

	for (n = 1; hits; n++) {
		draw("WWWW");
		for (unsigned int i = 0; i < 4; i++)
			touch(i, i + 1);
		fault_inject_arm(n);
		ret = remap(1, 2, 3, MOVE, FAR);
		hits = fault_inject_hits();
		fault_inject_disarm();
		expect_valid();
		if (ret == -ENOMEM) {
			check_words(0, 0, 4);
			cr_expect_eq(vm_committed_total(), 4, "n %lu", n);
		} else {
			cr_expect_eq(ret, AT(FAR), "n %lu: %ld", n, ret);
			check_words(FAR, 1, 2);
			cr_expect_eq(vm_committed_total(), hits ? 3 : 5);
		}
		cr_expect_eq(sys_munmap(AT(0), 4 * PAGE_SIZE), 0);
		cr_expect_eq(sys_munmap(AT(FAR), 3 * PAGE_SIZE), 0);
		cr_expect_eq(vm_committed_total(), 0, "n %lu", n);
	}
	cr_expect_gt(n, 6);
}
