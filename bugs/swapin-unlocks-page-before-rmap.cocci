// SPDX-License-Identifier: GPL-2.0-or-later
// title: a page that comes back from swap is unlocked before it is known
//   whose it is
// origin: 2.6.11 as shipped; found by this harness
// year: 2005
// shipped: 2.6.11
// area: rmap
// consequence: broken-invariant
// file: mm/memory.c
// applies: 2
// threads: 2
// depth: 2
// expected: explore:invariant
// blind: -
// scenario: reclaim swapoff
// bounded: swapin-family
// found-by: explore:structure
@@
expression page, vma, addr;
@@
 finish_swapin(...)
 {
 ...
+ unlock_page(page);
 page_add_anon_rmap(page, vma, addr);
- unlock_page(page);
 ...
 }
