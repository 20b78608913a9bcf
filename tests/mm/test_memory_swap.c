// SPDX-License-Identifier: GPL-2.0-or-later
/* Faults on swap PTEs, and what else meets a swap PTE in memory*.c. */
#include "mm/gup.h"
#include "mm/memory.h"
#include "mm/mremap.h"
#include "mm/mprotect.h"
#include "mm/munmap.h"
#include "mm/page_tree.h"
#include "mm/thrash.h"
#include "tests/mm/swap_util.h"

TestSuite(memory_swap, .timeout = 30);

static int fault_at(unsigned int page, bool write)
{
	struct mm_struct *mm = current->mm;
	int result;

	down_read(&mm->mmap_sem);
	result = handle_mm_fault(mm, find_vma(mm, AT(page)), AT(page), write);
	up_read(&mm->mmap_sem);
	return result;
}

/* FLT-35 to FLT-39: read from the device; the slot keeps the cache's count. */
MACHINE_TEST(memory_swap, FLT_35_read)
{
	swp_entry_t entry;

	sys_swapon(16, 0);
	map_fixed(0, 2, RW);
	touch(0, 41);
	entry = swap_out(0);
	cr_expect(is_swap_pte(pte_of(current->mm, AT(0))));
	cr_expect_eq(count_of(entry), 1);
	cr_expect_eq(current->mm->rss, 0);
	expect_valid();
	cr_expect_eq(fault_at(0, false), VM_FAULT_MAJOR);
	cr_expect_eq(peek(0), 41);
	cr_expect_not(pte_write(pte_of(current->mm, AT(0))));
	cr_expect_eq(count_of(entry), 1);
	cr_expect_eq(current->mm->rss, 1);
	cr_expect_eq(current->mm->anon_rss, 1);
	expect_valid();
}

/* The page is in the cache still: no I/O, and it is the same one. */
MACHINE_TEST(memory_swap, FLT_35_cached)
{
	struct page *page;
	swp_entry_t entry;

	sys_swapon(16, 0);
	map_fixed(0, 1, RW);
	touch(0, 42);
	entry = swap_to_cache(0);
	cr_expect_eq(count_of(entry), 2);
	page = lookup_swap_cache(entry);
	put_page(page);
	cr_expect_eq(fault_at(0, true), VM_FAULT_MINOR);
	cr_expect_eq(pte_page(pte_of(current->mm, AT(0))), page);
	/* FLT-38: ours alone, so the write is satisfied at once. */
	cr_expect(pte_write(pte_of(current->mm, AT(0))));
	cr_expect_eq(peek(0), 42);
	expect_valid();
}

/*
 * FLT-38, FLT-47: a pagevec holds the page that was read, so that the write
 * gets a copy; the other one stays in the cache until reclaim comes.
 */
MACHINE_TEST(memory_swap, FLT_47_spurious_copy)
{
	swp_entry_t entry;
	struct page *page;

	sys_swapon(16, 0);
	page_cluster = 0;
	map_fixed(0, 1, RW);
	touch(0, 43);
	entry = swap_out(0);
	page = read_swap_cache_async(entry);
	cr_expect_eq(fault_at(0, true), VM_FAULT_MINOR);
	cr_expect_neq(pte_page(pte_of(current->mm, AT(0))), page);
	cr_expect(pte_write(pte_of(current->mm, AT(0))));
	cr_expect_eq(peek(0), 43);
	put_page(page);
	scan_swap_cache();
	cr_expect_eq(count_of(entry), 0);
}

/* FLT-37: with swap more than half full the slot is given back. */
MACHINE_TEST(memory_swap, FLT_37_swap_full)
{
	swp_entry_t entry;

	sys_swapon(4, 0);
	map_fixed(0, 3, RW);
	for (unsigned int i = 0; i < 3; i++)
		touch(i, i);
	swap_out(0);
	swap_out(1);
	entry = swap_out(2);
	cr_expect(vm_swap_full());
	cr_expect_eq(peek(2), 2);
	cr_expect_eq(count_of(entry), 0);
	cr_expect_eq(nr_swap_pages, 1);
	cr_expect_eq(peek(0), 0);
	cr_expect_eq(peek(1), 1);
}

/* FLT-35: readahead brings the neighbours into the cache, not the PTEs. */
MACHINE_TEST(memory_swap, FLT_35_readahead)
{
	swp_entry_t entries[6];
	struct page *page;

	sys_swapon(64, 0);
	page_cluster = 2;
	map_fixed(0, 6, RW);
	for (unsigned int i = 0; i < 6; i++)
		touch(i, 10 + i);
	for (unsigned int i = 0; i < 6; i++)
		entries[i] = swap_out(i);
	cr_expect_eq(total_swapcache_pages(), 0);
	cr_expect_eq(peek(0), 10); /* slots 1 to 3 */
	cr_expect_eq(total_swapcache_pages(), 3);
	page = lookup_swap_cache(entries[1]);
	cr_assert_not_null(page);
	put_page(page);
	cr_expect_eq(fault_at(1, false), VM_FAULT_MINOR);
	for (unsigned int i = 0; i < 6; i++)
		cr_expect_eq(peek(i), 10 + i);
	expect_valid();
}

