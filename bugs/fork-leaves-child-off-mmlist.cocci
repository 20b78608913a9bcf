// SPDX-License-Identifier: GPL-2.0-or-later
// title: a child whose pages are in swap is not on the list that swapoff
//   searches
// origin: break of CPR-9 and SWOFF-6; no commit
// year: -
// area: swapoff
// consequence: broken-invariant
// file: mm/memory_copy.c
// applies: 1
// threads: 2
// depth: 1
// expected: native:invariant tsan:invariant explore:invariant
// blind: races
// scenario: reclaim swapoff
// bounded: swapoff-asleep
// found-by: native:structure tsan:structure explore:structure
@@
expression dst, src;
@@
- mmlist_add(dst, src);
