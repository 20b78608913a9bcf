// SPDX-License-Identifier: GPL-2.0-or-later
// title: a CPU uses new page tables before flushers can see it
// origin: break of TLB-20; the form of CVE-2016-2069 that needs no store
//   buffer
// year: -
// area: tlb
// consequence: stale-tlb
// file: mm/mmu_context.c
// applies: 2
// threads: 2
// depth: 2
// expected: native:invariant explore:invariant
// blind: races
// bounded: unmap-switch
// found-by: explore:assertion
@@
expression cpu, next;
@@
 switch_to_other(...)
 {
 ...
- cpu_test_and_set(cpu->id, &next->cpu_vm_mask);
 step_load_cr3(cpu, next);
+cpu_test_and_set(cpu->id, &next->cpu_vm_mask);
 ...
 }
