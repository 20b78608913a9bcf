// SPDX-License-Identifier: GPL-2.0-or-later
// title: unmapping frees a page at once, although other CPUs may have it
//   cached
// origin: fixed by history.git 5200ffe87371 (Linus Torvalds, 2002)
// year: 2002
// area: tlb
// consequence: stale-tlb
// file: mm/mmu_gather.c
// applies: 1
// threads: 2
// depth: 2
// expected: native:invariant native:use-after-free explore:invariant
//   explore:use-after-free
// blind: -
// bounded: fault-unmap
// found-by: explore:tlb native:tlb
@@
expression tlb, page;
@@
 tlb_remove_page(...)
 {
 ...
- tlb->pages[tlb->nr++] = page;
+ free_pages_and_swap_cache(&page, 1);
 ...
 }
