// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Pictures: one letter a page.  What is drawn: W writable, X writable and
 * executable, R read only, N no access, '.' a hole.  What is expected: a, b, c ... one letter for each VMA.
 */
#include "mm/mempolicy.h"
#include "mm/mprotect.h"
#include "mm/vma_merge.h"
#include "tests/mm/vma_util.h"

TestSuite(vma_merge, .init = boot_machine, .fini = stop_machine,
	  .timeout = 30);

struct merge_case {
	char before[12];
	unsigned int page, pages; /* range that is mapped or changed */
	int prot;
	bool mprotect; /* else mmap */
	char after[12];
};

/* MAP-7; the numbers are those of the picture in vma_merge.c. */
static struct merge_case merges[] = {
	{ "WW..WW", 2, 2, RW, false, "aaaaaa" }, /* 1 */
	{ "WW...W", 2, 2, RW, false, "aaaa.b" }, /* 2 */
	{ "W...WW", 2, 2, RW, false, "a.bbbb" }, /* 3 */
	{ "WWWWXX", 3, 1, RW | PROT_EXEC, true, "aaabbb" }, /* 4 */
	{ "WWRRRR", 2, 1, RW, true, "aaabbb" }, /* 5 */
	{ "WWRRWW", 2, 2, RW, true, "aaaaaa" }, /* 6 */
	{ "WWRR.R", 2, 2, RW, true, "aaaa.b" }, /* 7 */
	{ "W.RRWW", 2, 2, RW, true, "a.bbbb" }, /* 8 */
	{ "RR..RR", 2, 2, RW, false, "aabbcc" }, /* rights differ */
	{ "WWWWWW", 2, 2, PROT_READ, true, "aabbcc" }, /* split twice */
	{ "WWWWRR", 3, 1, PROT_READ, true, "aaabcc" }, /* still charged */
	{ "RRNNRR", 2, 2, PROT_READ, true, "aaaaaa" },
};

Test(vma_merge, the_eight_cases)
{
	for (size_t i = 0; i < ARRAY_SIZE(merges); i++) {
		struct merge_case *c = &merges[i];

		draw(c->before);
		if (c->mprotect)
			cr_expect_eq(sys_mprotect(AT(c->page),
						  c->pages * PAGE_SIZE,
						  c->prot), 0);
		else
			map_fixed(c->page, c->pages, c->prot);
		expect_layout(c->after);
		cr_expect_eq(sys_munmap(AT(0), 6 * PAGE_SIZE), 0);
	}
}

/* The same with every page touched: anonymous pages and their rmap move. */
Test(vma_merge, touched_pages_survive)
{
	for (size_t i = 0; i < ARRAY_SIZE(merges); i++) {
		struct merge_case *c = &merges[i];

		map_fixed(0, 6, RW);
		for (unsigned int page = 0; page < 6; page++)
			touch(page, page + 100);
		draw(c->before);
		for (unsigned int page = 0; page < 6; page++)
			if (c->before[page] == 'W')
				touch(page, page + 200);
		if (c->mprotect)
			sys_mprotect(AT(c->page), c->pages * PAGE_SIZE,
				     c->prot);
		expect_valid();
		for (unsigned int page = 0; page < 6; page++)
			if (c->before[page] == 'W')
				cr_expect_eq(peek(page), page + 200);
		cr_expect_eq(sys_munmap(AT(0), 6 * PAGE_SIZE), 0);
	}
}

/* Neighbours that were touched apart have different anon_vmas. */
Test(vma_merge, different_anon_vmas_stay_apart)
{
	draw("WW..WW");
	touch(1, 1);
	touch(4, 4);
	map_fixed(2, 2, RW);
	expect_layout("aaaabb");
}

/* FLT-60: a VMA that could be merged later shares its neighbour's. */
Test(vma_merge, anon_vma_prepare_reuses_a_neighbours)
{
	struct vm_area_struct *vma;

	draw("WWRR");
	touch(0, 1);
	cr_assert_eq(sys_mprotect(AT(2), 2 * PAGE_SIZE, RW), 0);
	expect_layout("aaaa");
	cr_assert_eq(sys_mprotect(AT(2), 2 * PAGE_SIZE, RW | PROT_EXEC), 0);
	touch(2, 2);
	down_read(&current->mm->mmap_sem);
	vma = find_vma(current->mm, AT(0));
	cr_expect_eq(vma->anon_vma, vma->vm_next->anon_vma);
	up_read(&current->mm->mmap_sem);
}

Test(vma_merge, policies_stay_apart)
{
	draw("WWWW");
	cr_expect_eq(sys_mbind(AT(1), 2 * PAGE_SIZE, MPOL_BIND, 1), 0);
	expect_layout("abbc");
	map_fixed(4, 1, RW);
	expect_layout("abbcc");
}

/* MAP-8: splits stop at the limit, mmap() one VMA later. */
Test(vma_merge, map_count_limit)
{
	draw("WWW.R");
	sysctl_max_map_count = 2;
	cr_expect_eq(sys_munmap(AT(1), PAGE_SIZE), -ENOMEM);
	map_fixed(6, 1, RW);
	expect_layout("aaa.b.c");
	cr_expect_eq((long)sys_mmap(AT(8), PAGE_SIZE, RW, ANON | MAP_FIXED,
				    NULL, 0), -ENOMEM);
	sysctl_max_map_count = 65536;
}

/* A split that runs out of memory changes nothing. */
Test(vma_merge, split_fails_cleanly)
{
	draw("WWWW");
	fault_inject_arm(1);
	cr_expect_eq(sys_munmap(AT(1), PAGE_SIZE), -ENOMEM);
	cr_expect_eq(fault_inject_hits(), 1);
	fault_inject_disarm();
	expect_layout("aaaa");
}

/* DEF-22: the second split fails; the first one stays, all is mapped. */
Test(vma_merge, second_split_failing_leaves_the_first)
{
	draw("WWWW");
	touch(1, 11);
	fault_inject_arm(2);
	cr_expect_eq(sys_munmap(AT(1), PAGE_SIZE), -ENOMEM);
	fault_inject_disarm();
	expect_layout("abbb");
	cr_expect_eq(peek(1), 11);
}
