// SPDX-License-Identifier: GPL-2.0-or-later
#include <unistd.h>

#include "mm/page_alloc.h"
#include "mm/page_tree.h"
#include "mm/swap_state.h"
#include "mm/swapfile.h"
#include "tests/mm/machine_util.h"

TestSuite(swap_state, .timeout = 30);

static int count_of(swp_entry_t entry)
{
	return swap_info[swp_type(entry)].swap_map[swp_offset(entry)];
}

/* A page as reclaim finds it: content, nobody's mapping, locked. */
static struct page *locked_page(uint64_t value)
{
	struct page *page = alloc_page(GFP_KERNEL);
	uint64_t *words;

	cr_assert_not_null(page);
	words = page_address(page);
	for (unsigned int i = 0; i < PAGE_SIZE / sizeof(*words); i++)
		words[i] = value + i;
	cr_assert(trylock_page(page)); /* a test may have two of them */
	return page;
}

static bool holds(struct page *page, uint64_t value)
{
	const uint64_t *words = page_address(page);

	for (unsigned int i = 0; i < PAGE_SIZE / sizeof(*words); i++)
		if (words[i] != value + i)
			return false;
	return true;
}

/* Written to its slot and gone from memory; the slot has one count. */
static swp_entry_t swap_out(struct page *page)
{
	struct writeback_control wbc = { .sync = true };
	swp_entry_t entry;

	cr_assert(add_to_swap(page));
	entry = page_swap_entry(page);
	cr_assert_eq(swap_duplicate(entry), 1); /* as a swap PTE would */
	ClearPageDirty(page);
	cr_assert_eq(swap_writepage(page, &wbc), 0);
	wait_on_page_writeback(page);
	lock_page(page);
	delete_from_swap_cache(page);
	unlock_page(page);
	put_page(page);
	return entry;
}

/* RECL-17: a slot, a reference, flags; INV-16 with the cache alone. */
MACHINE_TEST(swap_state, RECL_17_add)
{
	struct page *page = locked_page(1);
	swp_entry_t entry;

	sys_swapon(8, 0);
	cr_assert(add_to_swap(page));
	entry = page_swap_entry(page);
	cr_expect(PageSwapCache(page) && PageDirty(page) && PageUptodate(page));
	cr_expect_eq(page_count(page), 2);
	cr_expect_eq(count_of(entry), 1);
	cr_expect_eq(page_mapping(page), swapper_space(entry));
	cr_expect_eq(total_swapcache_pages(), 1);
	delete_from_swap_cache(page);
	cr_expect(!PageSwapCache(page));
	cr_expect_eq(page_count(page), 1);
	cr_expect_eq(count_of(entry), 0);
	cr_expect_null(lookup_swap_cache(entry));
	unlock_page(page);
	put_page(page);
}

/* Without a device, a free slot or memory for the index: the page stays. */
MACHINE_TEST(swap_state, RECL_17_full)
{
	struct page *page = locked_page(1), *other = locked_page(2);

	cr_expect(!add_to_swap(page));
	sys_swapon(2, 0);
	cr_expect(add_to_swap(page));
	cr_expect(!add_to_swap(other));
	cr_expect(!PageSwapCache(other));
	delete_from_swap_cache(page);
	unlock_page(page);
	unlock_page(other);
	put_page(page);
	put_page(other);
}

/* What has been written is read, into another page. */
MACHINE_TEST(swap_state, RECL_18_round_trip)
{
	swp_entry_t entry;
	struct page *page;

	sys_swapon(8, 0);
	entry = swap_out(locked_page(77));
	cr_expect_eq(count_of(entry), 1);
	page = read_swap_cache_async(entry);
	cr_assert_not_null(page);
	cr_expect(PageUptodate(page) && !PageDirty(page));
	cr_expect(holds(page, 77));
	cr_expect_eq(count_of(entry), 2);
	cr_expect_eq(read_swap_cache_async(entry), page);
	put_page(page);
	swap_free(entry); /* the PTE's */
	lock_page(page);
	lru_add_drain();
	cr_expect(remove_exclusive_swap_page(page));
	unlock_page(page);
	put_page(page);
	cr_expect_eq(nr_swap_pages, total_swap_pages);
}

