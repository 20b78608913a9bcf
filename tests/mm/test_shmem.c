// SPDX-License-Identifier: GPL-2.0-or-later
#include "mm/shmem.h"
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
