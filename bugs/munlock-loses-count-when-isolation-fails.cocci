// SPDX-License-Identifier: GPL-2.0-or-later
// title: munlock counts a page down only if it could take it off the LRU
// origin: CVE-2017-18221, fixed by Linux 70feee0e1ef3 (Yisheng Xie, 2017);
//   2.6.11 does not count locked pages
// year: 2017
// area: accounting
// consequence: leak
// file: mm/mlock.c
// applies: 2
// threads: 2
// depth: 2
// expected: native:leak native:invariant explore:leak
// blind: races
// bounded: mlock-isolate
// found-by: explore:leak
@@
expression count, iso, page;
@@
 munlock_page(...)
 {
 ...
- atomic_long_dec(&count);
 if (isolate_lru_page(&iso, page)) {
+	atomic_long_dec(&count);
 ...
 }
 }