/* A free entry is not read; an unwritten one has no content. */
MACHINE_TEST(swap_state, RECL_18_nothing_to_read)
{
	struct page *page;
	swp_entry_t entry;

	sys_swapon(8, 0);
	cr_expect_null(read_swap_cache_async(swp_entry(0, 3)));
	entry = get_swap_page();
	page = read_swap_cache_async(entry);
	cr_assert_not_null(page);
	cr_expect(!PageUptodate(page));
	lock_page(page);
	delete_from_swap_cache(page);
	unlock_page(page);
	put_page(page);
	swap_free(entry);
}

/* Every allocation of a swap-in: nothing is left behind, nothing is lost. */
MACHINE_TEST(swap_state, RECL_18_every_allocation)
{
	struct page *page = NULL;
	swp_entry_t entry;
	int n;

	sys_swapon(8, 0);
	entry = swap_out(locked_page(5));
	page_tree_destroy(swapper_space(entry));
	for (n = 1; !page; n++) {
		fault_inject_arm(n);
		page = read_swap_cache_async(entry);
		fault_inject_disarm();
		if (!page)
			cr_expect_eq(count_of(entry), 1, "n = %d", n);
	}
	cr_expect_gt(n, 2);
	cr_expect(holds(page, 5));
	free_swap_and_cache(entry); /* somebody else has it: it stays */
	cr_expect(PageSwapCache(page));
	free_page_and_swap_cache(page);
	lru_add_drain();
	page = lookup_swap_cache(entry);
	cr_assert_not_null(page);
	free_page_and_swap_cache(page);
	cr_expect_eq(nr_swap_pages, total_swap_pages);
}

/* A device that forgets is found out. */
MACHINE_TEST(swap_state, checksum)
{
	swp_entry_t entry;
	struct page *page;

	sys_swapon(8, 0);
	entry = swap_out(locked_page(9));
	swap_info[0].dev.bytes[swp_offset(entry) * PAGE_SIZE + 100] ^= 1;
	page = read_swap_cache_async(entry);
	cr_assert_not_null(page);
	expect_finding(FINDING_DATA, "checksum");
	cr_expect(!PageUptodate(page));
	swap_free(entry);
	lru_add_drain();
	free_page_and_swap_cache(page);
}

/* EXIT-39: the last PTE goes, the cache's copy with it. */
MACHINE_TEST(swap_state, EXIT_39_free_swap_and_cache)
{
	swp_entry_t entry;
	struct page *page;

	sys_swapon(8, 0);
	entry = swap_out(locked_page(3));
	page = read_swap_cache_async(entry);
	put_page(page);
	lru_add_drain();
	lock_page(page); /* held by somebody: the trylock fails */
	free_swap_and_cache(entry);
	cr_expect(PageSwapCache(page));
	cr_expect_eq(count_of(entry), 1);
	swap_duplicate(entry);
	unlock_page(page);
	free_swap_and_cache(entry);
	cr_expect_eq(count_of(entry), 0);
	cr_expect_eq(total_swapcache_pages(), 0);
}

/* FLT-46, with the page in the swap cache. */
MACHINE_TEST(swap_state, FLT_46_can_share)
{
	struct page *page = locked_page(1);
	swp_entry_t entry;

	sys_swapon(8, 0);
	cr_expect(can_share_swap_page(page));
	cr_assert(add_to_swap(page));
	entry = page_swap_entry(page);
	cr_expect(can_share_swap_page(page));
	swap_duplicate(entry); /* somebody's swap PTE */
	cr_expect(!can_share_swap_page(page));
	cr_expect(!remove_exclusive_swap_page(page));
	swap_free(entry);
	get_page(page);
	cr_expect(!can_share_swap_page(page));
	cr_expect(!remove_exclusive_swap_page(page));
	put_page(page);
	cr_expect(remove_exclusive_swap_page(page));
	unlock_page(page);
	put_page(page);
}

/* A device in a file of the host: content is there while it is in use. */
MACHINE_TEST(swap_state, file)
{
	char path[] = "/tmp/test_swap_state.XXXXXX";
	int fd = mkstemp(path);
	swp_entry_t entry;
	struct page *page;

	cr_assert_geq(fd, 0);
	close(fd);
	cr_expect_eq(sys_swapon_file("/nonexistent/swap", 8, 0), -ENOENT);
	cr_assert_eq(sys_swapon_file(path, 8, 0), 0);
	unlink(path);
	entry = swap_out(locked_page(12));
	page = read_swap_cache_async(entry);
	cr_expect(holds(page, 12));
	swap_free(entry);
	lru_add_drain();
	free_page_and_swap_cache(page);
}
