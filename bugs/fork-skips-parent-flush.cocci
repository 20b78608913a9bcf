// SPDX-License-Identifier: GPL-2.0-or-later
// title: dup_mmap() leaves the parent's writable translations in the TLBs
// origin: break of FORK-53 and ORD-11; no commit
// year: -
// area: fork
// consequence: stale-tlb
// file: mm/fork_mm.c
// applies: 1
// threads: 2
// depth: 2
// expected: native:invariant explore:invariant
// blind: -
// bounded: cow-fork
// found-by: native:data native:tlb tsan:data explore:data
@@
expression mm;
@@
 dup_mmap(...)
 {
 ...
- flush_tlb_mm(mm);
 ...
 }
