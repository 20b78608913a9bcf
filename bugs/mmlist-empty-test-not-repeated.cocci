// SPDX-License-Identifier: GPL-2.0-or-later
// title: two reclaimers put one mm on the list of swapped mms
// origin: Linux f412ac08c986 (Hugh Dickins, 2005), which repeats the test
//   under mmlist_lock; in 2.6.11 page_table_lock is held, here no longer
// year: 2005
// area: swapoff
// consequence: data-race
// file: mm/rmap_unmap.c
// applies: 2
// threads: 2
// depth: 2
// expected: native:invariant tsan:race explore:invariant explore:race
// blind: -
// scenario: reclaim
// bounded: unmap-two
// found-by: explore:bug
@early@
expression mm;
@@
 leave_swap_entry(...)
 {
 ...
- list_mm(mm);
 ...
 }

@late@
expression mm, page;
@@
 try_to_unmap_one(...)
 {
 ...
 put_page(page);
 spin_unlock(&mm->page_table_lock);
+ if (PageAnon(page))
+	list_mm(mm);
 ...
 }
