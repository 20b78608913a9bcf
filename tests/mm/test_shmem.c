// SPDX-License-Identifier: GPL-2.0-or-later
#include "mm/shmem.h"

#include "mm/memory.h"
#include "mm/munmap.h"
#include "tests/mm/vma_util.h"

TestSuite(shmem, .init = boot_machine, .fini = stop_machine, .timeout = 30);

static void map_shared(unsigned int page, unsigned int pages, int flags)
{
	cr_assert_eq(sys_mmap(AT(page), pages * PAGE_SIZE, RW, MAP_SHARED |
			      MAP_ANONYMOUS | MAP_FIXED | flags, NULL, 0),
		     AT(page));
}

/* OBJ-5: a VMA of an unlinked file, charged as a whole. */
Test(shmem, charged_by_size)
{
	map_shared(0, 4, 0);
	cr_expect_eq(vm_committed_total(), 4);
	cr_expect_not(current->mm->mmap->vm_flags & VM_ACCOUNT);
	cr_expect_not_null(current->mm->mmap->vm_file);
	cr_expect_eq(peek(1), 0);
	touch(2, 9);
	cr_expect_eq(peek(2), 9);
	cr_expect_eq(vm_committed_total(), 4);
	cr_expect_eq(sys_munmap(AT(0), 2 * PAGE_SIZE), 0);
	cr_expect_eq(vm_committed_total(), 4); /* the object lives */
	cr_expect_eq(sys_munmap(AT(2), 2 * PAGE_SIZE), 0);
	cr_expect_eq(vm_committed_total(), 0);
}

Test(shmem, noreserve_is_charged_by_page)
{
	map_shared(0, 4, MAP_NORESERVE);
	cr_expect_eq(vm_committed_total(), 0);
	touch(0, 1);
	touch(3, 1);
	cr_expect_eq(vm_committed_total(), 2);
	expect_valid();
	cr_expect_eq(sys_munmap(AT(0), 4 * PAGE_SIZE), 0);
	cr_expect_eq(vm_committed_total(), 0);
}

/* Two objects never merge, whatever their flags. */
Test(shmem, neighbours_stay_apart)
{
	map_shared(0, 2, 0);
	map_shared(2, 2, 0);
	expect_layout("aabb");
}

Test(shmem, refusals)
{
	sysctl_overcommit_limit = 3;
	cr_expect_eq((long)sys_mmap(0, 9 * PAGE_SIZE, RW, MAP_SHARED |
				    MAP_ANONYMOUS, NULL, 0), -ENOMEM);
	sysctl_overcommit_limit = 0;
	cr_expect_eq(PTR_ERR(shmem_file_setup("x", -1, 0)), -EINVAL);
	cr_expect_eq(vm_committed_total(), 0);
}

/* INV-30: what failed has charged nothing, and what was made goes again. */
Test(shmem, every_allocation_of_mmap)
{
	unsigned long n, hits = 1;
	uaddr_t at;

	for (n = 1; hits; n++) {
		fault_inject_arm(n);
		at = sys_mmap(AT(0), 4 * PAGE_SIZE, RW,
			      MAP_SHARED | MAP_ANONYMOUS | MAP_FIXED, NULL, 0);
		hits = fault_inject_hits();
		fault_inject_disarm();
		cr_expect_eq(at, hits ? (uaddr_t)-ENOMEM : AT(0),
			     "n %lu: %#lx", n, at);
		cr_expect_eq(vm_committed_total(), hits ? 0 : 4,
			     "n %lu: %ld pages charged", n,
			     vm_committed_total());
		expect_valid();
	}
	cr_expect_geq(n, 7, "%lu allocations", n - 2);
	cr_expect_eq(sys_munmap(AT(0), 4 * PAGE_SIZE), 0);
	cr_expect_eq(vm_committed_total(), 0);
}

static int fault_in(unsigned int page)
{
	struct mm_struct *mm = current->mm;
	int result;

	down_read(&mm->mmap_sem);
	result = handle_mm_fault(mm, find_vma(mm, AT(page)), AT(page), true);
	up_read(&mm->mmap_sem);
	return result;
}

/* Each time of a new object: what one fault has made the next one finds. */
Test(shmem, every_allocation_of_a_fault)
{
	unsigned long n, hits = 1;
	int result;

	for (n = 1; hits; n++) {
		map_shared(0, 4, MAP_NORESERVE);
		fault_inject_arm(n);
		result = fault_in(1);
		hits = fault_inject_hits();
		fault_inject_disarm();
		cr_expect_eq(result == VM_FAULT_OOM, !!hits, "n %lu: %d", n,
			     result);
		cr_expect_eq(vm_committed_total(), hits ? 0 : 1,
			     "n %lu: %ld pages charged", n,
			     vm_committed_total());
		expect_valid();
		cr_expect_eq(sys_munmap(AT(0), 4 * PAGE_SIZE), 0);
		cr_expect_eq(vm_committed_total(), 0, "n %lu", n);
	}
	cr_expect_geq(n, 6, "%lu allocations", n - 2);
}
