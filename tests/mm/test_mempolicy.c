// SPDX-License-Identifier: GPL-2.0-or-later
#include "mm/mempolicy.h"
#include "tests/mm/vma_util.h"

TestSuite(mempolicy, .init = boot_machine, .fini = stop_machine,
	  .timeout = 30);

Test(mempolicy, objects)
{
	struct mempolicy *a = mpol_new(MPOL_BIND, 1), *b;

	cr_expect_null(mpol_new(MPOL_DEFAULT, 0));
	cr_expect_eq(PTR_ERR(mpol_new(MPOL_DEFAULT, 1)), -EINVAL);
	cr_expect_eq(PTR_ERR(mpol_new(9, 1)), -EINVAL);
	cr_expect_null(mpol_copy(NULL));
	b = mpol_copy(a);
	cr_expect_neq(a, b);
	cr_expect(mpol_equal(a, b));
	cr_expect_not(mpol_equal(a, NULL));
	fault_inject_arm(1);
	cr_expect_eq(PTR_ERR(mpol_copy(a)), -ENOMEM);
	mpol_free(a);
	mpol_free(b);
	cr_expect_eq(kmem_cache_live(policy_cachep), 0);
}

Test(mempolicy, of_the_task)
{
	cr_expect_eq(sys_set_mempolicy(MPOL_INTERLEAVE, 3), 0);
	cr_expect_eq(sys_set_mempolicy(MPOL_BIND, 1), 0);
	cr_expect_eq(kmem_cache_live(policy_cachep), 1);
	cr_expect_eq(sys_set_mempolicy(MPOL_DEFAULT, 0), 0);
	cr_expect_eq(kmem_cache_live(policy_cachep), 0);
}

/* Who is refused a new policy keeps the one that he had. */
Test(mempolicy, refusal_leaves_the_old_one)
{
	unsigned long nodes = 0;
	int policy = 0;

	cr_expect_eq(sys_set_mempolicy(MPOL_BIND, 1), 0);
	fault_inject_arm(1);
	cr_expect_eq(sys_set_mempolicy(MPOL_INTERLEAVE, 3), -ENOMEM);
	fault_inject_disarm();
	cr_expect_eq(sys_set_mempolicy(9, 1), -EINVAL);
	cr_expect_eq(sys_get_mempolicy(&policy, &nodes, 0, 0), 0);
	cr_expect(policy == MPOL_BIND && nodes == 1);
	sys_set_mempolicy(MPOL_DEFAULT, 0);
	cr_expect_eq(kmem_cache_live(policy_cachep), 0);
}

/* REF-13: one object for each VMA, also after splits. */
Test(mempolicy, mbind)
{
	draw("WWWW.W");
	cr_expect_eq(sys_mbind(AT(0), 6 * PAGE_SIZE, MPOL_BIND, 1), -EFAULT);
	cr_expect_eq(sys_mbind(AT(1), 2 * PAGE_SIZE, MPOL_PREFERRED, 1), 0);
	expect_layout("abbc.d");
	cr_expect_eq(sys_munmap(AT(2), PAGE_SIZE), 0);
	cr_expect_eq(sys_mbind(AT(0) + 1, PAGE_SIZE, MPOL_BIND, 1), -EINVAL);
	expect_valid();
	cr_expect_eq(sys_munmap(AT(0), 6 * PAGE_SIZE), 0);
	cr_expect_eq(kmem_cache_live(policy_cachep), 0);
}

Test(mempolicy, get)
{
	unsigned long nodes = 9;
	int policy = 9;

	draw("WW.W");
	cr_expect_eq(sys_set_mempolicy(MPOL_INTERLEAVE, 3), 0);
	cr_expect_eq(sys_mbind(AT(1), PAGE_SIZE, MPOL_BIND, 1), 0);
	cr_expect_eq(sys_get_mempolicy(&policy, &nodes, 0, 0), 0);
	cr_expect(policy == MPOL_INTERLEAVE && nodes == 3);
	cr_expect_eq(sys_get_mempolicy(&policy, &nodes, AT(1), MPOL_F_ADDR), 0);
	cr_expect(policy == MPOL_BIND && nodes == 1);
	cr_expect_eq(sys_get_mempolicy(&policy, &nodes, AT(3), MPOL_F_ADDR), 0);
	cr_expect(policy == MPOL_DEFAULT && nodes == 0);
	cr_expect_eq(sys_get_mempolicy(&policy, &nodes, AT(2), MPOL_F_ADDR),
		     -EFAULT);
	cr_expect_eq(sys_get_mempolicy(&policy, &nodes, AT(1), 0), -EINVAL);
	cr_expect_eq(sys_get_mempolicy(&policy, &nodes, 0, 1), -EINVAL);
	sys_set_mempolicy(MPOL_DEFAULT, 0);
	cr_expect_eq(sys_munmap(AT(0), 4 * PAGE_SIZE), 0);
}

/* Every allocation of mbind(): the new object, two splits, their policies. */
Test(mempolicy, every_allocation_of_mbind)
{
	unsigned long n, hits = 1;

	for (n = 1; hits; n++) {
		int err;

		draw("WWWW");
		cr_assert_eq(sys_mbind(AT(0), 4 * PAGE_SIZE, MPOL_PREFERRED,
				       1), 0);
		fault_inject_arm(n);
		err = sys_mbind(AT(1), 2 * PAGE_SIZE, MPOL_BIND, 1);
		hits = fault_inject_hits();
		fault_inject_disarm();
		cr_expect_eq(err, hits ? -ENOMEM : 0, "n %lu: %d", n, err);
		expect_valid();
		cr_expect_eq(kmem_cache_live(policy_cachep),
			     current->mm->map_count);
		cr_expect_eq(sys_munmap(AT(0), 4 * PAGE_SIZE), 0);
		cr_expect_eq(kmem_cache_live(policy_cachep), 0, "n %lu", n);
	}
	cr_expect_eq(n, 8, "%lu allocations", n - 2);
}
