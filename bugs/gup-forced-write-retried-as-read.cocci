// SPDX-License-Identifier: GPL-2.0-or-later
// title: a forced write takes the page of whoever has mapped one meanwhile
// origin: CVE-2016-5195, fixed by Linux 19be0eaffa3a (2016); in 2.6.11 itself
// year: 2016
// shipped: 2.6.11
// area: cow
// consequence: broken-invariant
// file: mm/gup.c
// applies: 1
// threads: 2
// depth: 2
// expected: explore:invariant
// blind: races
// scenario: mix
// bounded: poke-text
// found-by: explore:assertion
@@
expression e;
struct page *page;
@@
 follow_forced(...)
 {
 ...
-return e ? page : NULL;
+return page;
 }
