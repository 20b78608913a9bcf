// SPDX-License-Identifier: GPL-2.0-or-later
// title: a lazy CPU leaves the mask of an mm, but not its page tables
// origin: fixed by history.git 99ef44b79de4 (Linus Torvalds, 2002)
// year: 2002
// area: tlb
// consequence: stale-tlb
// file: mm/tlb.c
// applies: 1
// threads: 2
// depth: 2
// expected: native:invariant native:use-after-free explore:invariant
//   explore:use-after-free
// blind: -
// scenario: lazy_tlb
// bounded: fork-exit
// found-by: explore:tlb native:tlb
@@
expression cpu;
@@
 leave_mm(...)
 {
 ...
- load_cr3(cpu, &init_mm);
+ tlb_flush_local(cpu);
 ...
 }
