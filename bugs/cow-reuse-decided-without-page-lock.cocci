// SPDX-License-Identifier: GPL-2.0-or-later
// title: a write fault reuses a page without the page lock
// origin: fixed by history.git 3ea86172d8f6 (Andrea Arcangeli, 2.4.13-pre,
//   2001)
// year: 2001
// area: cow
// consequence: broken-invariant
// file: mm/memory.c
// applies: 2
// threads: 2
// depth: 2
// expected: native:invariant explore:invariant
// blind: races
// bounded: reclaim-cow
// found-by: explore:bug native:bug
@@
expression page;
@@
 can_reuse_page(...)
 {
 ...
- if (PageReserved(page) || !trylock_page(page))
+ if (PageReserved(page))
 	return false;
 ...
- unlock_page(page);
 ...
 }
