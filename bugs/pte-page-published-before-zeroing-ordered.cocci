// SPDX-License-Identifier: GPL-2.0-or-later
// title: a page table is linked before it is sure to be empty
// origin: fixed by Linux 362a61ad6119 (Nick Piggin, 2008); 2.6.11 as
//   shipped
// year: 2008
// shipped: 2.6.11
// area: barrier
// consequence: weak-memory
// file: mm/memory.c
// applies: 1
// threads: 2
// depth: wm
// expected: tsan:race explore:invariant explore:race
// blind: sc x86
// bounded: fault-neighbours
// found-by: explore:data-race tsan:data-race
@@
expression e1, e2;
@@
- pmd_populate(e1, e2);
+ WRITE_ONCE(e1->pmd, page_to_pfn(e2) << PAGE_SHIFT | _PAGE_TABLE);
