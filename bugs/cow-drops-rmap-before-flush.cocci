// SPDX-License-Identifier: GPL-2.0-or-later
// title: reuse goes by the map count, which falls before the old PTE is
//   gone
// origin: fixed by Linux 945754a1754f (Nick Piggin, 2008); 2.6.11 goes by
//   the page count
// year: 2008
// area: cow
// consequence: broken-invariant
// file: mm/memory.c
// applies: 1
// threads: 3
// depth: 3
// expected: native:invariant explore:invariant
// blind: races
// bounded: cow-break
// found-by: explore:assertion
@@
expression page, reuse;
@@
 can_reuse_page(...)
 {
 ...
- reuse = can_share_swap_page(page);
+ reuse = PageAnon(page) && page_mapcount(page) == 1;
 ...
 }