/* FLT-35, no memory: OOM with the PTE as it was; later it works. */
MACHINE_TEST(memory_swap, FLT_35_every_allocation)
{
	swp_entry_t entry;
	int result, n = 1;

	sys_swapon(16, 0);
	page_cluster = 0;
	map_fixed(0, 1, RW);
	touch(0, 44);
	entry = swap_out(0);
	page_tree_destroy(swapper_space(entry));
	do {
		fault_inject_arm(n);
		result = fault_at(0, true);
		fault_inject_disarm();
		if (result == VM_FAULT_OOM) {
			expect_valid();
			n++;
		}
	} while (result == VM_FAULT_OOM);
	cr_expect_gt(n, 2);
	cr_expect_eq(peek(0), 44);
	expect_valid();
	scan_swap_cache();
	cr_expect_eq(nr_swap_pages, total_swap_pages);
}

/* get_user_pages() brings it in; madvise and munmap give the slot back. */
MACHINE_TEST(memory_swap, gup_and_zap)
{
	struct mm_struct *mm = current->mm;
	struct page *page;
	swp_entry_t entry;

	sys_swapon(16, 0);
	map_fixed(0, 2, RW);
	touch(0, 45);
	touch(1, 46);
	swap_out(0);
	entry = swap_out(1);
	down_read(&mm->mmap_sem);
	cr_expect_eq(get_user_pages(mm, AT(0), 1, 0, &page), 1);
	up_read(&mm->mmap_sem);
	cr_expect_eq(*(uint64_t *)page_address(page), 45);
	put_page(page);
	cr_expect_eq(count_of(entry), 2); /* readahead, and the PTE */
	cr_expect_eq(sys_munmap(AT(1), PAGE_SIZE), 0);
	cr_expect_eq(count_of(entry), 0);
	expect_valid();
}

/* MAP-36: swap PTEs move as they are; mprotect() leaves them alone. */
MACHINE_TEST(memory_swap, mremap_and_mprotect)
{
	swp_entry_t entry;

	sys_swapon(16, 0);
	map_fixed(0, 2, RW);
	touch(0, 47);
	entry = swap_out(0);
	cr_expect_eq(sys_mremap(AT(0), 2 * PAGE_SIZE, 2 * PAGE_SIZE,
				MREMAP_MAYMOVE | MREMAP_FIXED, AT(8)), AT(8));
	cr_expect(is_swap_pte(pte_of(current->mm, AT(8))));
	cr_expect_eq(sys_mprotect(AT(8), PAGE_SIZE, PROT_READ), 0);
	cr_expect_eq(count_of(entry), 1);
	cr_expect_eq(peek(8), 47);
	cr_expect_not(pte_write(pte_of(current->mm, AT(8))));
	expect_valid();
}

/*
 * CPR-6 and what follows: the child's PTE counts, each of the two reads the
 * parent's data, and a write of one is not seen by the other.
 */
MACHINE_TEST(memory_swap, CPR_6_fork)
{
	struct mm_struct *mm = current->mm, *child;
	swp_entry_t entry;
	struct actor a;
	uint64_t value;

	sys_swapon(16, 0);
	map_fixed(0, 1, RW);
	touch(0, 48);
	entry = swap_out(0);
	child = forked_mm();
	cr_expect_eq(count_of(entry), 2);
	cr_expect_eq(mm->mmlist.next, &child->mmlist); /* CPR-10 */
	touch(0, 49);
	cr_expect_eq(peek(0), 49);

	become(&a, 1, child);
	switch_mm(&init_mm, child);
	cr_expect_eq(user_read64(AT(0), &value), 0);
	cr_expect_eq(value, 48);
	come_back(&a);
	back_to_init_mm(1);
	mmput(child);
	cr_expect_eq(peek(0), 49);
	expect_valid();
}

/* EXIT-23, INV-51: the token goes to who reads, and back with his mm. */
MACHINE_TEST(memory_swap, swap_token)
{
	sys_swapon(16, 0);
	page_cluster = 0;
	map_fixed(0, 2, RW);
	touch(0, 1);
	touch(1, 2);
	swap_out(0);
	swap_out(1);
	cr_expect_eq(peek(0), 1);
	cr_expect_eq(swap_token_mm, &init_mm); /* off */
	swap_token_default_timeout = 10;
	for (int i = 0; i < 3; i++)
		jiffies_tick();
	cr_expect_eq(peek(1), 2);
	cr_expect_eq(swap_token_mm, current->mm);
	put_swap_token(&init_mm);
	cr_expect_eq(swap_token_mm, current->mm);
	put_swap_token(current->mm);
	cr_expect_eq(swap_token_mm, &init_mm);
}

/* A slot whose content is spoilt is no memory: SIGBUS, and two findings. */
MACHINE_TEST(memory_swap, bad_slot)
{
	swp_entry_t entry;

	sys_swapon(16, 0);
	page_cluster = 0;
	map_fixed(0, 1, RW);
	touch(0, 50);
	entry = swap_out(0);
	swap_info[0].dev.bytes[swp_offset(entry) * PAGE_SIZE] ^= 0x10;
	cr_expect_eq(fault_at(0, false), VM_FAULT_SIGBUS);
	cr_expect_eq(findings_count(FINDING_DATA), 2);
	findings_reset();
	lru_add_drain();
}
