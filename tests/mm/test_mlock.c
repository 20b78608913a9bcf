// SPDX-License-Identifier: GPL-2.0-or-later
#include "mm/madvise.h"
#include "mm/mlock.h"
#include "tests/mm/vma_util.h"

TestSuite(mlock, .init = boot_machine, .fini = stop_machine, .timeout = 30);

static long locked(void)
{
	return atomic_long_read(&current->mm->locked_vm);
}

/* MAP-32: split, count, fault in; no merging back. */
Test(mlock, range)
{
	draw("WWWW");
	cr_expect_eq(sys_mlock(AT(1), 2 * PAGE_SIZE), 0);
	expect_layout("abbc");
	cr_expect_eq(locked(), 2);
	cr_expect_eq(current->mm->rss, 2);
	cr_expect_eq(sys_mlock(AT(1), PAGE_SIZE), 0);
	cr_expect_eq(locked(), 2);
	cr_expect_eq(sys_munlock(AT(0), 4 * PAGE_SIZE), 0);
	expect_layout("abbc");
	cr_expect_eq(locked(), 0);
}

Test(mlock, refusals)
{
	draw("WW.W");
	cr_expect_eq(sys_mlock(AT(0), 4 * PAGE_SIZE), -ENOMEM);
	cr_expect_eq(locked(), 2); /* what comes before the hole */
	current->signal->rlim[RLIMIT_MEMLOCK].rlim_cur = 2 * PAGE_SIZE;
	cr_expect_eq(sys_mlock(AT(3), PAGE_SIZE), -ENOMEM);
	cr_expect_eq(sys_mlockall(MCL_CURRENT), -ENOMEM);
	cr_expect_eq(sys_mlockall(0), -EINVAL);
	expect_valid();
}

Test(mlock, all)
{
	draw("WW.R");
	cr_expect_eq(sys_mlockall(MCL_CURRENT | MCL_FUTURE), 0);
	cr_expect_eq(locked(), 3);
	map_fixed(5, 2, RW);
	cr_expect_eq(locked(), 5);
	cr_expect_eq(sys_munmap(AT(0), PAGE_SIZE), 0);
	cr_expect_eq(locked(), 4);
	expect_valid();
	cr_expect_eq(sys_munlockall(), 0);
	cr_expect_eq(locked(), 0);
	map_fixed(9, 1, RW);
	cr_expect_eq(locked(), 0);
}

/* MAP-33: DONTNEED gives zeroes again, but leaves locked memory alone. */
Test(mlock, madvise_dontneed)
{
	draw("WWWW");
	touch(1, 7);
	cr_expect_eq(sys_madvise(AT(0), 4 * PAGE_SIZE, MADV_DONTNEED), 0);
	cr_expect_eq(current->mm->rss, 0);
	cr_expect_eq(peek(1), 0);
	cr_expect_eq(sys_mlock(AT(2), PAGE_SIZE), 0);
	cr_expect_eq(sys_madvise(AT(2), PAGE_SIZE, MADV_DONTNEED), -EINVAL);
	expect_valid();
}

Test(mlock, madvise_flags_and_holes)
{
	draw("WWWW.W");
	cr_expect_eq(sys_madvise(AT(1), PAGE_SIZE, MADV_RANDOM), 0);
	expect_layout("abcc.d");
	cr_expect_eq(sys_madvise(AT(0), 6 * PAGE_SIZE, MADV_SEQUENTIAL),
		     -ENOMEM);
	cr_expect(current->mm->mmap->vm_flags & VM_SEQ_READ);
	cr_expect_eq(sys_madvise(AT(0), PAGE_SIZE, MADV_WILLNEED), -EBADF);
	cr_expect_eq(sys_madvise(AT(0), PAGE_SIZE, 77), -EINVAL);
	cr_expect_eq(sys_madvise(AT(0) + 1, PAGE_SIZE, MADV_NORMAL), -EINVAL);
	expect_valid();
}
