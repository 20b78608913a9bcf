// SPDX-License-Identifier: GPL-2.0-or-later
#include "mm/madvise.h"
#include "mm/gup.h"
#include "mm/mlock.h"
#include "mm/page.h"
#include "mm/swap.h"
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

/* ---- pages ------------------------------------------------------------------- */

static struct page *page_of(unsigned int nr)
{
	struct mm_struct *mm = current->mm;
	struct page *page;

	spin_lock(&mm->page_table_lock);
	page = follow_page(mm, AT(nr), false);
	spin_unlock(&mm->page_table_lock);
	return page;
}

Test(mlock, pages_are_counted_once)
{
	draw("WWWW");
	cr_expect_eq(sys_mlock(AT(0), 3 * PAGE_SIZE), 0);
	cr_expect_eq(nr_mlocked_pages(), 3);
	cr_expect_eq(sys_mlockall(MCL_CURRENT), 0);
	cr_expect_eq(nr_mlocked_pages(), 4);
	cr_expect(PageMlocked(page_of(0)));
	cr_expect_eq(sys_munlock(AT(0), PAGE_SIZE), 0);
	cr_expect_eq(nr_mlocked_pages(), 3);
	cr_expect_not(PageMlocked(page_of(0)));
	cr_expect_eq(sys_munmap(AT(1), PAGE_SIZE), 0);
	cr_expect_eq(nr_mlocked_pages(), 2);
	cr_expect_eq(sys_munlockall(), 0);
	cr_expect_eq(nr_mlocked_pages(), 0);
	expect_valid();
}

/* However it comes about that a page goes without munlock(). */
Test(mlock, last_mapping_takes_the_count_along)
{
	draw("WW");
	cr_expect_eq(sys_mlock(AT(0), 2 * PAGE_SIZE), 0);
	cr_expect_eq(sys_munlock(AT(1), PAGE_SIZE), 0);
	current->mm->mmap->vm_flags &= ~(unsigned long)VM_LOCKED;
	atomic_long_sub(1, &current->mm->locked_vm);
	cr_expect_eq(sys_madvise(AT(0), PAGE_SIZE, MADV_DONTNEED), 0);
	cr_expect_eq(nr_mlocked_pages(), 0);
}

/* CVE-2017-18221: whoever has isolated the page, it is not locked any more. */
Test(mlock, count_falls_when_isolation_fails)
{
	struct lru_isolated mine, other;
	struct page *page;

	draw("W");
	cr_expect_eq(sys_mlock(AT(0), PAGE_SIZE), 0);
	lru_add_drain();
	page = page_of(0);
	cr_assert(PageActive(page));
	cr_assert(isolate_lru_page(&mine, page));
	cr_expect_not(isolate_lru_page(&other, page));
	cr_expect_eq(sys_munlock(AT(0), PAGE_SIZE), 0);
	cr_expect_eq(nr_mlocked_pages(), 0);
	cr_expect(PageActive(page));
	putback_lru_pages(&mine);
	cr_expect_eq(sys_mlock(AT(0), PAGE_SIZE), 0);
	cr_expect_eq(nr_mlocked_pages(), 1);
	cr_expect_eq(sys_munlock(AT(0), PAGE_SIZE), 0);
	cr_expect(PageLRU(page) && !PageActive(page));
}
