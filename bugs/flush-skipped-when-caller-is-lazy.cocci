// SPDX-License-Identifier: GPL-2.0-or-later
// title: a caller that has borrowed a single user's mm flushes only itself
// origin: fixed by Linux f9384d41c024 (David Miller, 2009)
// year: 2009
// area: tlb
// consequence: stale-tlb
// file: mm/tlb.c
// applies: 1
// threads: 2
// depth: 1
// expected: native:invariant explore:invariant
// blind: races
// scenario: lazy_tlb
// bounded: fork-exit
// found-by: explore:tlb native:tlb
@@
expression mm, va, mask;
@@
 flush_mm_cpus(...)
 {
 ...
 flush_self(mm, va);
+if (atomic_read(&mm->mm_users) == 1 && current->active_mm == mm)
+	return;
 ...
 }
