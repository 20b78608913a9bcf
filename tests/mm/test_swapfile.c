// SPDX-License-Identifier: GPL-2.0-or-later
#include "mm/pgtable.h"
#include "mm/swapfile.h"
#include "tests/mm/vma_util.h"

TestSuite(swapfile, .init = boot_machine, .fini = stop_machine,
	  .timeout = 30);

static int count_of(swp_entry_t entry)
{
	return swap_info[swp_type(entry)].swap_map[swp_offset(entry)];
}

Test(swapfile, no_device_no_slot)
{
	cr_expect_eq(get_swap_page().val, 0);
	cr_expect_eq(swap_duplicate(swp_entry(0, 5)), 0);
}

/* OBJ-15: a count for each holder; the slot is free with the last. */
Test(swapfile, counts)
{
	int type = sys_swapon(5, 0);
	swp_entry_t entry;

	cr_expect_eq(type, 0);
	cr_expect_eq(nr_swap_pages, 4);
	entry = get_swap_page();
	cr_expect_gt(entry.val, 0);
	cr_expect_gt(swp_offset(entry), 0); /* slot 0 is the header */
	cr_expect_eq(swap_duplicate(entry), 1);
	cr_expect_eq(count_of(entry), 2);
	swap_free(entry);
	free_swap_and_cache(entry);
	cr_expect_eq(count_of(entry), 0);
	cr_expect_eq(nr_swap_pages, total_swap_pages);
	cr_expect_eq(swap_duplicate(entry), 0);
}

Test(swapfile, devices_by_priority_until_full)
{
	swp_entry_t entries[6];
	int low = sys_swapon(4, 1), high = sys_swapon(4, 7);

	for (int i = 0; i < 6; i++) {
		entries[i] = get_swap_page();
		cr_expect_eq((int)swp_type(entries[i]), i < 3 ? high : low);
	}
	cr_expect_eq(get_swap_page().val, 0);
	swap_free(entries[4]);
	cr_expect_eq(get_swap_page().val, entries[4].val);
	for (int i = 0; i < 6; i++)
		swap_free(entries[i]);
}

/* DEF-24: at SWAP_MAP_MAX the count sticks. */
Test(swapfile, def_24_saturation)
{
	swp_entry_t entry;

	sys_swapon(3, 0);
	entry = get_swap_page();
	swap_info[0].swap_map[1] = SWAP_MAP_MAX - 1;
	cr_expect_eq(swap_duplicate(entry), 1);
	cr_expect_eq(swap_duplicate(entry), 1);
	cr_expect_eq(count_of(entry), SWAP_MAP_MAX);
	swap_free(entry);
	cr_expect_eq(count_of(entry), SWAP_MAP_MAX);
	swap_info[0].swap_map[1] = 1;
	swap_free(entry);
}

Test(swapfile, refusals)
{
	cr_expect_eq(sys_swapon(1, 0), -EINVAL);
	for (int i = 0; i < MAX_SWAPFILES; i++)
		cr_expect_eq(sys_swapon(2, 0), i);
	cr_expect_eq(sys_swapon(2, 0), -EPERM);
}

/* RECL-8 step 4 and EXIT-21: on the list once, off it once. */
Test(swapfile, mmlist)
{
	struct mm_struct *mm = current->mm;

	cr_expect(cds_list_empty(&init_mm.mmlist));
	mmlist_add(mm, &init_mm);
	mmlist_add(mm, &init_mm);
	cr_expect_eq(init_mm.mmlist.next, &mm->mmlist);
	cr_expect_eq(init_mm.mmlist.prev, &mm->mmlist);
	mmlist_del(mm);
	mmlist_del(mm);
	cr_expect(cds_list_empty(&init_mm.mmlist));
}

/* Every allocation of swapon: no device, and nothing left of it. */
Test(swapfile, swapon_every_allocation)
{
	int type = -ENOMEM;
	unsigned long n;

	for (n = 1; type < 0; n++) {
		fault_inject_arm(n);
		type = sys_swapon(16, 0);
		fault_inject_disarm();
		if (type >= 0)
			break;
		cr_expect_eq(type, -ENOMEM, "n %lu: %d", n, type);
		cr_expect_eq(swap_info[0].flags, 0u);
		cr_expect_eq(total_swap_pages, 0);
		cr_expect_eq(get_swap_page().val, 0);
	}
	cr_expect_eq(n, 4, "checksums, memory, counts, then success");
	cr_expect_eq(type, 0, "the first place is free again");
	cr_expect_eq(sys_swapoff(0), 0);
}
