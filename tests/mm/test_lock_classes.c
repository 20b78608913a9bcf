// SPDX-License-Identifier: GPL-2.0-or-later
#include "mm/lock_classes.h"
#include "tests/mm/machine_util.h"

TestSuite(lock_classes, .timeout = 20);

#if LOCK_VALIDATOR
/* The documented order is known before anything has been locked (LOCK-1). */
MACHINE_TEST(lock_classes, wrong_order_is_found_at_once)
{
	spinlock_t ptl, anon_vma;

	spin_lock_init(&ptl, &ptl_class);
	spin_lock_init(&anon_vma, &anon_vma_class);
	spin_lock(&ptl);
	spin_lock(&anon_vma);
	spin_unlock(&anon_vma);
	spin_unlock(&ptl);
	expect_finding(FINDING_LOCK_ORDER, "anon_vma->lock");
	spin_lock_destroy(&ptl);
	spin_lock_destroy(&anon_vma);
}

MACHINE_TEST(lock_classes, right_order)
{
	spinlock_t ptl, anon_vma;

	spin_lock_init(&ptl, &ptl_class);
	spin_lock_init(&anon_vma, &anon_vma_class);
	spin_lock(&anon_vma);
	spin_lock(&ptl);
	spin_unlock(&ptl);
	spin_unlock(&anon_vma);
	expect_no_finding();
	spin_lock_destroy(&ptl);
	spin_lock_destroy(&anon_vma);
}
#endif
