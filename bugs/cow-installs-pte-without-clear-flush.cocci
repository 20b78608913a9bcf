// SPDX-License-Identifier: GPL-2.0-or-later
// title: the copy of a COW is mapped before the old translations are flushed
// origin: fixed by Linux 4ce072f1faf2 (Suresh Siddha, 2006); in 2.6.11 itself
// year: 2006
// shipped: 2.6.11
// area: cow
// consequence: stale-tlb
// file: mm/pgtable.c
// applies: 2
// threads: 2
// depth: 2
// expected: explore:invariant
// blind: races
// scenario: mix
// bounded: cow-readers
// found-by: explore:assertion
@@
expression vma, addr, p, entry;
@@
 ptep_establish(...)
 {
-ptep_clear_flush(vma, addr, p);
 set_pte(p, entry);
+flush_tlb_page(vma, addr);
 }
