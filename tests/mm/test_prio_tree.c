// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The tree against a model that is a plain array: same set for every query
 * after every change, and the order of OBJ-6 within a slot.
 */
#include <criterion/criterion.h>
#include <stdlib.h>

#include "mm/prio_tree.h"

#define NR_VMAS 64
#define MAX_PGOFF 24

static struct prio_tree_root root;
static struct vm_area_struct vmas[NR_VMAS];
static bool linked[NR_VMAS];

static void init_tree(void)
{
	prio_tree_root_init(&root);
}

TestSuite(prio_tree, .init = init_tree, .timeout = 30);

static void set_key(struct vm_area_struct *vma, pgoff_t first, pgoff_t last)
{
	vma->vm_pgoff = first;
	vma->vm_start = 0x100000;
	vma->vm_end = 0x100000 + (last - first + 1) * PAGE_SIZE;
}

static pgoff_t last_of(const struct vm_area_struct *vma)
{
	return vma->vm_pgoff +
	       ((vma->vm_end - vma->vm_start) >> PAGE_SHIFT) - 1;
}

/* Every linked VMA that overlaps is found, once, and no other. */
static void check_query(pgoff_t first, pgoff_t last)
{
	bool seen[NR_VMAS] = { false };
	struct prio_tree_iter iter;
	struct vm_area_struct *vma;

	vma_prio_tree_foreach(vma, &iter, &root, first, last) {
		cr_assert(!seen[vma - vmas], "VMA %td twice", vma - vmas);
		seen[vma - vmas] = true;
	}
	for (int i = 0; i < NR_VMAS; i++) {
		bool want = linked[i] && vmas[i].vm_pgoff <= last &&
			    last_of(&vmas[i]) >= first;

		cr_assert_eq(seen[i], want, "VMA %d %lu-%lu, query %lu-%lu", i,
			     vmas[i].vm_pgoff, last_of(&vmas[i]), first, last);
	}
}

static void check_all(void)
{
	for (pgoff_t first = 0; first <= MAX_PGOFF; first += 3)
		for (pgoff_t last = first; last <= MAX_PGOFF; last += 5)
			check_query(first, last);
}

Test(prio_tree, finds_what_the_model_finds)
{
	unsigned int seed = 7;

	for (int step = 0; step < 4000; step++) {
		int i = rand_r(&seed) % NR_VMAS;
		pgoff_t first = rand_r(&seed) % MAX_PGOFF;
		pgoff_t last = first + rand_r(&seed) % (MAX_PGOFF - first);

		if (linked[i]) {
			vma_prio_tree_remove(&vmas[i], &root);
		} else {
			set_key(&vmas[i], first, last);
			vma_prio_tree_insert(&vmas[i], &root);
		}
		linked[i] = !linked[i];
		if (step % 16 == 0)
			check_all();
	}
}

/* What iteration yields, as digits. */
static const char *order(void)
{
	static char text[NR_VMAS + 1];
	struct prio_tree_iter iter;
	struct vm_area_struct *vma;
	int n = 0;

	vma_prio_tree_foreach(vma, &iter, &root, 0, 100)
		text[n++] = '0' + (vma - vmas);
	text[n] = '\0';
	return text;
}

/* OBJ-6: behind the node: head; behind a node with a list: at its tail. */
Test(prio_tree, add_puts_the_relative_after_the_node)
{
	for (int i = 0; i < 4; i++)
		set_key(&vmas[i], 5, 9);
	vma_prio_tree_insert(&vmas[0], &root);
	vma_prio_tree_add(&vmas[1], &vmas[0]);
	vma_prio_tree_add(&vmas[2], &vmas[0]);
	vma_prio_tree_add(&vmas[3], &vmas[0]);
	cr_expect_str_eq(order(), "0123");
}

/* OBJ-6: behind a head or a member: directly. */
Test(prio_tree, add_puts_the_relative_behind_head_and_member)
{
	for (int i = 0; i < 6; i++)
		set_key(&vmas[i], 5, 9);
	vma_prio_tree_insert(&vmas[0], &root);
	vma_prio_tree_add(&vmas[1], &vmas[0]);
	vma_prio_tree_add(&vmas[2], &vmas[1]);
	vma_prio_tree_add(&vmas[3], &vmas[1]);
	vma_prio_tree_add(&vmas[4], &vmas[3]);
	vma_prio_tree_add(&vmas[5], &vmas[2]);
	cr_expect_str_eq(order(), "013425");
}

struct removal {
	int victim;
	char left[8];
};

static struct removal removals[] = {
	{ 0, "123" }, { 1, "023" }, { 2, "013" }, { 3, "012" },
};

/* Node, head and members may each go; the others keep their order. */
Test(prio_tree, removal_keeps_the_order_of_a_slot)
{
	for (size_t row = 0; row < ARRAY_SIZE(removals); row++) {
		struct removal *r = &removals[row];

		init_tree();
		for (int i = 0; i < 4; i++) {
			set_key(&vmas[i], 5, 9);
			if (i)
				vma_prio_tree_add(&vmas[i], &vmas[i - 1]);
			else
				vma_prio_tree_insert(&vmas[i], &root);
		}
		vma_prio_tree_remove(&vmas[r->victim], &root);
		cr_expect_str_eq(order(), r->left, "%s without %d", order(),
				 r->victim);
	}
}

/* OBJ-6: it works unchanged when the relative is on the nonlinear list. */
Test(prio_tree, add_to_the_nonlinear_list)
{
	CDS_LIST_HEAD(nonlinear);
	struct vm_area_struct *vma;
	int n = 0;

	vma_prio_tree_init(&vmas[0]);
	cds_list_add_tail(&vmas[0].shared.list, &nonlinear);
	vma_prio_tree_add(&vmas[1], &vmas[0]);
	cds_list_for_each_entry(vma, &nonlinear, shared.list)
		cr_expect_eq(vma, &vmas[n++]);
	cr_expect_eq(n, 2);
	cr_expect(prio_tree_empty(&root));
}
