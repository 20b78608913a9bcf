// SPDX-License-Identifier: GPL-2.0-or-later
// title: copying a PTE takes no reference on the page
// origin: break of REF-6 and CPR-7 step 4; no commit
// year: -
// area: fork
// consequence: use-after-free
// file: mm/memory_copy.c
// applies: 1
// threads: 1
// depth: 1
// expected: native:use-after-free explore:use-after-free
// blind: races
// bounded: fork-exit
// found-by: native:refcount native:structure tsan:refcount explore:tlb
@@
expression page;
@@
 copy_present_pte(...)
 {
 ...
- get_page(page);
 ...
 }
