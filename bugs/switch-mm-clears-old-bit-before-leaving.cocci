// SPDX-License-Identifier: GPL-2.0-or-later
// title: the CPU leaves the old mm's mask while it still has its tables loaded
// origin: fixed by Linux 831d52bc1539 (Suresh Siddha, 2011); in 2.6.11 itself
// year: 2011
// shipped: 2.6.11
// area: tlb
// consequence: stale-tlb
// file: mm/mmu_context.c
// applies: 2
// threads: 2
// depth: 2
// expected: explore:invariant
// blind: races
// scenario: mix
// bounded: exec-flush
// found-by: explore:assertion
@@
expression cpu, prev;
@@
 switch_to_other(...)
 {
+clear_bit_unlock((unsigned int)cpu->id, prev->cpu_vm_mask.bits);
 step_state_ok(cpu);
 ...
-clear_bit_unlock((unsigned int)cpu->id, prev->cpu_vm_mask.bits);
 ...
 }
