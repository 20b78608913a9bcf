// SPDX-License-Identifier: GPL-2.0-or-later
// title: a nonlinear mapping counts replaced anonymous pages for ever
// origin: DEF-21 of the specification: 2.6.11 as shipped
// year: 2005
// shipped: 2.6.11
// area: accounting
// consequence: broken-invariant
// file: mm/fremap.c
// applies: 2
// threads: 1
// depth: 1
// expected: native:invariant explore:invariant
// blind: races
// bounded: remap-poked
// found-by: explore:assertion
@zap@
expression page, mm;
@@
 zap_pte(...)
 {
 ...
- if (PageAnon(page))
-	mm->anon_rss--;
 ...
 }

@install@
expression page, mm;
@@
 install_page(...)
 {
 ...
- if (!PageReserved(page))
 	WRITE_ONCE(mm->rss, mm->rss + 1);
 ...
 }
